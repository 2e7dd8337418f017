//! Files in words: for cards, quotes, copies and screen readers.

use waxwing_protocol::{
    attachment::{About, AttachmentState},
    message::{Media, MediaKind},
    notification::Notification,
};

use super::{
    super::super::{icon, text::isolate},
    File,
    kind::Kind,
};
use crate::desk::outbox::{Outgoing, OutgoingContent};

/// Up to how long a film without sound is shown as a GIF, in milliseconds.
const GIF_MS: u64 = 30_000;

/// What a file is called.
pub(in super::super) fn title(kind: MediaKind, voice: bool, name: Option<&str>) -> String {
    match (kind, name) {
        (MediaKind::Image, _) => "Picture".to_owned(),
        (MediaKind::Video, _) => "Video".to_owned(),
        (MediaKind::Audio, _) if voice => "Voice message".to_owned(),
        (MediaKind::Audio, _) => "Sound file".to_owned(),
        (MediaKind::Sticker, _) => "Sticker".to_owned(),
        (MediaKind::Document | MediaKind::Unknown, Some(name)) => isolate::file_name(name),
        (MediaKind::Document | MediaKind::Unknown, None) => "Document".to_owned(),
    }
}

/// `1.4 MB`.
pub(in super::super::super) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// `1.2 of 3.4 MB`.
pub(in super::super) fn part_of(bytes: u64, of: u64) -> String {
    let whole = size(of);
    let bytes = bytes.min(of);
    let part = match of {
        0..1_000 => bytes.to_string(),
        1_000..1_000_000 => (bytes / 1_000).to_string(),
        _ => format!("{}.{}", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    };
    format!("{part} of {whole}")
}

/// `0:42`, or `1:02:03`: how long something lasts.
pub(in super::super) fn length_of(millis: u64) -> String {
    let seconds = millis.div_ceil(1_000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours == 0 { format!("{minutes}:{seconds:02}") } else { format!("{hours}:{minutes:02}:{seconds:02}") }
}

impl File {
    /// What it is called.
    pub(in super::super) fn title(&self) -> String {
        title(self.kind, self.voice, self.name.as_deref())
    }

    /// Its type as it is shown.
    pub(super) fn sort(&self) -> Kind {
        Kind::of(self.about.as_ref().map_or("", |about| about.mime.as_str()))
    }

    /// Whether it is a short film without sound.
    pub(super) fn is_gif(&self) -> bool {
        let about = self.about.as_ref();
        let is_short = |millis| millis <= GIF_MS;
        self.kind == MediaKind::Video
            && about.is_some_and(|about| !about.has_sound && about.duration_ms.is_some_and(is_short))
    }

    /// How long it lasts, or how many pages it has.
    pub(super) fn extent(&self) -> Option<String> {
        let about = self.about.as_ref()?;
        match (about.duration_ms, about.pages) {
            (Some(millis), _) => Some(length_of(millis)),
            (None, Some(pages)) => Some(self.sort().pages(pages)),
            (None, None) => None,
        }
    }

    /// `0:42 · 14.9 MB`.
    pub(super) fn facts(&self) -> String {
        match self.extent() {
            Some(extent) => format!("{extent} · {}", size(self.size_bytes)),
            None => size(self.size_bytes),
        }
    }

    /// What a screen reader is told of it.
    pub(super) fn told(&self, from: &str) -> String {
        let what = match self.kind {
            MediaKind::Video if self.is_gif() => "GIF".to_owned(),
            MediaKind::Document | MediaKind::Unknown => format!("{} {}", self.sort().name(), self.title()),
            _ => self.title(),
        };
        let extent = self.extent().map_or_else(String::new, |extent| format!(", {extent}"));
        format!("{what}, {}{extent}, from {from}", size(self.size_bytes))
    }
}

/// A file in a few words and what stands before them: for the last line of a card, and for quotes.
pub(in super::super::super) fn in_short(media: &Media) -> (char, String) {
    let about = media.attachment.as_ref().and_then(|held| match &held.state {
        AttachmentState::Ready { about, .. } => about.as_deref(),
        _ => None,
    });
    let (icon, words) = short((media.kind, media.voice), media.file_name.as_deref(), about);
    (icon, with_caption(words, media.caption.as_deref().unwrap_or_default()))
}

/// The file of a message that has not left this machine, likewise.
pub(in super::super::super) fn leaving_in_short(outgoing: &Outgoing) -> Option<(char, String)> {
    let (file, caption) = match &outgoing.content {
        OutgoingContent::Text(_) => return None,
        OutgoingContent::Notification(leaving) => return Some(notification_in_short(&leaving.shown)),
        OutgoingContent::File { file, caption, .. } => (file, caption),
    };
    let (icon, words) = short((file.kind, file.voice), Some(&file.name), Some(&file.about));
    Some((icon, with_caption(words, caption)))
}

/// A notification, likewise.
pub(in super::super::super) fn notification_in_short(notification: &Notification) -> (char, String) {
    (icon::NOTIFICATION, format!("Notification: {}", notification.text))
}

fn with_caption(words: String, caption: &str) -> String {
    if caption.trim().is_empty() { words } else { format!("{words} · {caption}") }
}

fn short((kind, voice): (MediaKind, bool), name: Option<&str>, about: Option<&About>) -> (char, String) {
    let length = about.and_then(|about| about.duration_ms);
    let length = length.map_or_else(String::new, |millis| format!(" {}", length_of(millis)));
    match kind {
        MediaKind::Image => (icon::IMAGE, "Photo".to_owned()),
        MediaKind::Video => (icon::FILM, format!("Video{length}")),
        MediaKind::Audio if voice => (icon::MIC, format!("Voice message{length}")),
        MediaKind::Audio => (icon::MUSIC, format!("Sound file{length}")),
        MediaKind::Sticker => (icon::IMAGE, "Sticker".to_owned()),
        MediaKind::Document | MediaKind::Unknown => {
            let label = Kind::of(about.map_or("", |about| about.mime.as_str())).label;
            let label = if label.is_empty() { "Document" } else { label };
            let name = name.map(isolate::file_name);
            (icon::FILE, name.map_or_else(|| label.to_owned(), |name| format!("{label}: {name}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_told_in_a_few_words() {
        let about = |mime: &str, duration_ms| About {
            mime: mime.to_owned(),
            opening: waxwing_protocol::attachment::Opening::Allowed,
            size: None,
            duration_ms,
            waveform: Vec::new(),
            has_sound: true,
            pages: None,
            thumb_hash: None,
            preview: false,
        };
        let told = |kind, voice, name, about: Option<&About>| short((kind, voice), name, about);
        let voice = about("audio/ogg", Some(12_000));
        assert_eq!(
            told(MediaKind::Audio, true, None, Some(&voice)),
            (icon::MIC, "Voice message 0:12".to_owned())
        );
        assert_eq!(told(MediaKind::Image, false, Some("a.jpg"), None), (icon::IMAGE, "Photo".to_owned()));
        let pdf = about("application/pdf", None);
        let offer = told(MediaKind::Document, false, Some("offer.pdf"), Some(&pdf));
        assert_eq!(offer, (icon::FILE, "PDF: \u{2068}offer.pdf\u{2069}".to_owned()));
        assert_eq!(told(MediaKind::Document, false, None, None).1, "Document");
        assert_eq!(with_caption(offer.1, " "), "PDF: \u{2068}offer.pdf\u{2069}");
        assert_eq!(with_caption("Photo".to_owned(), "the lid"), "Photo · the lid");
    }

    #[test]
    fn amounts_read_as_people_say_them() {
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(1_001), "2 kB");
        assert_eq!(size(1_450_000), "1.4 MB");
        assert_eq!(part_of(1_290_000, 3_400_000), "1.2 of 3.4 MB");
        assert_eq!(part_of(5_000, 3_000), "3 of 3 kB", "never more than there is");
        assert_eq!(part_of(0, 12), "0 of 12 bytes");
        assert_eq!(length_of(12_000), "0:12");
        assert_eq!(length_of(11_001), "0:12");
        assert_eq!(length_of(3_723_000), "1:02:03");
    }
}
