//! Files that mean harm, by the thousand: real ones that are cut, flipped, spliced and lie about what they are. Each is looked
//! into by a child, and costs at most what can be shown of it.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use waxwing_gateway::random::Seeded;
use waxwing_media::{
    audio::Speed,
    child::{Trouble, Workshop},
    picture::Fit,
    verdict::{Claim, Policy},
};

use crate::{
    documents,
    kit::{
        process::{children, peak},
        programs::project,
        wait::now,
    },
};

/// How long a child may take before it counts as one that hangs.
const HANGS_AFTER: Duration = Duration::from_secs(3);
/// How often the memory of the children is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(1);
/// How many are at work at once.
const AT_ONCE: usize = 2;
/// How much of a sound is heard, in bytes.
const MOST_SOUND: u64 = 64 * 1024 * 1024;
/// The types that files say they are of.
const TYPES: [&str; 11] = [
    "image/jpeg",
    "image/png",
    "image/webp",
    "video/mp4",
    "audio/ogg",
    "audio/mpeg",
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/zip",
    "text/plain",
];

/// What came of it.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Outcome {
    /// Children that were started.
    pub(crate) children: usize,
    /// Those that broke: they were killed by the system or their own limits, or ended without an answer.
    pub(crate) broken: usize,
    /// Those that took too long.
    pub(crate) hung: usize,
    /// The longest that one took.
    pub(crate) slowest: Duration,
    /// The most memory that one had, in megabytes.
    pub(crate) peak: f64,
}

impl Outcome {
    fn note(&mut self, took: Duration, trouble: Option<Trouble>) {
        self.children += 1;
        self.slowest = self.slowest.max(took);
        self.hung += usize::from(took > HANGS_AFTER || trouble == Some(Trouble::TookTooLong));
        self.broken += usize::from(trouble == Some(Trouble::Broken));
    }

    fn with(self, other: Self) -> Self {
        Self {
            children: self.children + other.children,
            broken: self.broken + other.broken,
            hung: self.hung + other.hung,
            slowest: self.slowest.max(other.slowest),
            peak: self.peak.max(other.peak),
        }
    }
}

/// A file that means harm.
struct Hostile {
    bytes: Vec<u8>,
    name: String,
    mime: &'static str,
}

/// Looks into so many files, each with all that is done to files of strangers; and into one whose child hangs, as a control.
pub(crate) fn run(decoder: &Path, files: usize, seed: u64) -> (Outcome, Outcome) {
    let (samples, is_over) = (samples(), AtomicBool::new(false));
    let left = Mutex::new((files, Seeded::new(seed)));
    let next = || {
        let mut left = left.lock().unwrap_or_else(PoisonError::into_inner);
        let (files, chance) = &mut *left;
        *files = files.checked_sub(1)?;
        Some(spoil(&samples, chance))
    };
    let workshop = Workshop::of_program(decoder.to_owned());
    let work = || {
        let mut outcome = Outcome::default();
        while let Some(file) = next() {
            look(&workshop, &file, &mut outcome);
        }
        outcome
    };
    let outcome = thread::scope(|scope| {
        let watch = scope.spawn(|| most_memory(&is_over));
        let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work)).collect();
        let done =
            workers.into_iter().map(|worker| worker.join().expect("no file breaks the program that asks"));
        let outcome = done.fold(Outcome::default(), Outcome::with);
        is_over.store(true, Ordering::Relaxed);
        Outcome { peak: watch.join().expect("looking can't fail"), ..outcome }
    });
    let mut control = Outcome::default();
    let hangs = Workshop::of_program(fixtures().join("hangs.sh"));
    describe(&hangs, &Hostile { bytes: vec![0], name: "a.png".to_owned(), mime: "image/png" }, &mut control);
    (outcome, control)
}

fn fixtures() -> PathBuf {
    project().join("media/tests/fixtures")
}

/// Real files of every kind, by name.
fn samples() -> Vec<(String, Vec<u8>)> {
    let mut samples: Vec<_> = fs::read_dir(fixtures())
        .expect("there are samples")
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end != "md" && end != "sh" && end != "pcm"))
        .map(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (name, fs::read(path).expect("can be read"))
        })
        .collect();
    samples.extend(documents::samples());
    samples.sort();
    assert!(samples.len() >= 60, "{}", samples.len());
    samples
}

