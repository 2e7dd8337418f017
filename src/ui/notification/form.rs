//! A notification that is being filled in: its template, a field for each of its places, and what is still missing.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    field_code,
    id::ResponseId,
    message::MediaKind,
    notification::fill,
    slot::{Mark, Place, Slot, SlotKind, SlotProblem, SlotValue, SlotValues, SlotWanted, slots},
    template::{Part, Template, parts},
};

use super::{
    super::{View, Zone, text::isolate::isolated},
    field::{Field, WordsField},
};
use crate::desk::{
    conversation::Conversation,
    file::StripState,
    notification::{FilledIn, stand_in},
};

/// How many words before a mark tell what it is, where it has no name.
const WORDS_BEFORE: usize = 3;

/// A place that is filled in.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) wanted: SlotWanted,
    pub(super) field: Field,
    /// Whether the agent was there: from then on it says what is wrong.
    pub(super) touched: bool,
    /// What stands in it while it is empty.
    pub(super) hint: String,
    /// The number that stands for it in the text; none of what is no mark.
    pub(super) number: Option<usize>,
    /// What it is called.
    pub(super) label: String,
    /// What stands for it where the contact will see it, as long as it is empty.
    pub(super) gap: String,
}

/// A notification that is being filled in.
#[derive(Debug)]
pub(super) struct Form {
    pub(super) template: Arc<Template>,
    pub(super) response: Option<ResponseId>,
    pub(super) entries: Vec<Entry>,
    /// Whether the agent wanted to send it: from then on all of it says what is wrong.
    pub(super) tried: bool,
    /// The cards whose fields are out of sight.
    pub(super) folded: BTreeSet<u8>,
    /// The entry that gets the keys in the next frame.
    pub(super) focus: Option<usize>,
    /// What was typed before that entry had the keys.
    pub(super) later: Vec<egui::Event>,
    /// The card that is filled in, and the one that was last brought into sight where the contact will see it.
    pub(super) card: Option<u8>,
    pub(super) shown: Option<u8>,
    /// How high its parts were in the last frame.
    pub(super) heights: Heights,
}

/// How high the parts of a form are, in points.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Heights {
    /// What it is and what is filled in.
    pub(super) fields: f32,
    /// What the contact will see.
    pub(super) preview: f32,
}

/// What a form holds at a moment.
#[derive(Debug, Default)]
pub(super) struct Held {
    /// The values; a file of this machine has one that stands for it.
    pub(super) values: SlotValues,
    /// Where a file of this machine stands.
    pub(super) files: Vec<Slot>,
    /// What is missing or wrong, by its place.
    pub(super) problems: Vec<(Slot, SlotProblem)>,
}

impl Held {
    pub(super) fn problem(&self, slot: &Slot) -> Option<&SlotProblem> {
        self.problems.iter().find(|(held, _)| held == slot).map(|(_, problem)| problem)
    }
}

impl Form {
    /// An empty one.
    pub(super) fn new(template: Arc<Template>) -> Self {
        let mut number = 0;
        let entries = slots(&template).into_iter().map(|wanted| {
            let is_mark = matches!(wanted.slot.place, Place::Header(_) | Place::Body(_));
            number += usize::from(is_mark);
            let name = name_of(&wanted);
            let label = name.clone().unwrap_or_else(|| label(&template, &wanted));
            Entry {
                field: Field::of(&wanted.kind),
                touched: false,
                hint: wanted.example.clone().unwrap_or_default(),
                number: is_mark.then_some(number),
                gap: name.map_or_else(|| number.to_string(), |name| name.to_lowercase()),
                label,
                wanted,
            }
        });
        let entries = entries.collect();
        let mut form = Self {
            template,
            response: None,
            entries,
            tried: false,
            folded: BTreeSet::new(),
            focus: None,
            later: Vec::new(),
            card: None,
            shown: None,
            heights: Heights::default(),
        };
        form.go_to(0);
        form
    }

    /// Puts values in, as far as there are places for them.
    pub(super) fn put(&mut self, values: &SlotValues, zone: Zone) {
        for entry in &mut self.entries {
            if let Some(value) = values.get(&entry.wanted.slot) {
                entry.field.put(value, zone);
            }
        }
    }

