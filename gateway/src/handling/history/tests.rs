//! Pages put together again are the transcript, whatever their size, and nobody else's is ever shown.

mod search;

use proptest::prelude::*;
use serde_json::json;
use waxwing_protocol::{
    api::{TranscriptPage, TranscriptPart, TranscriptQuery},
    event::Event,
    id::{AgentId, InteractionId, MessageId},
    message::{Author, Body, Message},
    problem::ProblemCode,
};

use super::{Refusal, page};
use crate::{
    handling::{
        stage::{Stage, at},
        wrap_up,
    },
    random,
    store::messages::{self, Beside},
};

const PHONE: &str = "15550000001";

/// An agent's open interaction, and the ids of everything said in it and in earlier sessions, oldest first.
struct Conversation {
    stage: Stage,
    masha: AgentId,
    open: InteractionId,
    all: Vec<MessageId>,
}

impl Conversation {
    /// One session for each list; the numbers are the seconds at which its messages were sent.
    async fn of(sessions: &[Vec<i64>]) -> Self {
        let stage = Stage::new().await;
        let masha = stage.agent("masha", 5).await;
        stage.ready(masha, 1).await;
        let (mut all, mut open) = (Vec::new(), None);
        for (began, sent) in (1_i64..).map(|number| number * 1_000).zip(sessions) {
            if let Some(before) = open {
                let mut change = stage.store.begin().await.expect("begins");
                wrap_up::done(&mut change, masha, before, at(began - 1)).await.expect("is done");
                change.commit().await.expect("commits");
            }
            stage.write(PHONE, &format!("wamid.{began}"), "hello", began).await;
            let id = stage.owned(masha).await[0].id;
            stage.fill(id, sent.iter().map(|seconds| began + seconds)).await;
            all.extend(stage.transcript(id).await.iter().map(|message| message.id));
            open = Some(id);
        }
        Self { stage, masha, open: open.expect("a session"), all }
    }

    async fn ask(&self, wanted: &TranscriptQuery) -> Result<TranscriptPage, Refusal> {
        let mut read = self.stage.store.read().await.expect("reads");
        page(&mut read, self.open, wanted).await
    }

    async fn page(&self, wanted: &TranscriptQuery) -> TranscriptPage {
        let page = self.ask(wanted).await.expect("a page");
        let mut told: Vec<_> = page.messages.iter().map(|message| message.session).collect();
        told.dedup();
        assert_eq!(page.sessions.iter().map(|mark| mark.session).collect::<Vec<_>>(), told);
        page
    }

    /// Goes on in one direction until there is no more.
    async fn walk(&self, part: TranscriptPart, limit: u32) -> Vec<MessageId> {
        let mut walked: Vec<MessageId> = Vec::new();
        let mut wanted = query(part, limit);
        loop {
            let page = self.page(&wanted).await;
            let ids: Vec<_> = ids(&page);
            let (more, beyond) = match part {
                TranscriptPart::After => (page.newer, page.older),
                _ => (page.older, page.newer),
            };
            assert_eq!(beyond, wanted.message.is_some(), "what it is told from lies beyond");
            assert!(ids.len() == limit as usize || !more);
            if part == TranscriptPart::After {
                walked.extend(&ids);
                wanted.message = ids.last().copied();
            } else {
                walked.splice(0..0, ids.iter().copied());
                wanted.message = ids.first().copied();
            }
            if !more {
                return walked;
            }
        }
    }
}

impl Stage {
    /// Has the contact of an interaction say something at each of these seconds, all of it stored at once.
    async fn fill(&self, id: InteractionId, seconds: impl Iterator<Item = i64>) {
        let interaction = self.interaction(id).await;
        let mut change = self.store.begin().await.expect("begins");
        for second in seconds {
            let message = Message {
                id: MessageId::new(at(second), random::bytes()),
                interaction: id,
                session: interaction.session,
                author: Author::Contact,
                body: Body::Text { text: second.to_string() },
                fallback: second.to_string(),
                sent_at: at(second),
                stored_at: at(second),
                client_ref: None,
                delivery: None,
                quote: None,
                forwarded: None,
                reactions: Vec::new(),
                earlier: Vec::new(),
                referral: None,
            };
            messages::add(change.db(), &message, Beside::default()).await.expect("adds");
        }
        change.commit().await.expect("commits");
    }
}

fn query(part: TranscriptPart, limit: u32) -> TranscriptQuery {
    TranscriptQuery { part, message: None, at: None, limit, sessions: None }
}

fn ids(page: &TranscriptPage) -> Vec<MessageId> {
    page.messages.iter().map(|message| message.id).collect()
}

