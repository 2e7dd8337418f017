//! Phone numbers as people write them, by the rules of libphonenumber: which number is meant, and whether it can be one.

use std::str::FromStr as _;

use phonenumber::{Metadata, Mode, country::Id};

use crate::store::directory::digits_in;

/// The most characters of a number that are looked at; the longest one has 15 digits.
const MAX_CHARS: usize = 60;

/// How numbers without a country code are read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Phones {
    country: Option<Id>,
}

/// The text is no country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a country of two letters, such as US or DE")]
pub struct NoCountry;

impl Phones {
    /// Numbers without a country code are of this country (ISO 3166, two letters); with an empty text they are none.
    pub fn of(country: &str) -> Result<Self, NoCountry> {
        let country = country.trim().to_uppercase();
        match country.as_str() {
            "" => Ok(Self::default()),
            code => Id::from_str(code).map(|id| Self { country: Some(id) }).map_err(|_unknown| NoCountry),
        }
    }

    /// The digits of a number with its country code, as WhatsApp has them; none if it can't be a number.
    #[must_use]
    pub fn international(self, typed: &str) -> Option<String> {
        let plain = plain(typed)?;
        if plain.starts_with('+') {
            return read(None, &plain);
        }
        if let Some(rest) = plain.strip_prefix("00") {
            return read(None, &format!("+{rest}"));
        }
        let here = self.country.and_then(|country| read(Some(country), &plain));
        here.or_else(|| read(None, &format!("+{plain}")))
    }

    /// The digits under which a number, or a part of one, may be kept, the likeliest first.
    #[must_use]
    pub fn forms(self, typed: &str) -> Vec<String> {
        let digits = digits_in(typed);
        let mut forms = Vec::new();
        forms.extend(self.international(typed));
        let is_with_code = typed.trim_start().starts_with(['+', '＋']);
        if let Some(rest) = digits.strip_prefix("00").filter(|_rest| !is_with_code) {
            forms.push(rest.to_owned());
        } else if is_with_code {
            // +44 (0)20: the nought is for those who call from within.
            forms.push(digits_in(&typed.replace("(0)", "")));
        } else if let (Some(code), Some(rest)) = (self.code(), digits.strip_prefix('0')) {
            forms.push(format!("{code}{rest}"));
        }
        forms.push(digits.trim_start_matches('0').to_owned());
        forms.push(digits);
        let mut seen = Vec::new();
        forms.retain(|form| {
            !form.is_empty() && !seen.contains(form) && {
                seen.push(form.clone());
                true
            }
        });
        forms
    }

    /// The country code of numbers without one.
    fn code(self) -> Option<u16> {
        let country = self.country?;
        phonenumber::metadata::DATABASE.by_id(country.as_ref()).map(Metadata::country_code)
    }
}

/// The digits of a number, with its `+` if it has one.
fn plain(typed: &str) -> Option<String> {
    let typed = typed.trim();
    if typed.chars().count() > MAX_CHARS || typed.chars().any(char::is_alphabetic) {
        return None;
    }
    let plus = if typed.starts_with(['+', '＋']) { "+" } else { "" };
    Some(format!("{plus}{}", digits_in(&typed.replace("(0)", ""))))
}

fn read(country: Option<Id>, plain: &str) -> Option<String> {
    let number = phonenumber::parse(country, plain).ok()?;
    if !number.is_valid() {
        return None;
    }
    Some(digits_in(&number.format().mode(Mode::E164).to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_in_whatever_notation() {
        let german = Phones::of("de").expect("a country");
        for typed in [
            "+49 30 901820",
            "0049 30 901820",
            "030 901820",
            "(030) 90 18-20",
            "+49 (0)30 901820",
            "+49/30/901820",
            "\u{200e}+49 30 901820",
            "＋４９３０９０１８２０",
            "+٤٩٣٠٩٠١٨٢٠",
        ] {
            assert_eq!(german.international(typed).as_deref(), Some("4930901820"), "{typed}");
        }
        let nowhere = Phones::default();
        assert_eq!(nowhere.international("4930901820").as_deref(), Some("4930901820"));
        assert_eq!(nowhere.international("16502530000").as_deref(), Some("16502530000"));
        for typed in [
            "030 901820",
            "",
            "12",
            "+1 650",
            "anna",
            "+999 1234567",
            "+49 30 901820 ext. 5",
            &"1".repeat(100),
        ] {
            assert_eq!(nowhere.international(typed), None, "{typed}");
        }
        assert_eq!(Phones::of("XX").err(), Some(NoCountry));
    }

    #[test]
    fn a_part_of_a_number_has_the_forms_in_which_it_may_stand() {
        let german = Phones::of("DE").expect("a country");
        assert_eq!(german.forms("030 90"), ["493090", "3090", "03090"]);
        assert_eq!(german.forms("0049 30"), ["4930", "004930"]);
        assert_eq!(german.forms("+49 (0)30"), ["4930", "49030"]);
        assert_eq!(Phones::default().forms("4711"), ["4711"]);
        assert_eq!(Phones::default().forms("+"), [""; 0]);
    }
}
