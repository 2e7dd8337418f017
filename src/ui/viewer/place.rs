//! Where a picture is while it is looked at, and what the agent does about that.

use egui::{Event, Key, Modifiers, Ui, Vec2, vec2};
use waxwing_protocol::id::MessageId;

use super::super::FileDeed;

/// How large a picture can become: so many pixels of the screen for one of its own.
const NEAREST: f32 = 16.0;
/// By how much a key or a button brings it nearer.
pub(super) const STEP: f32 = 1.25;
/// By how much an arrow moves it, in points.
const MOVE: f32 = 60.0;

/// A picture that is looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Viewer {
    pub(super) message: MessageId,
    /// How many pixels of the screen one of its own takes; none is as large as it fits.
    pub(super) zoom: Option<f32>,
    /// Where its middle is, from the middle of its room, in points.
    pub(super) offset: Vec2,
}

/// How near it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Zoom {
    /// As large as it fits.
    Fit,
    /// One pixel of it on one of the screen.
    Whole,
}

/// What the agent does to it in a frame.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(super) struct Wish {
    pub(super) closes: bool,
    /// To an earlier or a later one.
    pub(super) step: isize,
    /// By how much nearer.
    pub(super) nearer: Option<f32>,
    /// To this zoom.
    pub(super) zoom: Option<Zoom>,
    /// By how much it is moved, in points.
    pub(super) moved: Vec2,
    /// Something with its file.
    pub(super) deed: Option<FileDeed>,
}

/// What the keys ask for; they go nowhere else.
pub(super) fn keys(ui: &Ui, is_large: bool) -> Wish {
    ui.input_mut(|input| {
        let mut pressed = |key| input.consume_key(Modifiers::NONE, key);
        let mut wish = Wish { closes: pressed(Key::Escape), ..Wish::default() };
        let arrows = [
            (Key::ArrowLeft, vec2(MOVE, 0.0), -1),
            (Key::ArrowRight, vec2(-MOVE, 0.0), 1),
            (Key::ArrowUp, vec2(0.0, MOVE), 0),
            (Key::ArrowDown, vec2(0.0, -MOVE), 0),
        ];
        for (key, moved, step) in arrows {
            if pressed(key) {
                if is_large {
                    wish.moved += moved;
                } else {
                    wish.step = step;
                }
            }
        }
        wish.step += isize::from(pressed(Key::PageDown)) - isize::from(pressed(Key::PageUp));
        if pressed(Key::Plus) || pressed(Key::Equals) {
            wish.nearer = Some(STEP);
        }
        if pressed(Key::Minus) {
            wish.nearer = Some(1.0 / STEP);
        }
        if pressed(Key::Num0) {
            wish.zoom = Some(Zoom::Fit);
        }
        if pressed(Key::Num1) {
            wish.zoom = Some(Zoom::Whole);
        }
        if input.consume_key(Modifiers::COMMAND, Key::S) {
            wish.deed = Some(FileDeed::SaveAs);
        }
        let copies = |event: &Event| matches!(event, Event::Copy);
        if input.events.iter().any(copies) {
            wish.deed = Some(FileDeed::Copy);
        }
        // Nobody writes while a picture is in front.
        input.events.retain(|event| !copies(event) && !matches!(event, Event::Text(_)));
        wish
    })
}

impl Viewer {
    pub(super) const fn of(message: MessageId) -> Self {
        Self { message, zoom: None, offset: Vec2::ZERO }
    }

    /// Follows a wish. `pixels` is how large the picture is, `room` how much there is for it in pixels of the screen, and
    /// `at` the place that stays where it is, from the middle of the room in points.
    pub(super) fn follow(&mut self, wish: Wish, (pixels, room): (Vec2, Vec2), at: Vec2, scale: f32) {
        let fit = fit(pixels, room);
        let before = self.zoom.unwrap_or(fit);
        if let Some(nearer) = wish.nearer {
            self.zoom = Some((before * nearer).clamp(fit.min(1.0), NEAREST));
        }
        match wish.zoom {
            Some(Zoom::Fit) => self.zoom = None,
            Some(Zoom::Whole) => self.zoom = Some(1.0),
            None => {}
        }
        if self.zoom.is_some_and(|zoom| (zoom - fit).abs() < 0.001) {
            self.zoom = None;
        }
        let now = self.zoom.unwrap_or(fit);
        self.offset = at - (at - self.offset) * (now / before) + wish.moved;
        let most = ((pixels * now - room) * 0.5 / scale).max(Vec2::ZERO);
        self.offset = self.offset.clamp(-most, most);
    }
}

/// The zoom at which a picture fits; never larger than it is.
pub(super) fn fit(pixels: Vec2, room: Vec2) -> f32 {
    (room / pixels).min_elem().clamp(0.001, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewer() -> Viewer {
        Viewer::of(MessageId::new(chrono::DateTime::UNIX_EPOCH, [1; 10]))
    }

    const PIXELS: Vec2 = vec2(4000.0, 2000.0);
    const ROOM: Vec2 = vec2(1000.0, 800.0);

    #[test]
    fn what_is_pointed_at_stays_where_it_is() {
        let mut viewer = viewer();
        let at = vec2(300.0, 100.0);
        viewer.follow(Wish { nearer: Some(2.0), ..Wish::default() }, (PIXELS, ROOM), at, 1.0);
        assert_eq!(viewer.zoom, Some(0.5));
        // 300 points right of the middle at a quarter is 1,200 pixels of the picture; at a half that is 600 points.
        assert_eq!(viewer.offset, vec2(300.0 - 600.0, 100.0 - 200.0));
    }

    #[test]
    fn it_is_never_moved_out_of_sight_and_fits_again() {
        let mut viewer = viewer();
        let moved = Wish { zoom: Some(Zoom::Whole), moved: vec2(9000.0, -9000.0), ..Wish::default() };
        viewer.follow(moved, (PIXELS, ROOM), Vec2::ZERO, 1.0);
        assert_eq!(viewer.offset, vec2(1500.0, -600.0));
        viewer.follow(Wish { zoom: Some(Zoom::Fit), ..Wish::default() }, (PIXELS, ROOM), Vec2::ZERO, 1.0);
        assert_eq!((viewer.zoom, viewer.offset), (None, Vec2::ZERO));
        viewer.follow(Wish { nearer: Some(0.1), ..Wish::default() }, (PIXELS, ROOM), Vec2::ZERO, 1.0);
        assert_eq!(viewer.zoom, None, "never smaller than it fits");
        viewer.follow(Wish { nearer: Some(1e9), ..Wish::default() }, (PIXELS, ROOM), Vec2::ZERO, 1.0);
        assert_eq!(viewer.zoom, Some(NEAREST));
    }

    #[test]
    fn a_small_picture_is_not_blown_up() {
        let fits = [vec2(100.0, 50.0), PIXELS].map(|pixels| (fit(pixels, ROOM) * 100.0).to_string());
        assert_eq!(fits, ["100", "25"]);
    }
}
