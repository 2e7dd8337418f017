//! The strip of files above a composer, and files on their way to the gateway.

use waxwing_protocol::{
    attachment::{Attachment, AttachmentState},
    id::{AttachmentId, ClientRef, InteractionId, MessageId, ResponseId},
    interaction::Phase,
    message::{Body, MAX_CAPTION_CHARS, MAX_TEXT_BYTES, Media},
};

use super::{
    Desk,
    effect::{Call, Entry},
    file::{FileRefused, FileSource, ReadyFile, StripFile, StripSource, StripState, WayOut},
    input::CallError,
    notices::Gravity,
    outbox::{FileAt, Outgoing, OutgoingContent},
    passing_on::in_words,
    responses::file_at,
    turn::Turn,
};

/// The most files that stand on one strip: as many as WhatsApp's own programs take at once.
pub(super) const MAX_FILES: usize = 30;

impl Desk {
    pub(super) fn attach(&mut self, id: InteractionId, files: Vec<(ClientRef, FileSource)>, turn: &mut Turn) {
        let Some(conversation) = self.edit(id, turn) else { return };
        let room = MAX_FILES.saturating_sub(conversation.strip.len());
        let left_out = files.len().saturating_sub(room);
        for (client_ref, source) in files.into_iter().take(room) {
            let name = source.name();
            let (caption, state) = (String::new(), StripState::Checking);
            let copied = StripSource::Copy;
            conversation.strip.push(StripFile { client_ref, name, caption, state, source: copied });
            turn.call(Call::TakeIn { interaction: id, client_ref, source });
        }
        if left_out > 0 {
            let text = format!("{MAX_FILES} files can be sent at once; {left_out} were left out.");
            self.notices.add(Gravity::Problem, text);
        }
    }

    pub(super) fn detach(&mut self, id: InteractionId, client_ref: ClientRef, turn: &mut Turn) {
        let Some(strip) = self.strip_mut(id, turn) else { return };
        let before = strip.len();
        strip.retain(|file| file.client_ref != client_ref);
        if strip.len() < before {
            self.reworked.remove(&client_ref);
            turn.call(Call::DropFile(client_ref));
            self.keep_strip(id, turn);
        }
    }

    pub(super) fn caption(
        &mut self,
        id: InteractionId,
        (client_ref, caption): (ClientRef, String),
        turn: &mut Turn,
    ) {
        let Some(file) = self.strip_file(id, client_ref, turn) else { return };
        file.caption = caption.chars().take(MAX_CAPTION_CHARS).collect();
        self.keep_strip(id, turn);
    }

    pub(super) fn reorder(
        &mut self,
        id: InteractionId,
        (client_ref, place): (ClientRef, usize),
        turn: &mut Turn,
    ) {
        let Some(strip) = self.strip_mut(id, turn) else { return };
        let Some(from) = strip.iter().position(|file| file.client_ref == client_ref) else { return };
        let file = strip.remove(from);
        strip.insert(place.min(strip.len()), file);
        self.keep_strip(id, turn);
    }

    pub(super) fn rework(
        &mut self,
        id: InteractionId,
        (client_ref, way): (ClientRef, WayOut),
        turn: &mut Turn,
    ) {
        let on_strip = self.strip_file(id, client_ref, turn).is_some();
        let file = if on_strip {
            self.strip_file(id, client_ref, turn)
        } else {
            self.form_file(id, client_ref, turn).map(|form| &mut form.file)
        };
        let Some(file) = file else { return };
        if file.state != StripState::Checking {
            let before = std::mem::replace(&mut file.state, StripState::Checking);
            self.reworked.insert(client_ref, before);
            let most = self.most_of_a_picture();
            turn.call(Call::Rework { interaction: id, client_ref, way, most });
        }
    }

