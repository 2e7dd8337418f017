//! Contact cards: people and companies passed on, or their own number that a contact was asked for.

use serde_json::Value;
use waxwing_protocol::message::{Body, ContactCard};

use super::{Said, json};

/// How many cards are read; WhatsApp's own pages speak of up to 257.
const MAX_CARDS: usize = 257;
/// How many numbers, addresses and the like of one card are read.
const MAX_OF_A_KIND: usize = 20;
/// How much of each is read, in characters.
const MAX_CHARS: usize = 500;

/// The parts of a postal address, in the order in which they are read out.
const ADDRESS: [&str; 5] = ["street", "city", "state", "zip", "country"];

/// Reads cards; none if there are none.
pub(super) fn read(cards: &[Value]) -> Option<Said> {
    if cards.is_empty() {
        return None;
    }
    let cards: Vec<ContactCard> = cards.iter().take(MAX_CARDS).map(card).collect();
    let names: Vec<&str> = cards
        .iter()
        .map(|card| {
            if card.name.is_empty() {
                card.phones.first().map_or("no name", String::as_str)
            } else {
                &card.name
            }
        })
        .collect();
    let fallback = format!("[Contact card] {}", names.join(", "));
    Some(Said { body: Body::Contacts { cards }, fallback, file: None })
}

fn card(value: &Value) -> ContactCard {
    let name = json::object(value, "name").map(|name| {
        json::text(name, "formatted_name").unwrap_or_else(|| {
            let parts = ["first_name", "last_name"].map(|key| json::text(name, key));
            parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
        })
    });
    let texts = |key: &str, field: &str| -> Vec<String> {
        json::list(value, key).iter().filter_map(|item| json::text(item, field)).collect()
    };
    let vcard = json::text(value, "vcard").unwrap_or_default();
    let or_vcard = |found: Vec<String>, property: &str| {
        if found.is_empty() { vcard_lines(&vcard, property) } else { found }
    };
    let mut phones = texts("phones", "phone");
    if phones.is_empty() {
        phones = texts("phones", "wa_id").into_iter().map(|digits| format!("+{digits}")).collect();
    }
    ContactCard {
        name: name
            .filter(|name| !name.is_empty())
            .or_else(|| vcard_lines(&vcard, "FN").into_iter().next())
            .map(|name| short(&name))
            .unwrap_or_default(),
        phones: few(or_vcard(phones, "TEL")),
        emails: few(or_vcard(texts("emails", "email"), "EMAIL")),
        company: json::object(value, "org")
            .and_then(|org| json::text(org, "company"))
            .or_else(|| vcard_lines(&vcard, "ORG").into_iter().next())
            .map(|company| short(&company)),
        addresses: few(or_vcard(json::list(value, "addresses").iter().filter_map(address).collect(), "ADR")),
        urls: few(or_vcard(texts("urls", "url"), "URL")),
    }
}

/// A postal address in one line.
fn address(value: &Value) -> Option<String> {
    let parts: Vec<String> = ADDRESS.into_iter().filter_map(|key| json::text(value, key)).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// The values of a property in a vCard (RFC 6350), parameters left out, the components of a value in one line.
fn vcard_lines(vcard: &str, property: &str) -> Vec<String> {
    vcard
        .lines()
        .filter_map(|line| {
            let (head, value) = line.split_once(':')?;
            // A property may belong to a group: `item1.EMAIL`.
            let name = head.split(';').next()?.rsplit('.').next()?;
            let parts: Vec<&str> =
                value.split(';').map(str::trim).filter(|component| !component.is_empty()).collect();
            (name.eq_ignore_ascii_case(property) && !parts.is_empty()).then(|| parts.join(", "))
        })
        .collect()
}

fn few(found: Vec<String>) -> Vec<String> {
    found.into_iter().take(MAX_OF_A_KIND).map(|one| short(&one)).collect()
}

fn short(text: &str) -> String {
    text.chars().take(MAX_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn only(value: &Value) -> ContactCard {
        let said = read(std::slice::from_ref(value)).expect("a card");
        let Body::Contacts { mut cards } = said.body else { panic!("cards") };
        cards.remove(0)
    }

    #[test]
    fn a_card_is_read_with_all_its_particulars() {
        let card = only(&json!({
            "name": {"formatted_name": "John Smith"}, "org": {"company": "Acme", "title": "Manager"},
            "phones": [{"phone": "+1 (940) 555-1234", "wa_id": "19405551234"}, {"type": "HOME"}],
            "emails": [{"email": "john@example.com"}],
            "addresses": [{"street": "1 Way", "city": "Menlo Park", "state": "CA", "zip": "94025",
                "country": "United States", "country_code": "us", "type": "HOME"}, {"type": "WORK"}],
            "urls": [{"url": "https://example.com", "type": "WORK"}],
        }));
        assert_eq!(card.phones, ["+1 (940) 555-1234"]);
        assert_eq!(card.emails, ["john@example.com"]);
        assert_eq!(card.addresses, ["1 Way, Menlo Park, CA, 94025, United States"]);
        assert_eq!(card.urls, ["https://example.com"]);
        assert_eq!((&*card.name, card.company.as_deref()), ("John Smith", Some("Acme")));
    }

    #[test]
    fn what_stands_in_a_vcard_alone_is_read_too() {
        let vcard = "BEGIN:VCARD\r\nFN:Anna Bos\r\nORG:Bos;Sales\r\nTEL;TYPE=CELL:+31 6 1234\r\nitem1.EMAIL:a@b.example\r\n\
                     ADR;TYPE=HOME:;;Dam 1;Amsterdam;;1012;NL\r\nURL:https://b.example\r\nEND:VCARD";
        let card = only(&json!({"vcard": vcard}));
        assert_eq!((&*card.name, card.company.as_deref()), ("Anna Bos", Some("Bos, Sales")));
        assert_eq!((&*card.phones[0], &*card.emails[0]), ("+31 6 1234", "a@b.example"));
        assert_eq!(card.addresses, ["Dam 1, Amsterdam, 1012, NL"]);
        assert_eq!(card.urls, ["https://b.example"]);
    }

    #[test]
    fn a_huge_card_is_cut_down() {
        let phones: Vec<Value> = (0..1_000).map(|_n| json!({"phone": "1".repeat(2_000)})).collect();
        let huge = json!({"name": {"formatted_name": "x".repeat(9_000)}, "phones": phones});
        let card = only(&huge);
        assert_eq!((card.name.len(), card.phones.len(), card.phones[0].len()), (500, 20, 500));
        let Some(Said { body: Body::Contacts { cards }, .. }) = read(&vec![huge; 300]) else {
            panic!("cards")
        };
        assert_eq!(cards.len(), 257);
        assert_eq!(read(&[]), None);
    }
}
