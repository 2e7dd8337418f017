//! The library, templates and notifications, and the calls that carry them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    api::OutgoingBody,
    id::{AttachmentId, CategoryId, ResponseId, TemplateId},
    library::{
        ExportQuery, Favourites, ImportQuery, ImportReport, LibraryForm, LibraryPage, LibraryQuery,
        PutCategory, PutResponse, RejectedRow, ResponseUsage, Usage, Versions,
    },
    message::MediaKind,
    notification::{Notification, fill},
    response::{Category, Prefilled, ResponseContent, ResponseFile, StandardResponse},
    slot::{Slot, SlotValue, SlotValues},
    template::{
        Example, Marked, OtpKind, ParameterFormat, Template, TemplateButton, TemplateCard, TemplateCategory,
        TemplateHeader, TemplateOffer, TemplateQuality, TemplateStatus,
    },
};

use super::{agent, at, golden, number};

fn attachment() -> AttachmentId {
    AttachmentId::new(at(0), [9; 10])
}

fn marked(text: &str, mark: &str, example: &str) -> Marked {
    let example = Example { mark: mark.to_owned(), example: example.to_owned() };
    Marked { text: text.to_owned(), examples: vec![example] }
}

fn buttons() -> Vec<TemplateButton> {
    let text = "Words".to_owned();
    vec![
        TemplateButton::QuickReply { text: text.clone() },
        TemplateButton::Url {
            text: text.clone(),
            url: "https://shop.example/t/{{1}}".to_owned(),
            example: Some("https://shop.example/t/7".to_owned()),
        },
        TemplateButton::PhoneNumber { text: text.clone(), phone_number: "+15550100001".to_owned() },
        TemplateButton::CopyCode { text: String::new(), example: Some("SUMMER20".to_owned()) },
        TemplateButton::Otp { text: text.clone(), otp: OtpKind::OneTap },
        TemplateButton::Flow { text: text.clone() },
        TemplateButton::Catalog { text: text.clone() },
        TemplateButton::MultiProduct { text: text.clone() },
        TemplateButton::SingleProduct { text: text.clone() },
        TemplateButton::VoiceCall { text: text.clone() },
        TemplateButton::RequestContactInfo { text },
    ]
}

fn template() -> Template {
    Template {
        id: TemplateId::new(at(0), [11; 10]),
        name: "order_sent".to_owned(),
        language: "en_US".to_owned(),
        status: TemplateStatus::Approved,
        reason: Some("INVALID_FORMAT".to_owned()),
        category: TemplateCategory::Utility,
        quality: TemplateQuality::Yellow,
        parameter_format: ParameterFormat::Named,
        header: Some(TemplateHeader::Text(marked("For {{name}}", "name", "Pablo"))),
        body: marked("Your {{thing}} is on its way.", "thing", "order"),
        footer: Some("The shop".to_owned()),
        offer: Some(TemplateOffer { text: "25% off".to_owned(), expires: true }),
        buttons: buttons(),
        cards: vec![TemplateCard {
            header: Some(TemplateHeader::Media { kind: MediaKind::Image }),
            body: Some(marked("Only {{1}}", "1", "$9")),
            buttons: vec![TemplateButton::QuickReply { text: "More".to_owned() }],
        }],
        unknown_parts: vec!["HOLOGRAM".to_owned()],
        numbers: vec![number().id],
    }
}

fn bare_template() -> Template {
    Template {
        status: TemplateStatus::Rejected,
        reason: None,
        quality: TemplateQuality::Unknown,
        parameter_format: ParameterFormat::Positional,
        header: Some(TemplateHeader::Location),
        footer: None,
        offer: None,
        buttons: Vec::new(),
        cards: Vec::new(),
        unknown_parts: Vec::new(),
        numbers: Vec::new(),
        ..template()
    }
}

fn values() -> SlotValues {
    let products = SlotValue::Products { catalog: Some("c".to_owned()), products: vec!["p".to_owned()] };
    let values: [(&str, SlotValue); 8] = [
        ("header.{name}", SlotValue::text("Masha")),
        ("offer.expires", SlotValue::Expires { at: at(100) }),
        ("body.thing", SlotValue::DateTime { fallback: "order of Monday".to_owned() }),
        ("button.1", SlotValue::text("48213")),
        ("button.3", SlotValue::text("SUMMER20")),
        ("button.7", products),
        (
            "card.0.header.media",
            SlotValue::Media { attachment: attachment(), file_name: Some("a.jpg".to_owned()) },
        ),
        (
            "card.0.body.1",
            SlotValue::Currency { fallback: "$9".to_owned(), code: "USD".to_owned(), amount_1000: 9000 },
        ),
    ];
    values.into_iter().map(|(slot, value)| (slot.parse::<Slot>().expect("a slot"), value)).collect()
}

