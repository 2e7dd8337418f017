//! Phone numbers as people read them: with their country code and in groups, as `+49 1512 3456789`, by the rules of libphonenumber.
//!
//! What is kept, copied, compared and looked for is the number without groups; only what is shown goes through here.

use std::{cell::RefCell, collections::HashMap, fmt::Write as _};

use phonenumber::Mode;
use waxwing_protocol::contact::Contact;

/// So many numbers are remembered with their groups: a list is drawn again and again, and each number costs several patterns.
const REMEMBERED: usize = 4_000;
/// What is shorter may be a part of any number.
const SHORTEST_PART: usize = 3;

thread_local! {
    static GROUPED: RefCell<HashMap<String, String>> = RefCell::default();
}

/// A number that begins with `+` and its country code, in groups; anything else, and what can be no number, as it is.
#[must_use]
pub fn grouped(number: &str) -> String {
    let digits = number.strip_prefix('+').unwrap_or_default();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.to_owned();
    }
    GROUPED.with_borrow_mut(|remembered| {
        if let Some(grouped) = remembered.get(number) {
            return grouped.clone();
        }
        if remembered.len() >= REMEMBERED {
            remembered.clear();
        }
        let grouped = group(number).unwrap_or_else(|| number.to_owned());
        remembered.insert(number.to_owned(), grouped.clone());
        grouped
    })
}

fn group(number: &str) -> Option<String> {
    let read = phonenumber::parse(None, number).ok()?;
    let mut told = String::new();
    write!(told, "{}", read.format().mode(Mode::International)).ok()?;
    // Between the groups of an international number stand blanks (ITU-T E.123).
    let told = told.replace('-', " ");
    // Whatever the rules make of it, it stays this number.
    told.chars().filter(|c| *c != ' ').eq(number.chars()).then_some(told)
}

/// What to call a contact on screen; see [`Contact::title`].
#[must_use]
pub fn title(contact: &Contact) -> String {
    grouped(&contact.title())
}

/// The line under their name; see [`Contact::address`].
#[must_use]
pub fn address(contact: &Contact) -> String {
    grouped(&contact.address())
}

/// The rules are read at the first number, and that takes a while: whoever has time does it before.
pub fn prepare() {
    drop(grouped("+4930901820"));
}

/// What of a number is looked for, in whatever notation it is typed: its digits without what is only dialled from within a country
/// or out of it. None for what is no part of a number.
#[must_use]
pub fn sought(typed: &str) -> Option<String> {
    let typed = typed.trim().replace("(0)", "");
    if !typed.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "+-()/.".contains(c)) {
        return None;
    }
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    (digits.len() >= SHORTEST_PART).then(|| digits.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_shown_in_the_groups_of_its_country() {
        for (number, shown) in [
            ("+4915123456789", "+49 1512 3456789"),
            ("+4930901820", "+49 30 901820"),
            ("+447700900321", "+44 7700 900321"),
            ("+16505551234", "+1 650 555 1234"),
            ("+390612345678", "+39 06 1234 5678"),
            ("+5511987654321", "+55 11 98765 4321"),
        ] {
            assert_eq!(grouped(number), shown);
            assert_eq!(grouped(number), shown, "and remembered so");
        }
    }

    #[test]
    fn what_is_no_number_stays_as_it_is_and_no_digit_is_ever_lost() {
        for text in ["", "+", "@masha", "+49 30 901820", "4930901820", "+999123456789", "+12", "+12 apples"] {
            assert_eq!(grouped(text), text);
        }
        for seed in 0..3_000_u64 {
            let number = format!("+{}", 1 + seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) % 999_999_999_999_999);
            let shown = grouped(&number);
            assert_eq!(shown.replace(' ', ""), number, "{number}");
        }
    }

    #[test]
    fn a_number_is_looked_for_in_whatever_notation() {
        for typed in ["+49 151 2345", "0049 151-2345", "(0151) 23 45", "+49 (0)151/2345", "1512345"] {
            let sought = sought(typed).unwrap();
            assert!("4915123456789".contains(&sought), "{typed}: {sought}");
        }
        for typed in ["", "12", "00", "order 4711", "#4711"] {
            assert_eq!(sought(typed), None, "{typed}");
        }
    }
}
