//! The table of types: what each is called by programs and by people, and how it is treated.

use waxwing_protocol::message::MediaKind;

use super::{FileType, Standing};

/// What is to be known of a type.
pub(super) struct Facts {
    pub(super) label: &'static str,
    pub(super) mimes: &'static [&'static str],
    pub(super) extensions: &'static [&'static str],
    pub(super) standing: Standing,
    pub(super) sent_as: MediaKind,
}

impl FileType {
    pub(super) const fn facts(self) -> Facts {
        match self {
            Self::Jpeg | Self::Png | Self::Webp | Self::Gif => self.picture(),
            Self::Mp4
            | Self::ThreeGpp
            | Self::Aac
            | Self::M4a
            | Self::Amr
            | Self::Mp3
            | Self::OggVorbis
            | Self::OggOpus
            | Self::Wav
            | Self::Flac => self.recording(),
            Self::Doc
            | Self::Docx
            | Self::Docm
            | Self::Xls
            | Self::Xlsx
            | Self::Xlsm
            | Self::Ppt
            | Self::Pptx
            | Self::Pptm => self.office(),
            Self::Pdf => openable("PDF document", &["application/pdf", "application/x-pdf"], &["pdf"]),
            Self::Text => openable("text", &["text/plain"], &["txt", "text"]),
            Self::Csv => openable(
                "table (CSV)",
                // What we send ourselves is declared as plain text, since WhatsApp lists no other type for text.
                &[
                    "text/csv",
                    "text/comma-separated-values",
                    "text/x-csv",
                    "application/csv",
                    "text/plain",
                    "application/vnd.ms-excel",
                ],
                &["csv"],
            ),
            Self::EncryptedOffice => openable("encrypted office document", &[], &[]),
            Self::Zip => archive(
                "ZIP archive",
                &["application/zip", "application/x-zip-compressed", "application/x-zip"],
                &["zip"],
            ),
            Self::Archive => archive("archive", ARCHIVE_MIMES, ARCHIVE_EXTENSIONS),
            Self::OtherDocument => other("document of a type that Waxwing does not open"),
            Self::Unknown => other("file of unknown type"),
            Self::Program => dangerous("program"),
            Self::Script => dangerous("script"),
            Self::Shortcut => dangerous("shortcut"),
            Self::WebPage => dangerous("web page"),
            Self::Svg => dangerous("SVG drawing"),
            Self::DiskImage => dangerous("disk image"),
        }
    }

    const fn picture(self) -> Facts {
        let facts = match self {
            Self::Jpeg => openable(
                "JPEG picture",
                &["image/jpeg", "image/jpg", "image/pjpeg"],
                &["jpg", "jpeg", "jpe", "jfif"],
            ),
            Self::Png => openable("PNG picture", &["image/png", "image/x-png"], &["png"]),
            Self::Webp => openable("WebP picture", &["image/webp"], &["webp"]),
            _ => openable("GIF picture", &["image/gif"], &["gif"]),
        };
        let sent_as = match self {
            Self::Jpeg | Self::Png => MediaKind::Image,
            _ => MediaKind::Document,
        };
        Facts { sent_as, ..facts }
    }

