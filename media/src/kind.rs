//! The types of file that Waxwing knows: a closed table.
//!
//! Types outside of it are [`FileType::Unknown`], and those are never opened. The first MIME type and the first extension
//! of a row are the ones we write; all of them are what we accept from others. Sources: the IANA registry of media types
//! with the spellings that phones and browsers use beside it, and the table of supported media of WhatsApp's Cloud API.

use serde::{Deserialize, Serialize};
use waxwing_protocol::message::MediaKind;

/// A megabyte, as WhatsApp's limits count it, in bytes.
pub const MEGABYTE: u64 = 1024 * 1024;

/// Files have to be strictly smaller than this, whatever their kind, in bytes.
pub const CEILING: u64 = 100 * MEGABYTE;

/// What a file is by its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileType {
    /// A JPEG picture.
    Jpeg,
    /// A PNG picture.
    Png,
    /// A WebP picture; a sticker, to WhatsApp.
    Webp,
    /// A GIF picture, still or moving.
    Gif,
    /// An MP4 film.
    Mp4,
    /// A film or sound of older phones.
    ThreeGpp,
    /// AAC sound in an ADTS stream.
    Aac,
    /// Sound in an MP4 file.
    M4a,
    /// Speech as older phones record it.
    Amr,
    /// MPEG sound.
    Mp3,
    /// Vorbis sound in an Ogg file.
    OggVorbis,
    /// Opus sound in an Ogg file, as WhatsApp's voice notes are.
    OggOpus,
    /// Sound as WhatsApp does not take it: WAV.
    Wav,
    /// Sound as WhatsApp does not take it: FLAC.
    Flac,
    /// A PDF document.
    Pdf,
    /// A Word document of before 2007.
    Doc,
    /// A Word document.
    Docx,
    /// A Word document that may hold macros.
    Docm,
    /// An Excel workbook of before 2007.
    Xls,
    /// An Excel workbook.
    Xlsx,
    /// An Excel workbook that may hold macros.
    Xlsm,
    /// A `PowerPoint` presentation of before 2007.
    Ppt,
    /// A `PowerPoint` presentation.
    Pptx,
    /// A `PowerPoint` presentation that may hold macros.
    Pptm,
    /// Plain text.
    Text,
    /// A table as plain text. Bytes don't tell it from [`FileType::Text`]; its name or declared type does.
    Csv,
    /// An office file that is encrypted, so that nobody knows which: Word, Excel or `PowerPoint`.
    EncryptedOffice,
    /// A document that Waxwing does not open: RTF, `OpenDocument`, XML, PostScript, `OneNote`.
    OtherDocument,
    /// A ZIP archive.
    Zip,
    /// Any other archive or packed file.
    Archive,
    /// A program or a package that installs one, for any system.
    Program,
    /// A program as text, for an interpreter.
    Script,
    /// A file that starts something else: `.lnk`, `.url`, `.desktop`.
    Shortcut,
    /// A web page, also one saved as a single file.
    WebPage,
    /// An SVG drawing, which can hold scripts.
    Svg,
    /// An image of a disk, whose files the system trusts like its own.
    DiskImage,
    /// Anything else.
    Unknown,
}

/// How Waxwing treats files of a type, before anything else is known of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// They may be opened.
    Openable,
    /// They may be opened if the policy says so.
    Archive,
    /// They are never opened.
    Dangerous,
    /// They can only be saved: nobody has shown that opening them is harmless.
    Other,
}

/// What is to be known of a type.
struct Facts {
    label: &'static str,
    mimes: &'static [&'static str],
    extensions: &'static [&'static str],
    standing: Standing,
    sent_as: MediaKind,
}

const OCTETS: &str = "application/octet-stream";

impl FileType {
    /// Every type.
    pub const ALL: [Self; 37] = [
        Self::Jpeg,
        Self::Png,
        Self::Webp,
        Self::Gif,
        Self::Mp4,
        Self::ThreeGpp,
        Self::Aac,
        Self::M4a,
        Self::Amr,
        Self::Mp3,
        Self::OggVorbis,
        Self::OggOpus,
        Self::Wav,
        Self::Flac,
        Self::Pdf,
        Self::Doc,
        Self::Docx,
        Self::Docm,
        Self::Xls,
        Self::Xlsx,
        Self::Xlsm,
        Self::Ppt,
        Self::Pptx,
        Self::Pptm,
        Self::Text,
        Self::Csv,
        Self::EncryptedOffice,
        Self::OtherDocument,
        Self::Zip,
        Self::Archive,
        Self::Program,
        Self::Script,
        Self::Shortcut,
        Self::WebPage,
        Self::Svg,
        Self::DiskImage,
        Self::Unknown,
    ];

