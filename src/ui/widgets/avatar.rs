//! The round sign of a person: initials on a colour of their own, or a figure where no name is known; with a ring while they wait.

use egui::{Align2, Color32, Pos2, Stroke, Ui};

use super::super::{
    icon,
    text::{self, Ink, Style, Words, Wrap},
};

/// The first letters of the first and the last word, or the first two of the only one.
pub(crate) fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric));
    let first_letter = |word: &str| word.chars().find(|c| c.is_alphanumeric());
    match (words.next(), words.next_back()) {
        (Some(first), Some(last)) => {
            [first, last].into_iter().filter_map(first_letter).flat_map(char::to_uppercase).collect()
        }
        (Some(only), None) => {
            only.chars().filter(|c| c.is_alphanumeric()).take(2).flat_map(char::to_uppercase).collect()
        }
        (None, _) => "?".to_owned(),
    }
}

/// Whether somebody is called by their number, as they are who have no name.
fn is_number(name: &str) -> bool {
    name.starts_with('+') && name.chars().all(|c| c.is_ascii_digit() || "+ ".contains(c))
}

/// How an avatar looks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Avatar<'a> {
    /// Whose.
    pub(crate) name: &'a str,
    /// Its colour.
    pub(crate) ground: Color32,
    /// The colours of the letters.
    pub(crate) front: Ink,
    /// The ring around it.
    pub(crate) ring: Option<Color32>,
    /// The diameter, in points.
    pub(crate) size: f32,
}

/// Paints it around `centre`.
pub(crate) fn paint(ui: &Ui, centre: Pos2, avatar: Avatar<'_>) {
    let painter = ui.painter();
    painter.circle_filled(centre, avatar.size / 2.0, avatar.ground);
    if let Some(ring) = avatar.ring {
        painter.circle_stroke(centre, avatar.size / 2.0 + 2.0, Stroke::new(2.5, ring));
    }
    if is_number(avatar.name) {
        let font = icon::font(avatar.size * 0.5);
        painter.text(centre, Align2::CENTER_CENTER, icon::USER, font, avatar.front.text);
        return;
    }
    let letters = initials(avatar.name);
    let words = Words::plain(&letters, Style::new(avatar.size * 0.35).semibold());
    let galley = text::layout(ui.ctx(), &words, Wrap::one_row(avatar.size));
    galley.paint(painter, centre - galley.size() * 0.5, &avatar.front);
}

#[cfg(test)]
mod tests {
    use super::{initials, is_number};

    #[test]
    fn everybody_has_initials() {
        assert_eq!(initials("Masha Ivanova"), "MI");
        assert_eq!(initials("ana maria de souza"), "AS");
        assert_eq!(initials("Priya"), "PR");
        assert_eq!(initials("🌷 🌷"), "?");
        assert_eq!(initials(""), "?");
        assert_eq!(initials("سارة العلي"), "سا");
    }

    #[test]
    fn a_number_has_no_initials() {
        assert!(is_number("+447700900142") && is_number("+44 7700 900142"));
        assert!(!is_number("+49 Support") && !is_number("Masha") && !is_number(""));
    }
}
