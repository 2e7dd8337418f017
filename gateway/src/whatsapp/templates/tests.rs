//! Every component and every button, by position and by name, in all the ways in which WhatsApp writes them.

use std::fs;

use chrono::DateTime;
use proptest::prelude::*;
use serde_json::json;
use waxwing_protocol::template::OtpKind;

use super::*;

fn id() -> TemplateId {
    TemplateId::new(DateTime::UNIX_EPOCH, [7; 10])
}

fn listed(object: Value) -> Template {
    Listed::new(object).expect("has name and language").template(id(), Vec::new())
}

/// A template of these components.
fn with(components: &Value) -> Template {
    listed(
        json!({"name": "t", "language": "en", "status": "APPROVED", "category": "UTILITY", "components": components}),
    )
}

fn examples(marked: &Marked) -> Vec<(&str, &str)> {
    marked.examples.iter().map(|one| (one.mark.as_str(), one.example.as_str())).collect()
}

fn button(button: &Value) -> TemplateButton {
    let mut buttons = with(&json!([{"type": "BUTTONS", "buttons": [button]}])).buttons;
    buttons.pop().expect("a button")
}

#[test]
fn the_published_sample_is_read_whole() {
    let template = listed(
        json!({"name": "reservation_confirmation", "parameter_format": "NAMED", "components": [
        {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["https://scontent.whatsapp.net/v/t61"]}},
        {"type": "BODY", "text": "Your table for {{number_of_guests}} on {{day}}.", "example": {"body_text_named_params": [
            {"param_name": "number_of_guests", "example": "4"}, {"param_name": "day", "example": "Saturday"}]}},
        {"type": "FOOTER", "text": "Lucky Shrub"},
        {"type": "BUTTONS", "buttons": [
            {"type": "URL", "text": "Change", "url": "https://www.luckyshrubeater.com/reservations"},
            {"type": "PHONE_NUMBER", "text": "Call us", "phone_number": "+16467043595"},
            {"type": "QUICK_REPLY", "text": "Cancel"}]}],
        "language": "en_US", "status": "APPROVED", "category": "UTILITY", "id": "1387372356726668",
        "quality_score": {"score": "YELLOW", "date": 1}, "rejected_reason": "NONE"}),
    );
    assert_eq!((template.name.as_str(), template.language.as_str()), ("reservation_confirmation", "en_US"));
    assert_eq!((template.status, template.reason.clone()), (TemplateStatus::Approved, None));
    assert_eq!((template.category, template.quality), (TemplateCategory::Utility, TemplateQuality::Yellow));
    assert_eq!(template.parameter_format, ParameterFormat::Named);
    assert_eq!(template.header, Some(TemplateHeader::Media { kind: MediaKind::Image }));
    assert_eq!(examples(&template.body), [("number_of_guests", "4"), ("day", "Saturday")]);
    assert_eq!(template.footer.as_deref(), Some("Lucky Shrub"));
    assert_eq!(template.buttons.len(), 3);
    assert_eq!(template.why_not(), None);
}

#[test]
fn examples_are_read_in_every_form() {
    for body_text in [json!([["Ana", "7"]]), json!(["Ana", "7"]), json!([["Ana", 7], ["Bob", 8]])] {
        let template = with(&json!([
            {"type": "header", "format": "text", "text": "For {{1}}", "example": {"header_text": ["Ana"]}},
            {"type": "body", "text": "{{2}}, {{1}}, {{1}}", "example": {"body_text": body_text}},
        ]));
        assert_eq!(examples(&template.body), [("1", "Ana"), ("2", "7")], "{body_text}");
        let Some(TemplateHeader::Text(header)) = &template.header else { panic!("{template:?}") };
        assert_eq!(examples(header), [("1", "Ana")]);
        assert_eq!(template.parameter_format, ParameterFormat::Positional);
    }
    let one =
        with(&json!([{"type": "HEADER", "text": "For {{name}}", "example": {"header_text_named_params":
        [{"param_name": "name", "example": "Ana"}, {"param_name": "x"}]}}]));
    assert_eq!(one.parameter_format, ParameterFormat::Named, "though it does not say so");
    let Some(TemplateHeader::Text(header)) = &one.header else { panic!("{one:?}") };
    assert_eq!(examples(header), [("name", "Ana")]);
    for odd in [json!(null), json!("Ana"), json!([]), json!([[[["Ana"]]]]), json!([{}]), json!(7)] {
        with(&json!([{"type": "BODY", "text": "{{1}}", "example": {"body_text": odd}}]));
        with(&json!([{"type": "BODY", "text": "{{1}}", "example": odd}]));
    }
}