    /// Words still to be filled in are left to the agent, who sees what was meant to stand there.
    pub(super) fn leave_blanks(&mut self) {
        for Entry { field, hint, .. } in &mut self.entries {
            let Field::Words(words) = field else { continue };
            let text = words.editor.text().to_owned();
            if let Some((_, blank)) = field_code::blanks(&text).first() {
                (*blank).clone_into(hint);
                *field = Field::Words(WordsField::default());
            }
        }
    }

    /// Begins at the first place that is empty.
    pub(super) fn begin_at_first_gap(&mut self, zone: Zone) {
        let gap = self.entries.iter().position(|entry| entry.field.value(zone).is_none());
        self.go_to(gap.unwrap_or(0));
    }

    /// Goes to an entry, or to the next one that is typed into; that of a card comes into sight.
    pub(super) fn go_to(&mut self, entry: usize) {
        let next = self.entries.iter().skip(entry).position(Entry::takes_keys);
        let next = next.map(|behind| entry + behind);
        let next = next.or_else(|| self.entries.iter().position(Entry::takes_keys)).unwrap_or(entry);
        if let Some(card) = self.entries.get(next).and_then(|entry| entry.wanted.slot.card) {
            self.folded.remove(&card);
        }
        self.focus = Some(next);
    }

    /// What it holds now.
    pub(super) fn held(&self, view: View<'_>, conversation: &Conversation) -> Held {
        let mut held = Held::default();
        for entry in &self.entries {
            let slot = entry.wanted.slot.clone();
            let file = conversation.form_files().iter().find(|file| file.slot == slot);
            let value = match file.map(|file| &file.file.state) {
                Some(StripState::Ready(ready)) => {
                    held.files.push(slot.clone());
                    Some(stand_in(&ready.name))
                }
                Some(StripState::Checking | StripState::Refused { .. }) => None,
                None => entry.field.value(view.zone),
            };
            held.values.extend(value.map(|value| (slot, value)));
        }
        held.problems = fill(&self.template, &held.values, view.now).err().unwrap_or_default();
        held
    }

    /// Whether a problem is told: the agent was there, or wanted to send.
    pub(super) const fn tells(&self, entry: &Entry) -> bool {
        self.tried || entry.touched
    }

    /// What is to be sent.
    pub(super) fn filled(&self, held: Held) -> FilledIn {
        let mut values = held.values;
        held.files.iter().for_each(|slot| drop(values.remove(slot)));
        FilledIn { template: self.template.id, values, files: held.files, response: self.response }
    }

    /// What stands in the way of sending it, in a sentence.
    pub(super) fn obstacle(&self, held: &Held) -> Option<String> {
        if self.template.why_not().is_some() {
            return Some("This template can't be sent.".to_owned());
        }
        let name = |slot: &Slot| {
            let entry = self.entries.iter().find(|entry| entry.wanted.slot == *slot);
            // It may run from right to left, and the sentence does not.
            isolated(entry.map_or("Something", |entry| entry.label.as_str()))
        };
        match held.problems.as_slice() {
            [] => None,
            [(slot, SlotProblem::Missing)] => Some(format!("{} is missing.", name(slot))),
            [(slot, problem)] => Some(format!("{}: {problem}.", name(slot))),
            several => Some(format!("{} places are not filled in yet.", several.len())),
        }
    }

    /// The number or name that stands for a mark, and its words if there are any.
    pub(super) fn entry_of(&self, card: Option<u8>, place: &Place) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.wanted.slot.card == card && entry.wanted.slot.place == *place)
    }
}

/// What whoever made the template called a mark: by its name, or by an example that is one, such as `date`.
fn name_of(wanted: &SlotWanted) -> Option<String> {
    let (Place::Header(mark) | Place::Body(mark)) = &wanted.slot.place else { return None };
    let name = match mark {
        Mark::Name(name) => name,
        Mark::Number(_) => {
            let is_name = |word: &&String| {
                word.chars().next().is_some_and(char::is_lowercase)
                    && word.chars().all(|c| c.is_lowercase() || c == '_')
            };
            wanted.example.as_ref().filter(is_name)?
        }
    };
    Some(in_words(name))
}

