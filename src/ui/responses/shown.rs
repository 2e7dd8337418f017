//! A prepared text as it is shown for a contact: what is filled in stands out, what nobody has filled in yet stands as
//! `[time]`.

use std::ops::Range;

use waxwing_protocol::field_code::{self, FieldCode, Piece};

use super::super::{
    View,
    text::{Look, Span},
};
use crate::desk::{
    conversation::Conversation,
    library::fields::{Fields, Writing},
};

/// A prepared text as it is shown.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// What stands there.
    pub(super) text: String,
    /// How parts of it look.
    pub(super) spans: Vec<Span>,
    /// The blanks: where each stands, and its name.
    blanks: Vec<(Range<usize>, String)>,
}

impl Shown {
    /// A text of the library for one conversation, with what was found in it, in bytes of the text as it stands in the library.
    pub(super) fn of(
        view: View<'_>,
        conversation: &Conversation,
        body: &str,
        found: &[Range<usize>],
    ) -> Self {
        let (interaction, agent) = (conversation.interaction(), view.agent());
        let writing: &dyn Writing = &view;
        let fields = Fields { interaction, agent, now: view.now, writing };
        Self::with(body, found, |code| fields.value(code))
    }

    /// A text of the library for nobody: all of its codes are blanks.
    pub(super) fn empty(body: &str) -> Self {
        Self::with(body, &[], |_code| None)
    }

    fn with(body: &str, found: &[Range<usize>], value: impl Fn(&FieldCode<'_>) -> Option<String>) -> Self {
        let mut shown = Self::default();
        for (start, piece) in field_code::spans(body) {
            match piece {
                Piece::Text(words) => shown.push_words(words, start, found),
                Piece::Blank(name) => shown.push_blank(name),
                Piece::Code(code) => match value(&code).filter(|value| !value.trim().is_empty()) {
                    // As it is going to be inserted: nothing in it reads as a code.
                    Some(value) => {
                        let source = code.to_string();
                        let value = field_code::fill(&source, |_code| Some(value.clone()));
                        shown.push(&value, Look::Filled);
                    }
                    None => shown.push_blank(&code.blank_name()),
                },
            }
        }
        shown
    }

    fn push_words(&mut self, words: &str, start: usize, found: &[Range<usize>]) {
        let (here, end) = (self.text.len(), start + words.len());
        for hit in found.iter().filter(|hit| hit.start < end && start < hit.end) {
            let at = |offset: usize| here + offset.clamp(start, end) - start;
            self.spans.push(Span { range: at(hit.start)..at(hit.end), look: Look::Match });
        }
        self.text.push_str(words);
    }

    fn push_blank(&mut self, name: &str) {
        let range = self.push(&format!("[{name}]"), Look::Blank);
        self.spans.push(Span { range: range.clone(), look: Look::Bold });
        self.blanks.push((range, name.to_owned()));
    }

    fn push(&mut self, words: &str, look: Look) -> Range<usize> {
        let start = self.text.len();
        self.text.push_str(words);
        let range = start..self.text.len();
        self.spans.push(Span { range: range.clone(), look });
        range
    }

    /// A part of it as it goes into the composer: a blank, once touched, goes there whole.
    pub(super) fn source(&self, part: &Range<usize>) -> String {
        let mut source = String::new();
        let mut at = part.start;
        for (range, name) in &self.blanks {
            if range.end <= part.start || part.end <= range.start {
                continue;
            }
            source.push_str(self.text.get(at..range.start).unwrap_or_default());
            source.push_str("{{");
            source.push_str(name);
            source.push_str("}}");
            at = range.end;
        }
        source.push_str(self.text.get(at..part.end.max(at)).unwrap_or_default());
        source
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(body: &str, found: &[Range<usize>]) -> Shown {
        Shown::with(body, found, |code| (code.field == "FirstName").then(|| "Masha".to_owned()))
    }

    #[test]
    fn what_is_filled_in_and_what_is_not_can_be_told_apart() {
        let shown = shown("Hi <$Contact.FirstName$>, before {{time}}, <$Contact.Email$>", &[]);
        assert_eq!(shown.text, "Hi Masha, before [time], [Contact.Email]");
        let looks: Vec<_> =
            shown.spans.iter().map(|span| (&shown.text[span.range.clone()], span.look)).collect();
        assert_eq!(
            looks,
            [
                ("Masha", Look::Filled),
                ("[time]", Look::Blank),
                ("[time]", Look::Bold),
                ("[Contact.Email]", Look::Blank),
                ("[Contact.Email]", Look::Bold),
            ]
        );
    }

    #[test]
    fn what_was_found_is_found_behind_codes_as_well() {
        let body = "<$Contact.FirstName$>: delivery";
        let at = body.find("deliv").unwrap();
        let shown = shown(body, &[at..at + 5, 2..4]);
        assert_eq!(&shown.text[shown.spans[1].range.clone()], "deliv");
        assert_eq!(shown.spans.len(), 2, "a hit within a code is not shown");
    }

    #[test]
    fn a_part_goes_into_the_composer_with_its_blanks_whole() {
        let shown = shown("Before {{time}} or {{day}}.", &[]);
        assert_eq!(shown.source(&(0..shown.text.len())), "Before {{time}} or {{day}}.");
        assert_eq!(shown.source(&(0..9)), "Before {{time}}");
        assert_eq!(shown.source(&(14..17)), "or ");
        assert_eq!(shown.source(&(9..20)), "{{time}} or {{day}}");
    }
}
