//! Where the windows were: `layout.toml` in the data folder, written by the program alone.

use std::{collections::BTreeMap, path::Path};

use serde::{Deserialize, Serialize};
use waxwing_protocol::id::InteractionId;

use super::file::{ConfigError, parse, read_if_there, write_whole};

/// So much of a window's upper edge has to be on a screen for the window to be found there.
const REACHABLE: [f32; 2] = [120.0, 40.0];
/// A window is not smaller or larger than this, whatever is written.
const SIZES: std::ops::RangeInclusive<f32> = 200.0..=16_000.0;
/// No screen is further out than this.
const FAR: f32 = 64_000.0;

/// Where the windows are and how they are divided, as it is remembered over a restart.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layout {
    /// Where the agent was at work.
    pub workplace: Workplace,
    /// The columns of the directory of contacts beside the name; none are as usual.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contact_columns: Vec<String>,
    /// How wide the interaction bar is, in points; none is as wide as usual.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bar_width: Option<f32>,
    /// How wide the panel at the side is, in points; none is as wide as usual.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub side_width: Option<f32>,
    /// How high the composer's field is, in points; none lets it grow by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub composer_height: Option<f32>,
    /// How workbins are listed.
    pub workbins: WorkbinList,
    /// The main window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub main: Option<Placement>,
    /// The conversations that are in windows of their own.
    pub conversations: BTreeMap<InteractionId, Placement>,
}

/// How workbins are listed, in the words of `ui::workbins`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WorkbinList {
    /// The columns that are not shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<String>,
    /// The column by which they are sorted, with a `-` before it for the other way round; none is as usual.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
}

/// Where the agent is at work.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Workplace {
    /// With their open interactions.
    #[default]
    Active,
    /// With what lies in workbins and queues.
    Workbins,
    /// With what was handled before.
    History,
    /// With contacts.
    Contacts,
}

impl Workplace {
    /// All of them, in their order.
    pub const ALL: [Self; 4] = [Self::Active, Self::Workbins, Self::History, Self::Contacts];
}

/// Where a window is, in pixels of a screen that is not scaled; the size of the text does not count.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Placement {
    /// Where its upper left corner is; none where the system does not say (Wayland).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<[f32; 2]>,
    /// Width and height of what is within its frame, also while it is maximized.
    pub size: [f32; 2],
    /// Whether it fills its screen.
    #[serde(default)]
    pub maximized: bool,
}

/// A screen, in the same pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Screen {
    /// Where its upper left corner is.
    pub position: [f32; 2],
    /// Width and height.
    pub size: [f32; 2],
}

impl Layout {
    /// Reads what was kept in a folder; as usual if there is nothing. Numbers that no window can have are left out.
    pub fn load(data_folder: &Path) -> Result<Self, ConfigError> {
        let path = data_folder.join("layout.toml");
        let mut layout: Self = parse(&read_if_there(&path)?, &path)?;
        let is_length = |length: &f32| SIZES.contains(length);
        layout.bar_width = layout.bar_width.filter(is_length);
        layout.side_width = layout.side_width.filter(is_length);
        layout.composer_height =
            layout.composer_height.filter(|height| (1.0..=*SIZES.end()).contains(height));
        layout.main = layout.main.filter(Placement::makes_sense);
        layout.conversations.retain(|_, placement| placement.makes_sense());
        Ok(layout)
    }

    /// Keeps it; on disk, whole or not at all, when this returns.
    pub fn save(&self, data_folder: &Path) -> Result<(), ConfigError> {
        let path = data_folder.join("layout.toml");
        let text = toml::to_string(self).map_err(|error| ConfigError::BadValue(error.to_string()))?;
        let text = format!("# Written by Waxwing: where its windows were.\n\n{text}");
        write_whole(&path, &text).map_err(|cause| ConfigError::NotKept { path, cause })
    }

    /// Brings windows back that lie beyond these screens, as after one was unplugged.
    pub fn bring_onto(&mut self, screens: &[Screen]) {
        for placement in self.main.iter_mut().chain(self.conversations.values_mut()) {
            placement.bring_onto(screens);
        }
    }
}

impl Placement {
    fn makes_sense(&self) -> bool {
        let near = |at: &f32| at.abs() <= FAR;
        self.size.iter().all(|length| SIZES.contains(length)) && self.position.iter().flatten().all(near)
    }

