//! Notifications: chosen, filled in, looked at; in the transcript with every header and button; refused; the closed window.

use chrono::TimeDelta;
use egui::{Key, Modifiers};
use waxwing_protocol::{
    attachment::{About, Attachment, AttachmentState, Opening},
    delivery::{Delivery, DeliveryFailure},
    id::TemplateId,
    message::{Author, Body, Media, MediaKind},
    notification::{Notification, preview},
    slot::{SlotValue, SlotValues},
    template::{
        Example, Marked, OtpKind, ParameterFormat, Template, TemplateButton, TemplateCard, TemplateCategory,
        TemplateHeader, TemplateOffer, TemplateQuality, TemplateStatus,
    },
};

use super::Page;
use crate::gallery::{
    desk::{Table, Thread, agent, attachment, now, our_number},
    stage::Gesture,
};

const SIZE: [f32; 2] = [1440.0, 900.0];

pub(super) fn pages() -> Vec<Page> {
    let mut pages = tab();
    pages.extend(transcript());
    pages.extend(closed());
    pages
}

fn template(number_of: u8, name: &str, body: &str) -> Template {
    Template {
        id: TemplateId::new(now(), [number_of; 10]),
        name: name.to_owned(),
        language: "en_US".to_owned(),
        status: TemplateStatus::Approved,
        reason: None,
        category: TemplateCategory::Utility,
        quality: TemplateQuality::Green,
        parameter_format: ParameterFormat::Named,
        header: None,
        body: Marked { text: body.to_owned(), examples: Vec::new() },
        footer: None,
        offer: None,
        buttons: Vec::new(),
        cards: Vec::new(),
        unknown_parts: Vec::new(),
        numbers: vec![our_number()],
    }
}

fn payment() -> Template {
    let mut payment = template(
        1,
        "HSM_payment_confirmation",
        "Hello {{name}}.\nHave you ordered {{product}}?\nIf yes, please, confirm {{bill}} payment issued to your {{card}} card.\nWe will send you {{date}}.\nThanks, {{name}}.",
    );
    let examples = [
        ("name", "Pablo"),
        ("product", "roses"),
        ("bill", "$12.50"),
        ("card", "debit"),
        ("date", "on Monday"),
    ];
    payment.body.examples = examples
        .map(|(mark, example)| Example { mark: mark.to_owned(), example: example.to_owned() })
        .to_vec();
    payment
}

fn url(text: &str, url: &str) -> TemplateButton {
    TemplateButton::Url { text: text.to_owned(), url: url.to_owned(), example: None }
}

fn quick(text: &str) -> TemplateButton {
    TemplateButton::QuickReply { text: text.to_owned() }
}

/// A template with a picture and every button that wants something.
fn delivery() -> Template {
    let mut delivery =
        template(2, "delivery_on_its_way", "*{{name}}*, your parcel _{{parcel}}_ is on its way.");
    delivery.header = Some(TemplateHeader::Media { kind: MediaKind::Image });
    delivery.footer = Some("The shop, 24 hours a day".to_owned());
    delivery.buttons = vec![
        url("Track it", "https://shop.example/t/{{1}}"),
        TemplateButton::CopyCode { text: "Copy offer code".to_owned(), example: Some("SUMMER20".to_owned()) },
        quick("Not today, please"),
    ];
    delivery
}

fn sale() -> Template {
    let mut sale = template(3, "spring_sale", "Spring is here, {{name}}!");
    sale.category = TemplateCategory::Marketing;
    sale.offer = Some(TemplateOffer { text: "25% off".to_owned(), expires: true });
    sale.header = Some(TemplateHeader::Location);
    sale.buttons = vec![
        TemplateButton::PhoneNumber {
            text: "Call us".to_owned(),
            phone_number: "+1 555 078 3881".to_owned(),
        },
        TemplateButton::MultiProduct { text: "View items".to_owned() },
        TemplateButton::Catalog { text: "View catalogue".to_owned() },
        TemplateButton::Flow { text: "Book a time".to_owned() },
        TemplateButton::VoiceCall { text: "Call on WhatsApp".to_owned() },
    ];
    sale
}

