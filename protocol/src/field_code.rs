//! Field codes: places in a prepared text that are filled in from the contact, the agent and the interaction, such as
//! `<$Contact.FirstName$>` or `<$Interaction.AttachedData("Order")$>`; and blanks, `{{time}}`, that the agent fills in.
//!
//! Blanks around the parts of a code are tolerated. What looks like a code and is none is text. A code for which there is no
//! value becomes a blank, so that a gap is seen and never sent.

use std::fmt;

/// How many characters the name of a blank has at most.
const LONGEST_BLANK: usize = 60;

/// A piece of a prepared text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words as they are.
    Text(&'a str),
    /// To be filled in by the program.
    Code(FieldCode<'a>),
    /// To be filled in by the agent; what is to stand there.
    Blank(&'a str),
}

/// A place that the program fills in: `<$Object.Field$>` or `<$Object.Field("argument")$>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldCode<'a> {
    /// Of what: `Contact`, `Agent`, `Interaction`.
    pub object: &'a str,
    /// What of it, such as `FirstName`.
    pub field: &'a str,
    /// What is told besides: the key of a case datum, or the form of a date such as `dd.MM.yyyy`.
    pub argument: Option<&'a str>,
}

impl<'a> FieldCode<'a> {
    /// Reads what stands between `<$` and `$>`.
    fn parse(inside: &'a str) -> Option<Self> {
        let (object, rest) = inside.split_once('.')?;
        let (object, rest) = (object.trim(), rest.trim());
        let (field, argument) = match rest.split_once('(') {
            None => (rest, None),
            Some((field, rest)) => {
                let argument = rest.strip_suffix(')')?.trim().strip_prefix('"')?.strip_suffix('"')?;
                (field.trim_end(), Some(argument))
            }
        };
        let is_word = |word: &str| !word.is_empty() && word.chars().all(char::is_alphanumeric);
        (is_word(object) && is_word(field)).then_some(Self { object, field, argument })
    }

    /// What stands in its place while there is no value: the argument of attached data, else the code without its marks.
    #[must_use]
    pub fn blank_name(&self) -> String {
        let name = match self.argument {
            Some(key) if self.field == "AttachedData" => key.to_owned(),
            _ => format!("{}.{}", self.object, self.field),
        };
        let name: String = name.chars().filter(|c| !matches!(c, '{' | '}') && !c.is_control()).collect();
        let name: String = name.trim().chars().take(LONGEST_BLANK).collect();
        if name.trim().is_empty() { "?".to_owned() } else { name.trim().to_owned() }
    }
}

impl fmt::Display for FieldCode<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.argument {
            Some(argument) => write!(f, "<${}.{}(\"{argument}\")$>", self.object, self.field),
            None => write!(f, "<${}.{}$>", self.object, self.field),
        }
    }
}

/// Reads a prepared text. Put together again, the pieces' sources are the text.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    spans(text).into_iter().map(|(_, piece)| piece).collect()
}

/// The same with where each piece begins, in bytes.
#[must_use]
pub fn spans(text: &str) -> Vec<(usize, Piece<'_>)> {
    let mut spans = Vec::new();
    let (mut plain_from, mut at) = (0, 0);
    while let Some(found) = text[at..].find(['<', '{']) {
        let start = at + found;
        let rest = &text[start..];
        let Some((piece, length)) = code(rest).or_else(|| blank(rest)) else {
            at = start + 1;
            continue;
        };
        if plain_from < start {
            spans.push((plain_from, Piece::Text(&text[plain_from..start])));
        }
        spans.push((start, piece));
        (plain_from, at) = (start + length, start + length);
    }
    if plain_from < text.len() {
        spans.push((plain_from, Piece::Text(&text[plain_from..])));
    }
    spans
}

/// A code at the beginning of `rest`, and how long it is.
fn code(rest: &str) -> Option<(Piece<'_>, usize)> {
    let inside = rest.strip_prefix("<$")?;
    let end = inside.find("$>")?;
    // A line break, or another code that begins: what was begun here is text.
    let inside = Some(&inside[..end]).filter(|inside| !inside.contains('\n') && !inside.contains("<$"))?;
    Some((Piece::Code(FieldCode::parse(inside)?), end + 4))
}

/// A blank at the beginning of `rest`, and how long it is.
fn blank(rest: &str) -> Option<(Piece<'_>, usize)> {
    let inside = rest.strip_prefix("{{")?;
    let end = inside.find("}}")?;
    let name = inside[..end].trim();
    let is_name = !name.is_empty()
        && name.chars().count() <= LONGEST_BLANK
        && name.chars().all(|c| !matches!(c, '{' | '}') && !c.is_control());
    is_name.then_some((Piece::Blank(name), end + 4))
}

/// The blanks of a text that somebody has still to fill in: where each stands, in bytes, with its braces, and its name.
#[must_use]
pub fn blanks(text: &str) -> Vec<(std::ops::Range<usize>, &str)> {
    let spans = spans(text);
    let ends = spans.iter().map(|(start, _)| *start).skip(1).chain([text.len()]);
    let found = spans.iter().zip(ends).filter_map(|((start, piece), end)| match piece {
        Piece::Blank(name) => Some((*start..end, *name)),
        Piece::Text(_) | Piece::Code(_) => None,
    });
    found.collect()
}

