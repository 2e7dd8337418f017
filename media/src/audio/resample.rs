//! From one number of samples per second to another.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "rates and lengths of filters are far below 2^52 and not negative; samples have 24 bits"
)]

use std::f64::consts::PI;

/// How many zero crossings of the sinc function lie on either side of its middle: what is heard between 0 and 20 kHz stays,
/// and what would be folded back is 80 dB down.
const CROSSINGS: usize = 24;
/// The part of the band that is kept, so that the filter has room to fall off.
const KEPT: f64 = 0.94;
/// The shape of the Kaiser window over the sinc: 80 dB.
const BETA: f64 = 8.0;

/// Converts interleaved samples as they come, by a windowed sinc (Julius O. Smith, "Digital Audio Resampling"). Nothing is
/// shifted in time: the first sample that comes out is at the time of the first that went in.
pub(crate) struct Resampler {
    channels: usize,
    /// The rates, without their common factor: after `from` samples in there are `to` samples out.
    from: usize,
    to: usize,
    /// `to` filters of `taps` weights: one for each place that a sample out can have between two samples in.
    filters: Vec<f32>,
    taps: usize,
    /// What the next sample out is made of, and what came after it.
    history: Vec<f32>,
    /// Where the next sample out lies after the first of `history`, in `to`ths of a sample in.
    phase: usize,
    /// How many frames are still to come out for those that went in, in `to`ths of a sample in.
    owed: usize,
}

impl Resampler {
    /// Both rates in samples per second, not 0.
    pub(crate) fn new(from: u32, to: u32, channels: usize) -> Self {
        let common = common_factor(from, to);
        let (from, to) = (((from / common) as usize).max(1), ((to / common) as usize).max(1));
        let (filters, taps) = if from == to { (Vec::new(), 0) } else { filters(from, to) };
        let history = vec![0.0; (taps / 2).saturating_sub(1) * channels];
        Self { channels, from, to, filters, taps, history, phase: 0, owed: 0 }
    }

    /// Takes whole frames, and appends to `out` what can be told already.
    pub(crate) fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) {
        if self.filters.is_empty() {
            out.extend_from_slice(samples);
            return;
        }
        self.history.extend_from_slice(samples);
        self.owed += samples.len() / self.channels * self.to;
        self.convert(out);
    }

    /// Appends the rest to `out`.
    pub(crate) fn finish(&mut self, out: &mut Vec<f32>) {
        if self.owed > 0 {
            self.history.resize(self.history.len() + (self.taps / 2 + 1) * self.channels, 0.0);
            self.convert(out);
        }
    }

    fn convert(&mut self, out: &mut Vec<f32>) {
        let frames = self.history.len() / self.channels;
        let mut at = 0;
        while at + self.taps <= frames && self.owed > 0 {
            let filter = &self.filters[self.phase * self.taps..][..self.taps];
            let heard = &self.history[at * self.channels..][..self.taps * self.channels];
            for channel in 0..self.channels {
                let taps = heard[channel..].iter().step_by(self.channels);
                out.push(taps.zip(filter).map(|(sample, weight)| sample * weight).sum());
            }
            self.owed = self.owed.saturating_sub(self.from);
            self.phase += self.from;
            at += self.phase / self.to;
            self.phase %= self.to;
        }
        self.history.drain(..at.min(frames) * self.channels);
    }
}

/// The filters for each place between two samples in, one after the other, and how long each is.
fn filters(from: usize, to: usize) -> (Vec<f32>, usize) {
    // Where there are to be fewer samples, what they can't hold has to go: a wider and flatter filter.
    let band = (to as f64 / from as f64).min(1.0) * KEPT;
    let half = (CROSSINGS as f64 / band).ceil();
    let taps = 2 * half as usize;
    let mut filters = Vec::with_capacity(to * taps);
    for phase in 0..to {
        let place = phase as f64 / to as f64 + half - 1.0;
        let weights: Vec<f64> = (0..taps)
            .map(|tap| {
                let distance = tap as f64 - place;
                sinc(distance * band) * kaiser(distance / half)
            })
            .collect();
        // Each filter lets a constant through as it is.
        let sum: f64 = weights.iter().sum();
        filters.extend(weights.iter().map(|weight| (weight / sum) as f32));
    }
    (filters, taps)
}

fn sinc(x: f64) -> f64 {
    if x.abs() < 1e-9 { 1.0 } else { (PI * x).sin() / (PI * x) }
}

/// The Kaiser window, for `x` from -1 to 1, as high as it comes.
fn kaiser(x: f64) -> f64 {
    bessel(BETA * (1.0 - x * x).max(0.0).sqrt())
}

/// The modified Bessel function of the first kind and order 0, by its series.
fn bessel(x: f64) -> f64 {
    let mut term = 1.0;
    let mut sum = 1.0;
    for n in 1..32 {
        term *= (x / (2.0 * f64::from(n))).powi(2);
        sum += term;
    }
    sum
}

fn common_factor(a: u32, b: u32) -> u32 {
    if b == 0 { a.max(1) } else { common_factor(b, a % b) }
}
