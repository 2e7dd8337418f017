//! The parent's side: starts a child for one file, waits for its answer within limits, and ends it.

use std::{
    fs::File,
    io::{self, PipeReader, Read},
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use super::{
    Trouble,
    job::{Job, PictureHead, SoundHead},
    wire,
};
use crate::{
    audio::Speed,
    describe::{Described, may_be_sound},
    picture::{Converted, Fit, Frame, Picture},
    verdict::{Claim, Policy},
};

/// The most bytes of a preview: as many as its pixels have, with room for what stands around them.
const MAX_PREVIEW: u64 = 2 * 1024 * 1024;
/// The most bytes that stripping a file adds to it: its orientation, written anew.
const STRIPPED_BEYOND: u64 = 64;

/// Looks into files, each in a process of its own. Every call takes its time and belongs on a thread that nobody waits for;
/// calls on several threads run side by side.
///
/// A file is read from its beginning, wherever it stood, and stands anywhere afterwards: each call wants a [`File`] that was
/// opened for it alone, and only for reading.
#[derive(Debug, Clone)]
pub struct Workshop {
    place: Place,
}

#[derive(Debug, Clone)]
enum Place {
    Here,
    Program(PathBuf),
}

impl Workshop {
    /// Runs `program decode <job>` for every file. The program hands the job to [`serve`](super::serve).
    #[must_use]
    pub const fn of_program(program: PathBuf) -> Self {
        Self { place: Place::Program(program) }
    }

    /// Works in this very process, without any protection: only for files that we made ourselves.
    #[must_use]
    pub const fn here() -> Self {
        Self { place: Place::Here }
    }

    /// What a file is and what it looks like. A file that breaks its decoder has no preview; what its bytes say is known all
    /// the same.
    pub fn describe(&self, file: File, claim: &Claim<'_>, policy: Policy) -> Result<Described, Trouble> {
        self.ask(file, Job::Describe { sound: may_be_sound(claim) }, |answer| {
            let (found, _nothing) = wire::read(answer, 0)?;
            let mut described = Described::by_its_bytes(found, claim, policy);
            if !described.may_be_shown() {
                return Ok(described);
            }
            // From here on only what can be shown of it is at stake: more and more is told, as long as nothing breaks.
            while let Ok((seen, preview)) = wire::read(answer, MAX_PREVIEW) {
                described = described.with(seen, preview);
            }
            Ok(described)
        })
    }

    /// A picture as it is to be shown, with all its frames: of a PNG, JPEG, WebP or GIF file.
    pub fn picture(&self, file: File, fit: Fit) -> Result<Picture, Trouble> {
        self.ask(file, Job::Picture(fit), |answer| {
            let (head, rgba): (PictureHead, _) = wire::read(answer, fit.bytes.into())?;
            put_together(&head, &rgba).ok_or(Trouble::Broken)
        })
    }

    /// Makes a JPEG of a picture, or a PNG where it is transparent somewhere: upright, without any of its metadata, at most 4,096
    /// pixels long, and made smaller until it has at most `max_bytes` bytes. Of a moving one, the first frame.
    pub fn converted(&self, file: File, max_bytes: u32) -> Result<Converted, Trouble> {
        self.ask(file, Job::Convert { max_bytes }, |answer| {
            let (mime, bytes) = wire::read(answer, max_bytes.into())?;
            Ok(Converted { mime, bytes })
        })
    }

    /// The same picture or film without what it says of place, time, camera and author: every pixel and every sound stays as
    /// it is. For JPEG, PNG, WebP, MP4 and 3GP files of up to `max_bytes` bytes; a longer one is [`Trouble::TooLarge`].
    pub fn without_location(&self, file: File, max_bytes: u32) -> Result<Vec<u8>, Trouble> {
        self.ask(file, Job::Strip { max_bytes }, |answer| {
            let ((), bytes) = wire::read(answer, u64::from(max_bytes) + STRIPPED_BEYOND)?;
            Ok(bytes)
        })
    }

    /// Plays a file's sound from a moment on, in milliseconds, and as fast as wanted. It is decoded as it is read.
    pub fn play(&self, file: File, from_ms: u64, speed: Speed) -> Result<Playing, Trouble> {
        let job = Job::Play { from_ms, speed };
        let limit = job.wall_clock();
        let mut answer = match &self.place {
            Place::Here => Answer::Here(played_here(file, job).map_err(|_error| Trouble::Broken)?),
            Place::Program(program) => Answer::Child(Running::start(program, file, &job)?),
        };
        let begin = |answer: &mut dyn Read| wire::read(answer, 0);
        let (head, _nothing): (SoundHead, _) = match &mut answer {
            Answer::Here(answer) => begin(answer)?,
            Answer::Child(running) => running.read(limit, begin)?,
        };
        Ok(Playing { rate: head.rate, channels: head.channels, duration_ms: head.duration_ms, answer })
    }

    fn ask<T>(
        &self,
        file: File,
        job: Job,
        read: impl FnOnce(&mut dyn Read) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        match &self.place {
            Place::Here => {
                let mut answer = Vec::new();
                job.run(file, &mut answer).map_err(|_error| Trouble::Broken)?;
                read(&mut answer.as_slice())
            }
            Place::Program(program) => Running::start(program, file, &job)?.read(job.wall_clock(), read),
        }
    }
}

fn put_together(head: &PictureHead, rgba: &[u8]) -> Option<Picture> {
    let [width, height] = head.size.map(usize::try_from);
    let length = width.ok()?.checked_mul(height.ok()?)?.checked_mul(4).filter(|length| *length > 0)?;
    if head.millis.is_empty() || head.millis.len().checked_mul(length)? != rgba.len() {
        return None;
    }
    let frame = |(rgba, millis): (&[u8], &u32)| Frame { rgba: rgba.to_owned(), millis: (*millis).max(1) };
    Some(Picture {
        size: head.size,
        frames: rgba.chunks_exact(length).zip(&head.millis).map(frame).collect(),
    })
}

/// Decodes on a thread of its own, no further ahead than the pipe is long.
fn played_here(file: File, job: Job) -> io::Result<PipeReader> {
    let (reader, mut writer) = io::pipe()?;
    // It can only fail to write, and then nobody listens any more.
    let work = move || drop(job.run(file, &mut writer));
    thread::Builder::new().name("sound decoder".to_owned()).spawn(work)?;
    Ok(reader)
}

/// Sound on its way: reads as 16-bit samples, low byte first, of all channels in turn. It waits where the decoder does, and
/// ends early if the decoder breaks. What decodes it ends when this goes.
#[derive(Debug)]
pub struct Playing {
    /// Samples of one channel in a second.
    pub rate: u32,
    /// How many channels there are.
    pub channels: u16,
    /// How long the whole file lasts at its own speed, in milliseconds.
    pub duration_ms: u64,
    answer: Answer,
}

#[derive(Debug)]
enum Answer {
    Here(PipeReader),
    Child(Running),
}

impl Playing {
    /// What ends it from another thread, even while this one waits in a read.
    #[must_use]
    pub fn stopper(&self) -> Stopper {
        match &self.answer {
            Answer::Here(_) => Stopper { child: None },
            Answer::Child(running) => running.stopper.clone(),
        }
    }
}

impl Read for Playing {
    fn read(&mut self, samples: &mut [u8]) -> io::Result<usize> {
        match &mut self.answer {
            Answer::Here(answer) => answer.read(samples),
            Answer::Child(running) => running.answer.read(samples),
        }
    }
}

/// Ends a child; sound that is decoded in this very process ends by itself.
#[derive(Debug, Clone)]
pub struct Stopper {
    child: Option<Arc<Mutex<Child>>>,
}

impl Stopper {
    /// Ends it now. Whoever reads finds the end.
    pub fn stop(&self) {
        self.end();
    }

    /// Ends it, if it hasn't come to an end, and leaves nothing of it behind.
    fn end(&self) -> Option<ExitStatus> {
        let mut child = self.child.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        // It fails only where there is nothing left to be ended.
        child.kill().ok();
        child.wait().ok()
    }
}

/// A child at work. It ends when this goes.
#[derive(Debug)]
struct Running {
    stopper: Stopper,
    answer: ChildStdout,
}

impl Running {
    fn start(program: &Path, file: File, job: &Job) -> Result<Self, Trouble> {
        let job = serde_json::to_string(job).map_err(|_error| Trouble::Broken)?;
        let mut command = Command::new(program);
        command.arg("decode").arg(job).stdin(file).stdout(Stdio::piped());
        // What a decoder says may be taken from the file: it belongs in no log.
        command.stderr(Stdio::null()).env_clear().current_dir(std::env::temp_dir());
        let mut child = command.spawn().map_err(|_error| Trouble::Broken)?;
        let answer = child.stdout.take();
        let stopper = Stopper { child: Some(Arc::new(Mutex::new(child))) };
        match answer {
            Some(answer) => Ok(Self { stopper, answer }),
            None => Err(Trouble::Broken),
        }
    }

    /// Reads from its answer, for no longer than that.
    fn read<T>(
        &mut self,
        limit: Duration,
        read: impl FnOnce(&mut dyn Read) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        let late = Arc::new(AtomicBool::new(false));
        let (done, waits) = mpsc::channel::<()>();
        let watch = {
            let (late, stopper) = (late.clone(), self.stopper.clone());
            move || {
                if waits.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout) {
                    late.store(true, Ordering::Release);
                    stopper.stop();
                }
            }
        };
        let watched = thread::Builder::new().name("decoder watch".to_owned()).spawn(watch);
        watched.map_err(|_error| Trouble::Broken)?;
        let said = read(&mut self.answer);
        drop(done);
        match said {
            Err(Trouble::Broken) if late.load(Ordering::Acquire) || self.ran_out_of_time() => {
                Err(Trouble::TookTooLong)
            }
            said => said,
        }
    }

    /// Whether the child was ended by its own limit of processor time.
    #[cfg(unix)]
    fn ran_out_of_time(&self) -> bool {
        use std::os::unix::process::ExitStatusExt as _;

        /// The same number on every Unix that matters here.
        const SIGXCPU: i32 = 24;
        self.stopper.end().and_then(|status| status.signal()) == Some(SIGXCPU)
    }

    #[cfg(not(unix))]
    fn ran_out_of_time(&self) -> bool {
        false
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stopper.stop();
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn running(program: &str) -> Running {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"anything").unwrap();
        Running::start(Path::new(program), file, &Job::Picture(Fit::BUBBLE)).unwrap()
    }

    fn head(answer: &mut dyn Read) -> Result<(PictureHead, Vec<u8>), Trouble> {
        wire::read(answer, 1000)
    }

    #[test]
    fn a_child_that_hangs_is_ended() {
        let mut hanging = running(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/hangs.sh"));
        let said = hanging.read(Duration::from_millis(100), head);
        assert_eq!(said.map(|_| ()), Err(Trouble::TookTooLong));
        let status = hanging.stopper.end().unwrap();
        assert!(!status.success(), "it is gone, and was waited for");
    }

    #[test]
    fn a_child_that_never_ends_its_answer_is_not_listened_to() {
        let mut flooding = running("/usr/bin/yes");
        let said = flooding.read(Duration::from_mins(1), head);
        assert_eq!(said.map(|_| ()), Err(Trouble::Broken));
    }

    #[test]
    fn whoever_listens_can_be_woken() {
        let mut hanging = running(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/hangs.sh"));
        let stopper = hanging.stopper.clone();
        let other = thread::Builder::new().spawn(move || stopper.stop()).unwrap();
        assert_eq!(hanging.answer.read(&mut [0; 8]).unwrap(), 0, "the end");
        other.join().unwrap();
    }
}