    pub(super) fn taken_in(
        &mut self,
        id: InteractionId,
        client_ref: ClientRef,
        result: Result<ReadyFile, FileRefused>,
        turn: &mut Turn,
    ) {
        self.reworked.remove(&client_ref);
        if self.strip_file(id, client_ref, turn).is_none() {
            if !self.taken_into_form(id, client_ref, result, turn) {
                // It was taken off the strip, or out of the form, meanwhile.
                turn.call(Call::DropFile(client_ref));
            }
            return;
        }
        let Some(file) = self.strip_file(id, client_ref, turn) else { return };
        file.state = match result {
            Ok(ready) => {
                file.name.clone_from(&ready.name);
                StripState::Ready(ready)
            }
            Err(FileRefused { reason, ways_out }) => StripState::Refused { reason, ways_out },
        };
        self.hold_to_rules(id, turn);
        self.keep_strip(id, turn);
    }

    /// Takes words in, then the files on the strip that are ready; the others stay there. The first of them answers `quote`.
    pub(super) fn send_all(
        &mut self,
        id: InteractionId,
        (client_ref, text): (ClientRef, String),
        quote: Option<MessageId>,
        turn: &mut Turn,
    ) {
        let mut quote = quote.map(|quoted| self.quote(id, quoted));
        let now = turn.now;
        let mut responses = Vec::new();
        let has_files = self.conversation(id).is_some_and(|held| held.strip.iter().any(is_ready));
        if !text.trim().is_empty() || !has_files {
            if text.trim().is_empty() || text.len() > MAX_TEXT_BYTES {
                let text = format!("A message holds 1 to {MAX_TEXT_BYTES} bytes; this one was not sent.");
                self.notices.add(Gravity::Problem, text);
                return;
            }
            responses = self.used_in(id, &text);
            let words = Outgoing::new(client_ref, OutgoingContent::Text(text.clone()), quote.take(), now);
            if self.send(id, words.with_responses(responses.clone()), turn) {
                self.empty_composer(id, &text, turn);
            }
        }
        if !has_files {
            return;
        }
        let Some(strip) = self.strip_mut(id, turn) else { return };
        let (ready, others) = strip.drain(..).partition(is_ready);
        *strip = others;
        let ready: Vec<StripFile> = ready;
        for StripFile { client_ref, caption, state, source, .. } in ready {
            if let StripState::Ready(file) = state {
                let content = OutgoingContent::File { file: Box::new(file), caption, at: file_at(source) };
                let outgoing = Outgoing::new(client_ref, content, quote.take(), now);
                let counted = uncounted(source, &mut responses);
                self.send(id, outgoing.with_responses(counted), turn);
            }
        }
        self.keep_strip(id, turn);
    }

    /// Says in one conversation what was said in another: a file as a file, anything else in the words that stand for it.
    pub(super) fn forward(
        &mut self,
        (from, message): (InteractionId, MessageId),
        (to, client_ref): (InteractionId, ClientRef),
        turn: &mut Turn,
    ) {
        let Some(message) = self.conversation(from).and_then(|held| held.message(message)) else { return };
        let content = match passed_on(&message.body, &message.fallback) {
            Ok(content) => content,
            Err(why) => {
                self.notices.add(Gravity::Problem, format!("This message can't be forwarded: {why}."));
                return;
            }
        };
        if let OutgoingContent::File { file, .. } = &content
            && let Some(why) = self.objection_to(file)
        {
            self.notices.add(Gravity::Problem, why);
            return;
        }
        self.send(to, Outgoing::new(client_ref, content, None, turn.now), turn);
    }

    /// More of a file is at the gateway.
    pub(super) fn upload_moved(
        &mut self,
        id: InteractionId,
        (client_ref, sent_bytes): (ClientRef, u64),
        turn: &mut Turn,
    ) {
        if let Some(outbox) = self.outbox_mut(id, turn) {
            outbox.move_on(client_ref, sent_bytes);
        }
    }

