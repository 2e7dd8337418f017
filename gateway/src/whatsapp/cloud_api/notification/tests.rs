//! The exact JSON of every component and button, by position and by name.

use chrono::DateTime;
use waxwing_protocol::{
    attachment::{Attachment, AttachmentState},
    id::TemplateId,
    notification::fill,
    slot::{SlotValues, slots},
    template::{
        Marked, OtpKind, Template, TemplateButton, TemplateCard, TemplateCategory, TemplateHeader,
        TemplateOffer, TemplateQuality, TemplateStatus,
    },
};

use super::*;

const MEDIA_ID: &str = "2762702990552401";

fn file() -> AttachmentId {
    AttachmentId::new(DateTime::UNIX_EPOCH, [9; 10])
}

fn marked(text: &str) -> Marked {
    Marked { text: text.to_owned(), examples: Vec::new() }
}

fn plain() -> Template {
    Template {
        id: TemplateId::new(DateTime::UNIX_EPOCH, [7; 10]),
        name: "t".to_owned(),
        language: "en_US".to_owned(),
        status: TemplateStatus::Approved,
        reason: None,
        category: TemplateCategory::Utility,
        quality: TemplateQuality::Green,
        parameter_format: ParameterFormat::Positional,
        header: None,
        body: marked("Hello"),
        footer: Some("Small print".to_owned()),
        offer: None,
        buttons: Vec::new(),
        cards: Vec::new(),
        unknown_parts: Vec::new(),
        numbers: Vec::new(),
    }
}

fn text(text: &str) -> SlotValue {
    SlotValue::text(text)
}

/// What is sent of a template with these values.
fn sent(template: &Template, values: &[(&str, SlotValue)]) -> Value {
    let values: SlotValues =
        values.iter().map(|(slot, value)| (slot.parse().expect("a slot"), value.clone())).collect();
    assert_eq!(values.len(), slots(template).len(), "each slot and no other");
    let mut made = fill(template, &values, DateTime::UNIX_EPOCH).expect("is filled in");
    let attachment = Attachment { id: file(), state: AttachmentState::Fetching };
    let headers = made.header.iter_mut().chain(made.cards.iter_mut().filter_map(|card| card.header.as_mut()));
    for header in headers {
        if let NotificationHeader::Media(media) = header {
            media.attachment = Some(attachment.clone());
        }
    }
    let media = BTreeMap::from([(file(), MEDIA_ID.to_owned())]);
    let notification = OutgoingNotification { notification: Box::new(made), media };
    let json = notification.to_json("msg_1:1");
    assert_eq!((&json["name"], &json["language"]), (&json!("t"), &json!({"code": "en_US"})));
    json.get("components").cloned().unwrap_or_default()
}

#[test]
fn nothing_to_fill_in_is_nothing_to_say() {
    let quiet = |button| Template { buttons: vec![button], ..plain() };
    let text = || "Go".to_owned();
    assert_eq!(sent(&plain(), &[]), Value::Null);
    for button in [
        TemplateButton::Url { text: text(), url: "https://a.example".to_owned(), example: None },
        TemplateButton::PhoneNumber { text: text(), phone_number: "+1555".to_owned() },
        TemplateButton::Catalog { text: text() },
        TemplateButton::SingleProduct { text: text() },
        TemplateButton::VoiceCall { text: text() },
        TemplateButton::RequestContactInfo { text: text() },
    ] {
        assert_eq!(sent(&quiet(button.clone()), &[]), Value::Null, "{button:?}");
    }
    let title = Template { header: Some(TemplateHeader::Text(marked("Hi"))), ..plain() };
    assert_eq!(sent(&title, &[]), Value::Null);
}