/// Fills the codes in. What has no value, or an empty one, becomes a blank. What a value says is never read as a code or a
/// blank: two braces in it are set apart by a space.
#[must_use]
pub fn fill(text: &str, value: impl Fn(&FieldCode<'_>) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Text(words) => filled.push_str(words),
            Piece::Blank(name) => push_blank(&mut filled, name),
            Piece::Code(code) => match value(&code).filter(|value| !value.trim().is_empty()) {
                Some(value) => filled.push_str(&harmless(&value)),
                None => push_blank(&mut filled, &code.blank_name()),
            },
        }
    }
    filled
}

fn push_blank(text: &mut String, name: &str) {
    text.push_str("{{");
    text.push_str(name);
    text.push_str("}}");
}

/// A value in which nothing reads as a blank or a code: a customer's name must not be able to hold up a message.
fn harmless(value: &str) -> String {
    value.replace("{{", "{ {").replace("}}", "} }").replace("<$", "< $")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code<'a>(object: &'a str, field: &'a str, argument: Option<&'a str>) -> Piece<'a> {
        Piece::Code(FieldCode { object, field, argument })
    }

    #[test]
    fn codes_and_blanks_stand_between_words() {
        assert_eq!(
            pieces("Thank you, <$Contact.FirstName$>. Until {{time}}!"),
            [
                Piece::Text("Thank you, "),
                code("Contact", "FirstName", None),
                Piece::Text(". Until "),
                Piece::Blank("time"),
                Piece::Text("!"),
            ]
        );
    }

    #[test]
    fn spaces_are_tolerated_and_arguments_are_read() {
        for text in [
            "<$Interaction.AttachedData(\"Order no\")$>",
            "<$ Interaction . AttachedData ( \"Order no\" ) $>",
        ] {
            assert_eq!(pieces(text), [code("Interaction", "AttachedData", Some("Order no"))], "{text}");
        }
        assert_eq!(pieces("{{ what }}"), [Piece::Blank("what")]);
    }

    #[test]
    fn what_is_no_code_is_text() {
        for text in
            ["<$", "<$$>", "<$Contact$>", "<$Contact.$>", "<$.Name$>", "a < $b", "<$Contact.First\nName$>"]
        {
            assert_eq!(pieces(text), [Piece::Text(text)], "{text}");
        }
        for text in ["{{}}", "{{ }}", "{{a{b}}", "{ {a}}"] {
            assert!(pieces(text).iter().all(|piece| matches!(piece, Piece::Text(_))), "{text}");
        }
        assert_eq!(pieces("<$a <$Agent.FullName$>"), [Piece::Text("<$a "), code("Agent", "FullName", None)]);
    }

    #[test]
    fn a_code_without_a_value_becomes_a_blank_that_is_found_again() {
        let filled = fill(
            "<$Contact.FirstName$> <$Interaction.AttachedData(\"Order\")$> <$Agent.FullName$>",
            |code| (code.object == "Agent").then(|| "Masha {{x}}".to_owned()),
        );
        assert_eq!(filled, "{{Contact.FirstName}} {{Order}} Masha { {x} }");
        let names: Vec<_> = blanks(&filled).into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["Contact.FirstName", "Order"]);
        assert_eq!(&filled[blanks(&filled)[1].0.clone()], "{{Order}}");
    }

    proptest! {
        #[test]
        fn no_text_panics_and_nothing_of_it_is_lost(text in "(\\PC|[<>${}.()\"\n]){0,60}") {
            let spans = spans(&text);
            let mut at = 0;
            for (start, _) in &spans {
                prop_assert!(*start >= at);
                at = *start;
            }
            prop_assert!(spans.first().is_none_or(|(start, _)| *start == 0));
            prop_assert!(spans.iter().all(|(_, piece)| *piece != Piece::Text("")));
        }

        #[test]
        fn what_is_filled_in_has_no_code_left(text in "(\\PC|<\\$Agent\\.[a-zA-Z]+\\$>|\\{\\{[a-z]+\\}\\}|[<>${}.]){0,30}", value in "\\PC{0,8}") {
            let filled = fill(&text, |_| Some(value.clone()));
            // What stood around a code may only ever make text of what a value says.
            let wanted = pieces(&text).iter().filter(|piece| matches!(piece, Piece::Blank(_))).count();
            let codes = pieces(&text).iter().filter(|piece| matches!(piece, Piece::Code(_))).count();
            prop_assert!(blanks(&filled).len() <= wanted + codes + 1);
        }

        #[test]
        fn a_code_reads_back_as_itself(object in "[A-Za-z]{1,9}", field in "[A-Za-z]{1,9}", key in proptest::option::of("[a-zA-Z0-9 ._-]{0,12}")) {
            let code = FieldCode { object: &object, field: &field, argument: key.as_deref() };
            let written = code.to_string();
            prop_assert_eq!(pieces(&written), vec![Piece::Code(code)]);
        }
    }
}
