//! Phone numbers as people write them, by the rules of libphonenumber: which number is meant, and whether it can be one.
//!
//! What has its country code may be any number that is long enough for its country and not too long: there are always numbers
//! that the rules do not know yet. Which country is meant where none is written is guessed by numbers that are in use alone.

use std::str::FromStr as _;

use phonenumber::{
    Metadata, Mode, PhoneNumber,
    country::Id,
    metadata::{DATABASE, Descriptor, Descriptors},
};

use crate::store::directory::digits_in;

/// The most characters of a number that are looked at; the longest one has 15 digits.
const MAX_CHARS: usize = 60;
/// With fewer digits it is none, of whatever country.
const SHORTEST: usize = 5;

/// How numbers without a country code are read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Phones {
    country: Option<Id>,
}

/// Why a text is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoNumber {
    /// It may be one, of whichever country.
    #[error("it has no country code. Write it with one, such as +49 30 901820")]
    NoCountryCode,
    /// It has more or fewer digits than numbers of its country have, or there is no such country code.
    #[error("there is no such number. Look at its digits")]
    Impossible,
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

    /// The digits of a number with its country code, as WhatsApp has them.
    pub fn international(self, typed: &str) -> Result<String, NoNumber> {
        let plain = plain(typed).ok_or(NoNumber::Impossible)?;
        if plain.starts_with('+') {
            return read(None, &plain, is_possible).ok_or(NoNumber::Impossible);
        }
        // By its own rules a country may have another way out than 00.
        if let Some(number) = self.country.and_then(|country| read(Some(country), &plain, is_in_use)) {
            return Ok(number);
        }
        if let Some(rest) = plain.strip_prefix("00") {
            return read(None, &format!("+{rest}"), is_possible).ok_or(NoNumber::Impossible);
        }
        if let Some(number) = read(None, &format!("+{plain}"), is_in_use) {
            return Ok(number);
        }
        match self.country {
            Some(country) => read(Some(country), &plain, is_possible).ok_or(NoNumber::Impossible),
            None if plain.chars().count() < SHORTEST => Err(NoNumber::Impossible),
            None => Err(NoNumber::NoCountryCode),
        }
    }

    /// The digits under which a number, or a part of one, may be kept, the likeliest first.
    #[must_use]
    pub fn forms(self, typed: &str) -> Vec<String> {
        let digits = digits_in(typed);
        let mut forms = Vec::new();
        forms.extend(self.international(typed).ok());
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
        DATABASE.by_id(country.as_ref()).map(Metadata::country_code)
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

fn read(country: Option<Id>, plain: &str, is_one: fn(&PhoneNumber, &str) -> bool) -> Option<String> {
    let number = phonenumber::parse(country, plain).ok()?;
    let digits = digits_in(&number.format().mode(Mode::E164).to_string());
    is_one(&number, &digits).then_some(digits)
}

/// Whether it is of those that a country has given out.
fn is_in_use(number: &PhoneNumber, _digits: &str) -> bool {
    number.is_valid()
}

/// Whether it is as long as any number of its country.
fn is_possible(number: &PhoneNumber, digits: &str) -> bool {
    let code = number.code().value();
    let national = digits.len().saturating_sub(code.to_string().len());
    let countries = DATABASE.by_code(&code).unwrap_or_default();
    countries.into_iter().flat_map(|country| lengths(country.descriptors())).any(|length| length == national)
}

/// How many digits numbers of a country have, of whatever kind.
fn lengths(country: &Descriptors) -> impl Iterator<Item = usize> {
    let kinds = [
        country.fixed_line(),
        country.mobile(),
        country.toll_free(),
        country.premium_rate(),
        country.shared_cost(),
        country.personal_number(),
        country.voip(),
        country.pager(),
        country.uan(),
    ];
    kinds.into_iter().flatten().flat_map(Descriptor::possible_length).map(|length| usize::from(*length))
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
            assert_eq!(german.international(typed).as_deref(), Ok("4930901820"), "{typed}");
        }
        let nowhere = Phones::default();
        assert_eq!(nowhere.international("4930901820").as_deref(), Ok("4930901820"));
        assert_eq!(nowhere.international("16502530000").as_deref(), Ok("16502530000"));
        for typed in ["", "12", "+1 650", "anna", "+999 1234567", "+49 30 901820 ext. 5", &"1".repeat(100)] {
            assert_eq!(nowhere.international(typed), Err(NoNumber::Impossible), "{typed}");
        }
        assert_eq!(Phones::of("XX").err(), Some(NoCountry));
    }

    #[test]
    fn a_number_with_its_country_code_need_not_be_in_use() {
        let nowhere = Phones::default();
        for (typed, number) in [
            ("+1 555 010 0108", "15550100108"),
            ("0044 7911 123456", "447911123456"),
            ("00 1 555 010 0108", "15550100108"),
            ("+44 7700 900321", "447700900321"),
        ] {
            assert_eq!(nowhere.international(typed).as_deref(), Ok(number), "{typed}");
        }
        for typed in ["+1 555 010 01", "+1 555 010 010 89", "0044 79", "+999 555 010 0108"] {
            assert_eq!(nowhere.international(typed), Err(NoNumber::Impossible), "{typed}");
        }
    }

    #[test]
    fn a_number_without_a_country_code_is_asked_for_it() {
        for typed in ["030 901820", "555 010 0108", "07911 123456"] {
            assert_eq!(Phones::default().international(typed), Err(NoNumber::NoCountryCode), "{typed}");
        }
        let american = Phones::of("US").expect("a country");
        for (typed, number) in [
            ("555 010 0108", "15550100108"),
            ("650 253 0000", "16502530000"),
            ("4930901820", "4930901820"),
            ("011 44 7700 900321", "447700900321"),
            ("0044 7911 123456", "447911123456"),
        ] {
            assert_eq!(american.international(typed).as_deref(), Ok(number), "{typed}");
        }
        assert_eq!(american.international("555 010"), Err(NoNumber::Impossible));
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
