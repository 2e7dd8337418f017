//! Faster speech at its own pitch.
#![expect(clippy::cast_precision_loss, reason = "the numbers are below a thousand")]

/// How much is put out at a time, in frames: 10 ms.
const HOP: usize = 480;
/// How far from its place a piece may be taken, in frames either way: 10 ms, so that any voice's period fits in.
const SEARCH: usize = 480;
/// The first look at where a piece fits best takes every so manieth place, and every so manieth sample.
const COARSE: usize = 8;

/// Plays interleaved samples at 48 kHz faster, by overlapping pieces where they resemble each other (WSOLA: Verhelst and
/// Roelands, "An overlap-add technique based on waveform similarity", 1993).
pub(super) struct Stretch {
    /// How many halves of a second of sound are played in a second.
    halves: usize,
    channels: usize,
    /// What may still be needed, from frame `origin` of the input on.
    input: Vec<f32>,
    /// The same, mixed to one channel, for comparing.
    mono: Vec<f32>,
    origin: usize,
    /// The frame that would follow what was put out last.
    next: usize,
    /// How many frames were put out, and taken in.
    put_out: usize,
    taken_in: usize,
}

impl Stretch {
    /// `halves` is how many halves of a second of sound are played in a second, from 2 to 4.
    pub(super) fn new(halves: usize, channels: usize) -> Self {
        Self {
            halves,
            channels,
            input: Vec::new(),
            mono: Vec::new(),
            origin: 0,
            next: 0,
            put_out: 0,
            taken_in: 0,
        }
    }

    /// Takes whole frames, and appends to `out` what can be told already.
    pub(super) fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        self.take_in(samples);
        self.taken_in += samples.len() / self.channels;
        while self.place() + 2 * SEARCH + HOP <= self.end() && self.next + HOP <= self.end() {
            self.step(out);
        }
    }

    /// Appends the rest to `out`: all in all as long as what went in, divided by the speed.
    pub(super) fn finish(&mut self, out: &mut Vec<f32>) {
        let whole = self.taken_in * 2 / self.halves;
        let silence = vec![0.0; 2 * (SEARCH + HOP) * self.channels];
        while self.put_out < whole {
            self.take_in(&silence);
            while self.put_out < whole
                && self.place() + 2 * SEARCH + HOP <= self.end()
                && self.next + HOP <= self.end()
            {
                self.step(out);
            }
        }
        let beyond = self.put_out.saturating_sub(whole) * self.channels;
        out.truncate(out.len().saturating_sub(beyond));
        self.put_out = whole;
    }

    fn take_in(&mut self, samples: &[f32]) {
        self.input.extend_from_slice(samples);
        let mixed = samples.chunks_exact(self.channels).map(|frame| frame.iter().sum::<f32>());
        self.mono.extend(mixed);
    }

    fn end(&self) -> usize {
        self.origin + self.mono.len()
    }

    /// The first frame that may be next: the middle of those is where the speed wants it.
    fn place(&self) -> usize {
        let wanted = self.put_out * self.halves / 2;
        wanted.saturating_sub(SEARCH).max(self.origin)
    }

    /// Puts out one hop: what would follow the last one, fading into the piece near the wanted place that resembles it most.
    fn step(&mut self, out: &mut Vec<f32>) {
        let piece = if self.put_out == 0 { 0 } else { self.best_piece() };
        let [last, piece] = [self.next - self.origin, piece - self.origin];
        for frame in 0..HOP {
            let faded = 0.5 - 0.5 * (std::f32::consts::PI * (frame as f32 + 0.5) / HOP as f32).cos();
            for channel in 0..self.channels {
                let [old, new] =
                    [last, piece].map(|from| self.input[(from + frame) * self.channels + channel]);
                out.push(old + (new - old) * faded);
            }
        }
        self.next = self.origin + piece + HOP;
        self.put_out += HOP;
        self.forget();
    }

    /// Of the pieces that may be next the one that is most like what would follow: first roughly, then exactly.
    fn best_piece(&self) -> usize {
        let first = self.place();
        let rough = self.most_alike((first..=first + 2 * SEARCH).step_by(COARSE), COARSE / 2);
        let from = rough.saturating_sub(COARSE).max(first);
        self.most_alike(from..=(rough + COARSE).min(first + 2 * SEARCH), 1)
    }

    /// The place whose sound correlates best with what would follow, comparing every `stride`th sample.
    fn most_alike(&self, places: impl Iterator<Item = usize>, stride: usize) -> usize {
        let would_follow = &self.mono[self.next - self.origin..][..HOP];
        let mut best = (f32::NEG_INFINITY, self.place());
        for place in places {
            let piece = &self.mono[place - self.origin..][..HOP];
            let (mut product, mut energy) = (0.0, 1e-9);
            for (a, b) in would_follow.iter().zip(piece).step_by(stride) {
                product += a * b;
                energy += b * b;
            }
            let alike = product / f32::sqrt(energy);
            if alike > best.0 {
                best = (alike, place);
            }
        }
        best.1
    }

    /// Drops the input that no later hop can want.
    fn forget(&mut self) {
        let unused = self.place().min(self.next) - self.origin;
        self.input.drain(..unused * self.channels);
        self.mono.drain(..unused);
        self.origin += unused;
    }
}

