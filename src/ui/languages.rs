//! Languages in words, by their BCP 47 tags and by WhatsApp's codes: of prepared replies, and of templates.

/// WhatsApp's codes (Cloud API, supported languages) without a region, and what they are called in English.
const LANGUAGES: &[(&str, &str)] = &[
    ("af", "Afrikaans"),
    ("ar", "Arabic"),
    ("az", "Azerbaijani"),
    ("be", "Belarusian"),
    ("bg", "Bulgarian"),
    ("bn", "Bengali"),
    ("ca", "Catalan"),
    ("cs", "Czech"),
    ("da", "Danish"),
    ("de", "German"),
    ("el", "Greek"),
    ("en", "English"),
    ("es", "Spanish"),
    ("et", "Estonian"),
    ("fa", "Persian"),
    ("fi", "Finnish"),
    ("fil", "Filipino"),
    ("fr", "French"),
    ("ga", "Irish"),
    ("gu", "Gujarati"),
    ("ha", "Hausa"),
    ("he", "Hebrew"),
    ("hi", "Hindi"),
    ("hr", "Croatian"),
    ("hu", "Hungarian"),
    ("id", "Indonesian"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("ka", "Georgian"),
    ("kk", "Kazakh"),
    ("kn", "Kannada"),
    ("ko", "Korean"),
    ("ky", "Kyrgyz"),
    ("lo", "Lao"),
    ("lt", "Lithuanian"),
    ("lv", "Latvian"),
    ("mk", "Macedonian"),
    ("ml", "Malayalam"),
    ("mr", "Marathi"),
    ("ms", "Malay"),
    ("nb", "Norwegian"),
    ("nl", "Dutch"),
    ("pa", "Punjabi"),
    ("pl", "Polish"),
    ("ps", "Pashto"),
    ("pt", "Portuguese"),
    ("ro", "Romanian"),
    ("ru", "Russian"),
    ("rw", "Kinyarwanda"),
    ("si", "Sinhala"),
    ("sk", "Slovak"),
    ("sl", "Slovenian"),
    ("sq", "Albanian"),
    ("sr", "Serbian"),
    ("sv", "Swedish"),
    ("sw", "Swahili"),
    ("ta", "Tamil"),
    ("te", "Telugu"),
    ("th", "Thai"),
    ("tr", "Turkish"),
    ("uk", "Ukrainian"),
    ("ur", "Urdu"),
    ("uz", "Uzbek"),
    ("vi", "Vietnamese"),
    ("zh", "Chinese"),
    ("zu", "Zulu"),
];

/// Regions that are not told by their code.
const REGIONS: &[(&str, &str)] = &[
    ("AR", "Argentina"),
    ("BR", "Brazil"),
    ("CN", "China"),
    ("HK", "Hong Kong"),
    ("IN", "India"),
    ("MX", "Mexico"),
    ("PT", "Portugal"),
    ("ES", "Spain"),
    ("TW", "Taiwan"),
];

/// What a language is called: `English (US)`; the code itself where it is not known.
pub(super) fn name(code: &str) -> String {
    let (language, region) = match code.split_once(['_', '-']) {
        Some((language, region)) => (language, Some(region)),
        None => (code, None),
    };
    let known = LANGUAGES.iter().find(|(known, _)| known.eq_ignore_ascii_case(language));
    let Some((_, language)) = known else { return code.to_owned() };
    let Some(region) = region else { return (*language).to_owned() };
    let region = REGIONS.iter().find(|(known, _)| *known == region).map_or(region, |(_, region)| region);
    format!("{language} ({region})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_told_by_name() {
        assert_eq!(name("en_US"), "English (US)");
        assert_eq!(name("pt_BR"), "Portuguese (Brazil)");
        assert_eq!(name("he"), "Hebrew");
        assert_eq!(name("xx_YY"), "xx_YY");
    }
}