    /// Leaves a window where it can be reached; else it goes to the first screen, no larger than that.
    fn bring_onto(&mut self, screens: &[Screen]) {
        let (Some(position), Some(first)) = (self.position, screens.first()) else { return };
        if screens.iter().any(|screen| screen.reaches(position, self.size[0])) {
            return;
        }
        self.position = Some(first.position);
        self.size = [self.size[0].min(first.size[0]), self.size[1].min(first.size[1])];
    }
}

impl Screen {
    /// Whether enough of the upper edge of a window is to be seen on it.
    fn reaches(self, position: [f32; 2], width: f32) -> bool {
        let [left, top] = [position[0] - self.position[0], position[1] - self.position[1]];
        let seen = (left + width).min(self.size[0]) - left.max(0.0);
        seen >= REACHABLE[0] && top >= -REACHABLE[1] * 0.5 && top + REACHABLE[1] <= self.size[1]
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use chrono::DateTime;

    use super::*;

    const LEFT: Screen = Screen { position: [0.0, 0.0], size: [1920.0, 1080.0] };
    const RIGHT: Screen = Screen { position: [1920.0, 0.0], size: [1280.0, 1024.0] };

    fn placement(position: [f32; 2], size: [f32; 2]) -> Placement {
        Placement { position: Some(position), size, maximized: false }
    }

    fn layout(own: Placement) -> Layout {
        let id = InteractionId::new(DateTime::UNIX_EPOCH, [1; 10]);
        Layout {
            workplace: Workplace::History,
            contact_columns: vec!["phone".to_owned()],
            bar_width: Some(310.0),
            side_width: Some(400.0),
            composer_height: None,
            workbins: WorkbinList { hidden: vec!["owner".to_owned()], order: Some("-contact".to_owned()) },
            main: Some(Placement { maximized: true, ..placement([10.0, 20.0], [1440.0, 900.0]) }),
            conversations: BTreeMap::from([(id, own)]),
        }
    }

    #[test]
    fn what_is_kept_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Layout::load(folder.path()).unwrap(), Layout::default());
        let without_position = Placement { position: None, size: [640.0, 800.0], maximized: false };
        for own in [placement([-1200.0, 40.0], [640.0, 800.0]), without_position] {
            layout(own).save(folder.path()).unwrap();
            assert_eq!(Layout::load(folder.path()).unwrap(), layout(own));
        }
    }

    #[test]
    fn numbers_that_no_window_can_have_are_left_out() {
        let folder = tempfile::tempdir().unwrap();
        for (position, size) in [([0.0, 0.0], [0.0, 800.0]), ([f32::NAN, 0.0], [640.0, 800.0])] {
            let text = toml::to_string(&layout(placement(position, size))).unwrap();
            fs::write(folder.path().join("layout.toml"), text).unwrap();
            let kept = Layout::load(folder.path()).unwrap();
            assert!(kept.conversations.is_empty(), "{kept:?}");
            assert_eq!(kept.main, layout(placement(position, size)).main);
        }
        fs::write(folder.path().join("layout.toml"), "main = 3").unwrap();
        assert!(Layout::load(folder.path()).is_err());
    }

    #[test]
    fn a_window_beyond_all_screens_comes_back_and_any_other_stays() {
        let size = [640.0, 800.0];
        let moved = |position: [f32; 2], screens: &[Screen]| {
            let mut layout = layout(placement(position, size));
            layout.bring_onto(screens);
            layout.conversations.into_values().next().unwrap()
        };
        for position in [[30.0, 40.0], [2000.0, 100.0], [-500.0, 0.0], [3000.0, 0.0], [1800.0, 900.0]] {
            assert_eq!(moved(position, &[LEFT, RIGHT]), placement(position, size), "{position:?}");
        }
        for position in [[-600.0, 0.0], [3100.0, 0.0], [10.0, -200.0], [10.0, 1060.0], [50_000.0, 0.0]] {
            assert_eq!(moved(position, &[LEFT, RIGHT]), placement([0.0, 0.0], size), "{position:?}");
        }
        let small = Screen { position: [5.0, 6.0], size: [500.0, 400.0] };
        assert_eq!(moved([2000.0, 0.0], &[small]), placement([5.0, 6.0], small.size));
        assert_eq!(moved([9000.0, 0.0], &[]), placement([9000.0, 0.0], size), "nobody knows of a screen");
    }
}