    /// The gateway has a file of ours, or does not take it, or was not reached.
    pub(super) fn uploaded(
        &mut self,
        id: InteractionId,
        client_ref: ClientRef,
        result: Result<Result<AttachmentId, String>, CallError>,
        turn: &mut Turn,
    ) {
        let taken = match result {
            Ok(taken) => taken,
            Err(error) => return self.not_sent(id, client_ref, &error, turn),
        };
        let now = turn.now;
        match self.outbox_mut(id, turn).filter(|outbox| outbox.get(client_ref).is_some()) {
            Some(outbox) => {
                if let Some(outgoing) = outbox.uploaded(client_ref, taken, now) {
                    turn.journal(Entry::Outgoing(id, outgoing.clone()));
                }
            }
            None => turn.call(Call::DropFile(client_ref)),
        }
        self.tidy_shelf(id, turn);
    }

    pub(super) fn strip_mut(&mut self, id: InteractionId, turn: &mut Turn) -> Option<&mut Vec<StripFile>> {
        if self.conversations.contains_key(&id) {
            return self.edit(id, turn).map(|conversation| &mut conversation.strip);
        }
        self.shelf.get_mut(&id).map(|shelved| &mut shelved.strip)
    }

    fn strip_file(
        &mut self,
        id: InteractionId,
        client_ref: ClientRef,
        turn: &mut Turn,
    ) -> Option<&mut StripFile> {
        self.strip_mut(id, turn)?.iter_mut().find(|file| file.client_ref == client_ref)
    }

    /// Files that were not sent before a session ended stand above the composer of the one that follows it, unless one is
    /// just being looked into, or something stands there already.
    pub(super) fn carry_files(&mut self, ended: InteractionId, to: InteractionId, turn: &mut Turn) {
        let held = |id| self.conversation(id);
        let (Some(from), Some(next)) = (held(ended), held(to)) else { return };
        let is_over = from.interaction().phase == Phase::Ended;
        let is_settled = from.strip.iter().all(|file| file.state != StripState::Checking);
        if !is_over || !is_settled || from.strip.is_empty() || !next.strip.is_empty() {
            return;
        }
        let files = self.strip_mut(ended, turn).map(std::mem::take).unwrap_or_default();
        if let Some(strip) = self.strip_mut(to, turn) {
            *strip = files;
        }
        // Whoever is killed in between has them twice rather than not at all.
        self.keep_strip(to, turn);
        self.keep_strip(ended, turn);
    }

    /// Writes down what stands on a strip. What is looked into for the first time is not among it: whoever is killed then
    /// has the file where it was. What is being made into another file is kept as it stood before.
    pub(super) fn keep_strip(&mut self, id: InteractionId, turn: &mut Turn) {
        let Some(mut kept) = self.strip_mut(id, turn).map(|strip| strip.clone()) else { return };
        for file in &mut kept {
            if let Some(before) = self.reworked.get(&file.client_ref) {
                file.state = before.clone();
            }
        }
        kept.retain(|file| file.state != StripState::Checking);
        turn.journal(Entry::Strip(id, kept));
    }
}

/// The reply that a file belongs to, unless it was counted with what was sent before.
fn uncounted(source: StripSource, counted: &mut Vec<ResponseId>) -> Vec<ResponseId> {
    match source {
        StripSource::Response { response, .. } if !counted.contains(&response) => {
            counted.push(response);
            vec![response]
        }
        StripSource::Copy | StripSource::Response { .. } => Vec::new(),
    }
}

const fn is_ready(file: &StripFile) -> bool {
    matches!(file.state, StripState::Ready(_))
}

/// What is said when a message is passed on, or why it can't be.
fn passed_on(body: &Body, fallback: &str) -> Result<OutgoingContent, &'static str> {
    let Body::Media(media) = body else { return in_words(body, fallback).map(OutgoingContent::Text) };
    let Media { kind, mime, caption, file_name, voice, attachment, .. } = media;
    let Some(Attachment { id, state: AttachmentState::Ready { size_bytes, about: Some(about) } }) =
        attachment
    else {
        return Err("its file can't be had");
    };
    let name = file_name.clone().or_else(|| mime.clone()).unwrap_or_default();
    let file = ReadyFile { name, kind: *kind, size_bytes: *size_bytes, about: about.clone(), voice: *voice };
    let caption = caption.clone().unwrap_or_default();
    Ok(OutgoingContent::File { file: Box::new(file), caption, at: FileAt::Forwarded(*id) })
}