/// What a place without a name is called: the words that stand before a mark, else what it belongs to.
fn label(template: &Template, wanted: &SlotWanted) -> String {
    let text = match (&wanted.slot.place, wanted.slot.card) {
        (Place::Body(_), None) => Some(template.body.text.as_str()),
        (Place::Body(_), Some(card)) => {
            let card = template.cards.get(usize::from(card));
            card.and_then(|card| card.body.as_ref()).map(|body| body.text.as_str())
        }
        (Place::Header(_), None) => match &template.header {
            Some(waxwing_protocol::template::TemplateHeader::Text(text)) => Some(text.text.as_str()),
            _ => None,
        },
        _ => None,
    };
    match &wanted.slot.place {
        Place::Header(mark) | Place::Body(mark) => {
            let before = text.and_then(|text| before(text, &mark.to_string()));
            before.unwrap_or_else(|| format!("Value {mark}"))
        }
        _ => wanted.name.clone(),
    }
}

/// `first_name` as `First name`.
fn in_words(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.trim().chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The words before a mark, on its own line: `to your …`.
fn before(text: &str, mark: &str) -> Option<String> {
    let mut words = String::new();
    for part in parts(text) {
        match part {
            Part::Mark(found) if found == mark => break,
            Part::Mark(_) => words.clear(),
            Part::Text(text) => text.clone_into(&mut words),
        }
    }
    let line = words.rsplit('\n').next().unwrap_or_default();
    let plain: String = line.chars().filter(|c| !matches!(c, '*' | '_' | '~' | '`')).collect();
    let said: Vec<_> = plain.split_whitespace().collect();
    let said = &said[said.len().saturating_sub(WORDS_BEFORE)..];
    let has_letters = said.iter().any(|word| word.chars().any(char::is_alphanumeric));
    has_letters.then(|| format!("{} …", said.join(" ")))
}

/// What kind of file a place wants.
pub(super) const fn media_of(wanted: &SlotWanted) -> Option<MediaKind> {
    match wanted.kind {
        SlotKind::Media(kind) => Some(kind),
        _ => None,
    }
}

/// Whether a value is there and nothing is wrong with it so far.
pub(super) fn words_of(values: &SlotValues, slot: &Slot) -> Option<String> {
    values.get(slot).map(SlotValue::as_text).filter(|text| !text.trim().is_empty()).map(str::to_owned)
}

/// When an offer ends, if that is filled in.
pub(super) fn ends(values: &SlotValues) -> Option<DateTime<Utc>> {
    match values.get(&Place::OfferExpires.into()) {
        Some(SlotValue::Expires { at }) => Some(*at),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_called_by_its_name_or_by_the_words_before_it() {
        let text = "Hello {{1}}.\nIf yes, please, confirm {{3}} payment issued to your {{4}} card. {{5}}";
        assert_eq!(before(text, "1").as_deref(), Some("Hello …"));
        assert_eq!(before(text, "3").as_deref(), Some("yes, please, confirm …"));
        assert_eq!(before(text, "4").as_deref(), Some("issued to your …"));
        assert_eq!(before("{{1}}{{2}} - {{3}}", "1"), None);
        assert_eq!(before("{{1}}{{2}} - {{3}}", "3"), None);
        assert_eq!(in_words("first_name"), "First name");
        let named = |mark: &str, example: Option<&str>| {
            name_of(&SlotWanted {
                slot: Place::Body(Mark::new(mark)).into(),
                kind: SlotKind::Text,
                name: mark.to_owned(),
                example: example.map(str::to_owned),
            })
        };
        assert_eq!(named("first_name", Some("Pablo")).as_deref(), Some("First name"));
        assert_eq!(named("5", Some("date")).as_deref(), Some("Date"));
        assert_eq!(named("1", Some("Pablo")), None);
        assert_eq!(named("3", Some("$10")), None);
    }
}
