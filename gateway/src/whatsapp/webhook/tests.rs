//! Hostile and broken bodies: nothing panics, and no element takes its neighbours along.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn envelope(field: &str, value: &Value) -> Vec<u8> {
    json!({"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{"field": field, "value": value}]}]})
        .to_string()
        .into_bytes()
}

#[test]
fn a_bad_element_never_drops_its_neighbours() {
    let body = envelope(
        "messages",
        &json!({
            "metadata": {"phone_number_id": "100"},
            "messages": [
                null, 7, [], {}, {"type": {}}, {"type": "text", "text": "no object"},
                {"from": "1", "id": "wamid.ok", "timestamp": "1", "type": "text", "text": {"body": "here"}},
            ],
            "statuses": [null, {"id": 3}, {"id": "wamid.out", "status": "sent", "timestamp": "2"}],
            "errors": [{"code": 4}, null],
        }),
    );
    let elements = read(&body).expect("an envelope");
    assert_eq!(elements.len(), 7 + 3 + 2);
    assert!(elements.iter().all(|inbound| inbound.phone_number_id.as_deref() == Some("100")));
    let ok = elements
        .iter()
        .any(|inbound| matches!(&inbound.element, Element::Message(message) if message.wamid == "wamid.ok"));
    assert!(ok);
    let sent = elements.iter().any(|inbound| {
        matches!(&inbound.element, Element::Status(status) if status.delivery == Some(Delivery::Sent))
    });
    assert!(sent);
}

#[test]
fn unknown_and_misplaced_fields_are_told_and_nothing_else() {
    for (field, value) in [
        (
            "message_template_status_update",
            json!({"message_template_id": 9_007_199_254_740_993_u64, "reason": null, "message_template_language": "en_US"}),
        ),
        ("tomorrow", json!({"metadata": {"phone_number_id": "100"}})),
        ("messages", json!({})),
    ] {
        let elements = read(&envelope(field, &value)).expect("an envelope");
        assert!(matches!(&elements[..], [Inbound { element: Element::Other { .. }, .. }]), "{elements:?}");
    }
    let misplaced = br#"{"object":"whatsapp_business_account","entry":[{"changes":[{"value":null},null]}]}"#;
    assert_eq!(read(misplaced).map(|elements| elements.len()), Ok(2));
}

#[test]
fn what_is_no_envelope_is_said_to_be_none() {
    for body in ["", "null", "[]", "{}", "{\"object\":\"page\"}", "\u{feff}{}", "{\"object\":"] {
        assert_eq!(read(body.as_bytes()), Err(NotAnEnvelope), "{body}");
    }
    let deep = "[".repeat(100_000);
    assert_eq!(read(deep.as_bytes()), Err(NotAnEnvelope));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop::sample::select(vec![
            "text",
            "image",
            "order",
            "system",
            "reaction",
            "edit",
            "interactive",
            "user_changed_number",
            "nfm_reply",
            "failed",
            "1749416383"
        ])
        .prop_map(Value::from),
    ];
    let key = prop::sample::select(vec![
        "id",
        "from",
        "from_user_id",
        "timestamp",
        "type",
        "text",
        "body",
        "image",
        "reaction",
        "message_id",
        "emoji",
        "interactive",
        "nfm_reply",
        "response_json",
        "order",
        "product_items",
        "system",
        "wa_id",
        "user_id",
        "context",
        "errors",
        "code",
        "status",
        "location",
        "latitude",
        "contacts",
        "phones",
        "edit",
        "message",
        "referral",
        "name",
    ]);
    leaf.prop_recursive(5, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(key.clone().prop_map(str::to_owned), inner, 0..8)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(read(&bytes).is_err() || !bytes.is_empty());
    }

    #[test]
    fn every_element_comes_out_whatever_it_is(
        messages in prop::collection::vec(any_json(), 0..5),
        statuses in prop::collection::vec(any_json(), 0..5),
        contacts in any_json(),
    ) {
        let expected = (messages.len() + statuses.len()).max(1);
        let value = json!({"contacts": contacts, "messages": messages, "statuses": statuses});
        let elements = read(&envelope("messages", &value)).expect("an envelope");
        prop_assert_eq!(elements.len(), expected);
    }
}