fn carousel() -> Template {
    let mut carousel = template(4, "this_weeks_flowers", "Fresh this week, {{name}}:");
    let card = |price: &str| TemplateCard {
        header: Some(TemplateHeader::Media { kind: MediaKind::Image }),
        body: Some(Marked { text: format!("*{{{{flower}}}}* for {price}"), examples: Vec::new() }),
        buttons: vec![quick("Take them"), url("See more", "https://shop.example/f/{{1}}")],
    };
    carousel.cards = vec![card("$9"), card("$12"), card("$15")];
    carousel
}

fn foreign(number_of: u8, language: &str, body: &str) -> Template {
    let mut foreign = template(number_of, "تأكيد_الطلب", body);
    language.clone_into(&mut foreign.language);
    foreign.header =
        Some(TemplateHeader::Text(Marked { text: "{{name}} 🌷".to_owned(), examples: Vec::new() }));
    foreign.footer = Some("المتجر".to_owned());
    foreign.buttons = vec![quick("نعم"), quick("لا")];
    foreign
}

fn arabic() -> Template {
    foreign(5, "ar", "مرحبا {{name}}، طلبك رقم {{order}} سيصل {{date}} إلى *Dam 1*.")
}

fn hebrew() -> Template {
    foreign(6, "he", "שלום {{name}}, ההזמנה {{order}} תגיע {{date}}.")
}

/// Templates in every state.
fn every_status() -> Vec<Template> {
    let mut all = vec![payment(), delivery(), sale(), carousel(), arabic(), hebrew()];
    let others = [
        (TemplateStatus::Pending, None),
        (TemplateStatus::Rejected, Some("INVALID_FORMAT")),
        (TemplateStatus::Paused, None),
        (TemplateStatus::Disabled, None),
        (TemplateStatus::InAppeal, None),
        (TemplateStatus::Archived, None),
    ];
    for (number_of, (status, reason)) in (20..).zip(others) {
        let mut other = template(number_of, &format!("old_template_{number_of}"), "Some words");
        other.status = status;
        other.reason = reason.map(str::to_owned);
        all.push(other);
    }
    all[1].quality = TemplateQuality::Yellow;
    all
}

fn masha() -> Thread {
    let mut thread = Thread::new(1, "Masha Ivanova", 240).waiting(38);
    thread.wrote("Hi! My flowers have not arrived yet 🌷");
    thread.answered(
        "Sorry to hear that. Is this the right order? https://shop.example/o/48213",
        Delivery::Read,
    );
    thread.wrote("Yes, it is");
    thread
}

/// The Notification tab with this typed, field by field.
fn filling(name: &'static str, template: Template, typed: &[&str]) -> Page {
    let desk = Table::with(vec![masha()]).with_templates(vec![template]).laid();
    let mut gestures = vec![
        Gesture::Press(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::N),
        Gesture::Press(Modifiers::NONE, Key::Enter),
    ];
    for (number, words) in typed.iter().enumerate() {
        if number > 0 {
            gestures.push(Gesture::Press(Modifiers::NONE, Key::Enter));
        }
        if !words.is_empty() {
            gestures.push(Gesture::Write((*words).to_owned()));
        }
    }
    Page::new(name, SIZE, desk).with(gestures)
}

fn tab() -> Vec<Page> {
    let five = ["Masha Ivanova", "flowers", "$10", "credit", ""];
    let mut missing = filling("notification-missing", payment(), &five);
    missing.gestures.push(Gesture::Press(Modifiers::NONE, Key::Enter));
    let list = Table::with(vec![masha()]).with_templates(every_status()).laid();
    let open = [Gesture::Press(Modifiers::COMMAND.plus(Modifiers::SHIFT), Key::N)];
    let none = Table::with(vec![masha()]).with_templates(Vec::new()).laid();
    let mut paused = payment();
    paused.status = TemplateStatus::Paused;
    vec![
        filling(
            "notification-filling",
            payment(),
            &["Masha Ivanova", "flowers", "$10", "credit", "on Monday"],
        ),
        missing,
        filling("notification-delivery", delivery(), &["", "", ""]),
        filling("notification-offer", sale(), &["", ""]),
        filling("notification-carousel", carousel(), &["Masha", "Tulips"]),
        scrolled("notification-carousel-seen", filling("", carousel(), &["Masha", "Tulips"])),
        scrolled(
            "notification-delivery-seen",
            filling("", delivery(), &["Masha", "48213", "48213", "SUMMER20"]),
        ),
        filling("notification-arabic", arabic(), &["ليلى", "48213", "غدا"]),
        filling("notification-hebrew", hebrew(), &["דנה", "A-17", "מחר"]),
        filling("notification-paused", paused, &["Masha"]),
        Page::new("notification-list", SIZE, list).with(open.clone()),
        Page::new("notification-none", SIZE, none).with(open),
    ]
}

