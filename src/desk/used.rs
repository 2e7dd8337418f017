//! Which prepared replies went into what is being written: each is counted once, when it is sent.
//!
//! **The rule.** A reply counts while twelve characters in a row of what was inserted (all of it, where it is shorter) still
//! stand in the text. So it may be changed and added to, and one that was deleted is not counted.

use waxwing_protocol::id::ResponseId;

/// So many characters in a row are taken for the reply's own.
const OWN: usize = 12;
/// More than these are not remembered of one text.
const MOST: usize = 50;

/// A prepared reply whose words were inserted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// Which.
    pub response: ResponseId,
    /// What was inserted.
    pub words: String,
}

/// Notes that one was inserted.
pub(super) fn note(used: &mut Vec<Used>, response: ResponseId, words: &str) {
    let one = Used { response, words: words.trim().to_owned() };
    if one.words.is_empty() || used.contains(&one) {
        return;
    }
    if used.len() == MOST {
        used.remove(0);
    }
    used.push(one);
}

/// Those that still stand in a text, each once, in the order in which they were inserted.
pub(super) fn still_in(used: &[Used], text: &str) -> Vec<ResponseId> {
    let mut found = Vec::new();
    for one in used {
        if !found.contains(&one.response) && stands_in(&one.words, text) {
            found.push(one.response);
        }
    }
    found
}

fn stands_in(words: &str, text: &str) -> bool {
    let starts: Vec<usize> = words.char_indices().map(|(at, _)| at).chain([words.len()]).collect();
    let own = OWN.min(starts.len() - 1);
    own > 0 && starts.iter().zip(&starts[own..]).any(|(from, to)| text.contains(&words[*from..*to]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn used(number: u8, words: &str) -> Used {
        Used { response: id(number), words: words.to_owned() }
    }

    fn id(number: u8) -> ResponseId {
        ResponseId::from_uuid(uuid::Uuid::from_u128(number.into()))
    }

    #[test]
    fn what_was_changed_counts_and_what_was_deleted_does_not() {
        let used = [
            used(1, "Thank you, Masha."),
            used(2, "The courier will be with you before {{time}}."),
            used(3, "Hi"),
        ];
        assert_eq!(still_in(&used, "Many thanks. Thank you, Masha!"), [id(1)]);
        assert_eq!(still_in(&used, "The courier will be there at six. Hi!"), [id(2), id(3)]);
        assert_eq!(still_in(&used, "Something of my own"), []);
    }

    #[test]
    fn one_that_is_inserted_twice_counts_once() {
        let mut noted = Vec::new();
        note(&mut noted, id(1), "Thank you");
        note(&mut noted, id(1), "Thank you");
        note(&mut noted, id(1), "Thank you!");
        note(&mut noted, id(2), " \n");
        assert_eq!(still_in(&noted, "Thank you! Thank you!"), [id(1)]);
    }
}
