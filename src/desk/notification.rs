//! Structured messages on their way out: files chosen for them, what is filled in, and what leaves.
//!
//! **Why so.** A notification is filled in by the same pure code on both sides, so what stands in the transcript at once is
//! what the contact will see. Files of this machine are copied when they are chosen, as those on the strip are, but belong to
//! a form and not to a message: they wait with the conversation, by their slot, and go with the form. Once it is sent they are
//! brought to the gateway one after another, and the message follows with their names in its slots.

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    attachment::{Attachment, AttachmentState},
    id::{AttachmentId, ClientRef, InteractionId, ResponseId, TemplateId},
    message::{Body, Media, MediaKind},
    notification::{Notification, NotificationHeader, fill},
    slot::{Place, Slot, SlotValue, SlotValues},
    template::Template,
};

use super::{
    Desk,
    conversation::Conversation,
    effect::Call,
    file::{FileRefused, FileSource, ReadyFile, StripFile, StripSource, StripState, WayOut},
    input::CallError,
    notices::Gravity,
    outbox::{FileAt, Outgoing, OutgoingContent},
    turn::Turn,
};

/// A file chosen on this machine for a notification that is being filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormFile {
    /// Where it belongs.
    pub slot: Slot,
    /// What kind of file belongs there.
    pub wanted: MediaKind,
    /// The file; nothing is written under it.
    pub file: StripFile,
}

/// A notification as the agent wants it sent.
#[derive(Debug, Clone, PartialEq)]
pub struct FilledIn {
    /// The template.
    pub template: TemplateId,
    /// What stands in its slots.
    pub values: SlotValues,
    /// The slots in which a file of this machine stands: those that the desk holds for the form.
    pub files: Vec<Slot>,
    /// The standard response it came from.
    pub response: Option<ResponseId>,
}

/// A file of a notification that the gateway does not have yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotFile {
    /// Where it belongs.
    pub slot: Slot,
    /// What its copy is called by.
    pub client_ref: ClientRef,
    /// What it is.
    pub file: ReadyFile,
    /// Where it is.
    pub at: FileAt,
}

/// A structured message that the gateway does not have yet.
#[derive(Debug, Clone, PartialEq)]
pub struct OutgoingNotification {
    /// As the contact will see it; files of this machine are not among its values.
    pub shown: Notification,
    /// The files of this machine.
    pub files: Vec<SlotFile>,
}

impl OutgoingNotification {
    /// The file that has to be brought to the gateway next.
    pub(super) fn next_file(&self) -> Option<&SlotFile> {
        self.files.iter().find(|file| file.at == FileAt::Here)
    }

    pub(super) fn has_file(&self, client_ref: ClientRef) -> bool {
        self.files.iter().any(|file| file.client_ref == client_ref)
    }

    /// The gateway has this file.
    pub(super) fn uploaded(&mut self, client_ref: ClientRef, attachment: AttachmentId) {
        let theirs = self.files.iter_mut().filter(|file| file.client_ref == client_ref);
        theirs.for_each(|file| file.at = FileAt::Uploaded(attachment));
    }

    /// All files are brought to the gateway once more.
    pub(super) fn upload_again(&mut self) {
        self.files.iter_mut().for_each(|file| file.at = FileAt::Here);
    }

    /// What stands in its slots, with the files that the gateway has.
    pub(super) fn sent_values(&self) -> SlotValues {
        let mut values = self.shown.values.clone();
        for SlotFile { slot, file, at, .. } in &self.files {
            if let FileAt::Uploaded(attachment) | FileAt::Forwarded(attachment) = *at {
                let value = SlotValue::Media { attachment, file_name: Some(file.name.clone()) };
                values.insert(slot.clone(), value);
            }
        }
        values
    }

    /// The file of this machine that stands above the body, or above that of a card.
    #[must_use]
    pub fn header_file(&self, card: Option<u8>) -> Option<&SlotFile> {
        let slot = Slot { card, place: Place::HeaderMedia };
        self.files.iter().find(|file| file.slot == slot)
    }
}

/// A value that stands for a file of this machine, which the gateway does not know yet.
#[must_use]
pub fn stand_in(file_name: &str) -> SlotValue {
    let attachment = AttachmentId::new(DateTime::UNIX_EPOCH, [0; 10]);
    SlotValue::Media { attachment, file_name: Some(file_name.to_owned()) }
}

