//! What a screen reader hears of each kind of message.

use egui_kittest::kittest::{NodeT as _, Queryable as _};
use waxwing_protocol::{
    attachment::{Attachment, AttachmentState},
    delivery::Delivery,
    id::AttachmentId,
    message::{
        Author, Body, ContactCard, Earlier, Forwarded, Media, MediaKind, Message, OrderItem, Referral,
    },
};

use crate::{
    fixture::{answered, message, now, wrote},
    hand::open,
};

/// A message and what it is to say, from top to bottom.
type Case = (Message, Vec<&'static str>);

fn of(body: Body) -> Message {
    message(1, 60, body, None)
}

fn media(kind: MediaKind, state: Option<AttachmentState>) -> Media {
    let attachment = state.map(|state| Attachment { id: AttachmentId::new(now(), [5; 10]), state });
    Media { kind, mime: None, caption: None, file_name: None, voice: false, animated: false, attachment }
}

fn ready(kind: MediaKind, size_bytes: u64) -> Media {
    media(kind, Some(AttachmentState::Ready { size_bytes, about: None }))
}

fn said(text: &str) -> Body {
    Body::Text { text: text.to_owned() }
}

fn texts() -> Vec<Case> {
    let mut edited = wrote(1, 60, "now so");
    edited.earlier = vec![Earlier { text: "once so".to_owned(), until: now() }];
    let forwarded = |how| Message { forwarded: Some(how), ..wrote(1, 60, "passed on") };
    vec![
        (of(said("*bold*, _slanted_, ~gone~ and `code`")), vec!["bold, slanted, gone and code"]),
        (
            of(said("> quoted\nplain\n- one\n- two\n1. first\n```let x;```")),
            vec!["quoted", "plain", "one", "two", "first", "let x;"],
        ),
        (of(said("🙂")), vec!["🙂"]),
        (of(said("שלום")), vec!["שלום"]),
        (edited, vec!["now so"]),
        (forwarded(Forwarded::Forwarded), vec!["Forwarded", "passed on"]),
        (forwarded(Forwarded::Frequently), vec!["Forwarded many times", "passed on"]),
    ]
}

fn files() -> Vec<Case> {
    let captioned = Media { caption: Some("*our* cat".to_owned()), ..ready(MediaKind::Image, 1_400_000) };
    let failed = AttachmentState::Failed { reason: "WhatsApp no longer has it.".to_owned() };
    let named =
        Media { file_name: Some("bill\u{202e}fdp.exe".to_owned()), ..ready(MediaKind::Document, 999) };
    let voice = Media { voice: true, ..ready(MediaKind::Audio, 1_001) };
    let fetching = || Some(AttachmentState::Fetching);
    vec![
        (
            of(Body::Media(captioned)),
            vec!["Picture", "1.4 MB", "It can only be saved: nobody has looked into it.", "our cat"],
        ),
        (
            of(Body::Media(media(MediaKind::Video, fetching()))),
            vec!["Video", "The gateway is getting it from WhatsApp"],
        ),
        (
            of(Body::Media(media(MediaKind::Audio, Some(failed)))),
            vec!["Sound file", "WhatsApp no longer has it."],
        ),
        (of(Body::Media(voice)), vec!["Voice message, 2 kB, from Ada", "2 kB"]),
        (of(Body::Media(named)), vec!["\u{2068}bill<U+202E>fdp.exe\u{2069}", "999 bytes"]),
        (of(Body::Media(media(MediaKind::Document, None))), vec!["Document"]),
        (
            of(Body::Media(media(MediaKind::Sticker, fetching()))),
            vec!["Sticker", "The gateway is getting it from WhatsApp"],
        ),
        (of(Body::Media(ready(MediaKind::Sticker, 30_000))), vec!["Sticker, on its way"]),
        (of(Body::Media(media(MediaKind::Unknown, Some(AttachmentState::Unknown)))), vec!["Document"]),
    ]
}

fn item(product: &str, quantity: f64, price: f64, currency: &str) -> OrderItem {
    OrderItem { product: product.to_owned(), quantity, price, currency: currency.to_owned() }
}

fn things() -> Vec<Case> {
    let text = |text: &str| Some(text.to_owned());
    let somewhere = Body::Location {
        latitude: 52.520_008,
        longitude: 13.404_954,
        name: text("Alex"),
        address: text("Berlin"),
        url: text("https://place.example"),
    };
    let nowhere = Body::Location { latitude: -1.0, longitude: 0.5, name: None, address: None, url: None };
    let card = ContactCard {
        name: "Grace Hopper".to_owned(),
        phones: vec!["+1 202 555 0101".to_owned()],
        emails: vec!["grace@example.com".to_owned()],
        company: text("Navy"),
        addresses: vec!["1 Ship Street, Sea".to_owned()],
        urls: vec!["https://example.com".to_owned()],
    };
    let nobody = ContactCard {
        name: " ".to_owned(),
        phones: Vec::new(),
        emails: Vec::new(),
        company: None,
        addresses: Vec::new(),
        urls: Vec::new(),
    };
    let answers = vec![("Colour".to_owned(), "blue".to_owned()), ("Size".to_owned(), "M".to_owned())];
    let items = vec![item("A1", 2.0, 1.5, "EUR"), item("B2", 1.0, 10.0, "USD"), item("C3", 1.0, 0.25, "EUR")];
    vec![
        (
            of(somewhere),
            vec!["Alex", "Berlin", "52.520008, 13.404954", "Open in a map", "https://place.example"],
        ),
        (of(nowhere), vec!["Location", "-1.000000, 0.500000", "Open in a map"]),
        (
            of(Body::Contacts { cards: vec![card] }),
            vec![
                "Grace Hopper",
                "Navy",
                "+1 202 555 0101",
                "grace@example.com",
                "1 Ship Street, Sea",
                "https://example.com",
                "Add to contact",
            ],
        ),
        (of(Body::Contacts { cards: vec![nobody] }), vec!["Contact without a name", "Add to contact"]),
        (
            of(Body::Reply { title: "Yes".to_owned(), description: text("in small print"), answers }),
            vec!["Yes", "in small print", "Colour: \u{2068}blue\u{2069}", "Size: \u{2068}M\u{2069}"],
        ),
        (
            of(Body::Order { text: text("soon, *please*"), items }),
            vec![
                "Order",
                "2 × \u{2068}A1\u{2069}: 3.00 EUR",
                "1 × \u{2068}B2\u{2069}: 10.00 USD",
                "1 × \u{2068}C3\u{2069}: 0.25 EUR",
                "Total: \u{2068}3.25 EUR\u{2069}",
                "Total: \u{2068}10.00 USD\u{2069}",
                "soon, please",
            ],
        ),
    ]
}

fn others() -> Vec<Case> {
    let referral = |kind: &str| Message {
        referral: Some(Referral {
            kind: kind.to_owned(),
            headline: Some("Half price".to_owned()),
            text: Some("Only today".to_owned()),
            url: Some("https://ad.example/1".to_owned()),
        }),
        ..wrote(1, 60, "is that true?")
    };
    let came =
        |how: &'static str| vec![how, "Half price", "Only today", "https://ad.example/1", "is that true?"];
    let system = Message {
        author: Author::System,
        fallback: "Ada has a new number.".to_owned(),
        ..of(Body::System { text: "not shown".to_owned() })
    };
    let unsupported = Message {
        fallback: "A poll, which WhatsApp does not pass on".to_owned(),
        ..of(Body::Unsupported { kind: Some("poll".to_owned()), reason: Some("Not supported.".to_owned()) })
    };
    vec![
        (referral("ad"), came("Came from an ad")),
        (referral("post"), came("Came from a post")),
        (referral("product"), came("Asks about a product")),
        (system, vec!["Ada has a new number."]),
        (of(Body::System { text: "A new number".to_owned() }), vec!["A new number"]),
        (of(Body::Deleted), vec!["This message was deleted"]),
        (unsupported, vec!["A poll, which WhatsApp does not pass on", "Not supported."]),
        (Message { fallback: "[hologram]".to_owned(), ..of(Body::Unknown) }, vec!["[hologram]"]),
    ]
}

#[test]
fn each_kind_of_message_is_told_from_top_to_bottom() {
    for (message, wanted) in [texts(), files(), things(), others()].concat() {
        let harness = open(vec![message.clone()]);
        let mut above = 0.0;
        for label in wanted {
            // A link is told twice: in its text and as a link.
            let found = harness.query_all_by_label(label).map(|node| node.rect()).next();
            let rect = found.unwrap_or_else(|| panic!("{label:?} is missing of {message:?}"));
            assert!(rect.top() + 0.1 >= above, "{label:?} stands too high in {message:?}");
            assert!(rect.width() > 0.0 && rect.height() > 0.0, "{label:?}");
            above = rect.top();
        }
    }
}

#[test]
fn a_message_that_was_changed_says_so() {
    let mut edited = wrote(1, 60, "now so");
    edited.earlier = vec![Earlier { text: "once so".to_owned(), until: now() }];
    let harness = open(vec![edited]);
    harness.get_by_label_contains("Edited");
}

#[test]
fn links_of_ours_lead_to_a_map() {
    use waxwing::ui::Action;
    let body = Body::Location { latitude: 52.5, longitude: -13.25, name: None, address: None, url: None };
    let mut harness = open(vec![of(body)]);
    harness.get_by_role_and_label(egui::Role::Link, "Open in a map").click();
    harness.run_steps(2);
    let map = Action::OpenLink("https://maps.google.com/?q=52.5,-13.25".to_owned());
    assert!(harness.state().actions.contains(&map), "{:?}", harness.state().actions);
}

#[test]
fn both_sides_draw_every_kind() {
    // Ours may come back from history in any form.
    for (message, _) in [texts(), files(), things(), others()].concat() {
        let ours = Message { author: answered(1, 60, "", Delivery::Read).author, ..message };
        let harness = open(vec![ours]);
        assert!(harness.root().accesskit_node().children().count() > 0);
    }
}
