//! Transcripts, drafts and small signs: from the disk where they are kept, else from the gateway.

use waxwing_protocol::{delivery::Delivery, message::Message};

use super::*;
use crate::desk::{
    conversation::{Conversation, Edge, RowKind, SearchState},
    tests::msg,
};

/// A gateway that holds so many messages besides the one that its snapshot tells.
async fn with_history(messages: u32) -> Server {
    let server = Server::start(Manner::Well).await;
    let history = (0..messages).map(|n| said(1000 + n, int(1), i64::from(n) - 10_000)).collect();
    server.held(|held| held.history = history);
    server
}

fn held_messages(conversation: &Conversation) -> impl Iterator<Item = &Message> {
    conversation.rows().iter().filter_map(|row| match &row.kind {
        RowKind::Message { message, .. } => Some(&**message),
        _ => None,
    })
}

fn asked(server: &Server, what: &str) -> usize {
    server.held(|held| held.calls.iter().filter(|call| call.contains(what)).count())
}

impl Desktop {
    async fn until_one(&self, mut good: impl FnMut(&Conversation) -> bool) {
        self.until(|desk| desk.conversation(int(1)).is_some_and(&mut good)).await;
    }

    /// Asks for what is older and waits until so many messages are there.
    async fn scroll_up(&self, messages: usize) {
        self.command(Command::ShowOlder { interaction: int(1), sessions: 1 });
        self.until_one(|held| held_messages(held).count() == messages && *held.older() != Edge::Loading)
            .await;
    }
}

#[tokio::test]
async fn what_was_read_once_is_read_from_the_disk() {
    let (server, folder) = (with_history(250).await, tempfile::tempdir().unwrap());
    let desktop = Desktop::start(&server.url, folder.path());
    desktop.sign_in().await;
    for messages in [101, 201, 251] {
        desktop.scroll_up(messages).await;
    }
    desktop.until_one(|held| *held.older() == Edge::End).await;
    assert_eq!(asked(&server, "/transcript"), 3);
    desktop.stop();

    server.behave(Manner::Fails);
    let desktop = Desktop::start(&server.url, folder.path());
    let at_start = desktop.handle.desk();
    assert_eq!(held_messages(at_start.conversation(int(1)).unwrap()).count(), 100, "the newest");
    for messages in [200, 251] {
        desktop.scroll_up(messages).await;
    }
    desktop.until_one(|held| *held.older() == Edge::End).await;
    assert_eq!(asked(&server, "/transcript"), 3, "the gateway was not asked again");
    desktop.stop();
}

#[tokio::test]
async fn a_gateway_that_does_not_answer_is_told_at_the_edge_and_asked_again() {
    let (server, folder) = (with_history(30).await, tempfile::tempdir().unwrap());
    let desktop = Desktop::start(&server.url, folder.path());
    desktop.sign_in().await;
    server.behave(Manner::Fails);
    desktop.command(Command::ShowOlder { interaction: int(1), sessions: 1 });
    desktop.until_one(|held| matches!(held.older(), Edge::Failed { .. })).await;
    server.behave(Manner::Well);
    desktop.scroll_up(31).await;
    desktop.stop();
}

#[tokio::test]
async fn a_restart_in_the_middle_of_a_load_begins_anew() {
    let (server, folder) = (with_history(30).await, tempfile::tempdir().unwrap());
    let desktop = Desktop::start(&server.url, folder.path());
    desktop.sign_in().await;
    server.behave(Manner::Hangs);
    desktop.command(Command::ShowOlder { interaction: int(1), sessions: 1 });
    desktop.until_one(|held| *held.older() == Edge::Loading).await;
    desktop.stop();

    server.behave(Manner::Well);
    let desktop = Desktop::start(&server.url, folder.path());
    desktop.until_one(|held| *held.older() == Edge::More).await;
    desktop.sign_in().await;
    desktop.scroll_up(31).await;
    desktop.stop();
}

#[tokio::test]
async fn a_jump_leads_there_and_back() {
    let (server, folder) = (with_history(900).await, tempfile::tempdir().unwrap());
    let desktop = Desktop::start(&server.url, folder.path());
    desktop.sign_in().await;
    desktop.command(Command::GoTo { interaction: int(1), message: msg(1100) });
    desktop.until_one(|held| held.goal().is_some_and(|goal| goal.message == msg(1100))).await;
    desktop.until_one(|held| held.message(msg(1100)).is_some() && *held.newer() == Edge::More).await;
    desktop.command(Command::ShowNewest { interaction: int(1) });
    desktop.until_one(|held| *held.newer() == Edge::End && held.message(msg(1)).is_some()).await;

    desktop.command(Command::Search { interaction: int(1), words: "text".to_owned() });
    let found = |held: &Conversation| {
        held.search().is_some_and(|search| search.state == SearchState::Done { more: false })
    };
    desktop.until_one(found).await;
    desktop.until_one(|held| held.goal().is_some_and(|goal| goal.message == msg(1000))).await;
    desktop.stop();
}

#[tokio::test]
async fn a_draft_follows_the_agent_under_this_machine_s_name() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let desktop = Desktop::start(&server.url, folder.path());
    desktop.sign_in().await;
    let (interaction, quote) = (int(1), Some(msg(1)));
    desktop.command(Command::KeepDraft { interaction, text: "half".to_owned(), quote, seq: 0 });
    desktop.until(|_| server.held(|held| held.draft.written.text == "half")).await;
    assert_eq!(server.held(|held| held.draft.written.device.clone()), "test");
    desktop.stop();

    let other = tempfile::tempdir().unwrap();
    let desktop = Desktop::start(&server.url, other.path());
    desktop.sign_in().await;
    desktop.until_one(|held| held.draft().text == "half" && held.draft().quote == Some(msg(1))).await;
    let seq = desktop.handle.desk().conversation(interaction).unwrap().draft_seq().number;
    desktop.command(Command::KeepDraft { interaction, text: "half of it".to_owned(), quote, seq });
    desktop.write(1);
    desktop.until_sent(1).await;
    desktop.until(|_| server.held(|held| held.draft.written.text.is_empty())).await;
    desktop.stop();
}

#[tokio::test]
async fn small_signs_reach_the_gateway() {
    let (server, folder) = (Server::start(Manner::Well).await, tempfile::tempdir().unwrap());
    let desktop = Desktop::start(&server.url, folder.path());
    desktop.sign_in().await;
    let (interaction, message) = (int(1), msg(1));
    desktop.command(Command::Seen { interaction, up_to: message });
    desktop.command(Command::Typing { interaction });
    let emoji = Some("👍".to_owned());
    desktop.command(Command::React { interaction, message, emoji });
    let stands = |held: &Conversation| {
        let reaction = held_messages(held).next().and_then(|message| message.reactions.first());
        reaction.is_some_and(|reaction| reaction.sending == Some(Delivery::Accepted))
    };
    desktop.until_one(stands).await;
    desktop.until(|_| asked(&server, "PUT /v1/interactions") >= 2 && asked(&server, "/typing") == 1).await;
    desktop.stop();
}