pub(super) fn notification() -> Notification {
    fill(&template(), &values(), at(0)).expect("filled in")
}

fn response() -> StandardResponse {
    let file = ResponseFile {
        attachment: attachment(),
        kind: MediaKind::Document,
        file_name: "refund-policy.pdf".to_owned(),
        size_bytes: 92_000,
        caption: Some("For <$Contact.FullName$>".to_owned()),
        about: None,
    };
    StandardResponse {
        id: ResponseId::new(at(0), [10; 10]),
        content: ResponseContent {
            category: Some(CategoryId::new(at(0), [12; 10])),
            name: "Delivery today".to_owned(),
            shortcut: Some("dt".to_owned()),
            language: Some("en".to_owned()),
            body: "Thank you, <$Contact.FirstName$>. Before {{time}}.".to_owned(),
            files: vec![file],
            notification: Some(Prefilled {
                name: "order_sent".to_owned(),
                language: "en_US".to_owned(),
                values: values(),
            }),
            active: true,
            starts_at: Some(at(1)),
            expires_at: Some(at(2)),
            owner: Some(agent().id),
        },
        version: 3,
        changed_at: at(3),
        changed_by: "Masha".to_owned(),
    }
}

fn bare_content() -> ResponseContent {
    ResponseContent { name: "Hello".to_owned(), body: "Hello".to_owned(), ..ResponseContent::default() }
}

fn a_location() -> SlotValues {
    let place = SlotValue::Location {
        latitude: 52.0907,
        longitude: 5.1214,
        name: "Domtoren".to_owned(),
        address: "Domplein 9".to_owned(),
    };
    BTreeMap::from([("header.location".parse().expect("a slot"), place)])
}

#[test]
fn responses_and_templates() {
    let bare = StandardResponse { content: bare_content(), ..response() };
    golden("response", &[response(), bare]);
    golden("template", &[template(), bare_template()]);
    golden(
        "send_notification",
        &[
            OutgoingBody::Notification { template: template().id, values: values() },
            OutgoingBody::Notification { template: template().id, values: a_location() },
        ],
    );
}

#[test]
fn the_library_and_its_calls() {
    let category =
        |parent| Category { id: CategoryId::new(at(0), [12; 10]), parent, name: "Orders".to_owned() };
    let parent = Some(CategoryId::new(at(0), [13; 10]));
    golden(
        "library_query",
        &[LibraryQuery { after: 7, epoch: Some(9) }, LibraryQuery { after: 0, epoch: None }],
    );
    golden(
        "library_page",
        &[
            LibraryPage {
                epoch: 9,
                whole: true,
                categories: vec![category(None), category(parent)],
                categories_removed: vec![CategoryId::new(at(0), [14; 10])],
                responses: vec![response()],
                responses_removed: vec![ResponseId::new(at(0), [15; 10])],
                templates: vec![bare_template()],
                templates_removed: vec![TemplateId::new(at(0), [16; 10])],
                favourites: vec![response().id],
                recent: vec![response().id],
                next: 8,
                more: true,
            },
            LibraryPage { epoch: 9, next: 8, ..LibraryPage::default() },
        ],
    );
    golden("put_category", &[PutCategory { parent, name: "Delivery".to_owned() }]);
    golden("put_response", &[PutResponse { based_on: 2, content: response().content }]);
    golden("versions", &[Versions { versions: vec![response()] }]);
    golden("favourites", &[Favourites { responses: vec![response().id] }]);
    let used: DateTime<Utc> = at(4);
    let usage = ResponseUsage { response: response().id, uses: 12, agents: 3, last_used_at: used };
    golden("usage", &[Usage { responses: vec![usage] }]);
    golden("import_query", &[ImportQuery { form: LibraryForm::Csv, dry_run: true, skip_rejected: false }]);
    golden(
        "export_query",
        &[LibraryForm::Csv, LibraryForm::Json, LibraryForm::Toml].map(|form| ExportQuery { form }),
    );
    let rejected = RejectedRow { row: 3, name: "Hello".to_owned(), reason: "It has no text.".to_owned() };
    golden(
        "import_report",
        &[ImportReport { done: false, added: 1, changed: 2, unchanged: 3, rejected: vec![rejected] }],
    );
}
