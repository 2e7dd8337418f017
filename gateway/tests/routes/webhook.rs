//! What WhatsApp posts: proof, sizes, repetition, and every kind of element.

use std::{collections::BTreeSet, fs, path::Path};

use reqwest::StatusCode;
use serde_json::json;
use tokio::task::JoinSet;

use waxwing_protocol::message::Body;

use crate::support::{Gateway, PHONE_NUMBER_ID, envelope, signature_of, text};

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/webhook");

/// Each fixture, and what an agent reads after it came.
const READS: &[(&str, &[&str])] = &[
    ("audio_file", &["[Sound file]"]),
    ("audio_voice", &["[Voice message]"]),
    ("bad_neighbours", &["I am fine", "[WhatsApp message of a kind Waxwing does not know: text]"]),
    ("button", &["Unsubscribe"]),
    ("button_without_context", &["stop"]),
    ("contacts", &["[Contact card] Piet Jansen"]),
    ("contacts_full", &["[Contact card] Piet Jansen, Anna Bos"]),
    ("contacts_requested", &["[Contact card] +31612345678"]),
    ("contacts_vcard", &["[Contact card] Anna Bos"]),
    ("document", &["[Document: bon.pdf] the receipt"]),
    ("document_without_name", &["[Document]"]),
    ("edit", &[]),
    ("ephemeral", &["[A disappearing message, which WhatsApp does not pass on]"]),
    ("errors", &[]),
    ("image", &["[Picture] The dent"]),
    ("image_without_caption", &["[Picture]"]),
    ("interactive_button", &["Change"]),
    ("interactive_call_permission", &["May be called"]),
    ("interactive_form", &["Sent\ncount: 2\nday: Monday"]),
    ("interactive_form_not_object", &["flow\nanswer: just words"]),
    ("interactive_list", &["Express\nNext day"]),
    ("interactive_missing_with_errors", &["[An interactive message, which WhatsApp does not pass on]"]),
    ("location", &["[Location] Domtoren, Domplein 21, Utrecht, https://maps.google.com/?q=52.0907,5.1214"]),
    ("location_bare", &["[Location] https://maps.google.com/?q=-33.5,151"]),
    ("location_impossible", &["[WhatsApp message of a kind Waxwing does not know: location]"]),
    ("misplaced_field", &[]),
    ("order", &["[Order]\n2 × bell-2 at 4.5 EUR\nQuickly please"]),
    ("other_number", &[]),
    ("reaction", &[]),
    ("reaction_removed", &[]),
    ("reaction_removed_old", &[]),
    ("request_welcome", &[]),
    ("revoke", &[]),
    ("same_message_twice", &["once"]),
    ("status_delivered", &[]),
    ("status_failed", &[]),
    ("status_failed_old", &[]),
    ("status_failed_without_errors", &[]),
    ("status_group", &[]),
    ("status_played", &[]),
    ("status_read", &[]),
    ("status_sent", &[]),
    ("status_sent_number_expiration", &[]),
    ("status_unknown", &[]),
    ("sticker", &["[Sticker]"]),
    ("system_identity_changed", &[]),
    ("system_number_changed", &[]),
    ("system_number_changed_old", &[]),
    ("system_user_id_changed", &[]),
    ("template_status", &[]),
    ("text", &["Goedemorgen, is de fiets al klaar? 🚲"]),
    ("text_about_product", &["Still there?"]),
    ("text_empty_phone", &["Empty phone"]),
    ("text_forwarded", &["Look at this"]),
    ("text_forwarded_often", &["Look at this too"]),
    ("text_from_ad", &["What does it cost?"]),
    ("text_from_post", &["About your post"]),
    ("text_from_status_ad", &["Hello from a status"]),
    ("text_in_group", &["Hello all"]),
    ("text_lone_surrogate", &["cut \u{FFFD}"]),
    ("text_number_timestamp", &["Seconds as a number"]),
    ("text_reply", &["Yes"]),
    ("text_reply_to_unknown", &["Yes please"]),
    ("text_username_only", &["No phone here"]),
    ("text_without_body", &["[WhatsApp message of a kind Waxwing does not know: text]"]),
    ("text_without_contacts", &["No contacts beside it"]),
    ("text_without_id", &["No id"]),
    ("text_without_sender", &[]),
    ("text_without_timestamp", &["No time"]),
    ("unknown_field", &[]),
    ("unknown_type", &["[WhatsApp message of a kind Waxwing does not know: hologram]"]),
    ("unsupported", &["[A poll, which WhatsApp does not pass on]"]),
    ("unsupported_edit", &["[A changed message, which WhatsApp does not pass on]"]),
    ("unsupported_future", &["[A message that WhatsApp does not pass on: hologram]"]),
    ("unsupported_live_location", &["[A live location, which WhatsApp does not pass on]"]),
    ("unsupported_old", &["[A message that WhatsApp does not pass on]"]),
    ("user_id_update", &[]),
    ("user_preferences", &[]),
    ("video", &["[Video]"]),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_webhook_is_answered_with_200_and_shows_what_it_should() {
    let files: BTreeSet<String> = fs::read_dir(FOLDER)
        .expect("the fixtures")
        .map(|file| file.expect("a file").path().file_stem().expect("a name").to_string_lossy().into_owned())
        .collect();
    let listed: BTreeSet<String> = READS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(files, listed);

    let mut all: JoinSet<()> = READS.iter().map(|(name, reads)| read_after(name, reads)).collect();
    while let Some(one) = all.join_next().await {
        one.expect("it shows what it should");
    }
}

async fn read_after(name: &str, reads: &[&str]) {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    masha.ready().await;
    let body = fs::read(Path::new(FOLDER).join(name).with_extension("json")).expect("the fixture");
    for _repetition in 0..2 {
        assert_eq!(gateway.webhook(body.clone()).await, StatusCode::OK, "{name}");
    }
    let transcript: Vec<String> =
        masha.transcripts().await.into_iter().map(|message| message.fallback).collect();
    assert_eq!(transcript, reads, "{name}");
    assert_eq!(gateway.count("SELECT COUNT(*) FROM webhooks").await, 2, "{name}");
    assert_eq!(gateway.count("SELECT COUNT(*) FROM webhooks WHERE state = 'failed'").await, 0, "{name}");
    gateway.stop().await;
}

/// The published examples lie beside the checkout where somebody has put them there; our own fixtures are enough without.
#[tokio::test(flavor = "multi_thread")]
async fn the_published_examples_are_all_understood() {
    let Ok(files) =
        fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/fixtures/whatsapp/webhooks"))
    else {
        return;
    };
    for file in files {
        let path = file.expect("a file").path();
        let body = String::from_utf8(fs::read(&path).expect("is read")).expect("text");
        let gateway = Gateway::start().await;
        let masha = gateway.desktop("masha").await;
        masha.ready().await;
        let mut body: serde_json::Value = serde_json::from_str(&body).expect("JSON");
        let value = &mut body["entry"][0]["changes"][0]["value"];
        value["metadata"]["phone_number_id"] = json!(PHONE_NUMBER_ID);
        let said = value["messages"].as_array().is_some_and(|all| {
            all.iter().any(|one| !matches!(one["type"].as_str(), Some("reaction" | "system")))
        });
        assert_eq!(gateway.webhook(body.to_string()).await, StatusCode::OK, "{}", path.display());
        let transcript = masha.transcripts().await;
        assert_eq!(transcript.len(), usize::from(said), "{}", path.display());
        let understood = transcript.iter().all(|message| message.body != Body::Unknown);
        assert!(understood, "{}: {transcript:?}", path.display());
        gateway.stop().await;
    }
}

#[tokio::test]
async fn the_handshake_echoes_the_challenge_as_plain_text_to_whoever_knows_the_token() {
    let gateway = Gateway::start().await;
    let ask = async |query: &[(&str, &str)]| {
        gateway
            .client
            .get(format!("{}/webhooks/whatsapp", gateway.url))
            .query(query)
            .send()
            .await
            .expect("answers")
    };
    let right =
        [("hub.mode", "subscribe"), ("hub.challenge", "<b>1158</b>"), ("hub.verify_token", "verify me")];
    let answer = ask(&right).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.headers()["content-type"].to_str().expect("a type").starts_with("text/plain"));
    assert_eq!(answer.text().await.expect("a body"), "<b>1158</b>");
    for wrong in [
        &[][..],
        &[right[0], right[1]],
        &[right[1], right[2]],
        &[right[0], right[2]],
        &[right[0], right[1], ("hub.verify_token", "")],
        &[right[0], right[1], ("hub.verify_token", "verify m")],
    ] {
        assert_eq!(ask(wrong).await.status(), StatusCode::FORBIDDEN, "{wrong:?}");
    }
}