/// As in the published `send_message_template_text.json`.
#[test]
fn texts_amounts_and_dates_stand_in_the_order_of_their_marks() {
    let template = Template { body: marked("{{10}} {{2}} {{1}} {{3}} {{1}}"), ..plain() };
    let amount =
        SlotValue::Currency { fallback: "$100.99".to_owned(), code: "USD".to_owned(), amount_1000: 100_990 };
    let date = SlotValue::DateTime { fallback: "February 25, 1977".to_owned() };
    let values =
        [("body.1", text("text-string")), ("body.2", amount), ("body.3", date), ("body.10", text("last"))];
    assert_eq!(
        sent(&template, &values),
        json!([{"type": "body", "parameters": [
            {"type": "text", "text": "text-string"},
            {"type": "currency", "currency": {"fallback_value": "$100.99", "code": "USD", "amount_1000": 100_990}},
            {"type": "date_time", "date_time": {"fallback_value": "February 25, 1977"}},
            {"type": "text", "text": "last"},
        ]}])
    );
}

#[test]
fn names_go_along_where_marks_have_them() {
    let template = Template {
        parameter_format: ParameterFormat::Named,
        header: Some(TemplateHeader::Text(marked("For {{media}}"))),
        body: marked("Your {{thing}}, {{name}}"),
        buttons: vec![TemplateButton::Url {
            text: "Go".to_owned(),
            url: "https://a.example/{{1}}".to_owned(),
            example: None,
        }],
        ..plain()
    };
    let values = [
        ("header.{media}", text("Ana")),
        ("body.thing", text("jacket")),
        ("body.name", text("Ana")),
        ("button.0", text("7")),
    ];
    assert_eq!(
        sent(&template, &values),
        json!([
            {"type": "header", "parameters": [{"type": "text", "parameter_name": "media", "text": "Ana"}]},
            {"type": "body", "parameters": [
                {"type": "text", "parameter_name": "name", "text": "Ana"},
                {"type": "text", "parameter_name": "thing", "text": "jacket"},
            ]},
            {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text", "text": "7"}]},
        ])
    );
}

#[test]
fn every_header_is_said_as_what_it_is() {
    for (kind, expected) in [
        (MediaKind::Image, json!({"type": "image", "image": {"id": MEDIA_ID}})),
        (MediaKind::Video, json!({"type": "video", "video": {"id": MEDIA_ID}})),
        (
            MediaKind::Document,
            json!({"type": "document", "document": {"id": MEDIA_ID, "filename": "bill.pdf"}}),
        ),
    ] {
        let template = Template { header: Some(TemplateHeader::Media { kind }), ..plain() };
        let value = SlotValue::Media { attachment: file(), file_name: Some("bill.pdf".to_owned()) };
        let header = json!([{"type": "header", "parameters": [expected]}]);
        assert_eq!(sent(&template, &[("header.media", value)]), header);
    }
    let place = SlotValue::Location {
        latitude: 37.483_307,
        longitude: -122.148_981,
        name: "Pablo Morales".to_owned(),
        address: "1 Hacker Way, Menlo Park, CA 94025".to_owned(),
    };
    let template = Template { header: Some(TemplateHeader::Location), ..plain() };
    assert_eq!(
        sent(&template, &[("header.location", place)]),
        json!([{"type": "header", "parameters": [{"type": "location", "location": {"latitude": "37.483307",
            "longitude": "-122.148981", "name": "Pablo Morales", "address": "1 Hacker Way, Menlo Park, CA 94025"}}]}])
    );
    let product = SlotValue::Products {
        catalog: Some("194836987003835".to_owned()),
        products: vec!["di9ozbzfi4".to_owned()],
    };
    let spm = TemplateButton::SingleProduct { text: "View".to_owned() };
    let template = Template { header: Some(TemplateHeader::Product), buttons: vec![spm], ..plain() };
    assert_eq!(
        sent(&template, &[("header.product", product)]),
        json!([{"type": "header", "parameters": [{"type": "product", "product":
            {"product_retailer_id": "di9ozbzfi4", "catalog_id": "194836987003835"}}]}])
    );
}

#[test]
fn buttons_are_called_by_their_places() {
    let template = Template {
        buttons: vec![
            TemplateButton::QuickReply { text: "No".to_owned() },
            TemplateButton::Flow { text: "Book".to_owned() },
            TemplateButton::CopyCode { text: String::new(), example: None },
            TemplateButton::MultiProduct { text: "View items of this very week".to_owned() },
        ],
        ..plain()
    };
    let products = SlotValue::Products { catalog: None, products: vec!["a1".to_owned(), "b2".to_owned()] };
    assert_eq!(
        sent(&template, &[("button.2", text("25OFF")), ("button.3", products)]),
        json!([
            {"type": "button", "sub_type": "quick_reply", "index": "0",
                "parameters": [{"type": "payload", "payload": "button.0"}]},
            {"type": "button", "sub_type": "flow", "index": "1",
                "parameters": [{"type": "action", "action": {"flow_token": "msg_1:1"}}]},
            {"type": "button", "sub_type": "copy_code", "index": "2",
                "parameters": [{"type": "coupon_code", "coupon_code": "25OFF"}]},
            {"type": "button", "sub_type": "mpm", "index": "3", "parameters": [{"type": "action", "action": {
                "thumbnail_product_retailer_id": "a1",
                "sections": [{"title": "View items of this very ",
                    "product_items": [{"product_retailer_id": "a1"}, {"product_retailer_id": "b2"}]}]}}]},
        ])
    );
    for otp in [OtpKind::CopyCode, OtpKind::OneTap, OtpKind::ZeroTap] {
        let template = Template {
            body: marked("*{{1}}* is your verification code."),
            buttons: vec![TemplateButton::Otp { text: "Copy".to_owned(), otp }],
            ..plain()
        };
        let code = json!([{"type": "text", "text": "J$FpnYnP"}]);
        assert_eq!(
            sent(&template, &[("body.1", text("J$FpnYnP"))]),
            json!([{"type": "body", "parameters": code},
                {"type": "button", "sub_type": "url", "index": "0", "parameters": code}])
        );
    }
}

#[test]
fn an_offer_says_when_it_ends_if_it_does() {
    let at = DateTime::from_timestamp_millis(1_698_562_800_000).expect("a time");
    let offer = |expires| Some(TemplateOffer { text: "Hurry".to_owned(), expires });
    let ends = Template { offer: offer(true), ..plain() };
    assert_eq!(
        sent(&ends, &[("offer.expires", SlotValue::Expires { at })]),
        json!([{"type": "limited_time_offer", "parameters": [{"type": "limited_time_offer",
            "limited_time_offer": {"expiration_time_ms": 1_698_562_800_000_i64}}]}])
    );
    assert_eq!(sent(&Template { offer: offer(false), ..plain() }, &[]), Value::Null);
}

#[test]
fn each_card_says_what_is_filled_into_it() {
    let card = |body: Option<Marked>| TemplateCard {
        header: Some(TemplateHeader::Media { kind: MediaKind::Image }),
        body,
        buttons: vec![
            TemplateButton::QuickReply { text: "More".to_owned() },
            TemplateButton::Url {
                text: "Look".to_owned(),
                url: "https://a.example/{{1}}".to_owned(),
                example: None,
            },
        ],
    };
    let template = Template {
        body: marked("Hi {{1}}"),
        cards: vec![card(Some(marked("{{1}}"))), card(None)],
        ..plain()
    };
    let picture = SlotValue::Media { attachment: file(), file_name: None };
    let values = [
        ("body.1", text("Ana")),
        ("card.0.header.media", picture.clone()),
        ("card.0.body.1", text("$9")),
        ("card.0.button.1", text("one")),
        ("card.1.header.media", picture),
        ("card.1.button.1", text("two")),
    ];
    let header = json!({"type": "header", "parameters": [{"type": "image", "image": {"id": MEDIA_ID}}]});
    let look = |suffix: &str| json!({"type": "button", "sub_type": "url", "index": "1", "parameters": [{"type": "text", "text": suffix}]});
    let body = |words: &str| json!({"type": "body", "parameters": [{"type": "text", "text": words}]});
    let more = |payload: &str| json!({"type": "button", "sub_type": "quick_reply", "index": "0", "parameters": [{"type": "payload", "payload": payload}]});
    assert_eq!(
        sent(&template, &values),
        json!([
            body("Ana"),
            {"type": "carousel", "cards": [
                {"card_index": 0, "components": [header, body("$9"), more("card.0.button.0"), look("one")]},
                {"card_index": 1, "components": [header, more("card.1.button.0"), look("two")]},
            ]},
        ])
    );
}