/// Whether WhatsApp is being asked for the templates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Refreshing {
    /// Nobody asked.
    #[default]
    Resting,
    /// The call is under way.
    UnderWay,
}

impl Desk {
    /// Whether WhatsApp is being asked for the templates.
    #[must_use]
    pub const fn refreshing_templates(&self) -> Refreshing {
        self.refreshing
    }

    pub(super) fn refresh_templates(&mut self, turn: &mut Turn) {
        if self.refreshing == Refreshing::Resting {
            self.refreshing = Refreshing::UnderWay;
            turn.call(Call::RefreshTemplates);
        }
    }

    pub(super) fn templates_refreshed(&mut self, result: Result<(), CallError>, turn: &mut Turn) {
        self.refreshing = Refreshing::Resting;
        if let Err(error) = result {
            self.tell("WhatsApp could not be asked for the templates", &error, turn);
        }
    }

    /// What the copies of the files of a message are called by that is on its way.
    #[must_use]
    pub fn copies_of(&self, id: InteractionId, client_ref: ClientRef) -> Vec<ClientRef> {
        let outbox = self.outboxes().find(|(held, _)| *held == id).map(|(_, outbox)| outbox);
        outbox.and_then(|outbox| outbox.get(client_ref)).map(Outgoing::copies).unwrap_or_default()
    }

    pub(super) fn choose_for_form(
        &mut self,
        id: InteractionId,
        (slot, wanted): (Slot, MediaKind),
        (client_ref, source): (ClientRef, FileSource),
        turn: &mut Turn,
    ) {
        self.drop_form_files(id, Some(&slot), turn);
        let Some(conversation) = self.edit(id, turn) else { return };
        let file = StripFile {
            client_ref,
            name: source.name(),
            caption: String::new(),
            state: StripState::Checking,
            source: StripSource::Copy,
        };
        conversation.form_files.push(FormFile { slot, wanted, file });
        turn.call(Call::TakeIn { interaction: id, client_ref, source });
    }

    pub(super) fn drop_form_files(&mut self, id: InteractionId, slot: Option<&Slot>, turn: &mut Turn) {
        let Some(conversation) = self.edit(id, turn) else { return };
        let goes = |file: &FormFile| slot.is_none_or(|slot| file.slot == *slot);
        let (gone, kept) = conversation.form_files.drain(..).partition(goes);
        conversation.form_files = kept;
        let gone: Vec<FormFile> = gone;
        for gone in gone {
            turn.call(Call::DropFile(gone.file.client_ref));
        }
    }

    /// A file of a form, to change it.
    pub(super) fn form_file(
        &mut self,
        id: InteractionId,
        client_ref: ClientRef,
        turn: &mut Turn,
    ) -> Option<&mut FormFile> {
        let files = &mut self.edit(id, turn)?.form_files;
        files.iter_mut().find(|file| file.file.client_ref == client_ref)
    }

    /// A file of a form was looked into. Says whether there is such a one.
    pub(super) fn taken_into_form(
        &mut self,
        id: InteractionId,
        client_ref: ClientRef,
        result: Result<ReadyFile, FileRefused>,
        turn: &mut Turn,
    ) -> bool {
        let Some(FormFile { wanted, file, .. }) = self.form_file(id, client_ref, turn) else { return false };
        let wanted = *wanted;
        let as_document = match &result {
            Ok(ready) => ready.kind != MediaKind::Document,
            Err(refused) => refused.ways_out.contains(&WayOut::SendAsDocument),
        };
        if wanted == MediaKind::Document && as_document {
            let way = WayOut::SendAsDocument;
            turn.call(Call::Rework { interaction: id, client_ref, way, most: None });
            return true;
        }
        file.state = match result {
            Ok(ready) if ready.kind == wanted => {
                file.name.clone_from(&ready.name);
                StripState::Ready(ready)
            }
            Ok(_) => StripState::Refused { reason: needed(wanted).to_owned(), ways_out: Vec::new() },
            Err(FileRefused { reason, mut ways_out }) => {
                ways_out.retain(|way| *way == WayOut::MakeSmaller);
                StripState::Refused { reason, ways_out }
            }
        };
        true
    }

