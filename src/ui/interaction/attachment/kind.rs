//! Types of files as they are shown: a short name on a colour that stands for a family, as people know them from their
//! programs.

use egui::Color32;

use super::super::super::{icon, theme::Theme};

/// What files of a family have in common to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Pdf,
    Text,
    Table,
    Slides,
    Words,
    Archive,
    Picture,
    Film,
    Sound,
    Other,
}

/// A type as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    /// What stands on its sign: the usual extension, in capitals; empty where nobody knows the type.
    pub(super) label: &'static str,
    /// What it belongs to.
    pub(super) family: Family,
}

/// The types that have a name, by what the gateway says a file is.
const KINDS: &[(&str, &str, Family)] = &[
    ("application/pdf", "PDF", Family::Pdf),
    ("application/msword", "DOC", Family::Words),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "DOCX", Family::Words),
    ("application/vnd.ms-word.document.macroenabled.12", "DOCM", Family::Words),
    ("application/vnd.ms-excel", "XLS", Family::Table),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX", Family::Table),
    ("application/vnd.ms-excel.sheet.macroenabled.12", "XLSM", Family::Table),
    ("text/csv", "CSV", Family::Table),
    ("application/vnd.ms-powerpoint", "PPT", Family::Slides),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "PPTX", Family::Slides),
    ("application/vnd.ms-powerpoint.presentation.macroenabled.12", "PPTM", Family::Slides),
    ("text/plain", "TXT", Family::Text),
    ("application/zip", "ZIP", Family::Archive),
    ("application/x-7z-compressed", "7Z", Family::Archive),
    ("application/vnd.rar", "RAR", Family::Archive),
    ("application/gzip", "GZ", Family::Archive),
    ("image/jpeg", "JPG", Family::Picture),
    ("image/png", "PNG", Family::Picture),
    ("image/webp", "WEBP", Family::Picture),
    ("image/gif", "GIF", Family::Picture),
    ("video/mp4", "MP4", Family::Film),
    ("video/3gpp", "3GP", Family::Film),
    ("audio/aac", "AAC", Family::Sound),
    ("audio/mp4", "M4A", Family::Sound),
    ("audio/amr", "AMR", Family::Sound),
    ("audio/mpeg", "MP3", Family::Sound),
    ("audio/ogg", "OGG", Family::Sound),
    ("audio/wav", "WAV", Family::Sound),
    ("audio/flac", "FLAC", Family::Sound),
];

impl Kind {
    /// The kind of a MIME type.
    pub(super) fn of(mime: &str) -> Self {
        let named = KINDS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(mime));
        if let Some((_, label, family)) = named {
            return Self { label, family: *family };
        }
        let family = match mime.split('/').next() {
            Some("image") => Family::Picture,
            Some("video") => Family::Film,
            Some("audio") => Family::Sound,
            _ => Family::Other,
        };
        Self { label: "", family }
    }

    /// What it is called in a sentence.
    pub(super) fn name(self) -> String {
        match self.label {
            "" => "File".to_owned(),
            label => label.to_owned(),
        }
    }

    /// `3 pages`; sheets and slides where these are what it has.
    pub(super) fn pages(self, count: u32) -> String {
        let (one, many) = match self.family {
            Family::Table => ("sheet", "sheets"),
            Family::Slides => ("slide", "slides"),
            _ => ("page", "pages"),
        };
        format!("{count} {}", if count == 1 { one } else { many })
    }

    /// What stands for it where there is no label.
    pub(super) const fn icon(self) -> char {
        match self.family {
            Family::Picture => icon::IMAGE,
            Family::Film => icon::FILM,
            Family::Sound => icon::MUSIC,
            _ => icon::FILE,
        }
    }

    /// The colour of its sign.
    pub(super) const fn colour(self, theme: &Theme) -> Color32 {
        match self.family {
            Family::Pdf => theme.overdue,
            Family::Words => theme.link,
            Family::Table => theme.fresh,
            Family::Slides | Family::Archive => theme.late,
            Family::Picture | Family::Film | Family::Sound => theme.accent,
            Family::Text | Family::Other => theme.muted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_have_their_usual_names() {
        let told = |mime: &str| (Kind::of(mime).label, Kind::of(mime).family);
        assert_eq!(told("application/pdf"), ("PDF", Family::Pdf));
        assert_eq!(told("Application/VND.ms-Excel"), ("XLS", Family::Table));
        assert_eq!(told("image/tiff"), ("", Family::Picture));
        assert_eq!(told("application/octet-stream"), ("", Family::Other));
        assert_eq!(Kind::of("application/octet-stream").name(), "File");
    }

    #[test]
    fn what_a_document_has_is_counted_by_its_name() {
        assert_eq!(Kind::of("application/pdf").pages(1), "1 page");
        assert_eq!(Kind::of("text/csv").pages(3), "3 sheets");
        assert_eq!(Kind::of("application/vnd.ms-powerpoint").pages(12), "12 slides");
    }
}