#[test]
fn every_header_is_known_or_said_to_be_unknown() {
    for (format, header) in [
        ("IMAGE", TemplateHeader::Media { kind: MediaKind::Image }),
        ("video", TemplateHeader::Media { kind: MediaKind::Video }),
        ("DOCUMENT", TemplateHeader::Media { kind: MediaKind::Document }),
        ("LOCATION", TemplateHeader::Location),
        ("PRODUCT", TemplateHeader::Product),
        ("GIF", TemplateHeader::Unknown),
        ("HOLOGRAM", TemplateHeader::Unknown),
    ] {
        let template = with(&json!([{"type": "HEADER", "format": format}, {"type": "BODY", "text": "x"}]));
        assert_eq!(template.header.as_ref(), Some(&header));
        assert_eq!(template.why_not().is_some(), header == TemplateHeader::Unknown);
    }
}

#[test]
fn every_button_is_known_or_stays_in_its_place() {
    let text = || "Go".to_owned();
    for (given, expected) in [
        (json!({"type": "QUICK_REPLY", "text": "Go"}), TemplateButton::QuickReply { text: text() }),
        (
            json!({"type": "URL", "text": "Go", "url": "https://a.example/{{1}}", "example": ["https://a.example/7"]}),
            TemplateButton::Url {
                text: text(),
                url: "https://a.example/{{1}}".to_owned(),
                example: Some("https://a.example/7".to_owned()),
            },
        ),
        (
            json!({"type": "url", "text": "Go", "url": "https://a.example"}),
            TemplateButton::Url { text: text(), url: "https://a.example".to_owned(), example: None },
        ),
        (
            json!({"type": "PHONE_NUMBER", "text": "Go", "phone_number": "+1555"}),
            TemplateButton::PhoneNumber { text: text(), phone_number: "+1555".to_owned() },
        ),
        (
            json!({"type": "COPY_CODE", "example": ["SUMMER20"]}),
            TemplateButton::CopyCode { text: String::new(), example: Some("SUMMER20".to_owned()) },
        ),
        (
            json!({"type": "COPY_CODE", "text": "Go", "example": "SUMMER20"}),
            TemplateButton::CopyCode { text: text(), example: Some("SUMMER20".to_owned()) },
        ),
        (
            json!({"type": "OTP", "otp_type": "ONE_TAP", "text": "Go"}),
            TemplateButton::Otp { text: text(), otp: OtpKind::OneTap },
        ),
        (json!({"type": "OTP", "text": "Go"}), TemplateButton::Otp { text: text(), otp: OtpKind::Unknown }),
        (json!({"type": "FLOW", "text": "Go", "flow_id": 7}), TemplateButton::Flow { text: text() }),
        (json!({"type": "CATALOG", "text": "Go"}), TemplateButton::Catalog { text: text() }),
        (json!({"type": "MPM", "text": "Go"}), TemplateButton::MultiProduct { text: text() }),
        (json!({"type": "SPM", "text": "Go"}), TemplateButton::SingleProduct { text: text() }),
        (json!({"type": "VOICE_CALL", "text": "Go"}), TemplateButton::VoiceCall { text: text() }),
        (
            json!({"type": "REQUEST_CONTACT_INFO", "text": "Go"}),
            TemplateButton::RequestContactInfo { text: text() },
        ),
        (json!({"type": "TELEPORT", "text": "Go"}), TemplateButton::Unknown),
        (json!(7), TemplateButton::Unknown),
    ] {
        assert_eq!(button(&given), expected, "{given}");
    }
}