#[tokio::test]
async fn a_body_without_proof_leaves_nothing() {
    let gateway = Gateway::start().await;
    let body = envelope(json!({"messages": [text("15550000001", "wamid.1", "hello")]}));
    let right = signature_of(&body, "s3cret");
    let wrong = signature_of(&body, "another secret");
    for signatures in [&[][..], &[&*wrong], &["sha256="], &["nonsense"], &[&*right, &*right]] {
        let answer = gateway.webhook_signed(body.clone(), signatures).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{signatures:?}");
    }
    assert_eq!(gateway.count("SELECT COUNT(*) FROM webhooks").await, 0);
    let before = signature_of(&body, "old s3cret");
    assert_eq!(gateway.webhook_signed(body, &[&before]).await.status(), StatusCode::OK, "during a rotation");
    assert_eq!(gateway.count("SELECT COUNT(*) FROM messages").await, 1);
}

#[tokio::test]
async fn what_is_not_ours_or_can_not_be_read_is_kept_aside() {
    let gateway = Gateway::start().await;
    for body in ["not json", "{}", "\u{0}", "[[[["] {
        assert_eq!(gateway.webhook(body).await, StatusCode::OK, "{body}");
    }
    assert_eq!(gateway.count("SELECT COUNT(*) FROM webhooks WHERE state = 'quarantined'").await, 4);
}

