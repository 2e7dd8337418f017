//! Line icons of one family (Lucide, `assets/icons`), drawn as letters of a font.

use egui::{FontFamily, FontId, RichText};

/// The star of a favourite, filled, or of what is none. Letters of the fonts for words: the icons are all lines.
#[must_use]
pub const fn star(is_favourite: bool) -> &'static str {
    if is_favourite { "★" } else { "☆" }
}

/// The family that holds the icons.
#[must_use]
pub fn family() -> FontFamily {
    FontFamily::Name("icons".into())
}

/// The font of an icon that is `size` points high.
#[must_use]
pub fn font(size: f32) -> FontId {
    FontId::new(size, family())
}

/// An icon as text for a button or label; give it a tooltip and a name.
#[must_use]
pub fn text(icon: char, size: f32) -> RichText {
    RichText::new(icon).font(font(size))
}

/// A WhatsApp interaction.
pub const MESSAGE_CIRCLE: char = '\u{e116}';
/// One tick.
pub const CHECK: char = '\u{e06c}';
/// Two ticks.
pub const CHECK_CHECK: char = '\u{e38e}';
/// Not gone yet.
pub const CLOCK: char = '\u{e087}';
/// Did not work.
pub const CIRCLE_ALERT: char = '\u{e077}';
/// Nobody knows.
pub const HOURGLASS: char = '\u{e296}';
/// Try again.
pub const ROTATE_CW: char = '\u{e149}';
/// No connection.
pub const CLOUD_OFF: char = '\u{e08d}';
/// Log off.
pub const LOG_OUT: char = '\u{e10e}';
/// A menu opens.
pub const CHEVRON_DOWN: char = '\u{e06d}';
/// Nothing here.
pub const INBOX: char = '\u{e0f7}';
/// Close.
pub const X: char = '\u{e1b2}';
/// Emoji.
pub const SMILE: char = '\u{e164}';
/// Settings.
pub const SETTINGS: char = '\u{e154}';
/// To the newest message.
pub const ARROW_DOWN: char = '\u{e042}';
/// Give up.
pub const TRASH: char = '\u{e18e}';
/// Good to know.
pub const INFO: char = '\u{e0f9}';
/// Something is wrong.
pub const TRIANGLE_ALERT: char = '\u{e193}';
/// Further up, or an older one.
pub const CHEVRON_UP: char = '\u{e070}';
/// The one before.
pub const CHEVRON_LEFT: char = '\u{e06e}';
/// The one after.
pub const CHEVRON_RIGHT: char = '\u{e06f}';
/// Days.
pub const CALENDAR: char = '\u{e063}';
/// Look for something.
pub const SEARCH: char = '\u{e151}';
/// Answer a message.
pub const REPLY: char = '\u{e22a}';
/// Take out into a window of its own.
pub const WINDOW: char = '\u{e426}';
/// Opens somewhere else.
pub const EXTERNAL: char = '\u{e5a4}';
/// Put a file to a message.
pub const PAPERCLIP: char = '\u{e12d}';
/// Spoken.
pub const MIC: char = '\u{e118}';
/// Play.
pub const PLAY: char = '\u{e13c}';
/// A film.
pub const FILM: char = '\u{e0d0}';
/// A picture.
pub const IMAGE: char = '\u{e0f6}';
/// Sound.
pub const MUSIC: char = '\u{e122}';
/// A file.
pub const FILE: char = '\u{e0c0}';
/// Get it, or keep it.
pub const DOWNLOAD: char = '\u{e0b2}';
/// Put it on the clipboard.
pub const COPY: char = '\u{e09e}';
/// Nearer.
pub const ZOOM_IN: char = '\u{e1b6}';
/// Further away.
pub const ZOOM_OUT: char = '\u{e1b7}';
/// As large as it fits.
pub const FIT: char = '\u{e112}';
/// The favourites.
pub const STAR: char = '\u{e176}';
/// Prepared replies.
pub const RESPONSES: char = '\u{e575}';
/// Structured messages.
pub const NOTIFICATION: char = '\u{e207}';
/// The panel at the side.
pub const SIDE_PANEL: char = '\u{e431}';
/// A shelf.
pub const FOLDER: char = '\u{e0d7}';
/// A new one.
pub const PLUS: char = '\u{e13d}';
/// Change it.
pub const PENCIL: char = '\u{e1f9}';
/// What it was.
pub const HISTORY: char = '\u{e1f5}';
/// Out of a file.
pub const FILE_UP: char = '\u{e32a}';
/// Into a file.
pub const FILE_DOWN: char = '\u{e318}';
/// Get it anew.
pub const REFRESH: char = '\u{e145}';
/// More.
pub const ELLIPSIS: char = '\u{e0b6}';
/// A place on the map.
pub const MAP_PIN: char = '\u{e111}';
/// A phone number.
pub const PHONE: char = '\u{e133}';
/// A code.
pub const TICKET: char = '\u{e20f}';
/// Something to buy.
pub const SHOPPING_BAG: char = '\u{e15b}';
/// Ends at some time.
pub const TIMER: char = '\u{e1e0}';
/// Found for the agent.
pub const SPARKLES: char = '\u{e412}';
/// An open shelf.
pub const FOLDER_OPEN: char = '\u{e247}';
/// A new shelf.
pub const FOLDER_PLUS: char = '\u{e0d9}';
/// One person.
pub const USER: char = '\u{e19f}';
