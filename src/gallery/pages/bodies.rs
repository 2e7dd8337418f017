//! Bodies: files, stickers, places, cards, replies, orders, and what can't be shown.

use std::sync::Arc;

use waxwing_protocol::{
    attachment::{Attachment, AttachmentState},
    message::{Body, ContactCard, Media, MediaKind, OrderItem},
};

use super::{Page, conversation};
use crate::{
    desk::picture::{Fetched, PictureKey},
    gallery::{
        desk::{Thread, attachment},
        stage::Album,
    },
    service,
};

pub(super) fn pages() -> Vec<Page> {
    vec![files(), stickers(), places(), cards(), replies(), orders(), others()]
}

/// A file; the attachment of that number, if the gateway keeps one.
fn file(kind: MediaKind, kept: Option<(u8, AttachmentState)>) -> Media {
    Media {
        kind,
        mime: None,
        caption: None,
        file_name: None,
        voice: false,
        animated: false,
        attachment: kept.map(|(number, state)| Attachment { id: attachment(number), state }),
    }
}

fn files() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900);
    let ready = |size_bytes| AttachmentState::Ready { size_bytes, about: None };
    let failed = || AttachmentState::Failed { reason: "WhatsApp no longer has this file.".to_owned() };
    for (number, (kind, state)) in (1..).zip([
        (MediaKind::Image, AttachmentState::Fetching),
        (MediaKind::Image, ready(248_113)),
        (MediaKind::Image, failed()),
        (MediaKind::Video, ready(14_900_000)),
        (MediaKind::Audio, ready(731)),
        (MediaKind::Document, failed()),
        (MediaKind::Unknown, AttachmentState::Unknown),
    ]) {
        thread.told(Body::Media(file(kind, Some((number, state)))));
    }
    let voice = Media { voice: true, ..file(MediaKind::Audio, Some((8, ready(52_000)))) };
    thread.told(Body::Media(voice));
    let caption =
        Some("*This* is what arrived: https://example.com/x, see the corner at the left".to_owned());
    thread.told(Body::Media(Media { caption, ..file(MediaKind::Image, Some((9, ready(1_400_000)))) }));
    for name in ["invoice 2026-05.pdf", "فاتورة.pdf", "Evil\u{202e}fdp.exe", &"very long name ".repeat(12)]
    {
        let document = file(MediaKind::Document, Some((10, ready(90_210))));
        thread.told(Body::Media(Media { file_name: Some(name.to_owned()), ..document }));
    }
    thread.told(Body::Media(file(MediaKind::Video, None)));
    conversation("body-files", [1000.0, 1250.0], thread)
}

fn stickers() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900);
    let ready = || AttachmentState::Ready { size_bytes: 12_248, about: None };
    let sticker = |number| Body::Media(file(MediaKind::Sticker, Some((number, ready()))));
    thread.told(Body::Media(file(MediaKind::Sticker, Some((1, AttachmentState::Fetching)))));
    let reason = "WhatsApp no longer has this file.".to_owned();
    thread.told(Body::Media(file(MediaKind::Sticker, Some((2, AttachmentState::Failed { reason })))));
    for number in 3..=6 {
        thread.told(sticker(number));
    }
    let decoded = |bytes| service::open_picture(bytes).map(|picture| Fetched::Ready(Arc::new(picture)));
    let still = decoded(include_bytes!("../../../gateway/assets/media/sticker.webp"));
    let moving = decoded(include_bytes!("../../../gateway/assets/media/sticker_animated.webp"));
    let failed = Fetched::Failed { why: "its file is damaged".into() };
    let album = Album(
        [(3, Some(Fetched::Pending)), (4, Some(failed)), (5, still), (6, moving)]
            .into_iter()
            .filter_map(|(number, fetched)| Some((PictureKey::Sticker(attachment(number)), fetched?)))
            .collect(),
    );
    Page { album, ..conversation("body-stickers", [1000.0, 1280.0], thread) }
}

