//! Prepared replies on their way into a draft, or to the contact at once.

use waxwing_protocol::{
    attachment::{About, Opening},
    id::{ClientRef, InteractionId, MessageId, ResponseId},
    message::{Author, MAX_TEXT_BYTES},
    response::ResponseFile,
};

use super::{
    Desk,
    conversation::Conversation,
    file::{ReadyFile, StripFile, StripSource, StripState},
    input::PreparedReply,
    notices::Gravity,
    outbox::{FileAt, Outgoing, OutgoingContent},
    strip::MAX_FILES,
    turn::Turn,
    used,
};

impl Desk {
    /// The words of a reply were inserted: it is noted as used, and its files go onto the strip.
    pub(super) fn take_response(&mut self, id: InteractionId, reply: PreparedReply, turn: &mut Turn) {
        let PreparedReply { response, text, files } = reply;
        self.edit_draft(id, turn, |keeper| {
            used::note(&mut keeper.kept.used, response, &text);
            true
        });
        let Some(conversation) = self.edit(id, turn).filter(|_| !files.is_empty()) else { return };
        let room = MAX_FILES.saturating_sub(conversation.strip.len());
        let left_out = files.len().saturating_sub(room);
        let files = files.into_iter().take(room);
        conversation.strip.extend(files.map(|(client_ref, file)| on_strip(client_ref, response, file)));
        self.hold_to_rules(id, turn);
        self.keep_strip(id, turn);
        if left_out > 0 {
            let text = format!("{MAX_FILES} files can be sent at once; {left_out} were left out.");
            self.notices.add(Gravity::Problem, text);
        }
    }

    /// Sends a reply by itself: its words, then its files. What stands in the composer and on the strip stays there.
    pub(super) fn send_response(
        &mut self,
        id: InteractionId,
        client_ref: ClientRef,
        reply: PreparedReply,
        turn: &mut Turn,
    ) {
        let PreparedReply { response, text, files } = reply;
        let mut responses = vec![response];
        if text.len() > MAX_TEXT_BYTES {
            let text = format!("A message holds 1 to {MAX_TEXT_BYTES} bytes; this one was not sent.");
            self.notices.add(Gravity::Problem, text);
            return;
        }
        if !text.trim().is_empty() {
            let words = Outgoing::new(client_ref, OutgoingContent::Text(text), None, turn.now);
            self.send(id, words.with_responses(std::mem::take(&mut responses)), turn);
        }
        for (client_ref, file) in files {
            let StripFile { caption, state, source, .. } = on_strip(client_ref, response, file);
            let StripState::Ready(file) = state else { continue };
            let content = OutgoingContent::File { file: Box::new(file), caption, at: file_at(source) };
            let outgoing = Outgoing::new(client_ref, content, None, turn.now);
            self.send(id, outgoing.with_responses(std::mem::take(&mut responses)), turn);
        }
    }

    /// The replies whose words still stand in a text that is sent.
    pub(super) fn used_in(&self, id: InteractionId, text: &str) -> Vec<ResponseId> {
        let held = self.conversation(id).map(|held| &held.draft);
        let draft = held.or_else(|| self.shelf.get(&id).map(|shelved| &shelved.draft));
        draft.map(|draft| used::still_in(&draft.kept.used, text)).unwrap_or_default()
    }
}

/// Where the bytes of a file from the strip are once it is sent.
pub(super) const fn file_at(source: StripSource) -> FileAt {
    match source {
        StripSource::Copy => FileAt::Here,
        StripSource::Response { attachment, .. } => FileAt::Forwarded(attachment),
    }
}

/// A file of a reply as it stands on the strip: the gateway has it, so it may be sent at once.
fn on_strip(client_ref: ClientRef, response: ResponseId, file: ResponseFile) -> StripFile {
    let ResponseFile { attachment, kind, file_name, size_bytes, caption, about } = file;
    let about = about.unwrap_or_else(|| Box::new(nothing_known()));
    let ready = ReadyFile { name: file_name.clone(), kind, size_bytes, about, voice: false };
    StripFile {
        client_ref,
        name: file_name,
        caption: caption.unwrap_or_default(),
        state: StripState::Ready(ready),
        source: StripSource::Response { attachment, response },
    }
}

/// What is known of a file that the gateway has not looked into.
fn nothing_known() -> About {
    About {
        mime: "application/octet-stream".to_owned(),
        opening: Opening::Unknown,
        size: None,
        duration_ms: None,
        waveform: Vec::new(),
        has_sound: false,
        pages: None,
        thumb_hash: None,
        preview: false,
    }
}

/// So many of the contact's last messages are looked at to find what may answer them.
const LAST: usize = 3;

impl Conversation {
    /// What the contact wrote last, since anybody of us wrote and at most three messages of it, and the newest of these.
    #[must_use]
    pub fn last_words(&self) -> Option<(MessageId, String)> {
        let newest_first = self.transcript.messages().rev();
        let since = newest_first.take_while(|message| !matches!(message.author, Author::Agent { .. }));
        let mut last: Vec<_> = since.filter(|message| message.is_by_contact()).take(LAST).collect();
        let newest = last.first()?.id;
        last.reverse();
        let words: Vec<_> = last.iter().map(|message| message.fallback.as_str()).collect();
        Some((newest, words.join("\n")))
    }
}
