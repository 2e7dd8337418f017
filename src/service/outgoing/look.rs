//! Looks into a copy and makes of it what WhatsApp takes. Nothing leaves that was not looked into.
//!
//! A picture goes without what it says of place and camera, a film too, also as a document; a WebP becomes a JPEG or PNG. What
//! can't go as it is comes back with the ways out of it, which begin again with the agent's own file.

use std::{fs::File, io};

use waxwing_media::{
    child::{Described, Trouble, Workshop},
    inspect::PictureForm,
    kind::{FileType, Standing, is_dangerous_extension, size_limit},
    name::{CleanName, extension_of},
    sending::{self, Accepted, AttachmentProblem},
    verdict::{Claim, Policy, agreed},
};
use waxwing_protocol::{message::MediaKind, upload::FILE_BYTES_BELOW};

use super::copies::{Copy, Kept};
use crate::desk::file::{FileRefused, ReadyFile, WayOut};

/// What a file is called whose name says nothing.
const NAMELESS: &str = "File";

/// Why a file can't be sent as it is.
#[derive(Debug, thiserror::Error)]
enum Obstacle {
    #[error("{0}")]
    Problem(AttachmentProblem),
    #[error("Waxwing can't look into this file: {0}.")]
    Trouble(#[from] Trouble),
    #[error("Waxwing's copy of this file can't be used: {0}.")]
    Copy(#[from] io::Error),
}

/// Another file is to be made of one that was taken in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rework {
    pub(super) way: WayOut,
    /// How large a picture may be then, in bytes, beside what WhatsApp takes.
    pub(super) most: Option<u64>,
}

/// What a copy is sent as.
pub(super) fn prepare(
    workshop: &Workshop,
    copy: &Copy,
    rework: Option<Rework>,
) -> Result<ReadyFile, FileRefused> {
    let way = rework.map(|rework| rework.way);
    let limit = size_limit(MediaKind::Image, false);
    let most = rework.and_then(|rework| rework.most).map_or(limit, |most| most.min(limit));
    let most = u32::try_from(most).unwrap_or(u32::MAX);
    let looked = |kept| Look { workshop, copy, kept, most }.go(way);
    let prepared = copy.kept().map_err(Obstacle::from).and_then(looked);
    prepared.map_err(|obstacle| {
        let ways_out = match &obstacle {
            Obstacle::Problem(problem) => problem.ways_out().iter().copied().filter_map(way_out).collect(),
            // What can't be shown may still be passed on as it is, unless nobody could tell what it is.
            Obstacle::Trouble(Trouble::Damaged | Trouble::TooLarge | Trouble::TooManyFrames)
                if way.is_none() =>
            {
                vec![WayOut::SendAsDocument]
            }
            Obstacle::Trouble(_) | Obstacle::Copy(_) => Vec::new(),
        };
        FileRefused { reason: obstacle.to_string(), ways_out }
    })
}

const fn way_out(way: sending::WayOut) -> Option<WayOut> {
    match way {
        sending::WayOut::MakeSmaller => Some(WayOut::MakeSmaller),
        sending::WayOut::SendAsDocument => Some(WayOut::SendAsDocument),
        sending::WayOut::Convert => None,
    }
}

struct Look<'a> {
    workshop: &'a Workshop,
    copy: &'a Copy,
    kept: Kept,
    /// How large a picture may be that is made of it, in bytes.
    most: u32,
}

impl Look<'_> {
    fn go(&self, way: Option<WayOut>) -> Result<ReadyFile, Obstacle> {
        let original = self.describe(self.copy.original()?, &self.kept.name)?;
        if way == Some(WayOut::MakeSmaller) {
            return self.converted(&original);
        }
        let as_kind = way.map(|_as_document| MediaKind::Document);
        let accepted = check(&original, &self.kept.name, self.kept.size_bytes, as_kind)?;
        if accepted.convert() {
            return self.converted(&original);
        }
        if tells_its_place(original.found.file_type) {
            return self.stripped(&original, accepted.kind());
        }
        self.copy.send_original(&self.kept)?;
        let file_type = original.found.file_type;
        self.ready((file_type, original), accepted.kind(), self.kept.size_bytes)
    }

    /// As a picture that WhatsApp takes.
    fn converted(&self, original: &Described) -> Result<ReadyFile, Obstacle> {
        if original.found.picture == PictureForm::Animated {
            return Err(Obstacle::Problem(AttachmentProblem::Animated));
        }
        let picture = self.workshop.converted(self.copy.original()?, self.most)?;
        self.made(original, &picture.bytes, MediaKind::Image)
    }

    /// Without what it says of place and camera.
    fn stripped(&self, original: &Described, kind: MediaKind) -> Result<ReadyFile, Obstacle> {
        let most = u32::try_from(FILE_BYTES_BELOW - 1).unwrap_or(u32::MAX);
        match self.workshop.without_location(self.copy.original()?, most) {
            Ok(bytes) => self.made(original, &bytes, kind),
            // It can be shown, so it can be made anew.
            Err(Trouble::Damaged) if kind == MediaKind::Image => self.converted(original),
            Err(trouble) => Err(trouble.into()),
        }
    }

    /// Sends these bytes, if they can be sent.
    fn made(&self, original: &Described, bytes: &[u8], kind: MediaKind) -> Result<ReadyFile, Obstacle> {
        let file = self.copy.send_made(&self.kept, bytes)?;
        // Its name says what it was made of.
        let made = self.describe(file, "")?;
        let size_bytes = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let accepted = check(&made, "", size_bytes, Some(kind))?;
        self.ready((original.found.file_type, made), accepted.kind(), size_bytes)
    }

    fn describe(&self, file: File, name: &str) -> Result<Described, Trouble> {
        let name = Some(name).filter(|name| !name.is_empty());
        self.workshop.describe(file, &Claim { declared_mime: None, name }, Policy::default())
    }

    fn ready(
        &self,
        (was, what): (FileType, Described),
        kind: MediaKind,
        size_bytes: u64,
    ) -> Result<ReadyFile, Obstacle> {
        self.copy.show(what.preview.as_deref())?;
        let name = name_of(&self.kept.name, was, &what);
        let voice = self.kept.voice && kind == MediaKind::Audio;
        Ok(ReadyFile { name, kind, size_bytes, about: Box::new(what.about), voice })
    }
}