fn places() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900);
    let place = |name: Option<&str>, address: Option<&str>, url: Option<&str>| Body::Location {
        latitude: 52.516_275,
        longitude: 13.377_704,
        name: name.map(str::to_owned),
        address: address.map(str::to_owned),
        url: url.map(str::to_owned),
    };
    thread.told(place(None, None, None));
    thread.told(place(
        Some("Brandenburg Gate"),
        Some("Pariser Platz, 10117 Berlin"),
        Some("https://maps.example.com/place/1"),
    ));
    thread.told(place(Some("بوابة دمشق"), Some("القدس"), None));
    conversation("body-places", [1000.0, 700.0], thread)
}

fn cards() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900);
    let list = |items: &[&str]| items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>();
    let plain = |name: &str| ContactCard {
        name: name.to_owned(),
        phones: list(&["+49 30 901820"]),
        emails: Vec::new(),
        company: None,
        addresses: Vec::new(),
        urls: Vec::new(),
    };
    let full = ContactCard {
        emails: list(&["office@example.com", "ada@example.org"]),
        company: Some("Analytical Engines Ltd, research".to_owned()),
        addresses: list(&["12 St James's Square, London SW1Y 4JH, United Kingdom"]),
        urls: list(&["https://example.com/ada"]),
        phones: list(&["+44 20 7946 0958", "+44 7700 900123"]),
        ..plain("Ada Lovelace")
    };
    thread.told(Body::Contacts { cards: vec![plain("Rathaus")] });
    thread.told(Body::Contacts { cards: vec![full, plain("عمر حداد"), plain("")] });
    conversation("body-cards", [1000.0, 940.0], thread)
}

fn replies() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900);
    let reply = |title: &str, description: Option<&str>, answers: &[(&str, &str)]| Body::Reply {
        title: title.to_owned(),
        description: description.map(str::to_owned),
        answers: answers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    };
    thread.told(reply("Yes, please", None, &[]));
    thread.told(reply("Express", Some("Tomorrow before noon, 9.90 EUR"), &[]));
    let answers = [
        ("Name", "Marta Szkoła"),
        ("Day", "2026-05-20"),
        (
            "Wishes",
            "A table at the window, and please, if that is possible, one that is not beside the door to the kitchen",
        ),
        ("الاسم", "ليلى"),
    ];
    thread.told(reply("Form sent", None, &answers));
    conversation("body-replies", [1000.0, 640.0], thread)
}

fn orders() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900);
    let item = |product: &str, quantity, price, currency: &str| OrderItem {
        product: product.to_owned(),
        quantity,
        price,
        currency: currency.to_owned(),
    };
    let one = vec![item("tea-green-250", 2.0, 4.9, "EUR")];
    thread.told(Body::Order { text: None, items: one });
    let several = vec![
        item("tea-green-250", 2.0, 4.9, "EUR"),
        item("kettle", 1.0, 39.0, "EUR"),
        item("شاي", 0.5, 1200.0, "JPY"),
        item("cup", 12.0, 3.333, "JPY"),
    ];
    thread.told(Body::Order { text: Some("*Quickly* please".to_owned()), items: several });
    conversation("body-orders", [1000.0, 640.0], thread)
}

fn others() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900);
    thread.noted("Marta Szkoła changed the phone number: +1 650 555 0001 is now +1 650 555 0199.");
    thread.told(Body::Deleted);
    for (kind, reason, fallback) in [
        (Some("poll_creation"), None, "Sent a poll, which WhatsApp does not pass on"),
        (
            Some("gif"),
            Some("Message type is currently not supported."),
            "Sent something that can't be shown here",
        ),
        (None, None, "Sent something that can't be shown here"),
    ] {
        let (kind, reason) = (kind.map(str::to_owned), reason.map(str::to_owned));
        thread.told(Body::Unsupported { kind, reason }).fallback = fallback.into();
    }
    thread.told(Body::Unknown).fallback = "A message of a kind that is newer than this window".into();
    conversation("body-others", [1000.0, 640.0], thread)
}
