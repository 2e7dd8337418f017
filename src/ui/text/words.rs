//! What there is to lay out: the words, how parts of them look, and the room they have.

use std::ops::Range;

use egui::Color32;

use super::super::theme::Theme;

/// A text that somebody wrote, with how it looks. Colours are no part of it, so that a change of theme lays nothing out
/// again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Words<'a> {
    /// The logical text, as it was written; what is copied and read aloud.
    pub text: &'a str,
    /// How parts of it look. They may overlap, and then add up; what lies outside the text is ignored.
    pub spans: &'a [Span],
    /// How the rest looks.
    pub style: Style,
}

impl<'a> Words<'a> {
    /// Words without any marks.
    #[must_use]
    pub const fn plain(text: &'a str, style: Style) -> Self {
        Self { text, spans: &[], style }
    }
}

/// A part of a text and how it looks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Span {
    /// In bytes of the text.
    pub range: Range<usize>,
    /// How it looks.
    pub look: Look,
}

/// How a part of a text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Look {
    /// Semibold; made from the regular letters where a font has no heavier ones.
    Bold,
    /// Slanted.
    Italic,
    /// Struck through.
    Strike,
    /// Underlined.
    Underline,
    /// Of one width, on a ground of its own.
    Code,
    /// A link; the number is the caller's, [`Galley::link_at`](super::Galley::link_at) gives it back.
    Link(u32),
    /// Stepping back: quotes, marks, times.
    Muted,
    /// Found by a search.
    Match,
    /// Filled in by the program.
    Filled,
    /// To be filled in by somebody.
    Blank,
}

/// How heavy the letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Weight {
    /// 400.
    #[default]
    Regular,
    /// 500.
    Medium,
    /// 600.
    Semibold,
}

/// How a text looks where no [`Span`] says otherwise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Size of the letters, in points.
    pub size: f32,
    /// Distance from row to row, in points. A paragraph whose script needs more gets more.
    pub line_height: f32,
    /// How heavy they are.
    pub weight: Weight,
}

impl Style {
    /// Regular letters of that size, in points, with rows 10/7 of it apart, as the design has them.
    #[must_use]
    pub fn new(size: f32) -> Self {
        Self { size, line_height: (size * 10.0 / 7.0).round(), weight: Weight::Regular }
    }

    /// The same in medium.
    #[must_use]
    pub const fn medium(self) -> Self {
        Self { weight: Weight::Medium, ..self }
    }

    /// The same in semibold.
    #[must_use]
    pub const fn semibold(self) -> Self {
        Self { weight: Weight::Semibold, ..self }
    }
}

/// The room a text has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wrap {
    /// Rows are broken at this width, in points; may be infinite.
    pub max_width: f32,
    /// What is beyond these rows is cut, with an ellipsis. With one row, line breaks are shown as spaces. Without a limit
    /// a text of 64 KB made to be slow takes a second: give a stranger's text one, however high; with it, 16 KB of a
    /// paragraph are shaped at most.
    pub max_rows: Option<usize>,
}

impl Wrap {
    /// As many rows as it takes.
    #[must_use]
    pub const fn at(max_width: f32) -> Self {
        Self { max_width, max_rows: None }
    }

    /// One row, cut with an ellipsis.
    #[must_use]
    pub const fn one_row(max_width: f32) -> Self {
        Self { max_width, max_rows: Some(1) }
    }

    /// So many rows at most, cut with an ellipsis.
    #[must_use]
    pub const fn rows(max_width: f32, max_rows: usize) -> Self {
        Self { max_width, max_rows: Some(max_rows) }
    }
}

/// The colours a text is painted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ink {
    /// Of the letters.
    pub text: Color32,
    /// Of what is [`Look::Muted`].
    pub muted: Color32,
    /// Of links.
    pub link: Color32,
    /// Behind [`Look::Code`].
    pub code: Color32,
    /// Behind [`Look::Match`].
    pub found: Color32,
    /// Behind what is selected.
    pub selection: Color32,
    /// Under what is misspelled.
    pub misspelled: Color32,
    /// Of what is [`Look::Filled`], and behind it.
    pub filled: [Color32; 2],
    /// Of what is [`Look::Blank`], and behind it.
    pub blank: [Color32; 2],
}

impl Ink {
    /// The theme's, for ordinary text.
    #[must_use]
    pub fn of(theme: &Theme) -> Self {
        Self {
            text: theme.text,
            muted: theme.muted,
            link: theme.link,
            code: theme.text.gamma_multiply(0.08),
            found: theme.late.gamma_multiply(0.3),
            selection: theme.accent.gamma_multiply(0.3),
            misspelled: theme.overdue,
            filled: [theme.accent, theme.accent.gamma_multiply(0.16)],
            blank: [theme.late, theme.late_soft],
        }
    }

    /// The same with other letters.
    #[must_use]
    pub const fn with_text(self, text: Color32) -> Self {
        Self { text, ..self }
    }
}

/// In which direction a paragraph runs: UAX #9, P2 and P3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// As in English.
    #[default]
    LeftToRight,
    /// As in Arabic.
    RightToLeft,
}
