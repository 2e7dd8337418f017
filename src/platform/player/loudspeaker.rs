//! What sound is played with: the system's loudspeaker, opened for each playing and let go after it.

use std::{num::NonZero, sync::Arc, time::Duration};

use rodio::{CpalError, DeviceSinkBuilder, DeviceSinkError, MixerDeviceSink, Source};
use waxwing_media::audio::RATE;

use super::{
    super::device,
    PlayTrouble,
    feed::{Feed, Taken},
};

/// How much of what a loudspeaker has taken is not heard yet, in milliseconds: rodio asks for buffers of 50.
const BUFFERED_MS: u32 = 100;

/// How many samples are taken at a time: a hundredth of a second.
const BLOCK: usize = 960;

/// Something to play sound with.
pub trait Loudspeaker: Send + Sync + 'static {
    /// It plays until this goes.
    type Open;

    /// Opens it; it takes samples from the feed, on a thread of its own. The error follows "it can't be used: ".
    fn open(&self, feed: Arc<Feed>) -> Result<Self::Open, String>;
}

/// The one that the system prefers.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemLoudspeaker;

impl Loudspeaker for SystemLoudspeaker {
    type Open = MixerDeviceSink;

    fn open(&self, feed: Arc<Feed>) -> Result<MixerDeviceSink, String> {
        let mut open = open_device(&feed).map_err(|error| device::why_silent(&error).to_owned())?;
        open.log_on_drop(false);
        open.mixer().add(FeedSource::new(feed));
        Ok(open)
    }
}

fn open_device(feed: &Arc<Feed>) -> Result<MixerDeviceSink, DeviceSinkError> {
    let failed = {
        let feed = Arc::clone(feed);
        move |error: CpalError| {
            if !device::is_passing(&error) {
                feed.fail(PlayTrouble::LoudspeakerGone(device::why(&error).to_owned()));
            }
        }
    };
    let default =
        || DeviceSinkBuilder::from_default_device().map(|device| device.with_error_callback(failed.clone()));
    // At the rate that it is decoded to nothing has to be resampled again.
    let as_decoded = NonZero::new(RATE).map(|rate| default()?.with_sample_rate(rate).open_stream());
    match as_decoded {
        Some(Ok(open)) => Ok(open),
        Some(Err(_)) | None => default()?.open_sink_or_fallback(),
    }
}

/// A feed as rodio takes it: silence where there is nothing yet, and at the end until the last sample was heard.
struct FeedSource {
    feed: Arc<Feed>,
    rate: NonZero<u32>,
    channels: NonZero<u16>,
    block: Vec<f32>,
    next: usize,
    /// How much silence is left after the end.
    tail: Option<u32>,
}

impl FeedSource {
    fn new(feed: Arc<Feed>) -> Self {
        let (rate, channels) = (feed.rate(), feed.channels());
        Self { feed, rate, channels, block: Vec::new(), next: 0, tail: None }
    }

    /// Silence for a while, then the end.
    fn tail(&mut self) -> Option<f32> {
        let whole = self.rate.get() / 1000 * BUFFERED_MS * u32::from(self.channels.get());
        let left = self.tail.get_or_insert(whole);
        if *left == 0 {
            self.feed.all_heard();
            return None;
        }
        *left -= 1;
        Some(0.0)
    }
}

impl Iterator for FeedSource {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        if self.tail.is_some() {
            return self.tail();
        }
        if self.next == self.block.len() {
            self.block.clear();
            self.next = 0;
            match self.feed.take(&mut self.block, BLOCK) {
                Taken::Samples => {}
                // A whole frame, so that the channels keep their turns.
                Taken::NotYet => self.block.resize(self.channels.get().into(), 0.0),
                Taken::End => return self.tail(),
            }
        }
        let sample = self.block.get(self.next).copied();
        self.next += 1;
        sample
    }
}

impl Source for FeedSource {
    fn current_span_len(&self) -> Option<usize> {
        None
    }

    fn channels(&self) -> NonZero<u16> {
        self.channels
    }

    fn sample_rate(&self) -> NonZero<u32> {
        self.rate
    }

    fn total_duration(&self) -> Option<Duration> {
        None
    }
}
