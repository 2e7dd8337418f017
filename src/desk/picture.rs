//! Pictures that came with messages, decoded: what the service hands to the window.

use std::sync::Arc;

use chrono::TimeDelta;
use waxwing_protocol::id::{AttachmentId, ClientRef};

/// A picture that can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PictureKey {
    /// A sticker, still or animated.
    Sticker(AttachmentId),
    /// The small picture that the gateway made of a file.
    Preview(AttachmentId),
    /// An image in full, for the viewer.
    Whole(AttachmentId),
    /// A file of ours that has not been sent yet, small.
    Ours(ClientRef),
}

/// One frame of a picture.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    /// Red, green, blue and alpha of each pixel, row by row from the top: sRGB, not multiplied by alpha.
    pub rgba: Arc<[u8]>,
    /// How long it stands, at least a millisecond; of no meaning where it is the only one.
    pub shown_for: TimeDelta,
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frame").field("shown_for", &self.shown_for).finish_non_exhaustive()
    }
}

/// A decoded picture: one frame or, where it moves, several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    size: [u32; 2],
    frames: Vec<Frame>,
}

/// The frame of a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The number of the frame, from 0.
    pub frame: usize,
    /// How long it still stands; none if it always does.
    pub left: Option<TimeDelta>,
}

impl Picture {
    /// Puts a picture together, of that width and height in pixels; none if the frames are not of this size, last for no
    /// time, or there are none.
    #[must_use]
    pub fn new(size: [u32; 2], frames: Vec<Frame>) -> Option<Self> {
        let pixels = size.map(|side| usize::try_from(side).ok());
        let bytes = pixels[0]?.checked_mul(pixels[1]?)?.checked_mul(4).filter(|bytes| *bytes > 0)?;
        let shortest = TimeDelta::milliseconds(1);
        let whole = |frame: &Frame| frame.rgba.len() == bytes && frame.shown_for >= shortest;
        (!frames.is_empty() && frames.iter().all(whole)).then_some(Self { size, frames })
    }

    /// Width and height, in pixels.
    #[must_use]
    pub const fn size(&self) -> [u32; 2] {
        self.size
    }

    /// All frames; there is at least one.
    #[must_use]
    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }

    /// Whether it moves.
    #[must_use]
    pub const fn is_animated(&self) -> bool {
        self.frames.len() > 1
    }

    /// How much memory its pixels take, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.frames.iter().map(|frame| frame.rgba.len()).sum()
    }

    /// The frame that is due so long after the first one came up; it begins again after the last one.
    #[must_use]
    pub fn at(&self, elapsed: TimeDelta) -> Moment {
        if !self.is_animated() {
            return Moment { frame: 0, left: None };
        }
        let lasts = |frames: &[Frame]| frames.iter().map(|frame| frame.shown_for).sum::<TimeDelta>();
        let round = lasts(&self.frames).num_milliseconds().max(1);
        let elapsed = elapsed.max(TimeDelta::zero());
        let mut into = elapsed - TimeDelta::milliseconds(elapsed.num_milliseconds() / round * round);
        for (number, frame) in self.frames.iter().enumerate() {
            if into < frame.shown_for {
                return Moment { frame: number, left: Some(frame.shown_for - into) };
            }
            into -= frame.shown_for;
        }
        // Only parts of a millisecond can lead here.
        Moment { frame: 0, left: Some(self.frames[0].shown_for) }
    }
}

/// How getting a picture stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Fetched {
    /// Nobody has asked for it, or it was let go.
    #[default]
    NotAsked,
    /// It is on its way.
    Pending,
    /// Here it is.
    Ready(Arc<Picture>),
    /// It can't be had; asking again may help.
    Failed {
        /// Why, to follow "can't be shown: ", without a full stop.
        why: Arc<str>,
    },
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frames(millis: &[i64]) -> Vec<Frame> {
        let frame = |millis: &i64| Frame { rgba: [0; 4].into(), shown_for: TimeDelta::milliseconds(*millis) };
        millis.iter().map(frame).collect()
    }

    #[test]
    fn what_is_no_picture_is_not_made() {
        assert!(Picture::new([1, 1], frames(&[40])).is_some());
        assert!(Picture::new([1, 1], Vec::new()).is_none());
        assert!(Picture::new([1, 1], frames(&[40, 0])).is_none());
        assert!(Picture::new([2, 1], frames(&[40])).is_none());
        assert!(Picture::new([0, 0], vec![Frame { rgba: [].into(), ..frames(&[40])[0].clone() }]).is_none());
        assert!(Picture::new([u32::MAX, u32::MAX], frames(&[40])).is_none());
    }

    #[test]
    fn a_still_one_stands_still() {
        let still = Picture::new([1, 1], frames(&[40])).unwrap();
        assert_eq!(still.at(TimeDelta::days(1)), Moment { frame: 0, left: None });
    }

    #[test]
    fn a_frame_stands_for_its_time_and_the_first_follows_the_last() {
        let picture = Picture::new([1, 1], frames(&[40, 100])).unwrap();
        let at = |millis| {
            let Moment { frame, left } = picture.at(TimeDelta::milliseconds(millis));
            (frame, left.unwrap().num_milliseconds())
        };
        let seen = [-5, 0, 39, 40, 139, 140, 14_000_180].map(at);
        assert_eq!(seen, [(0, 40), (0, 40), (0, 1), (1, 100), (1, 1), (0, 40), (1, 100)]);
    }

    proptest! {
        #[test]
        fn the_next_frame_comes_exactly_when_this_one_is_over(
            millis in prop::collection::vec(1_i64..20_000, 2..200),
            nanos in 0_i64..i64::MAX / 2,
        ) {
            let picture = Picture::new([1, 1], frames(&millis)).unwrap();
            let elapsed = TimeDelta::nanoseconds(nanos);
            let Moment { frame, left } = picture.at(elapsed);
            let left = left.unwrap();
            prop_assert!(left > TimeDelta::zero() && left <= picture.frames()[frame].shown_for);
            let last = picture.at(elapsed + left - TimeDelta::nanoseconds(1));
            prop_assert_eq!(last, Moment { frame, left: Some(TimeDelta::nanoseconds(1)) });
            let next = (frame + 1) % millis.len();
            let whole = picture.frames()[next].shown_for;
            prop_assert_eq!(picture.at(elapsed + left), Moment { frame: next, left: Some(whole) });
        }
    }
}
