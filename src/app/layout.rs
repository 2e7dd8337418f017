//! Keeps where the windows are, once they have come to rest.

use std::{path::PathBuf, time::Duration};

use crate::config::layout::{Layout, Screen};

/// How many seconds nothing moves before it is kept.
const REST: f64 = 1.0;

/// Remembers the layout on disk.
#[derive(Debug)]
pub(super) struct LayoutKeeper {
    data_folder: PathBuf,
    kept: Layout,
    /// What is not kept yet, and since when it is so, in seconds of the window's clock.
    changed: Option<(Layout, f64)>,
}

impl LayoutKeeper {
    pub(super) const fn new(data_folder: PathBuf, kept: Layout) -> Self {
        Self { data_folder, kept, changed: None }
    }

    /// Takes the layout of this frame in; says how long from now it wants to see another one.
    pub(super) fn watch(&mut self, now: Layout, seconds: f64) -> Option<Duration> {
        if now == self.kept {
            self.changed = None;
            return None;
        }
        let since = match &self.changed {
            Some((changed, since)) if *changed == now => *since,
            _ => seconds,
        };
        self.changed = Some((now, since));
        let left = since + REST - seconds;
        if left <= 0.0 {
            self.keep();
            return None;
        }
        Some(Duration::from_secs_f64(left))
    }

    /// Keeps what is not kept yet. Nothing is lost that the agent could miss if that fails: it is not tried again until
    /// something moves.
    pub(super) fn keep(&mut self) {
        let Some((layout, _)) = self.changed.take() else { return };
        if let Err(error) = layout.save(&self.data_folder) {
            tracing::warn!(%error, "where the windows are is not remembered");
        }
        self.kept = layout;
    }
}

/// The screens of this machine; none if there is no window system.
#[must_use]
pub fn screens(creation: &eframe::CreationContext<'_>) -> Vec<Screen> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "a few thousand pixels")]
    let screens =
        creation.winit_window().into_iter().flat_map(|window| window.available_monitors()).map(|monitor| {
            let scale = monitor.scale_factor() as f32;
            let (position, size) = (monitor.position(), monitor.size());
            Screen {
                position: [position.x as f32 / scale, position.y as f32 / scale],
                size: [size.width as f32 / scale, size.height as f32 / scale],
            }
        });
    screens.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_is_kept_once_it_rests() {
        let folder = tempfile::tempdir().unwrap();
        let wide = |width| Layout { bar_width: Some(width), ..Layout::default() };
        let kept = || Layout::load(folder.path()).unwrap();
        let mut keeper = LayoutKeeper::new(folder.path().to_owned(), Layout::default());
        assert_eq!(keeper.watch(Layout::default(), 0.0), None);
        assert_eq!(keeper.watch(wide(300.0), 1.0), Some(Duration::from_secs(1)));
        assert_eq!(keeper.watch(wide(310.0), 1.5), Some(Duration::from_secs(1)), "it goes on moving");
        assert_eq!(keeper.watch(wide(310.0), 2.0), Some(Duration::from_millis(500)));
        assert_eq!(kept(), Layout::default());
        assert_eq!(keeper.watch(wide(310.0), 2.5), None);
        assert_eq!(kept(), wide(310.0));
        assert_eq!(keeper.watch(wide(320.0), 3.0), Some(Duration::from_secs(1)));
        keeper.keep();
        assert_eq!(kept(), wide(320.0), "the program ends while it moves");
    }
}