#[test]
fn a_one_time_code_has_whatsapps_own_words() {
    let code = |components: Value| {
        listed(
            json!({"name": "code", "language": "en-US", "status": "APPROVED", "category": "AUTHENTICATION",
            "components": components}),
        )
    };
    let url = "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code_expiration_minutes=5&code=otp{{1}}";
    let template = code(json!([
        {"type": "BODY", "add_security_recommendation": true},
        {"type": "FOOTER", "code_expiration_minutes": 5},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Copy code", "url": url, "example": [url]}]},
    ]));
    assert_eq!(template.language, "en_US");
    let words = "*{{1}}* is your verification code. For your security, do not share this code.";
    assert_eq!(template.body.text, words);
    assert_eq!(template.footer.as_deref(), Some("This code expires in 5 minutes."));
    let otp = TemplateButton::Otp { text: "Copy code".to_owned(), otp: OtpKind::CopyCode };
    assert_eq!(template.buttons, [otp]);
    let own = code(json!([{"type": "BODY", "text": "Seu código é {{1}}"}, {"type": "FOOTER"}]));
    assert_eq!((own.body.text.as_str(), own.footer), ("Seu código é {{1}}", None));
}

#[test]
fn cards_and_offers_are_read_and_what_is_new_is_named() {
    let card = |kind: &str| {
        json!({"components": [
            {"type": "HEADER", "format": kind},
            {"type": "BODY", "text": "Only {{1}}", "example": {"body_text": [["$9"]]}},
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "More"}]},
            {"type": "SPARKLES"},
        ]})
    };
    let template = with(&json!([
        {"type": "BODY", "text": "New"},
        {"type": "CAROUSEL", "cards": [card("IMAGE"), card("VIDEO")]},
        {"type": "LIMITED_TIME_OFFER", "limited_time_offer": {"text": "Hurry", "has_expiration": true}},
        {"type": "CALL_PERMISSION_REQUEST"},
    ]));
    assert_eq!(template.cards.len(), 2);
    assert_eq!(template.cards[1].header, Some(TemplateHeader::Media { kind: MediaKind::Video }));
    assert_eq!(template.cards[0].body.as_ref().map(examples), Some(vec![("1", "$9")]));
    assert_eq!(template.offer, Some(TemplateOffer { text: "Hurry".to_owned(), expires: true }));
    assert_eq!(template.unknown_parts, ["CAROUSEL.SPARKLES", "CAROUSEL.SPARKLES", "CALL_PERMISSION_REQUEST"]);
    assert!(template.why_not().is_some());
}

#[test]
fn every_status_and_quality_is_read_in_either_case() {
    for (word, status) in [
        ("APPROVED", TemplateStatus::Approved),
        ("pending", TemplateStatus::Pending),
        ("REJECTED", TemplateStatus::Rejected),
        ("PAUSED", TemplateStatus::Paused),
        ("DISABLED", TemplateStatus::Disabled),
        ("IN_APPEAL", TemplateStatus::InAppeal),
        ("PENDING_DELETION", TemplateStatus::PendingDeletion),
        ("DELETED", TemplateStatus::Deleted),
        ("LIMIT_EXCEEDED", TemplateStatus::LimitExceeded),
        ("ARCHIVED", TemplateStatus::Archived),
        ("SLEEPING", TemplateStatus::Unknown),
    ] {
        let template = listed(json!({"name": "t", "language": "en", "status": word, "quality_score": "RED",
            "rejected_reason": "SCAM", "id": 9_007_199_254_740_993_u64}));
        assert_eq!((template.status, template.quality), (status, TemplateQuality::Red));
        assert_eq!(template.reason.as_deref(), Some("SCAM"));
    }
    let whatsapp_id =
        |id: Value| Listed::new(json!({"name": "t", "language": "en", "id": id})).and_then(|l| l.whatsapp_id);
    assert_eq!(whatsapp_id(json!(9_007_199_254_740_993_u64)), whatsapp_id(json!("9007199254740993")));
    for nameless in
        [json!({"language": "en"}), json!({"name": "t"}), json!({"name": "", "language": "en"}), json!(7)]
    {
        assert_eq!(Listed::new(nameless), None);
    }
}