fn refused(refusal: Refusal) -> ProblemCode {
    match refusal {
        Refusal::Problem(problem) => problem.code,
        Refusal::Store(error) => panic!("{error}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn pages_put_together_are_the_transcript(
        sessions in prop::collection::vec(prop::collection::vec(0..4_i64, 0..12), 1..4),
        limit in 1..9_u32,
    ) {
        tokio::runtime::Runtime::new().expect("a runtime").block_on(async {
            let conversation = Conversation::of(&sessions).await;
            for part in [TranscriptPart::Before, TranscriptPart::After] {
                assert_eq!(conversation.walk(part, limit).await, conversation.all, "{part:?} {limit}");
            }
            for (at, message) in conversation.all.iter().enumerate() {
                let wanted = TranscriptQuery { message: Some(*message), ..query(TranscriptPart::Around, limit) };
                let page = conversation.page(&wanted).await;
                let (back, forth) = (limit as usize / 2, limit as usize - limit as usize / 2);
                let (first, end) = (at.saturating_sub(back), (at + forth).min(conversation.all.len()));
                assert_eq!(ids(&page), conversation.all[first..end]);
                assert_eq!((page.older, page.newer), (first > 0, end < conversation.all.len()));
            }
        });
    }
}

#[tokio::test]
async fn what_comes_and_goes_meanwhile_moves_no_page() {
    let conversation = Conversation::of(&[vec![0; 20]]).await;
    let first = conversation.page(&query(TranscriptPart::Before, 5)).await;
    conversation.stage.write(PHONE, "wamid.late", "and another thing", 1_500).await;
    conversation.stage.fill(conversation.open, [1_000].into_iter()).await;
    let revoke = json!({"original_message_id": "wamid.1000"});
    let revoke = json!({"from": PHONE, "id": "wamid.revoke", "timestamp": "1780001600", "type": "revoke", "revoke": revoke});
    conversation.stage.arrive(json!({"messages": [revoke]}), 1_600).await;
    let before = first.messages[0].id;
    let wanted = TranscriptQuery { message: Some(before), ..query(TranscriptPart::Before, 500) };
    let rest = conversation.page(&wanted).await;
    let whole = conversation.stage.transcript(conversation.open).await;
    let end = whole.iter().position(|message| message.id == before).expect("stays where it is");
    assert_eq!(rest.messages, whole[..end]);
    assert!(whole.iter().any(|message| message.body == Body::Deleted), "what was taken back keeps its place");
}

#[tokio::test]
async fn earlier_sessions_are_gone_into_as_far_as_wanted_and_told_with_who_had_them() {
    let conversation = Conversation::of(&[vec![0; 2], vec![0; 2], vec![0; 2]]).await;
    for (sessions, held) in [(0, 3), (1, 6), (2, 9), (7, 9)] {
        let wanted = TranscriptQuery { sessions: Some(sessions), ..query(TranscriptPart::Before, 100) };
        let page = conversation.page(&wanted).await;
        assert_eq!((page.messages.len(), page.older, page.newer), (held, held < 9, false), "{sessions}");
    }
    let page = conversation.page(&query(TranscriptPart::After, 100)).await;
    let mark = &page.sessions[0];
    assert_eq!((mark.started_at, mark.ended_at), (at(1_000), Some(at(1_999))));
    assert_eq!(mark.agent.as_deref(), Some("MASHA"));
    assert_eq!(page.sessions[2].ended_at, None);
    assert_eq!(page.sessions[2].interaction, conversation.open);
}

#[tokio::test]
async fn a_moment_stands_for_the_first_message_since() {
    let conversation = Conversation::of(&[vec![10, 20], vec![10, 20]]).await;
    let all = &conversation.all;
    let around = async |seconds| {
        let wanted = TranscriptQuery { at: Some(at(seconds)), ..query(TranscriptPart::Around, 2) };
        let page = conversation.page(&wanted).await;
        (ids(&page), page.older, page.newer)
    };
    assert_eq!(around(0).await, (vec![all[0]], false, true));
    assert_eq!(around(1_011).await, (vec![all[1], all[2]], true, true));
    assert_eq!(around(1_500).await, (vec![all[2], all[3]], true, true));
    assert_eq!(around(9_000).await, (vec![all[4], all[5]], true, false), "nothing since: the end");
    let wanted = TranscriptQuery { at: Some(at(9_000)), ..query(TranscriptPart::After, 2) };
    let page = conversation.page(&wanted).await;
    assert_eq!((page.messages.len(), page.older, page.newer), (0, true, false));
}

#[tokio::test]
async fn nobody_reads_what_is_not_theirs() {
    let conversation = Conversation::of(&[vec![0; 3]]).await;
    let stage = &conversation.stage;
    stage.write("15550000002", "wamid.other", "somebody else", 2_000).await;
    let other = stage.owned(conversation.masha).await[1].id;
    let theirs = stage.transcript(other).await[0].id;
    let wanted = TranscriptQuery { message: Some(theirs), ..query(TranscriptPart::Around, 3) };
    assert_eq!(conversation.ask(&wanted).await.map_err(refused), Err(ProblemCode::NotFound));
    for limit in [0, 501] {
        let refusal = conversation.ask(&query(TranscriptPart::Before, limit)).await.map_err(refused);
        assert_eq!(refusal, Err(ProblemCode::BadRequest));
    }
    let refusal = conversation.ask(&query(TranscriptPart::Around, 3)).await.map_err(refused);
    assert_eq!(refusal, Err(ProblemCode::BadRequest));

    let nothing = InteractionId::new(at(0), [9; 10]);
    let mut read = stage.store.read().await.expect("reads");
    let wanted = query(TranscriptPart::Before, 3);
    let refusal = page(&mut read, nothing, &wanted).await.map_err(refused);
    assert_eq!(refusal, Err(ProblemCode::NotFound));
    drop(read);
    let mut change = stage.store.begin().await.expect("begins");
    wrap_up::done(&mut change, conversation.masha, conversation.open, at(3_000)).await.expect("is done");
    change.commit().await.expect("commits");
    assert_eq!(conversation.page(&wanted).await.messages.len(), 3, "what is done can be read, too");
}

#[tokio::test]
async fn the_sessions_of_two_contacts_who_are_one_are_one_transcript() {
    let conversation = Conversation::of(&[vec![1, 2]]).await;
    let stage = &conversation.stage;
    let text = json!({"from_user_id": "US.9", "id": "wamid.9", "timestamp": at(2_000).timestamp().to_string(), "type": "text", "text": {"body": "me, too"}});
    stage.arrive(json!({"messages": [text]}), 2_000).await;
    let other = stage.owned(conversation.masha).await[1].id;
    let mut change = stage.store.begin().await.expect("begins");
    wrap_up::done(&mut change, conversation.masha, other, at(2_100)).await.expect("is done");
    change.commit().await.expect("commits");
    let both = json!({"from_user_id": "US.9", "from": PHONE, "id": "wamid.10", "timestamp": at(2_200).timestamp().to_string(), "type": "text", "text": {"body": "both"}});
    stage.arrive(json!({"messages": [both]}), 2_200).await;
    let page = conversation.page(&query(TranscriptPart::Before, 100)).await;
    let said: Vec<&str> = page.messages.iter().map(|message| &*message.fallback).collect();
    assert_eq!(said, ["hello", "1001", "1002", "both", "me, too"], "sessions as they began");
}

/// What an agent is told of an interaction unasked.
async fn told(stage: &Stage, agent: AgentId) -> (usize, bool, String) {
    let added = stage.feed(agent).await.into_iter().rev().find_map(|event| match event {
        Event::InteractionAdded { transcript, older, .. } => Some((transcript, older)),
        _ => None,
    });
    let (transcript, older) = added.expect("an interaction");
    (transcript.len(), older, transcript[0].fallback.clone())
}

#[tokio::test]
async fn the_newest_hundred_are_told_unasked_and_more_if_more_are_unanswered() {
    // How many came, which of them was an answer, and what is told of them.
    for (came, answer, expected) in [
        (99, None, (99, false)),
        (100, None, (100, false)),
        (101, None, (101, false)),
        (101, Some(90), (100, true)),
        (101, Some(0), (100, true)),
        (150, Some(9), (140, true)),
        (500, None, (500, false)),
        (501, None, (500, true)),
    ] {
        let stage = Stage::new().await;
        stage.write(PHONE, "wamid.1", "0", 0).await;
        let queued: String = sqlx::query_scalar("SELECT id FROM interactions")
            .fetch_one(stage.store.reader())
            .await
            .expect("reads");
        let id: InteractionId = queued.parse().expect("an id");
        let boris = stage.agent("boris", 1).await;
        stage.fill(id, 1..came).await;
        if let Some(answer) = answer {
            let author = serde_json::to_string(&Author::Agent { agent: boris, name: "B".to_owned() });
            let mut change = stage.store.begin().await.expect("begins");
            sqlx::query("UPDATE messages SET author = $1 WHERE fallback = $2")
                .bind(author.expect("JSON"))
                .bind(answer.to_string())
                .execute(change.db())
                .await
                .expect("writes");
            change.commit().await.expect("commits");
        }
        stage.ready(boris, came).await;
        let (length, older, first) = told(&stage, boris).await;
        assert_eq!((length, older), expected, "{came} {answer:?}");
        assert_eq!(first, (came - i64::try_from(length).expect("few")).to_string());
    }
}

#[tokio::test]
async fn what_was_said_in_an_earlier_session_is_older() {
    let conversation = Conversation::of(&[vec![], vec![]]).await;
    let (length, older, _) = told(&conversation.stage, conversation.masha).await;
    assert_eq!((length, older), (1, true));
}
