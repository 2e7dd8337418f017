//! Which emoji are offered (`[emoji]` in the configuration file), and which ones the agent uses (`emoji.toml` in the data
//! folder, written by the program alone).

use std::path::Path;

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};

use super::file::{ConfigError, parse, read_if_there, write_whole};

/// So many emoji are remembered as used: two rows of the picker.
const MOST_USED: usize = 18;
/// No emoji counts as used more often than this, so that habits can change.
const MOST_TIMES: u32 = 100;

/// Which emoji are offered, and how they are ordered. The window can't change it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EmojiSet {
    /// The groups of the picker, in their order; a group that is left out is not offered.
    #[serde(deserialize_with = "groups")]
    pub groups: Vec<EmojiGroup>,
    /// Nothing but these is offered, in the order of their groups; none is all of the groups. Skin tones come with them.
    #[serde(deserialize_with = "all_emoji")]
    pub only: Vec<String>,
    /// What is offered first for a reaction, 1 to 8.
    #[serde(deserialize_with = "quick")]
    pub quick: Vec<String>,
}

impl Default for EmojiSet {
    fn default() -> Self {
        Self {
            groups: EmojiGroup::ALL.into(),
            only: Vec::new(),
            quick: ["👍", "❤️", "😂", "😮", "😢", "🙏"].map(str::to_owned).into(),
        }
    }
}

/// A group of emoji, as the Unicode CLDR has them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum EmojiGroup {
    Smileys,
    People,
    Animals,
    Food,
    Travel,
    Activities,
    Objects,
    Symbols,
    Flags,
}

impl EmojiGroup {
    /// All of them, in their usual order.
    pub const ALL: [Self; 9] = [
        Self::Smileys,
        Self::People,
        Self::Animals,
        Self::Food,
        Self::Travel,
        Self::Activities,
        Self::Objects,
        Self::Symbols,
        Self::Flags,
    ];
}

fn groups<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<EmojiGroup>, D::Error> {
    let groups = Vec::<EmojiGroup>::deserialize(from)?;
    if groups.is_empty() {
        return Err(D::Error::custom("must name a group"));
    }
    if (1..groups.len()).any(|at| groups[..at].contains(&groups[at])) {
        return Err(D::Error::custom("names a group twice"));
    }
    Ok(groups)
}

fn all_emoji<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let all = Vec::<String>::deserialize(from)?;
    match all.iter().find(|text| emojis::get(text).is_none()) {
        Some(other) => Err(D::Error::custom(format!("{other:?} is not an emoji"))),
        None => Ok(all),
    }
}

fn quick<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let quick = all_emoji(from)?;
    if !(1..=8).contains(&quick.len()) {
        return Err(D::Error::custom(format!("names {} emoji, must be 1 to 8", quick.len())));
    }
    Ok(quick)
}

/// The colour of skin, as the Fitzpatrick scale divides it (UTS #51).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum SkinTone {
    /// The yellow of no skin.
    #[default]
    None,
    Light,
    MediumLight,
    Medium,
    MediumDark,
    Dark,
}

/// What the agent is used to, as it is remembered over a restart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EmojiHabits {
    /// The tone in which emoji with a skin are offered.
    pub tone: SkinTone,
    /// What was used, what was used last at first.
    used: Vec<Used>,
}

/// An emoji that was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Used {
    emoji: String,
    times: u32,
}

impl EmojiHabits {
    /// Notes that an emoji was used.
    pub fn note(&mut self, emoji: &str) {
        let at = self.used.iter().position(|used| used.emoji == emoji);
        let mut used =
            at.map_or_else(|| Used { emoji: emoji.to_owned(), times: 0 }, |at| self.used.remove(at));
        used.times = (used.times + 1).min(MOST_TIMES);
        self.used.insert(0, used);
        self.used.truncate(MOST_USED);
    }

    /// What was used, most often first; of those used alike, the last one first.
    #[must_use]
    pub fn most_used(&self) -> Vec<&str> {
        let mut used: Vec<_> = self.used.iter().collect();
        used.sort_by_key(|used| std::cmp::Reverse(used.times));
        used.into_iter().map(|used| used.emoji.as_str()).collect()
    }

    /// Reads what was kept in a folder; nothing if there is nothing. What is not an emoji is left out.
    pub fn load(data_folder: &Path) -> Result<Self, ConfigError> {
        let path = data_folder.join("emoji.toml");
        let mut habits: Self = parse(&read_if_there(&path)?, &path)?;
        habits.used.retain(|used| emojis::get(&used.emoji).is_some());
        habits.used.truncate(MOST_USED);
        Ok(habits)
    }

    /// Keeps it; on disk, whole or not at all, when this returns.
    pub fn save(&self, data_folder: &Path) -> Result<(), ConfigError> {
        let path = data_folder.join("emoji.toml");
        let text = toml::to_string(self).map_err(|error| ConfigError::BadValue(error.to_string()))?;
        let text = format!("# Written by Waxwing: which emoji its agent uses.\n\n{text}");
        write_whole(&path, &text).map_err(|cause| ConfigError::NotKept { path, cause })
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_is_used_most_comes_first_and_what_was_used_last_is_there() {
        let mut habits = EmojiHabits::default();
        for emoji in ["👍", "😀", "👍", "🙏"] {
            habits.note(emoji);
        }
        assert_eq!(habits.most_used(), ["👍", "🙏", "😀"]);
        for emoji in emojis::iter().skip(100).take(MOST_USED - 1) {
            habits.note(emoji.as_str());
        }
        habits.note("🌷");
        let used = habits.most_used();
        assert_eq!(used.len(), MOST_USED);
        assert!(used.contains(&"🌷") && !used.contains(&"👍"), "{used:?}");
    }

    #[test]
    fn habits_come_back_and_a_broken_file_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(EmojiHabits::load(folder.path()).unwrap(), EmojiHabits::default());
        let mut habits = EmojiHabits { tone: SkinTone::MediumDark, ..EmojiHabits::default() };
        for emoji in ["👍🏾", "😀", "👍🏾"] {
            habits.note(emoji);
        }
        habits.save(folder.path()).unwrap();
        assert_eq!(EmojiHabits::load(folder.path()).unwrap(), habits);
        let path = folder.path().join("emoji.toml");
        fs::write(&path, "[[used]]\nemoji = \"x\"\ntimes = 3\n[[used]]\nemoji = \"😀\"\ntimes = 1\n")
            .unwrap();
        assert_eq!(EmojiHabits::load(folder.path()).unwrap().most_used(), ["😀"]);
        for broken in ["tone = 3", "used = \"x\"", "\0\u{1}[", "[[used]]\nemoji = \"😀\"\ntimes = -1"] {
            fs::write(&path, broken).unwrap();
            assert!(EmojiHabits::load(folder.path()).is_err(), "{broken:?}");
        }
    }
}