/// A file to which one to three things were done.
fn spoil(samples: &[(String, Vec<u8>)], chance: &mut Seeded) -> Hostile {
    let (name, bytes) = &samples[below(samples.len(), chance)];
    let (mut name, mut bytes) = (name.clone(), bytes.clone());
    for _ in 0..=below(3, chance) {
        match below(7, chance) {
            0 => name.clone_from(&samples[below(samples.len(), chance)].0),
            // Whoever spoils an archive alone never comes to what is in it.
            1..4 if bytes.starts_with(b"PK") => {
                let part = below(documents::MOST_PARTS, chance);
                let spoilt = documents::change(&bytes, part, |part| damage(part, samples, chance));
                bytes = spoilt.unwrap_or(bytes);
            }
            _ => damage(&mut bytes, samples, chance),
        }
    }
    let lies = ["", "../../etc/", "\u{202e}gpj.", "a\0b"][below(4, chance)];
    Hostile { bytes, name: format!("{lies}{name}"), mime: TYPES[below(TYPES.len(), chance)] }
}

/// Does something to some bytes.
fn damage(bytes: &mut Vec<u8>, samples: &[(String, Vec<u8>)], chance: &mut Seeded) {
    if bytes.is_empty() {
        return;
    }
    let at = below(bytes.len(), chance);
    match below(6, chance) {
        0 => bytes.truncate(at),
        1 => (0..=below(32, chance)).for_each(|_| {
            let at = below(bytes.len(), chance);
            bytes[at] ^= 1 << below(8, chance);
        }),
        // Lengths and sizes are numbers of two or four bytes.
        2 => {
            let large = [0xff, 0x7f, 0x00, 0xfe][below(4, chance)];
            let end = bytes.len().min(at + 2 + 2 * below(2, chance));
            bytes[at..end].fill(large);
        }
        3 => {
            let other = &samples[below(samples.len(), chance)].1;
            bytes.truncate(at);
            bytes.extend(&other[below(other.len(), chance)..]);
        }
        4 => {
            let end = bytes.len().min(at + below(2000, chance));
            let part = bytes[at..end].to_vec();
            (0..below(50, chance)).for_each(|_| bytes.extend(&part));
        }
        _ => {
            let noise = (0..below(500, chance)).map(|_| chance.next().to_le_bytes()[0]);
            let noise: Vec<u8> = noise.collect();
            bytes.splice(at..at, noise);
        }
    }
}

fn below(end: usize, chance: &mut Seeded) -> usize {
    usize::try_from(chance.next() % end as u64).expect("is less than a length")
}

/// All that is done to files of strangers, whatever they say they are.
fn look(workshop: &Workshop, file: &Hostile, outcome: &mut Outcome) {
    describe(workshop, file, outcome);
    timed(outcome, || workshop.picture(opened(file), Fit::BUBBLE).err());
    timed(outcome, || workshop.without_location(opened(file), 1 << 20).err());
    timed(outcome, || match workshop.play(opened(file), 0, Speed::X1) {
        Err(trouble) => Some(trouble),
        Ok(sound) => {
            io::copy(&mut sound.take(MOST_SOUND), &mut io::sink()).err().map(|_broken| Trouble::Broken)
        }
    });
}

fn describe(workshop: &Workshop, file: &Hostile, outcome: &mut Outcome) {
    let claim = Claim { name: Some(&file.name), declared_mime: Some(file.mime) };
    timed(outcome, || workshop.describe(opened(file), &claim, Policy::default()).err());
}

fn timed(outcome: &mut Outcome, work: impl FnOnce() -> Option<Trouble>) {
    let began = now();
    let trouble = work();
    outcome.note(began.elapsed(), trouble);
}

fn opened(file: &Hostile) -> File {
    let mut opened = tempfile::tempfile().expect("there is room for a file");
    opened.write_all(&file.bytes).expect("there is room in it");
    opened
}

/// The most memory that a child has until it is over.
fn most_memory(is_over: &AtomicBool) -> f64 {
    let mut most = 0.0_f64;
    while !is_over.load(Ordering::Relaxed) {
        most = children().into_iter().filter_map(peak).fold(most, f64::max);
        thread::sleep(LOOK_EVERY);
    }
    most
}
