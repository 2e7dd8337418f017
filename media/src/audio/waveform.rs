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
                let frames =
                    (to as u64 * self.piece_frames).min(self.frames) - from as u64 * self.piece_frames;
                (energy / frames.max(1) as f64).sqrt()
            })
            .collect();
        let loudest = bars.iter().copied().fold(0.0, f64::max);
        bars.iter().map(|bar| if loudest > 0.0 { (bar / loudest * 255.0).round() as u8 } else { 0 }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Waveform;

    fn bars(samples: &[f32], channels: usize) -> Vec<u8> {
        let mut waveform = Waveform::new(channels);
        for piece in samples.chunks(channels * 331) {
            waveform.push(piece);
        }
        waveform.bars()
    }

    #[test]
    fn the_loudest_bar_is_full_and_the_others_in_proportion() {
        // So long that pieces are put together many times.
        for frames in [64_000, 6_400_000] {
            let samples: Vec<f32> =
                (0..frames).map(|frame| if frame < frames / 2 { 0.1 } else { -0.4 }).collect();
            let bars = bars(&samples, 1);
            assert!(bars[..31].iter().all(|bar| *bar == 64), "{bars:?}");
            assert!(bars[33..].iter().all(|bar| *bar == 255), "{bars:?}");
        }
    }

    #[test]
    fn silence_and_next_to_nothing_have_bars_too() {
        assert_eq!(bars(&[], 1), [0; 64]);
        assert_eq!(bars(&[0.0; 4000], 2), [0; 64]);
        assert_eq!(bars(&[0.001], 1), [255; 64]);
        assert_eq!(bars(&[0.5; 600], 2), [255; 64]);
    }
}
