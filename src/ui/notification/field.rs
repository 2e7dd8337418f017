//! What is typed into a field, and the value that it makes.

use chrono::{DateTime, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use waxwing_protocol::{
    id::AttachmentId,
    slot::{SlotKind, SlotValue},
};

use super::{
    super::{Zone, text::editor::EditorState},
    place::PlaceField,
};

/// How a moment is typed.
const MOMENTS: [&str; 3] = ["%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M", "%d/%m/%Y %H:%M"];
/// How it is written here.
pub(in crate::ui) const MOMENT: &str = MOMENTS[0];

/// What stands in a field.
#[derive(Debug)]
pub(in crate::ui) enum Field {
    /// Words: of a mark, the rest of an address, a coupon code.
    Words(WordsField),
    /// A file that the gateway has; one of this machine is the desk's to hold.
    Media(Option<MediaField>),
    /// A place on the map.
    Place(Box<PlaceField>),
    /// Products of the catalogue.
    Products(ProductsField),
    /// A moment.
    Moment(EditorState),
}

/// Words, and what they are if they were not just typed.
#[derive(Debug, Default)]
pub(in crate::ui) struct WordsField {
    pub(in crate::ui) editor: EditorState,
    /// A date or an amount that was chosen; it counts as long as the words are its own.
    chosen: Option<SlotValue>,
    /// The amount that is being typed, and its currency.
    pub(in crate::ui) amount: (String, String),
}

/// A file that the gateway has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ui) struct MediaField {
    pub(in crate::ui) attachment: AttachmentId,
    pub(in crate::ui) file_name: Option<String>,
}

/// Products, and their catalogue.
#[derive(Debug, Default)]
pub(in crate::ui) struct ProductsField {
    pub(in crate::ui) catalog: EditorState,
    pub(in crate::ui) products: EditorState,
}

impl WordsField {
    /// Puts a date or an amount in.
    pub(in crate::ui) fn choose(&mut self, value: SlotValue) {
        self.editor.set_text(value.as_text());
        self.chosen = Some(value);
    }

    fn value(&self) -> Option<SlotValue> {
        let text = self.editor.text();
        let chosen = self.chosen.as_ref().filter(|chosen| chosen.as_text() == text);
        chosen.cloned().or_else(|| (!text.is_empty()).then(|| SlotValue::text(text)))
    }
}

impl Field {
    /// An empty field for this kind of value.
    pub(in crate::ui) fn of(kind: &SlotKind) -> Self {
        match kind {
            SlotKind::Text | SlotKind::UrlSuffix { .. } | SlotKind::Coupon => {
                Self::Words(WordsField::default())
            }
            SlotKind::Media(_) => Self::Media(None),
            SlotKind::Location => Self::Place(Box::default()),
            SlotKind::Product | SlotKind::Products => Self::Products(ProductsField::default()),
            SlotKind::Expires => Self::Moment(EditorState::default()),
        }
    }

    /// Puts a value in, if it is one for this field.
    pub(in crate::ui) fn put(&mut self, value: &SlotValue, zone: Zone) {
        match (self, value) {
            (Self::Words(words), SlotValue::Text { text }) => words.editor.set_text(text),
            (Self::Words(words), SlotValue::Currency { .. } | SlotValue::DateTime { .. }) => {
                words.choose(value.clone());
            }
            (Self::Media(media), SlotValue::Media { attachment, file_name }) => {
                *media = Some(MediaField { attachment: *attachment, file_name: file_name.clone() });
            }
            (Self::Place(place), SlotValue::Location { latitude, longitude, name, address }) => {
                place.put((*latitude, *longitude), name, address);
            }
            (Self::Products(held), SlotValue::Products { catalog, products }) => {
                held.catalog.set_text(catalog.as_deref().unwrap_or_default());
                held.products.set_text(&products.join(", "));
            }
            (Self::Moment(editor), SlotValue::Expires { at }) => {
                editor.set_text(&zone.local(*at).format(MOMENT).to_string());
            }
            _ => {}
        }
    }

    /// The value; none where nothing was typed.
    pub(in crate::ui) fn value(&self, zone: Zone) -> Option<SlotValue> {
        match self {
            Self::Words(words) => words.value(),
            Self::Media(media) => media
                .clone()
                .map(|media| SlotValue::Media { attachment: media.attachment, file_name: media.file_name }),
            Self::Place(place) => place.value(),
            Self::Products(ProductsField { catalog, products }) => {
                let catalog = Some(catalog.text().trim().to_owned()).filter(|catalog| !catalog.is_empty());
                let products: Vec<_> = products
                    .text()
                    .split([',', ';', '\n', ' '])
                    .map(str::trim)
                    .filter(|product| !product.is_empty())
                    .map(str::to_owned)
                    .collect();
                let is_nothing = catalog.is_none() && products.is_empty();
                (!is_nothing).then_some(SlotValue::Products { catalog, products })
            }
            Self::Moment(editor) => {
                let text = editor.text().trim();
                // What is no moment is of the wrong kind, and said to be.
                let value =
                    moment(text, zone).map_or_else(|| SlotValue::text(text), |at| SlotValue::Expires { at });
                (!text.is_empty()).then_some(value)
            }
        }
    }
}

/// The moment that was typed, in the agent's time zone.
fn moment(text: &str, zone: Zone) -> Option<DateTime<Utc>> {
    let local = MOMENTS.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())?;
    let since_midnight = local.time() - NaiveTime::MIN;
    Some(zone.begin_of(local.date()) + since_midnight.max(TimeDelta::zero()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_amount_counts_until_the_words_are_changed() {
        let mut words = WordsField::default();
        let amount = SlotValue::Currency {
            fallback: "$10.00".to_owned(),
            code: "USD".to_owned(),
            amount_1000: 10_000,
        };
        words.choose(amount.clone());
        assert_eq!(words.value(), Some(amount));
        words.editor.set_text("$11");
        assert_eq!(words.value(), Some(SlotValue::text("$11")));
        words.editor.set_text("");
        assert_eq!(words.value(), None);
    }

    #[test]
    fn a_moment_is_read_as_it_is_typed_and_what_is_none_is_no_moment() {
        let mut field = Field::of(&SlotKind::Expires);
        let mut typed = |text: &str| {
            let Field::Moment(editor) = &mut field else { panic!("a moment") };
            editor.set_text(text);
            field.value(Zone::Utc)
        };
        let at = "2026-05-20T18:00:00Z".parse().unwrap();
        assert_eq!(typed("2026-05-20 18:00"), Some(SlotValue::Expires { at }));
        assert_eq!(typed("20.05.2026 18:00"), Some(SlotValue::Expires { at }));
        assert_eq!(typed("tomorrow"), Some(SlotValue::text("tomorrow")));
        assert_eq!(typed(" "), None);
    }

    #[test]
    fn products_are_read_however_they_are_set_apart() {
        let field = Field::Products(ProductsField {
            catalog: EditorState::default(),
            products: EditorState::new("tea-1, tea-2;tea-3"),
        });
        let products = ["tea-1", "tea-2", "tea-3"].map(str::to_owned).to_vec();
        assert_eq!(field.value(Zone::Utc), Some(SlotValue::Products { catalog: None, products }));
    }
}
