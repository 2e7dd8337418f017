//! The calls of the desktop and their answers.

use super::*;

#[test]
fn calls_and_answers() {
    golden(
        "sign_in",
        &[SignIn {
            user_name: "masha".to_owned(),
            password: "a cold bright day".to_owned(),
            device: "desk 4".to_owned(),
        }],
    );
    golden(
        "signed_in",
        &[SignedIn {
            token: "opaque".to_owned(),
            expires_at: at(43_200),
            agent: agent(),
            status: status(),
            now: at(0),
            protocol: 1,
        }],
    );
    let types = vec!["image/*".to_owned(), "application/pdf".to_owned()];
    let rule = FileRule { types, allow: true, max_bytes: 2_097_152 };
    golden("file_rules", &[FileRules { outgoing: vec![rule] }, FileRules::default()]);
    let after = Some(Cursor { epoch: 1, number: 2 });
    golden(
        "poll_query",
        &[
            PollQuery { after, wait_seconds: 50, workbins: Some(6) },
            PollQuery { after: None, wait_seconds: 0, workbins: None },
        ],
    );
    golden("set_status", &[SetStatus { status: AgentStatus::Ready }]);
    golden(
        "send_message",
        &[SendMessage {
            client_ref: ClientRef::new(at(0), [8; 10]),
            body: OutgoingBody::Text { text: "Words".to_owned() },
            quote: Some(message().id),
            responses: vec![ResponseId::new(at(0), [10; 10])],
        }],
    );
    golden("send_accepted", &[SendAccepted { message: message(), interaction: interaction() }]);
    golden(
        "transcript_query",
        &[
            TranscriptQuery {
                part: TranscriptPart::Before,
                message: Some(message().id),
                at: None,
                limit: 50,
                sessions: Some(1),
            },
            TranscriptQuery {
                part: TranscriptPart::Around,
                message: None,
                at: Some(at(5)),
                limit: 50,
                sessions: None,
            },
        ],
    );
    let mark = SessionMark {
        session: interaction().session,
        interaction: interaction().id,
        origin: Origin::Inbound,
        started_at: at(0),
        ended_at: Some(at(9)),
        agent: Some("Masha".to_owned()),
    };
    golden(
        "transcript_page",
        &[TranscriptPage { messages: vec![message()], sessions: vec![mark], older: true, newer: false }],
    );
    golden("search_query", &[SearchQuery { words: "blue bell".to_owned() }]);
    golden("search_hits", &[SearchHits { messages: vec![message().id], more: true }]);
    golden("react", &[React { emoji: Some("👍🏽".to_owned()) }, React { emoji: None }]);
    golden("mark_read", &[MarkRead { up_to: message().id }]);
    golden("put_draft", &[PutDraft { written: written(), based_on: 2, settled: vec![at(7)] }]);
    golden("draft", &[draft(), Draft::default()]);
    golden("add_card", &[AddCard { message: message().id, card: 1 }]);
    let states = [
        AttachmentState::Fetching,
        AttachmentState::Ready { size_bytes: 1_024, about: None },
        AttachmentState::Failed { reason: "It is gone.".to_owned() },
    ];
    golden("attachment", &states.map(|state| Attachment { id: AttachmentId::new(at(0), [9; 10]), state }));
    golden("health", &[Health { version: "0.1.0".to_owned(), protocol: 1, now: at(0) }]);
}
