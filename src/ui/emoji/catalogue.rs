//! The emoji that are offered: which, in which order, under which short code, in which tone.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    ops::Range,
};

use emojis::{Emoji, EmojiVersion, Group};

use crate::config::emoji::{EmojiGroup, EmojiSet, SkinTone};

/// Newer emoji are shown, but not offered: contacts' phones may not know them yet.
const NEWEST: EmojiVersion = EmojiVersion::new(16, 0);

/// What an administrator offers.
#[derive(Debug)]
pub struct Catalogue {
    entries: Vec<Entry>,
    groups: Vec<(EmojiGroup, Range<usize>)>,
    /// The number of each entry.
    numbers: HashMap<&'static str, usize>,
}

/// One emoji, in no tone.
#[derive(Debug)]
pub struct Entry {
    /// The emoji.
    pub emoji: &'static Emoji,
    /// What it is typed by between two colons: GitHub's short code, else its English name.
    pub shortcode: Cow<'static, str>,
}

/// Every emoji that could be offered, in no tone.
pub(super) fn all() -> impl Iterator<Item = &'static Emoji> {
    emojis::iter().filter(|emoji| emoji.emoji_version() <= NEWEST)
}

/// An emoji without U+FE0F, which some write and others don't.
pub(super) fn bare(emoji: &str) -> Cow<'_, str> {
    if emoji.contains('\u{fe0f}') { Cow::Owned(emoji.replace('\u{fe0f}', "")) } else { Cow::Borrowed(emoji) }
}

impl Catalogue {
    /// What this set offers.
    #[must_use]
    pub fn new(set: &EmojiSet) -> Self {
        let only: HashSet<_> = set.only.iter().filter_map(|emoji| plain(emoji)).map(Emoji::as_str).collect();
        let (mut entries, mut groups) = (Vec::new(), Vec::new());
        for group in &set.groups {
            let start = entries.len();
            let of_group = all().filter(|emoji| emoji.group() == unicode(*group));
            let offered = of_group.filter(|emoji| only.is_empty() || only.contains(emoji.as_str()));
            entries.extend(offered.map(|emoji| Entry { emoji, shortcode: shortcode(emoji) }));
            if entries.len() > start {
                groups.push((*group, start..entries.len()));
            }
        }
        let numbers = (0..).zip(&entries).map(|(number, entry): (_, &Entry)| (entry.emoji.as_str(), number));
        Self { numbers: numbers.collect(), entries, groups }
    }

    /// All that is offered, group by group.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The groups that have something, and which entries are theirs.
    #[must_use]
    pub fn groups(&self) -> &[(EmojiGroup, Range<usize>)] {
        &self.groups
    }

    /// The number of the entry of an emoji in whatever tone; none if it is not offered.
    #[must_use]
    pub fn number_of(&self, emoji: &str) -> Option<usize> {
        self.numbers.get(plain(emoji)?.as_str()).copied()
    }

    /// The entry of an emoji in whatever tone; none if it is not offered.
    #[must_use]
    pub fn entry_of(&self, emoji: &str) -> Option<&Entry> {
        self.entries.get(self.number_of(emoji)?)
    }

    /// The emoji of a short code.
    #[must_use]
    pub fn by_shortcode(&self, code: &str) -> Option<&Entry> {
        let known = emojis::get_by_shortcode(code);
        self.entries
            .iter()
            .find(|entry| known.map_or(entry.shortcode == code, |known| *entry.emoji == *known))
    }
}

impl Entry {
    /// The emoji in a tone, if it has tones; two people in the same one.
    #[must_use]
    pub fn in_tone(&self, tone: SkinTone) -> &'static Emoji {
        let tone = match tone {
            SkinTone::None => emojis::SkinTone::Default,
            SkinTone::Light => emojis::SkinTone::Light,
            SkinTone::MediumLight => emojis::SkinTone::MediumLight,
            SkinTone::Medium => emojis::SkinTone::Medium,
            SkinTone::MediumDark => emojis::SkinTone::MediumDark,
            SkinTone::Dark => emojis::SkinTone::Dark,
        };
        self.emoji.with_skin_tone(tone).unwrap_or(self.emoji)
    }

    /// All tones it comes in; none if it has no skin.
    #[must_use]
    pub fn tones(&self) -> Vec<&'static Emoji> {
        self.emoji.skin_tones().map(Iterator::collect).unwrap_or_default()
    }
}