    /// Takes a notification in; also while the reply window is closed.
    pub(super) fn send_notification(
        &mut self,
        id: InteractionId,
        client_ref: ClientRef,
        filled: FilledIn,
        turn: &mut Turn,
    ) {
        if self.knows(id, client_ref) {
            return;
        }
        let Some(template) = self.library.template(filled.template).cloned() else {
            self.refuse("its template is not there any more");
            return;
        };
        let responses = filled.response.into_iter().collect();
        match self.made(id, &template, filled, turn.now) {
            Ok(notification) => {
                let taken: Vec<_> = notification.files.iter().map(|file| file.client_ref).collect();
                if let Some(conversation) = self.edit(id, turn) {
                    conversation.form_files.retain(|file| !taken.contains(&file.file.client_ref));
                }
                self.drop_form_files(id, None, turn);
                let content = OutgoingContent::Notification(Box::new(notification));
                let outgoing = Outgoing::new(client_ref, content, None, turn.now).with_responses(responses);
                self.send(id, outgoing, turn);
            }
            Err(why) => self.refuse(&why),
        }
    }

    fn refuse(&mut self, why: &str) {
        self.notices.add(Gravity::Problem, format!("The notification was not sent: {why}."));
    }

    /// What is to leave, or why it can't.
    fn made(
        &self,
        id: InteractionId,
        template: &Template,
        filled: FilledIn,
        now: DateTime<Utc>,
    ) -> Result<OutgoingNotification, String> {
        if let Some(why) = template.why_not() {
            return Err(format!("its template can't be sent. {}", why.trim_end_matches('.')));
        }
        let FilledIn { mut values, files, .. } = filled;
        let held = self.conversation(id).map_or(&[][..], |held| held.form_files());
        let mut leaving = Vec::new();
        for slot in files {
            let file = held.iter().find(|file| file.slot == slot).map(|file| &file.file);
            let Some(StripFile { client_ref, state: StripState::Ready(ready), .. }) = file else {
                return Err("a file of it is not ready".to_owned());
            };
            values.insert(slot.clone(), stand_in(&ready.name));
            let (client_ref, file) = (*client_ref, ready.clone());
            leaving.push(SlotFile { slot, client_ref, file, at: FileAt::Here });
        }
        let mut shown = fill(template, &values, now).map_err(|problems| {
            let problem = problems.first().map(|(_, problem)| problem.to_string());
            problem.unwrap_or_default().to_lowercase()
        })?;
        // A template may have lost a part since the form was opened.
        leaving.retain(|file| shown.values.remove(&file.slot).is_some());
        show_files(&mut shown, self.conversation(id));
        Ok(OutgoingNotification { shown, files: leaving })
    }
}

/// Files that the gateway has are shown as what they are, as far as this conversation knows them.
fn show_files(shown: &mut Notification, conversation: Option<&Conversation>) {
    let Some(conversation) = conversation else { return };
    let values = &shown.values;
    let own = std::iter::once((None, shown.header.as_mut()));
    let cards =
        (0..=u8::MAX).zip(&mut shown.cards).map(|(number, card)| (Some(number), card.header.as_mut()));
    for (card, header) in own.chain(cards) {
        let Some(NotificationHeader::Media(media)) = header else { continue };
        let slot = Slot { card, place: Place::HeaderMedia };
        let Some(SlotValue::Media { attachment, .. }) = values.get(&slot) else { continue };
        if let Some(known) = conversation.file(*attachment) {
            media.mime.clone_from(&known.mime);
            media.attachment.clone_from(&known.attachment);
        }
    }
}

impl Conversation {
    /// A file that was said in what is held of the transcript, and that the gateway has.
    #[must_use]
    pub fn file(&self, attachment: AttachmentId) -> Option<&Media> {
        self.files().find(|media| media.attachment.as_ref().is_some_and(|held| held.id == attachment))
    }

    /// The files of what is held of the transcript that the gateway has, newest first.
    pub fn files(&self) -> impl Iterator<Item = &Media> {
        let is_ready = |media: &&Media| {
            matches!(&media.attachment, Some(Attachment { state: AttachmentState::Ready { .. }, .. }))
        };
        self.transcript.messages().rev().filter_map(|message| media_of(&message.body)).filter(is_ready)
    }
}

/// The file of a message.
const fn media_of(body: &Body) -> Option<&Media> {
    match body {
        Body::Media(media) => Some(media),
        _ => None,
    }
}

/// What kind of file is wanted, in a sentence.
const fn needed(wanted: MediaKind) -> &'static str {
    match wanted {
        MediaKind::Image => "A picture is needed here, as JPEG or PNG.",
        MediaKind::Video => "A film is needed here, as MP4 or 3GP.",
        _ => "A document is needed here.",
    }
}
