//! What emoji are called in the languages that agents write: names and keywords of the Unicode CLDR (`assets/emoji`), made
//! by `scripts/emoji-words.py`.

use std::{collections::HashMap, io::Read as _};

use flate2::read::ZlibDecoder;

/// The languages that there are words in, and the words, packed.
const TABLES: &[(&str, &[u8])] = &[
    ("ar", include_bytes!("../../../assets/emoji/ar.z")),
    ("bn", include_bytes!("../../../assets/emoji/bn.z")),
    ("cs", include_bytes!("../../../assets/emoji/cs.z")),
    ("da", include_bytes!("../../../assets/emoji/da.z")),
    ("de", include_bytes!("../../../assets/emoji/de.z")),
    ("el", include_bytes!("../../../assets/emoji/el.z")),
    ("en", include_bytes!("../../../assets/emoji/en.z")),
    ("es", include_bytes!("../../../assets/emoji/es.z")),
    ("fa", include_bytes!("../../../assets/emoji/fa.z")),
    ("fi", include_bytes!("../../../assets/emoji/fi.z")),
    ("fr", include_bytes!("../../../assets/emoji/fr.z")),
    ("he", include_bytes!("../../../assets/emoji/he.z")),
    ("hi", include_bytes!("../../../assets/emoji/hi.z")),
    ("hu", include_bytes!("../../../assets/emoji/hu.z")),
    ("id", include_bytes!("../../../assets/emoji/id.z")),
    ("it", include_bytes!("../../../assets/emoji/it.z")),
    ("ja", include_bytes!("../../../assets/emoji/ja.z")),
    ("ko", include_bytes!("../../../assets/emoji/ko.z")),
    ("ms", include_bytes!("../../../assets/emoji/ms.z")),
    ("nl", include_bytes!("../../../assets/emoji/nl.z")),
    ("no", include_bytes!("../../../assets/emoji/no.z")),
    ("pl", include_bytes!("../../../assets/emoji/pl.z")),
    ("pt", include_bytes!("../../../assets/emoji/pt.z")),
    ("ro", include_bytes!("../../../assets/emoji/ro.z")),
    ("ru", include_bytes!("../../../assets/emoji/ru.z")),
    ("sv", include_bytes!("../../../assets/emoji/sv.z")),
    ("th", include_bytes!("../../../assets/emoji/th.z")),
    ("tr", include_bytes!("../../../assets/emoji/tr.z")),
    ("uk", include_bytes!("../../../assets/emoji/uk.z")),
    ("ur", include_bytes!("../../../assets/emoji/ur.z")),
    ("vi", include_bytes!("../../../assets/emoji/vi.z")),
    ("zh", include_bytes!("../../../assets/emoji/zh.z")),
    ("zh-Hant", include_bytes!("../../../assets/emoji/zh-Hant.z")),
];
/// The language that is understood beside every other.
const ENGLISH: &str = "en";

/// The words of one language, as they stand in its file.
pub(super) struct Words {
    text: String,
}

/// What one emoji is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Called<'a> {
    /// Its name, as CLDR spells it.
    pub(super) name: &'a str,
    /// Its keywords, folded, with a bar between two.
    pub(super) keywords: &'a str,
}

impl Words {
    /// The English ones.
    pub(super) fn english() -> Self {
        Self::named(ENGLISH).unwrap_or(Self { text: String::new() })
    }

    /// Those of a language by its IETF tag (RFC 5646), such as `de-AT`; none if that is English, or if there are none.
    pub(super) fn of(tag: &str) -> Option<Self> {
        table_of(tag).filter(|name| *name != ENGLISH).and_then(Self::named)
    }

    fn named(name: &str) -> Option<Self> {
        let (_, packed) = TABLES.iter().find(|(known, _)| *known == name)?;
        let mut text = String::with_capacity(packed.len() * 8);
        ZlibDecoder::new(*packed).read_to_string(&mut text).ok()?;
        Some(Self { text })
    }

    /// What each emoji is called, by the emoji without U+FE0F.
    pub(super) fn called(&self) -> HashMap<&str, Called<'_>> {
        let line = |line| {
            let (emoji, rest) = str::split_once(line, '\t')?;
            let (name, keywords) = rest.split_once('\t')?;
            Some((emoji, Called { name, keywords }))
        };
        self.text.lines().filter_map(line).collect()
    }
}

/// The table for a language tag.
fn table_of(tag: &str) -> Option<&'static str> {
    let mut parts = tag.split(['-', '_']);
    let language = parts.next().unwrap_or_default().to_ascii_lowercase();
    let wanted = match language.as_str() {
        "zh" if parts.any(|part| ["hant", "tw", "hk", "mo"].contains(&&*part.to_ascii_lowercase())) => {
            "zh-Hant"
        }
        "yue" => "zh-Hant",
        "nb" | "nn" => "no",
        "iw" => "he",
        "in" => "id",
        other => other,
    };
    TABLES.iter().map(|(name, _)| *name).find(|name| *name == wanted)
}

#[cfg(test)]
mod tests {
    use super::{
        super::{catalogue, fold::folded},
        *,
    };

    #[test]
    fn a_tag_leads_to_its_language() {
        for (tag, table) in [
            ("de-AT", Some("de")),
            ("de_DE", Some("de")),
            ("zh-CN", Some("zh")),
            ("zh-TW", Some("zh-Hant")),
            ("zh-Hant-HK", Some("zh-Hant")),
            ("nb-NO", Some("no")),
            ("en-US-u-hc-h23", Some("en")),
            ("tlh", None),
            ("", None),
        ] {
            assert_eq!(table_of(tag), table, "{tag}");
        }
        assert!(Words::of("en-GB").is_none(), "it is there already");
    }

    #[test]
    fn every_table_can_be_read_and_is_folded_as_a_search_is() {
        for (name, _) in TABLES {
            let words = Words::named(name).unwrap();
            let called = words.called();
            assert_eq!(called.len(), words.text.lines().count(), "{name}: each line is an emoji");
            let known =
                catalogue::all().filter(|emoji| called.contains_key(&*catalogue::bare(emoji.as_str())));
            assert!(known.count() > 1600, "{name} has words for nearly all");
            assert!(called.values().all(|called| !called.name.is_empty()), "{name}");
            let mut keywords = called.values().flat_map(|called| called.keywords.split('|'));
            assert_eq!(keywords.find(|keyword| folded(keyword) != *keyword), None, "{name}");
        }
    }

    #[test]
    fn english_has_a_name_for_every_emoji() {
        let words = Words::english();
        let called = words.called();
        for emoji in catalogue::all() {
            assert!(called.contains_key(&*catalogue::bare(emoji.as_str())), "{emoji}");
        }
    }
}