/// An emoji in no tone.
fn plain(emoji: &str) -> Option<&'static Emoji> {
    let emoji = emojis::get(emoji)?;
    Some(emoji.with_skin_tone(emojis::SkinTone::Default).unwrap_or(emoji))
}

const fn unicode(group: EmojiGroup) -> Group {
    match group {
        EmojiGroup::Smileys => Group::SmileysAndEmotion,
        EmojiGroup::People => Group::PeopleAndBody,
        EmojiGroup::Animals => Group::AnimalsAndNature,
        EmojiGroup::Food => Group::FoodAndDrink,
        EmojiGroup::Travel => Group::TravelAndPlaces,
        EmojiGroup::Activities => Group::Activities,
        EmojiGroup::Objects => Group::Objects,
        EmojiGroup::Symbols => Group::Symbols,
        EmojiGroup::Flags => Group::Flags,
    }
}

fn shortcode(emoji: &'static Emoji) -> Cow<'static, str> {
    let from_name = || {
        let words = emoji.name().split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        Cow::Owned(words.collect::<Vec<_>>().join("_").to_lowercase())
    };
    emoji.shortcode().map_or_else(from_name, Cow::Borrowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(catalogue: &Catalogue) -> Vec<&str> {
        catalogue.entries().iter().map(|entry| entry.emoji.as_str()).collect()
    }

    #[test]
    fn without_configuration_everything_is_offered_once() {
        let catalogue = Catalogue::new(&EmojiSet::default());
        assert!(catalogue.entries().len() > 1_850, "{}", catalogue.entries().len());
        let (mut seen, mut codes) = (HashSet::new(), HashSet::new());
        for entry in catalogue.entries() {
            assert!(seen.insert(entry.emoji.as_str()), "{}", entry.emoji);
            assert!(codes.insert(&*entry.shortcode), "{}", entry.shortcode);
            assert!(!entry.shortcode.is_empty() && !entry.shortcode.contains(':'), "{}", entry.shortcode);
            let found = catalogue.by_shortcode(&entry.shortcode).unwrap();
            assert_eq!(found.emoji, entry.emoji, "{}", entry.shortcode);
        }
        assert_eq!(catalogue.groups().len(), EmojiGroup::ALL.len());
        assert!(seen.contains("🫩"), "of Emoji 16");
    }

    #[test]
    fn an_administrator_orders_and_limits() {
        let emoji = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect();
        let set = EmojiSet {
            groups: vec![EmojiGroup::Flags, EmojiGroup::People, EmojiGroup::Food],
            only: emoji(&["👍🏽", "🇩🇪", "😀", "👋"]),
            ..EmojiSet::default()
        };
        let catalogue = Catalogue::new(&set);
        assert_eq!(texts(&catalogue), ["🇩🇪", "👋", "👍"], "smileys are no group of theirs");
        let groups: Vec<_> = catalogue.groups().iter().map(|(group, _)| *group).collect();
        assert_eq!(groups, [EmojiGroup::Flags, EmojiGroup::People]);
        assert!(catalogue.entry_of("👍🏿").is_some() && catalogue.entry_of("😀").is_none());
        assert!(catalogue.by_shortcode("grinning").is_none() && catalogue.by_shortcode("wave").is_some());
    }

    #[test]
    fn tones_are_those_of_the_emoji() {
        let catalogue = Catalogue::new(&EmojiSet::default());
        let thumb = catalogue.entry_of("👍").unwrap();
        assert_eq!(thumb.in_tone(SkinTone::Medium).as_str(), "👍🏽");
        assert_eq!(thumb.tones().len(), 6);
        let couple = catalogue.entry_of("🧑‍🤝‍🧑").unwrap();
        assert_eq!(couple.in_tone(SkinTone::Dark).as_str(), "🧑🏿‍🤝‍🧑🏿");
        assert_eq!(couple.tones().len(), 26);
        let face = catalogue.entry_of("😀").unwrap();
        assert_eq!(face.in_tone(SkinTone::Dark).as_str(), "😀");
        assert!(face.tones().is_empty());
    }
}