fn check(
    what: &Described,
    name: &str,
    size_bytes: u64,
    as_kind: Option<MediaKind>,
) -> Result<Accepted, Obstacle> {
    let Described { found, video_ok, .. } = what;
    let asked = sending::Outgoing { found, name, size_bytes, as_kind, video_ok: *video_ok };
    sending::check(&asked).map_err(Obstacle::Problem)
}

/// Whether files of a type say where they were made.
const fn tells_its_place(file_type: FileType) -> bool {
    matches!(file_type, FileType::Jpeg | FileType::Png | FileType::Webp | FileType::Mp4 | FileType::ThreeGpp)
}

/// What the contact sees it called, by what it was made of and what it is. A type that Waxwing does not know keeps the
/// extension that the agent's file has.
fn name_of(name: &str, was: FileType, what: &Described) -> String {
    if was != what.found.file_type {
        let stem = CleanName::new(Some(name), NAMELESS, was);
        return CleanName::new(Some(stem.stem()), NAMELESS, what.found.file_type).to_string();
    }
    let claim = Claim { declared_mime: None, name: Some(name) };
    let file_type = agreed(&what.found, &claim).unwrap_or(was);
    let clean = CleanName::new(Some(name), NAMELESS, file_type);
    let own = extension_of(name).filter(|own| {
        let is_unknown = file_type.standing() == Standing::Other && file_type.extensions().is_empty();
        is_unknown && !is_dangerous_extension(own)
    });
    let kept = own.and_then(|own| Some(format!("{}.{own}", stem_without(clean.stem(), &own)?)));
    kept.unwrap_or_else(|| clean.to_string())
}

/// A stem without the extension that was left in it.
fn stem_without<'a>(stem: &'a str, extension: &str) -> Option<&'a str> {
    let at = stem.len().checked_sub(extension.len())?;
    let tail = stem.get(at..)?;
    let stem = stem.get(..at)?.strip_suffix('.')?;
    (tail.eq_ignore_ascii_case(extension) && !stem.is_empty()).then_some(stem)
}

#[cfg(test)]
mod tests {
    use waxwing_media::inspect::Found;

    use super::*;

    fn named(name: &str, was: FileType, is: FileType) -> String {
        let mut file = tempfile::tempfile().unwrap();
        io::Write::write_all(&mut file, b"text").unwrap();
        let claim = Claim::default();
        let described = Workshop::here().describe(file, &claim, Policy::default()).unwrap();
        name_of(name, was, &Described { found: Found::new(is), ..described })
    }

    #[test]
    fn a_name_says_what_the_file_is() {
        use FileType::{Csv, Jpeg, OtherDocument, Pdf, Text, Unknown, Webp};
        for (name, was, is, expected) in [
            ("holiday.webp", Webp, Jpeg, "holiday.jpg"),
            ("holiday", Webp, Jpeg, "holiday.jpg"),
            ("Photo.JPEG", Jpeg, Jpeg, "Photo.jpg"),
            ("../../etc/passwd", Text, Text, "passwd.txt"),
            ("table.csv", Text, Text, "table.csv"),
            ("plan.dwg", Unknown, Unknown, "plan.dwg"),
            ("letter.odt", OtherDocument, OtherDocument, "letter.odt"),
            ("run.exe", Unknown, Unknown, "run.exe.bin"),
            ("a\u{202e}fdp.exe", Pdf, Pdf, "afdp.exe.pdf"),
            ("", Pdf, Pdf, "File.pdf"),
            (".hidden", Unknown, Unknown, "hidden.bin"),
            ("CON.pdf", Pdf, Pdf, "_CON.pdf"),
        ] {
            assert_eq!(named(name, was, is), expected, "{name:?}");
        }
        assert!(named(&"x".repeat(5000), Csv, Csv).len() < 130);
    }
}