#[test]
fn news_are_read_by_what_is_in_them() {
    let news = |value: Value| {
        let mut value = value;
        value["message_template_name"] = json!("t");
        value["message_template_language"] = json!("en-US");
        let news = read_news("900", &value).expect("names a template");
        assert_eq!(
            (news.account.as_str(), news.name.as_str(), news.language.as_str()),
            ("900", "t", "en_US")
        );
        news.change
    };
    let status =
        |status, reason: Option<&str>| TemplateChange::Status { status, reason: reason.map(str::to_owned) };
    for (value, change) in [
        (json!({"event": "APPROVED", "reason": "NONE"}), status(TemplateStatus::Approved, None)),
        (json!({"event": "REINSTATED", "reason": null}), status(TemplateStatus::Approved, None)),
        (json!({"event": "PENDING_DELETION"}), status(TemplateStatus::PendingDeletion, None)),
        (
            json!({"event": "REJECTED", "reason": "INVALID_FORMAT", "rejection_info": {"reason": "Two marks together."}}),
            status(TemplateStatus::Rejected, Some("Two marks together.")),
        ),
        (json!({"event": "REJECTED", "reason": "SCAM"}), status(TemplateStatus::Rejected, Some("SCAM"))),
        (json!({"event": "FLAGGED"}), TemplateChange::Other),
        (json!({}), TemplateChange::Other),
        (
            json!({"previous_quality_score": "GREEN", "new_quality_score": "YELLOW"}),
            TemplateChange::Quality(TemplateQuality::Yellow),
        ),
        (
            json!({"new_category": "MARKETING", "category_update_timestamp": 1}),
            TemplateChange::Category(TemplateCategory::Marketing),
        ),
        (
            json!({"message_template_element": "Hi {{1}}", "message_template_title": "Hi"}),
            TemplateChange::Words {
                header: Some("Hi".to_owned()),
                body: "Hi {{1}}".to_owned(),
                footer: None,
            },
        ),
    ] {
        assert_eq!(news(value.clone()), change, "{value}");
    }
}

/// The published examples lie beside the checkout where somebody has put them there; our own are enough without.
#[test]
fn the_published_templates_are_all_understood() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/fixtures/whatsapp");
    let Ok(folders) = fs::read_dir(folder) else { return };
    let folders = folders.map(|entry| entry.expect("a folder").path());
    let files = folders
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("template_")));
    let mut read = 0;
    for file in files.flat_map(|path| fs::read_dir(path).expect("a folder")) {
        let path = file.expect("a file").path();
        let object: Value = serde_json::from_slice(&fs::read(&path).expect("reads")).expect("JSON");
        let templates = match object.get("data").and_then(Value::as_array) {
            Some(list) => list.clone(),
            None => vec![object],
        };
        for mut template in templates.into_iter().filter(|template| template.get("components").is_some()) {
            for (key, missing) in [("name", "t"), ("language", "en"), ("status", "APPROVED")] {
                if template.get(key).is_none() {
                    template[key] = json!(missing);
                }
            }
            let template = listed(template);
            assert_eq!(template.unknown_parts, Vec::<String>::new(), "{}", path.display());
            assert_eq!(template.why_not(), None, "{}", path.display());
            assert!(!template.body.text.is_empty(), "{}", path.display());
            read += 1;
        }
    }
    assert!(read > 10, "{read}");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(vec![
            "HEADER",
            "BODY",
            "BUTTONS",
            "URL",
            "TEXT",
            "CAROUSEL",
            "{{1}} {{a}}",
            "MPM"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        let keys = prop::sample::select(vec![
            "type",
            "format",
            "text",
            "buttons",
            "cards",
            "components",
            "example",
            "body_text",
            "url",
            "limited_time_offer",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((keys, inner), 0..5)
                .prop_map(|pairs| pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn no_list_panics(components in any_json()) {
        let template = with(&components);
        let _words = template.body.marks();
        let _news = read_news("900", &components);
    }
}
