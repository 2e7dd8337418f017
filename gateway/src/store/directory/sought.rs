//! What is looked for in the directory, in the language of its index.

use waxwing_protocol::directory::DirectoryQuery;

use super::{MAX_DIGITS, fact, key, mail, place};
use crate::store::{
    search::fold,
    words::{self, Ending, phrase},
};

/// The shortest run of digits that is looked for in phone numbers.
const MIN_DIGITS: usize = 3;

/// The ASCII digits of a text, in whatever script they are written.
#[must_use]
pub fn digits_in(text: &str) -> String {
    text.chars().filter_map(digit).collect()
}

/// A decimal digit of the scripts that phones write.
fn digit(c: char) -> Option<char> {
    const ZEROS: [u32; 7] = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xff10];
    let value = ZEROS.iter().find_map(|zero| (c as u32).checked_sub(*zero).filter(|value| *value < 10))?;
    char::from_digit(value, 10)
}

/// Whether a text is made of digits and of what is written between those of a phone number.
fn is_notation(text: &str) -> bool {
    text.chars().all(|c| {
        digit(c).is_some()
            || c.is_whitespace()
            || matches!(c, '+' | '-' | '/' | '.' | '(' | ')' | '＋' | '‐'..='―')
    })
}

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    /// In the language of the index; none finds everybody.
    pub(super) expression: Option<String>,
    /// Of those who are found, these come first: whose title begins so …
    pub(super) title: Option<String>,
    /// … or whose number.
    pub(super) phone: Option<String>,
    /// Whether there is more to it than words.
    pub(super) filters: bool,
}

impl Sought {
    /// Whether nothing but words is looked for.
    #[must_use]
    pub const fn is_words_alone(&self) -> bool {
        self.expression.is_some() && !self.filters
    }

    /// What a query looks for; none if it holds nothing that could be found. `phones` are the forms in which a number that
    /// was typed may be kept, the likeliest first.
    #[must_use]
    pub fn of(query: &DirectoryQuery, phones: impl Fn(&str) -> Vec<String>) -> Option<Self> {
        let given = |text: &Option<String>| {
            text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let (mut all, mut sought) =
            (Vec::new(), Self { expression: None, title: None, phone: None, filters: false });
        if let Some(typed) = given(&query.words) {
            if is_notation(&typed) {
                sought.phone = phones(&typed).into_iter().next().filter(|phone| phone.len() >= MIN_DIGITS);
            } else {
                sought.title = Some(fold(&typed).split_whitespace().collect::<Vec<_>>().join(" "));
            }
            all.push(by_words(&typed, &phones)?);
        }
        let words = all.len();
        if let Some(name) = given(&query.name) {
            all.push(all_words("names", &name)?);
        }
        if let Some(phone) = given(&query.phone) {
            all.push(any_of(phones(&phone).iter().filter_map(|digits| by_digits(digits)))?);
        }
        if let Some(address) = given(&query.email) {
            all.push(format!("mails : {}", phrase(&mail(&address), Ending::Beginning)?));
        }
        if let Some(name) = given(&query.attribute_key) {
            let one = match given(&query.attribute_value) {
                Some(value) => fact(&name, &value),
                None => key(&name),
            };
            all.push(format!("facts : {}", phrase(&one, Ending::Whole)?));
        }
        sought.filters = all.len() > words;
        sought.expression = (!all.is_empty()).then(|| all.join(" AND "));
        Some(sought)
    }
}

/// What finds the words as typed: all of them a phone number, or each a beginning, or a part of a number.
fn by_words(typed: &str, phones: &impl Fn(&str) -> Vec<String>) -> Option<String> {
    if is_notation(typed) {
        let numbers = phones(typed).into_iter().filter_map(|digits| by_digits(&digits)).collect::<Vec<_>>();
        return any_of(numbers.into_iter().chain(each_word(typed)));
    }
    each_word(typed)
}

fn each_word(typed: &str) -> Option<String> {
    let each = typed.split_whitespace().filter_map(|word| {
        let text = phrase(&words::indexed(word), Ending::Beginning)
            .map(|phrase| format!("{{names words}} : {phrase}"));
        let number = is_notation(word).then(|| by_digits(&digits_in(word))).flatten();
        any_of(text.into_iter().chain(number))
    });
    let each: Vec<String> = each.collect();
    (!each.is_empty()).then(|| format!("({})", each.join(" AND ")))
}

fn all_words(column: &str, typed: &str) -> Option<String> {
    let each: Vec<String> = typed
        .split_whitespace()
        .filter_map(|word| phrase(&words::indexed(word), Ending::Beginning))
        .map(|phrase| format!("{column} : {phrase}"))
        .collect();
    (!each.is_empty()).then(|| format!("({})", each.join(" AND ")))
}

/// What finds a run of digits in a number.
fn by_digits(digits: &str) -> Option<String> {
    let digits = &digits[..digits.len().min(MAX_DIGITS)];
    match digits.len() {
        0..MIN_DIGITS => None,
        MIN_DIGITS => Some(format!("digits : \"{}\" *", place(digits))),
        many => {
            let places: Vec<String> = (0..=many - 4).map(|at| place(&digits[at..at + 4])).collect();
            Some(format!("digits : \"{}\"", places.join(" ")))
        }
    }
}

fn any_of(all: impl Iterator<Item = String>) -> Option<String> {
    let all: Vec<String> = all.collect();
    (!all.is_empty()).then(|| format!("({})", all.join(" OR ")))
}
