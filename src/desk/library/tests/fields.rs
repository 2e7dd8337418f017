//! What field codes stand for.

use chrono::{DateTime, TimeZone as _, Utc};
use waxwing_protocol::{
    contact::{ContactAttribute, ContactDetail, DetailKind},
    interaction::CaseDatum,
};

use super::super::fields::{Fields, Writing, filled};
use crate::desk::tests::{agent, pending};

/// Writes as a machine does.
struct Plain;

impl Writing for Plain {
    fn date(&self, at: DateTime<Utc>) -> String {
        at.format("%F").to_string()
    }

    fn time(&self, at: DateTime<Utc>) -> String {
        at.format("%R").to_string()
    }

    fn in_form(&self, at: DateTime<Utc>, form: &str) -> Option<String> {
        (form == "dd.MM.yyyy").then(|| at.format("%d.%m.%Y").to_string())
    }
}

fn fill(text: &str) -> String {
    let mut interaction = pending(1, 5);
    interaction.contact.profile_name = Some("  Masha  Petrovna Ivanova ".to_owned());
    interaction.contact.whatsapp.phone = Some("16505551234".to_owned());
    interaction.contact.user_name = None;
    let detail = |value: &str, name: Option<&str>| ContactDetail {
        kind: DetailKind::Email,
        value: value.to_owned(),
        name: name.map(str::to_owned),
    };
    interaction.contact.details =
        vec![detail("boss@example.com", Some("The boss")), detail("masha@example.com", None)];
    let attribute =
        |key: &str, value: &str| ContactAttribute { key: key.to_owned(), value: value.to_owned() };
    interaction.contact.attributes = vec![attribute("Segment", "Gold"), attribute("FirstName", "Maria")];
    let datum = |key: &str, value: &str| CaseDatum { key: key.to_owned(), value: value.to_owned() };
    interaction.case_data = vec![datum("Order no", "48213"), datum("Empty", "  ")];
    interaction.created_at = Utc.with_ymd_and_hms(2026, 5, 13, 16, 55, 0).unwrap();
    let now = Utc.with_ymd_and_hms(2026, 5, 14, 9, 5, 0).unwrap();
    let agent = agent();
    filled(text, &Fields { interaction: &interaction, agent: Some(&agent), now, writing: &Plain })
}

#[test]
fn each_code_has_its_value() {
    for (code, value) in [
        ("Contact.FirstName", "Masha"),
        ("Contact.LastName", "Ivanova"),
        ("Contact.FullName", "Masha Petrovna Ivanova"),
        ("contact.phonenumber", "+16505551234"),
        ("Contact.EmailAddress", "masha@example.com"),
        ("Contact.segment", "Gold"),
        ("Interaction.AttachedData(\"order NO\")", "48213"),
        ("Interaction.DateCreated", "2026-05-13"),
        ("Interaction.DateCreated(\"dd.MM.yyyy\")", "13.05.2026"),
        ("Interaction.TimeCreated", "16:55"),
        ("Interaction.Date", "2026-05-14"),
        ("Interaction.Time", "09:05"),
        ("Agent.UserName", agent().user_name.as_str()),
        ("Agent.FullName", agent().display_name.as_str()),
    ] {
        assert_eq!(fill(&format!("<${code}$>")), value, "{code}");
    }
    assert_eq!(fill("<$ Contact . FirstName $>!"), "Masha!");
}

#[test]
fn what_is_not_known_or_empty_becomes_a_blank() {
    assert_eq!(fill("<$Contact.UserName$>"), "{{Contact.UserName}}");
    assert_eq!(fill("<$Contact.Shoes$>"), "{{Contact.Shoes}}");
    assert_eq!(fill("<$Weather.Today$>"), "{{Weather.Today}}");
    assert_eq!(fill("<$Interaction.AttachedData(\"Empty\")$>"), "{{Empty}}");
    assert_eq!(fill("<$Interaction.AttachedData(\"Segment\")$>"), "{{Segment}}");
    assert_eq!(fill("<$Interaction.Date(\"no such form\")$>"), "{{Interaction.Date}}");
}
