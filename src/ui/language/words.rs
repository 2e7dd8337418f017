//! The few words that times are made of besides dates, after the CLDR's date fields and units, which the date library
//! doesn't carry. Languages that are not here use the English ones.

use icu_locale_core::Locale;

/// Words of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Words {
    /// The language, as in an IETF tag.
    language: &'static str,
    /// At the start of a line.
    pub(super) today: &'static str,
    /// At the start of a line.
    pub(super) yesterday: &'static str,
    /// Less than a minute ago.
    pub(super) now: &'static str,
    /// So many minutes ago, in short; the number takes the place of `{}`.
    pub(super) minutes: &'static str,
}

/// The words of a language, or the English ones.
pub(super) fn of(locale: &Locale) -> Words {
    let (script, region) = (locale.id.script, locale.id.region);
    let is_traditional = script.is_some_and(|script| script.as_str() == "Hant")
        || script.is_none() && region.is_some_and(|region| ["HK", "MO", "TW"].contains(&region.as_str()));
    let language = match locale.id.language.as_str() {
        "zh" if is_traditional => "zh-Hant",
        language => language,
    };
    let found = WORDS.iter().find(|words| words.language == language);
    *found.unwrap_or(&WORDS[0])
}

const fn words(
    language: &'static str,
    today: &'static str,
    yesterday: &'static str,
    now: &'static str,
    minutes: &'static str,
) -> Words {
    Words { language, today, yesterday, now, minutes }
}

const WORDS: &[Words] = &[
    words("en", "Today", "Yesterday", "now", "{} min"),
    words("ar", "اليوم", "أمس", "الآن", "{} د"),
    words("bn", "আজ", "গতকাল", "এখন", "{} মিনিট"),
    words("cs", "Dnes", "Včera", "nyní", "{} min"),
    words("da", "I dag", "I går", "nu", "{} min."),
    words("de", "Heute", "Gestern", "jetzt", "{} Min."),
    words("el", "Σήμερα", "Χθες", "τώρα", "{} λ."),
    words("es", "Hoy", "Ayer", "ahora", "{} min"),
    words("fa", "امروز", "دیروز", "اکنون", "{} دقیقه"),
    words("fi", "Tänään", "Eilen", "nyt", "{} min"),
    words("fr", "Aujourd’hui", "Hier", "maintenant", "{} min"),
    words("he", "היום", "אתמול", "עכשיו", "{} דק׳"),
    words("hi", "आज", "कल", "अब", "{} मि॰"),
    words("id", "Hari ini", "Kemarin", "sekarang", "{} mnt"),
    words("it", "Oggi", "Ieri", "ora", "{} min"),
    words("ja", "今日", "昨日", "今", "{} 分"),
    words("ko", "오늘", "어제", "지금", "{}분"),
    words("nb", "I dag", "I går", "nå", "{} min"),
    words("nl", "Vandaag", "Gisteren", "nu", "{} min"),
    words("no", "I dag", "I går", "nå", "{} min"),
    words("pl", "Dzisiaj", "Wczoraj", "teraz", "{} min"),
    words("pt", "Hoje", "Ontem", "agora", "{} min"),
    words("ru", "Сегодня", "Вчера", "сейчас", "{} мин."),
    words("sv", "I dag", "I går", "nu", "{} min"),
    words("th", "วันนี้", "เมื่อวาน", "ขณะนี้", "{} นาที"),
    words("tr", "Bugün", "Dün", "şimdi", "{} dk."),
    words("uk", "Сьогодні", "Учора", "зараз", "{} хв"),
    words("ur", "آج", "گزشتہ کل", "اب", "{} منٹ"),
    words("vi", "Hôm nay", "Hôm qua", "bây giờ", "{} phút"),
    words("zh", "今天", "昨天", "现在", "{}分钟"),
    words("zh-Hant", "今天", "昨天", "現在", "{} 分鐘"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_all_words_once() {
        for (index, words) in WORDS.iter().enumerate() {
            assert_eq!(words.minutes.matches("{}").count(), 1, "{words:?}");
            assert!(![words.today, words.yesterday, words.now].contains(&""), "{words:?}");
            assert!(WORDS[..index].iter().all(|other| other.language != words.language), "{words:?}");
        }
    }

    #[test]
    fn each_language_has_its_own() {
        let of = |tag: &str| of(&tag.parse().expect("is a tag"));
        assert_eq!(of("de-AT").today, "Heute");
        assert_eq!(of("sw").today, "Today");
        assert_eq!(of("zh-CN").now, "现在");
        assert_eq!(of("zh-Hans-TW").now, "现在");
        assert_eq!(of("zh-TW").now, "現在");
        assert_eq!(of("zh-Hant").now, "現在");
    }
}