    const fn recording(self) -> Facts {
        let facts = match self {
            Self::Mp4 => openable("MP4 video", &["video/mp4", "video/x-m4v"], &["mp4", "m4v"]),
            Self::ThreeGpp => openable(
                "3GP video",
                &["video/3gpp", "video/3gp", "video/3gpp2", "audio/3gpp"],
                &["3gp", "3gpp", "3g2"],
            ),
            Self::Aac => openable("AAC sound", &["audio/aac", "audio/x-aac", "audio/aacp"], &["aac"]),
            Self::M4a => {
                openable("M4A sound", &["audio/mp4", "audio/x-m4a", "audio/m4a", "audio/mp4a-latm"], &["m4a"])
            }
            Self::Amr => openable("AMR sound", &["audio/amr", "audio/amr-wb"], &["amr", "awb"]),
            Self::Mp3 => openable(
                "MP3 sound",
                &["audio/mpeg", "audio/mp3", "audio/x-mp3", "audio/x-mpeg", "audio/mpeg3"],
                &["mp3"],
            ),
            Self::OggVorbis => openable(
                "Ogg sound",
                &["audio/ogg", "application/ogg", "audio/vorbis", "audio/x-vorbis+ogg"],
                &["ogg", "oga"],
            ),
            Self::OggOpus => openable(
                "Opus sound",
                &["audio/ogg", "audio/opus", "application/ogg", "audio/x-opus+ogg"],
                &["ogg", "opus", "oga"],
            ),
            Self::Wav => Facts { mimes: &["audio/wav"], extensions: &["wav"], ..other("WAV sound") },
            _ => Facts { mimes: &["audio/flac"], extensions: &["flac"], ..other("FLAC sound") },
        };
        let sent_as = match self {
            Self::Mp4 | Self::ThreeGpp => MediaKind::Video,
            Self::OggVorbis | Self::Wav | Self::Flac => MediaKind::Document,
            _ => MediaKind::Audio,
        };
        Facts { sent_as, ..facts }
    }

    const fn office(self) -> Facts {
        match self {
            Self::Doc => openable("Word document", &["application/msword"], &["doc"]),
            Self::Docx => openable(
                "Word document",
                &["application/vnd.openxmlformats-officedocument.wordprocessingml.document"],
                &["docx"],
            ),
            Self::Docm => openable(
                "Word document with macros",
                &["application/vnd.ms-word.document.macroenabled.12"],
                &["docm"],
            ),
            Self::Xls => {
                openable("Excel workbook", &["application/vnd.ms-excel", "application/x-msexcel"], &["xls"])
            }
            Self::Xlsx => openable(
                "Excel workbook",
                &["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"],
                &["xlsx"],
            ),
            Self::Xlsm => openable(
                "Excel workbook with macros",
                &["application/vnd.ms-excel.sheet.macroenabled.12"],
                &["xlsm"],
            ),
            Self::Ppt => openable(
                "PowerPoint presentation",
                &["application/vnd.ms-powerpoint", "application/x-mspowerpoint"],
                &["ppt"],
            ),
            Self::Pptx => openable(
                "PowerPoint presentation",
                &["application/vnd.openxmlformats-officedocument.presentationml.presentation"],
                &["pptx"],
            ),
            _ => openable(
                "PowerPoint presentation with macros",
                &["application/vnd.ms-powerpoint.presentation.macroenabled.12"],
                &["pptm"],
            ),
        }
    }
}

const ARCHIVE_MIMES: &[&str] = &[
    "application/vnd.rar",
    "application/x-rar-compressed",
    "application/x-7z-compressed",
    "application/x-tar",
    "application/gzip",
    "application/x-gzip",
    "application/x-bzip2",
    "application/x-xz",
    "application/zstd",
];

/// No canonical one: which archive it is does not matter enough to be told apart.
const ARCHIVE_EXTENSIONS: &[&str] = &["bin", "rar", "7z", "tar", "gz", "tgz", "bz2", "xz", "zst"];

const fn openable(
    label: &'static str,
    mimes: &'static [&'static str],
    extensions: &'static [&'static str],
) -> Facts {
    Facts { label, mimes, extensions, standing: Standing::Openable, sent_as: MediaKind::Document }
}

const fn archive(
    label: &'static str,
    mimes: &'static [&'static str],
    extensions: &'static [&'static str],
) -> Facts {
    Facts { standing: Standing::Archive, ..openable(label, mimes, extensions) }
}

const fn other(label: &'static str) -> Facts {
    Facts { standing: Standing::Other, ..openable(label, &[], &[]) }
}

const fn dangerous(label: &'static str) -> Facts {
    Facts { standing: Standing::Dangerous, ..openable(label, &[], &[]) }
}
