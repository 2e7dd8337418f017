//! How loud sound is over its length, for drawing.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "there are at most 4096 pieces, and a bar is from 0 to 255"
)]

use waxwing_protocol::attachment::WAVEFORM_BARS;

/// The most pieces that are kept; of twice as many, neighbours become one.
const MOST_PIECES: usize = 64 * WAVEFORM_BARS;
/// How many frames a piece has at first: the shortest of voice notes still has a piece for each bar.
const FIRST_PIECE: u64 = 64;

/// Collects loudness without knowing how long the sound is going to be, in little memory.
pub(super) struct Waveform {
    channels: usize,
    /// The energy of each piece: the sum of its samples' squares.
    pieces: Vec<f64>,
    /// How many frames a piece has; the last may have fewer.
    piece_frames: u64,
    frames: u64,
}

impl Waveform {
    pub(super) fn new(channels: usize) -> Self {
        Self { channels, pieces: Vec::new(), piece_frames: FIRST_PIECE, frames: 0 }
    }

    /// How many frames there were.
    pub(super) fn frames(&self) -> u64 {
        self.frames
    }

    /// Takes whole frames, interleaved.
    pub(super) fn push(&mut self, samples: &[f32]) {
        for frame in samples.chunks_exact(self.channels) {
            if self.frames.is_multiple_of(self.piece_frames) {
                if self.pieces.len() == MOST_PIECES {
                    self.pieces = self.pieces.chunks(2).map(|pair| pair.iter().sum()).collect();
                    self.piece_frames *= 2;
                }
                self.pieces.push(0.0);
            }
            if let Some(piece) = self.pieces.last_mut() {
                *piece += frame.iter().map(|sample| f64::from(sample * sample)).sum::<f64>();
            }
            self.frames += 1;
        }
    }

    /// The root of the mean square of each bar; the loudest is 255.
    pub(super) fn bars(&self) -> Vec<u8> {
        let pieces = self.pieces.len();
        let bars: Vec<f64> = (0..WAVEFORM_BARS)
            .map(|bar| {
                let from = (bar * pieces / WAVEFORM_BARS).min(pieces.saturating_sub(1));
                let to = ((bar + 1) * pieces / WAVEFORM_BARS).max(from + 1).min(pieces);
                let energy: f64 = self.pieces[from..to].iter().sum();
                (energy / (to - from).max(1) as f64).sqrt()
            })
            .collect();
        let loudest = bars.iter().copied().fold(0.0, f64::max);
        bars.iter().map(|bar| if loudest > 0.0 { (bar / loudest * 255.0).round() as u8 } else { 0 }).collect()
    }
}