/// Each beside a good message, which must come through.
#[tokio::test]
async fn absurd_times_lengths_and_depths_cost_nothing_but_themselves() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    masha.ready().await;
    let mut odd = Vec::new();
    for time in ["99999999999999999999", "-1", "9223372036854775807", "1e400", "", "NaN", "253402300799"] {
        odd.push(json!({"timestamp": time, "type": "text", "text": {"body": time}}));
        odd.push(json!({"timestamp": time, "type": "reaction", "reaction": {"message_id": "wamid.good", "emoji": "👍"}}));
    }
    for time in [json!(-1), json!(u64::MAX), json!(1.5e300), json!([]), json!({"a": 1})] {
        odd.push(json!({"timestamp": time, "type": "text", "text": {"body": "a number"}}));
    }
    let long = "é\u{1F44B}".repeat(64 * 1024 / 6);
    let deep = (0..60).fold(json!(1), |inner, _level| json!([inner]));
    odd.push(json!({"type": "text", "text": {"body": long}}));
    odd.push(json!({"type": long, "context": {"id": long}, "errors": [{"code": long, "title": long}]}));
    odd.push(json!({"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": {"response_json": "[".repeat(100_000)}}}));
    odd.push(json!({"type": "image", "image": deep, "context": deep, "referral": deep}));
    odd.push(json!({"type": "location", "location": {"latitude": "1e308", "longitude": "-1e308"}}));
    odd.push(
        json!({"type": "order", "order": {"product_items": [{"quantity": "1e308", "item_price": -1}, deep]}}),
    );
    odd.push(json!({"type": "contacts", "contacts": [{"vcard": ":;\n::\nTEL"}, deep, null]}));
    let count = odd.len();
    for (n, mut message) in odd.into_iter().enumerate() {
        message["from"] = json!(format!("1555{n:07}"));
        message["id"] = json!(format!("wamid.odd{n}"));
        let status =
            json!({"id": "wamid.odd", "status": long, "timestamp": message["timestamp"], "errors": [deep]});
        let good = text("15550000001", &format!("wamid.good{n}"), "good");
        let body =
            envelope(json!({"messages": [message, good], "statuses": [status, deep], "errors": [deep]}));
        assert_eq!(gateway.webhook(body).await, StatusCode::OK, "{n}");
    }
    assert_eq!(gateway.count("SELECT COUNT(*) FROM webhooks WHERE state <> 'done'").await, 0);
    let said = masha.transcripts().await;
    let good = said.iter().filter(|message| message.fallback == "good").count();
    assert_eq!(good, count, "none of them took its neighbour along");

    let too_deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    assert_eq!(gateway.webhook(too_deep).await, StatusCode::OK);
    assert_eq!(gateway.count("SELECT COUNT(*) FROM webhooks WHERE state = 'quarantined'").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_copies_at_once_count_once() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    masha.ready().await;
    for n in 0..20 {
        let body = envelope(
            json!({"messages": [text(&format!("1555000{}", n % 4), &format!("wamid.{n}"), "hello")]}),
        );
        let signature = signature_of(&body, "s3cret");
        let copies = (0..8).map(|_copy| gateway.webhook_request(body.clone(), &[&signature]));
        for answer in Gateway::at_once(copies).await {
            assert_eq!(answer.status(), StatusCode::OK);
        }
    }
    assert_eq!(masha.transcripts().await.len(), 20);
    assert_eq!(gateway.count("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL").await, 4);
    assert_eq!(gateway.count("SELECT COUNT(*) FROM webhooks").await, 160);
}