#[cfg(test)]
mod tests {
    use super::Stretch;
    use std::f32::consts::TAU;

    /// Stretches in pieces of no helpful length.
    fn stretched(samples: &[f32], halves: usize, channels: usize) -> Vec<f32> {
        let mut stretch = Stretch::new(halves, channels);
        let mut out = Vec::new();
        for piece in samples.chunks(997 * channels) {
            stretch.push(piece, &mut out);
        }
        stretch.finish(&mut out);
        out
    }

    fn sine(hertz: f32, frames: usize) -> Vec<f32> {
        (0..frames).map(|frame| 0.5 * (TAU * hertz * frame as f32 / 48_000.0).sin()).collect()
    }

    #[test]
    fn the_pitch_stays_and_nothing_clicks() {
        for hertz in [80.0, 110.0, 220.0, 440.0, 1000.0, 3000.0] {
            for halves in [3, 4] {
                let faster = stretched(&sine(hertz, 240_000), halves, 1);
                assert_eq!(faster.len(), 240_000 * 2 / halves);
                let rises = faster.windows(2).filter(|two| two[0] < 0.0 && two[1] >= 0.0).count();
                let heard = rises as f32 * 48_000.0 / faster.len() as f32;
                assert!((heard / hertz - 1.0).abs() < 0.01, "{hertz} Hz became {heard}");
                // The steepest step within the sine itself.
                let steepest = 0.5 * TAU * hertz / 48_000.0;
                let steps = faster[..faster.len() - 1000].windows(2).map(|two| (two[1] - two[0]).abs());
                let worst = steps.fold(0.0, f32::max);
                assert!(worst < 1.5 * steepest, "{hertz} Hz: a step of {worst}, not {steepest}");
                let swing = faster[1000..faster.len() - 2000]
                    .chunks(960)
                    .map(|part| part.iter().copied().fold(0.0, f32::max));
                assert!(swing.fold(1.0, f32::min) > 0.4, "{hertz} Hz has a hole");
            }
        }
    }

    #[test]
    fn channels_stay_apart_and_together() {
        let left = sine(300.0, 48_000);
        let both: Vec<f32> = left.iter().flat_map(|sample| [*sample, sample * -0.25]).collect();
        let faster = stretched(&both, 3, 2);
        assert_eq!(faster.len(), 2 * 32_000);
        assert!(faster.chunks(2).all(|frame| (frame[0] * -0.25 - frame[1]).abs() < 1e-6));
    }

    #[test]
    fn the_shortest_sounds_have_their_length_too() {
        for frames in [0, 1, 2, 3, 100, 479, 480, 481, 959, 960, 1439, 1440, 1441, 5000] {
            for halves in [2, 3, 4] {
                assert_eq!(
                    stretched(&vec![0.25; frames], halves, 1).len(),
                    frames * 2 / halves,
                    "{frames} frames"
                );
            }
        }
    }
}
