//! A message that is passed on, in words: all that stands in it, for somebody who does not see the one it came from.

use waxwing_protocol::message::{Body, ContactCard, OrderItem};

/// Where a place is looked at.
const MAP: &str = "https://maps.google.com/?q=";

/// What is written, or why nothing can be. The fallback of a message is a word for colleagues: of a card it only has the name.
pub(super) fn in_words(body: &Body, fallback: &str) -> Result<String, &'static str> {
    match body {
        Body::Contacts { cards } => Ok(cards.iter().map(card).collect::<Vec<_>>().join("\n\n")),
        Body::Location { latitude, longitude, name, address, .. } => {
            let link = format!("{MAP}{latitude},{longitude}");
            let words = [name.as_deref(), address.as_deref(), Some(&link)];
            Ok(words.into_iter().flatten().collect::<Vec<_>>().join("\n"))
        }
        Body::Order { text, items } => {
            Ok(items.iter().map(item).chain(text.clone()).collect::<Vec<_>>().join("\n"))
        }
        Body::Deleted => Err("the contact took it back"),
        Body::Unsupported { .. } => Err("WhatsApp did not pass it on"),
        _ => Ok(fallback.to_owned()),
    }
}

fn card(card: &ContactCard) -> String {
    let name = Some(card.name.as_str()).filter(|name| !name.trim().is_empty());
    let lists = card.phones.iter().chain(&card.emails).chain(&card.addresses).chain(&card.urls);
    let lines = name.into_iter().chain(card.company.as_deref()).chain(lists.map(String::as_str));
    lines.collect::<Vec<_>>().join("\n")
}

fn item(item: &OrderItem) -> String {
    let OrderItem { product, quantity, price, currency } = item;
    format!("{quantity} × {product}: {:.2} {currency}", quantity * price)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_stands_in_a_message_is_left_behind() {
        let lea = ContactCard {
            name: "Léa Martin".to_owned(),
            phones: vec!["+33 6 55 50 10 61".to_owned()],
            emails: vec!["lea@atelier.example".to_owned()],
            company: Some("Atelier Martin".to_owned()),
            addresses: vec!["12 rue des Tanneurs, Lyon".to_owned()],
            urls: vec!["https://atelier.example".to_owned()],
        };
        let nobody = ContactCard {
            name: " ".to_owned(),
            phones: vec!["+33 1".to_owned()],
            emails: Vec::new(),
            company: None,
            addresses: Vec::new(),
            urls: Vec::new(),
        };
        let place = Body::Location {
            latitude: 1.5,
            longitude: -2.5,
            name: Some("Shop".to_owned()),
            address: None,
            url: None,
        };
        let socks = OrderItem {
            product: "wool-socks".to_owned(),
            quantity: 3.0,
            price: 19.5,
            currency: "BRL".to_owned(),
        };
        let order = Body::Order { text: Some("Please".to_owned()), items: vec![socks] };
        for (body, said) in [
            (
                Body::Contacts { cards: vec![lea, nobody] },
                "Léa Martin\nAtelier Martin\n+33 6 55 50 10 61\nlea@atelier.example\n12 rue des Tanneurs, Lyon\n\
                 https://atelier.example\n\n+33 1",
            ),
            (place, "Shop\nhttps://maps.google.com/?q=1.5,-2.5"),
            (order, "3 × wool-socks: 58.50 BRL\nPlease"),
            (Body::Unknown, "the fallback"),
        ] {
            assert_eq!(in_words(&body, "the fallback").as_deref(), Ok(said));
        }
    }

    #[test]
    fn what_nobody_has_is_not_passed_on() {
        for body in [Body::Deleted, Body::Unsupported { kind: None, reason: None }] {
            assert!(in_words(&body, "[A poll, which WhatsApp does not pass on]").is_err());
        }
    }
}