#[tokio::test]
async fn a_thousand_updates_in_one_body_all_count_in_order() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    masha.ready().await;
    let messages: Vec<_> =
        (0..1_000).map(|n| text("15550000001", &format!("wamid.{n}"), &n.to_string())).collect();
    assert_eq!(gateway.webhook(envelope(json!({"messages": messages}))).await, StatusCode::OK);
    let said: Vec<String> = masha.transcripts().await.into_iter().map(|message| message.fallback).collect();
    assert_eq!(
        said,
        (0..1_000).map(|n: u32| n.to_string()).collect::<Vec<_>>(),
        "the order in which they came"
    );
}

#[tokio::test]
async fn three_megabytes_are_taken_and_more_than_four_are_not() {
    let gateway = Gateway::start().await;
    let body = |size| envelope(json!({"messages": [text("15550000001", "wamid.1", &"x".repeat(size))]}));
    assert_eq!(gateway.webhook(body(3 * 1024 * 1024)).await, StatusCode::OK);
    assert_eq!(gateway.webhook(body(4 * 1024 * 1024)).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(gateway.count("SELECT COUNT(*) FROM messages").await, 1);
    let packed = gateway
        .client
        .post(format!("{}/webhooks/whatsapp", gateway.url))
        .header("content-encoding", "gzip")
        .body("x")
        .send()
        .await
        .expect("answers");
    assert_eq!(packed.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_was_not_ours_when_it_came_is_handled_when_it_is() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    masha.ready().await;
    let body =
        String::from_utf8(envelope(json!({"messages": [text("15550000001", "wamid.1", "too early")]})));
    let body = body.expect("text").replace(PHONE_NUMBER_ID, "777");
    assert_eq!(gateway.webhook(body).await, StatusCode::OK);
    assert!(masha.transcripts().await.is_empty());

    let mut change = gateway.app.store.begin().await.expect("begins");
    sqlx::query("UPDATE business_numbers SET phone_number_id = '777'")
        .execute(change.db())
        .await
        .expect("changes");
    change.commit().await.expect("commits");
    for settled in [1, 0] {
        let replayed = waxwing_gateway::ingest::replay_failed(&gateway.app.store, &gateway.app.clock).await;
        assert_eq!(replayed.expect("replays"), settled);
    }
    assert_eq!(masha.transcripts().await.len(), 1);
}

#[tokio::test]
async fn a_store_that_can_not_be_written_is_no_200() {
    let gateway = Gateway::start().await;
    let body = envelope(json!({"messages": [text("15550000001", "wamid.1", "hello")]}));
    gateway.app.store.close().await;
    assert_eq!(gateway.webhook(body).await, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_fault_of_ours_costs_neither_the_body_nor_its_neighbours() {
    let gateway = Gateway::start().await;
    let masha = gateway.desktop("masha").await;
    masha.ready().await;
    let body = |phone: &str, wamid: &str| envelope(json!({"messages": [text(phone, wamid, wamid)]}));
    assert_eq!(gateway.webhook(body("15550000001", "wamid.1")).await, StatusCode::OK);
    let set = async |sql: &'static str| {
        let mut change = gateway.app.store.begin().await.expect("begins");
        sqlx::query(sql).execute(change.db()).await.expect("changes");
        change.commit().await.expect("commits");
    };
    set("UPDATE interactions SET case_data = 'damaged'").await;
    assert_eq!(gateway.webhook(body("15550000001", "wamid.2")).await, StatusCode::OK, "it is kept");
    assert_eq!(gateway.webhook(body("15550000002", "wamid.3")).await, StatusCode::OK);
    assert_eq!(gateway.count("SELECT COUNT(*) FROM webhooks WHERE state = 'failed'").await, 1);
    assert_eq!(gateway.count("SELECT COUNT(*) FROM messages").await, 2);

    set("UPDATE interactions SET case_data = '[]'").await;
    let replayed = waxwing_gateway::ingest::replay_failed(&gateway.app.store, &gateway.app.clock).await;
    assert_eq!(replayed.expect("replays"), 1);
    assert_eq!(masha.transcripts().await.len(), 3);
}