    /// Its canonical MIME type.
    pub fn mime(self) -> &'static str {
        self.mimes().first().copied().unwrap_or(OCTETS)
    }

    /// Every MIME type that is taken for it, without parameters, the canonical one first.
    pub const fn mimes(self) -> &'static [&'static str] {
        self.facts().mimes
    }

    /// The extension its files are saved under, without the dot; `bin` where opening must not be a double click away.
    pub fn extension(self) -> &'static str {
        self.extensions().first().copied().unwrap_or("bin")
    }

    /// Every extension that is taken for it, without the dot, the canonical one first.
    pub const fn extensions(self) -> &'static [&'static str] {
        self.facts().extensions
    }

    /// What people call it: "PDF document".
    pub const fn label(self) -> &'static str {
        self.facts().label
    }

    /// How Waxwing treats files of it.
    pub const fn standing(self) -> Standing {
        self.facts().standing
    }

    /// The kind that WhatsApp takes it as by default; [`MediaKind::Document`] for whatever it has no kind for, such as GIF,
    /// WAV and Ogg Vorbis. A WebP file is a document here as well: it is a sticker only where somebody wants it to be one.
    pub const fn sent_as(self) -> MediaKind {
        self.facts().sent_as
    }

    /// What a file may turn out to be once its name and declared type are known, most likely first.
    pub const fn readings(self) -> &'static [Self] {
        match self {
            Self::Text => &[Self::Text, Self::Csv],
            Self::EncryptedOffice => {
                &[Self::Docx, Self::Xlsx, Self::Pptx, Self::Docm, Self::Xlsm, Self::Pptm]
            }
            _ => &[],
        }
    }

    const fn facts(self) -> Facts {
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

/// How large a file sent as this kind may be at most, in bytes (Cloud API, supported media); on top of that every file is
/// strictly smaller than [`CEILING`].
pub const fn size_limit(kind: MediaKind, animated: bool) -> u64 {
    match kind {
        MediaKind::Image => 5 * MEGABYTE,
        MediaKind::Audio | MediaKind::Video => 16 * MEGABYTE,
        MediaKind::Sticker if animated => 500 * 1024,
        MediaKind::Sticker => 100 * 1024,
        MediaKind::Document | MediaKind::Unknown => CEILING - 1,
    }
}

/// Whether files of this extension run, or make something run, when they are opened; without the dot, in any case.
///
/// After the attachments that Outlook blocks and the dangerous files of Chromium's `download_file_types`, with those of
/// Linux and macOS beside them.
pub fn is_dangerous_extension(extension: &str) -> bool {
    let extension = extension.to_ascii_lowercase();
    DANGEROUS.binary_search(&extension.as_str()).is_ok()
}

/// Sorted.
const DANGEROUS: &[&str] = &[
    "ade",
    "adp",
    "apk",
    "app",
    "appimage",
    "application",
    "appref-ms",
    "appx",
    "appxbundle",
    "asp",
    "aspx",
    "bas",
    "bash",
    "bat",
    "cer",
    "chm",
    "class",
    "cmd",
    "cnt",
    "com",
    "command",
    "cpl",
    "crt",
    "csh",
    "deb",
    "der",
    "desktop",
    "diagcab",
    "dll",
    "dmg",
    "drv",
    "elf",
    "exe",
    "fish",
    "fxp",
    "gadget",
    "grp",
    "hlp",
    "hpj",
    "hta",
    "htm",
    "html",
    "img",
    "inf",
    "ins",
    "ipa",
    "iqy",
    "iso",
    "isp",
    "jar",
    "jnlp",
    "js",
    "jse",
    "jsp",
    "ksh",
    "library-ms",
    "lnk",
    "mad",
    "maf",
    "mag",
    "mam",
    "maq",
    "mar",
    "mas",
    "mat",
    "mau",
    "mav",
    "maw",
    "mcf",
    "mda",
    "mdb",
    "mde",
    "mdt",
    "mdw",
    "mdz",
    "mht",
    "mhtml",
    "mpkg",
    "msc",
    "msh",
    "msh1",
    "msh2",
    "mshxml",
    "msi",
    "msix",
    "msixbundle",
    "msp",
    "mst",
    "msu",
    "one",
    "ops",
    "osd",
    "pcd",
    "php",
    "pif",
    "pkg",
    "pl",
    "plg",
    "prf",
    "prg",
    "printerexport",
    "ps1",
    "ps1xml",
    "ps2",
    "ps2xml",
    "psc1",
    "psc2",
    "psd1",
    "psdm1",
    "psm1",
    "pst",
    "py",
    "pyc",
    "pyo",
    "pyw",
    "pyz",
    "pyzw",
    "rb",
    "reg",
    "rpm",
    "run",
    "scf",
    "scpt",
    "scr",
    "sct",
    "search-ms",
    "settingcontent-ms",
    "sh",
    "shb",
    "shs",
    "shtml",
    "slk",
    "snap",
    "so",
    "svg",
    "svgz",
    "sys",
    "theme",
    "tmp",
    "url",
    "vb",
    "vbe",
    "vbp",
    "vbs",
    "vhd",
    "vhdx",
    "vsmacros",
    "vsto",
    "vsw",
    "vxd",
    "wasm",
    "webpnp",
    "website",
    "wim",
    "ws",
    "wsb",
    "wsc",
    "wsf",
    "wsh",
    "xbap",
    "xht",
    "xhtml",
    "xla",
    "xlam",
    "xll",
    "xnk",
    "xpi",
    "zsh",
];