/// The same, scrolled down to what the contact will see.
fn scrolled(name: &'static str, mut page: Page) -> Page {
    page.name = name;
    page.gestures.push(Gesture::Wheel("1 Name", -4000.0));
    page
}

/// A notification as it stands in the transcript.
fn sent(template: &Template, values: &[(&str, SlotValue)]) -> Notification {
    let values: SlotValues =
        values.iter().filter_map(|(slot, value)| Some((slot.parse().ok()?, value.clone()))).collect();
    preview(template, &values)
}

fn words(values: &[(&'static str, &str)]) -> Vec<(&'static str, SlotValue)> {
    values.iter().map(|(slot, text)| (*slot, SlotValue::text(*text))).collect()
}

fn picture(number_of: u8, kind: MediaKind) -> Media {
    let about = About {
        mime: if kind == MediaKind::Image { "image/jpeg" } else { "application/pdf" }.to_owned(),
        opening: Opening::Allowed,
        size: (kind == MediaKind::Image).then_some([800, 500]),
        duration_ms: None,
        waveform: Vec::new(),
        has_sound: false,
        pages: (kind != MediaKind::Image).then_some(2),
        thumb_hash: Some("3OcRJYB4d3h/iIeHeEh3eIhw+j2w".to_owned()),
        preview: kind == MediaKind::Image,
    };
    let state = AttachmentState::Ready { size_bytes: 184_000, about: Some(Box::new(about)) };
    Media {
        kind,
        mime: None,
        caption: None,
        file_name: Some("delivery-48213.pdf".to_owned()),
        voice: false,
        animated: false,
        attachment: Some(Attachment { id: attachment(number_of), state }),
    }
}

fn tell(thread: &mut Thread, notification: Notification, delivery: Delivery) {
    let author = Author::Agent { agent: agent().id, name: agent().display_name };
    let fallback = notification.as_text();
    thread.say(author, Body::Notification(Box::new(notification)), Some(delivery)).fallback = fallback;
}

fn with_header(mut notification: Notification, media: Media) -> Notification {
    notification.header = Some(waxwing_protocol::notification::NotificationHeader::Media(media));
    notification
}

fn transcript() -> Vec<Page> {
    let five = words(&[
        ("body.name", "Masha Ivanova"),
        ("body.product", "flowers"),
        ("body.bill", "$10"),
        ("body.card", "credit"),
        ("body.date", "on Monday"),
    ]);
    let mut first = masha();
    tell(&mut first, sent(&payment(), &five), Delivery::Read);
    let on_its_way = words(&[
        ("body.name", "Masha"),
        ("body.parcel", "48213"),
        ("button.0", "48213?a=b"),
        ("button.1", "SUMMER20"),
    ]);
    let made = with_header(sent(&delivery(), &on_its_way), picture(1, MediaKind::Image));
    tell(&mut first, made, Delivery::Delivered);
    let quoted = first.messages().last().map(|message| (message.id, message.fallback.clone()));
    let title = "Not today, please".to_owned();
    let reply = first.told(Body::Reply { title, description: None, answers: Vec::new() });
    reply.quote = quoted.map(|(id, excerpt)| waxwing_protocol::message::Quote {
        message: Some(id),
        excerpt,
        by_contact: false,
    });

    let size = [1000.0, 1000.0];
    let page = |name, thread: Thread, size| Page::new(name, size, Table::with(vec![thread]).laid());
    vec![
        page("notification-sent", first, size),
        page("notification-kinds", kinds(), [1000.0, 1200.0]),
        page("notification-cards", cards(), [1000.0, 1400.0]),
        page("notification-right-to-left", right_to_left(), size),
        page("notification-failed", failed(), size),
    ]
}

/// Every header but a picture's, and the buttons.
fn kinds() -> Thread {
    let mut kinds = Thread::new(1, "Masha Ivanova", 900);
    let place = SlotValue::Location {
        latitude: 52.3731,
        longitude: 4.8926,
        name: "The shop".to_owned(),
        address: "Dam 1, Amsterdam".to_owned(),
    };
    let mut offer = words(&[("body.name", "Masha")]);
    offer.push(("header.location", place));
    offer.push(("offer.expires", SlotValue::Expires { at: now() + TimeDelta::days(2) }));
    let products = ["tulips-10", "roses-5"].map(str::to_owned).to_vec();
    offer.push(("button.1", SlotValue::Products { catalog: None, products }));
    tell(&mut kinds, sent(&sale(), &offer), Delivery::Sent);
    let mut code = template(9, "one_time_code", "*4471* is your code. Do not share it.");
    code.category = TemplateCategory::Authentication;
    code.buttons = vec![TemplateButton::Otp { text: "Copy code".to_owned(), otp: OtpKind::CopyCode }];
    tell(&mut kinds, sent(&code, &[]), Delivery::Delivered);
    let mut bill = template(10, "your_bill", "Your bill, {{name}}.");
    bill.header = Some(TemplateHeader::Media { kind: MediaKind::Document });
    let bill = with_header(sent(&bill, &words(&[("body.name", "Masha")])), picture(3, MediaKind::Document));
    tell(&mut kinds, bill, Delivery::Read);
    kinds
}

/// A carousel.
fn cards() -> Thread {
    let mut cards = Thread::new(1, "Masha Ivanova", 900);
    let mut made = sent(
        &carousel(),
        &words(&[
            ("body.name", "Masha"),
            ("card.0.body.flower", "Tulips"),
            ("card.1.body.flower", "Roses"),
            ("card.2.body.flower", "Lilies"),
            ("card.0.button.1", "tulips"),
            ("card.1.button.1", "roses"),
            ("card.2.button.1", "lilies"),
        ]),
    );
    for (number_of, card) in (4..).zip(&mut made.cards) {
        let media = picture(number_of, MediaKind::Image);
        card.header = Some(waxwing_protocol::notification::NotificationHeader::Media(media));
    }
    tell(&mut cards, made, Delivery::Read);
    cards
}

/// In Arabic and in Hebrew.
fn right_to_left() -> Thread {
    let mut right = Thread::new(1, "ليلى حداد", 900);
    let arabic_words = words(&[
        ("header.name", "ليلى"),
        ("body.name", "ليلى"),
        ("body.order", "48213"),
        ("body.date", "غدا"),
    ]);
    tell(&mut right, sent(&arabic(), &arabic_words), Delivery::Read);
    let hebrew_words =
        words(&[("header.name", "דנה"), ("body.name", "דנה"), ("body.order", "A-17"), ("body.date", "מחר")]);
    tell(&mut right, sent(&hebrew(), &hebrew_words), Delivery::Read);
    right
}

fn failed() -> Thread {
    let mut thread = Thread::new(1, "Masha Ivanova", 900);
    let failures = [
        (
            131_049,
            "WhatsApp held this message back: the contact got many marketing messages of late.",
            "Wait a day or more before you try again, or write when they have written.",
            false,
        ),
        (
            131_050,
            "The contact does not want marketing messages from this number any more.",
            "Send no more marketing notifications; others, such as about an order, still arrive.",
            false,
        ),
    ];
    for (code, reason, advice, can_retry) in failures {
        let failure = DeliveryFailure {
            code: Some(code),
            reason: reason.to_owned(),
            advice: advice.to_owned(),
            can_retry,
        };
        let made = sent(&sale(), &words(&[("body.name", "Masha")]));
        let made = Notification { buttons: Vec::new(), ..made };
        tell(&mut thread, made, Delivery::Failed(failure));
    }
    let failure = DeliveryFailure {
        code: Some(131_047),
        reason: "WhatsApp says that the reply window is closed.".to_owned(),
        advice: "Send a notification, or wait until the contact writes again.".to_owned(),
        can_retry: false,
    };
    thread.answered("Are you still there?", Delivery::Failed(failure));
    thread
}

fn closed() -> Vec<Page> {
    let mut thread = masha().last_inbound(100_000);
    thread.answered("Are you still there?", Delivery::Delivered);
    let mut other = Thread::new(2, "+44 7700 900142", 90_000).last_inbound(90_000);
    other.wrote("Thank you");
    tell(&mut other, sent(&payment(), &[]), Delivery::Delivered);
    let desk = Table::with(vec![thread, other]).with_templates(vec![payment()]).laid();
    let typed = [Gesture::Write("What I typed stays".to_owned())];
    vec![Page::new("notification-window-closed", SIZE, desk).with(typed)]
}
