//! What each command of the agent does to the desk.

use waxwing_protocol::{
    api::AddCard,
    delivery::Delivery,
    id::{ClientRef, InteractionId, MessageId},
    message::Quote,
};

use super::{
    Desk,
    conversation::{DraftText, RowKey},
    effect::{Call, Entry},
    input::Command,
    link::Account,
    notices::Gravity,
    outbox::{Outgoing, OutgoingState},
    turn::Turn,
    wrap_up::Deed,
};

/// How many characters of a message a quote shows.
const EXCERPT: usize = 200;

impl Desk {
    /// The agent asks for something.
    pub(super) fn obey(&mut self, command: Command, turn: &mut Turn) {
        match command {
            Command::SignIn { user_name, password } => {
                if matches!(self.account, Account::SignedOut { .. }) {
                    self.account = Account::SigningIn;
                    turn.call(Call::SignIn { user_name, password });
                }
            }
            Command::SignOut => self.sign_out(turn),
            Command::SetStatus(status) => turn.call(Call::SetStatus(status)),
            Command::Activate(id) => self.activate(id, turn),
            Command::Focus(focused) => self.focus(focused, turn),
            Command::OwnWindows(windows) => self.arrange_windows(windows, turn),
            Command::Send { interaction, client_ref, text, quote } => {
                self.send_all(interaction, (client_ref, text), quote, turn);
            }
            Command::TakeResponse { interaction, reply } => self.take_response(interaction, reply, turn),
            Command::SendResponse { interaction, client_ref, reply } => {
                self.send_response(interaction, client_ref, reply, turn);
            }
            Command::Attach { interaction, files } => self.attach(interaction, files, turn),
            Command::Detach { interaction, client_ref } => self.detach(interaction, client_ref, turn),
            Command::Caption { interaction, client_ref, caption } => {
                self.caption(interaction, (client_ref, caption), turn);
            }
            Command::Reorder { interaction, client_ref, place } => {
                self.reorder(interaction, (client_ref, place), turn);
            }
            Command::Rework { interaction, client_ref, way } => {
                self.rework(interaction, (client_ref, way), turn);
            }
            Command::Forward { from, message, to, client_ref } => {
                self.forward((from, message), (to, client_ref), turn);
            }
            Command::ChooseForForm { interaction, slot, wanted, client_ref, source } => {
                self.choose_for_form(interaction, (slot, wanted), (client_ref, source), turn);
            }
            Command::DropFormFiles { interaction, slot } => {
                self.drop_form_files(interaction, slot.as_ref(), turn);
            }
            Command::SendNotification { interaction, client_ref, notification } => {
                self.send_notification(interaction, client_ref, *notification, turn);
            }
            Command::RefreshTemplates => self.refresh_templates(turn),
            Command::Retry { interaction, row } => self.retry(interaction, row, turn),
            Command::Discard { interaction, client_ref } => self.discard(interaction, client_ref, turn),
            Command::KeepDraft { interaction, text, quote, seq } => {
                self.keep_draft(interaction, DraftText { text, quote }, seq, turn);
            }
            Command::TakeUp { interaction, at } => {
                let now = turn.now;
                self.edit_draft(interaction, turn, |draft| draft.take_up(at, now));
            }
            Command::Drop { interaction, at } => {
                let now = turn.now;
                self.edit_draft(interaction, turn, |draft| draft.give_up(at, now));
            }
            Command::Review(id) => self.open_review(id),
            Command::CloseReview => self.close_review(),
            Command::AskLife => self.ask_life(turn),
            Command::ShowOlder { .. }
            | Command::ShowNewer { .. }
            | Command::ShowNewest { .. }
            | Command::GoTo { .. }
            | Command::GoToDay { .. }
            | Command::Search { .. }
            | Command::SearchStep { .. } => self.move_to(command, turn),
            Command::React { interaction, message, emoji } => self.react(interaction, message, emoji, turn),
            Command::FetchAgain { interaction, message } => {
                turn.call(Call::FetchAgain { interaction, message });
            }
            Command::Seen { interaction, up_to } => self.see(interaction, up_to, turn),
            Command::Typing { interaction } => self.typing(interaction, turn),
            Command::AddCard { interaction, message, card } => {
                turn.call(Call::AddCard { interaction, card: AddCard { message, card } });
            }
            Command::Manage(wanted) => self.manage(wanted, turn),
            Command::InWorkbins { interactions, deed } => self.begin_deeds(interactions, &deed),
            Command::DismissWorkbinTroubles => self.dismiss_troubles(),
            Command::AskColleagues => turn.call(Call::Colleagues),
            Command::MarkDone(id) => self.take_step(id, Deed::Done, turn),
            Command::WrapUp(wanted) => self.wrap(wanted, turn),
            Command::Directory(wish) => self.wish_of_directory(wish, turn),
            Command::Past(wish) => self.wish_of_past(wish, turn),
            Command::Watch(watched) => self.watched = watched,
            Command::NewChat(chat) => self.begin_chat(chat, turn),
            Command::ReconnectNow => {
                if self.feed.due_at().is_some() {
                    self.poll(false, turn);
                }
                self.hurry(turn);
            }
            Command::Notify { gravity, text } => self.notices.add(gravity, text),
            Command::DismissNotice(number) => self.notices.dismiss(number),
            Command::ApplySettings(settings) => self.settings = settings,
        }
    }

    /// Makes a conversation the active one, by its card.
    pub(super) fn activate(&mut self, id: Option<InteractionId>, turn: &mut Turn) {
        if id.is_some_and(|id| !self.conversations.contains_key(&id)) || id == self.active {
            return;
        }
        let left = std::mem::replace(&mut self.active, id);
        if let Some(left) = left.filter(|left| !self.own_windows.contains_key(left)) {
            self.leave(left, turn);
        }
        turn.journal(Entry::Active(id));
        self.attend(turn);
    }

    /// Takes a message in. What is not here any more is tried all the same: the gateway says whether it takes them.
    /// Says whether it was not taken in before.
    pub(super) fn send(&mut self, id: InteractionId, outgoing: Outgoing, turn: &mut Turn) -> bool {
        if self.knows(id, outgoing.client_ref) {
            return false;
        }
        turn.journal(Entry::Outgoing(id, outgoing.clone()));
        if let Some(conversation) = self.edit(id, turn) {
            conversation.first_unseen = None;
            conversation.outbox.push(outgoing);
            self.show_newest(id, turn);
        } else {
            self.shelf.entry(id).or_default().outbox.push(outgoing);
        }
        true
    }

    /// What stood in the composer was sent.
    pub(super) fn empty_composer(&mut self, id: InteractionId, text: &str, turn: &mut Turn) {
        let now = turn.now;
        if self.conversations.contains_key(&id) {
            self.edit_draft(id, turn, |draft| draft.sent(text, now));
        } else if let Some(shelved) = self.shelf.get_mut(&id)
            && shelved.draft.sent(text, now)
        {
            turn.journal(Entry::Draft(id, Box::new(shelved.draft.kept.clone())));
        }
    }

    /// What a message answers, as it is now.
    pub(super) fn quote(&self, id: InteractionId, quoted: MessageId) -> Quote {
        let message = self.conversation(id).and_then(|held| held.message(quoted));
        Quote {
            message: Some(quoted),
            excerpt: message
                .map(|message| message.fallback.chars().take(EXCERPT).collect())
                .unwrap_or_default(),
            by_contact: message.is_some_and(|message| message.is_by_contact()),
        }
    }

    /// Whether a message of this name was taken in before.
    pub(super) fn knows(&self, id: InteractionId, client_ref: ClientRef) -> bool {
        let shelved = self.shelf.get(&id).is_some_and(|shelved| shelved.outbox.get(client_ref).is_some());
        let held = self.conversation(id).is_some_and(|held| {
            held.outbox.get(client_ref).is_some()
                || held.transcript.messages().any(|message| message.client_ref == Some(client_ref))
        });
        shelved || held
    }

    fn retry(&mut self, id: InteractionId, row: RowKey, turn: &mut Turn) {
        if let RowKey::Ours(client_ref) = row {
            let now = turn.now;
            let retried = self.edit(id, turn).and_then(|held| held.outbox.retry(client_ref, now).cloned());
            if let Some(outgoing) = retried {
                turn.journal(Entry::Outgoing(id, outgoing));
                return;
            }
        }
        if let Some(message) = self.failed_message(id, row)
            && self.retrying.insert(message)
        {
            turn.call(Call::Retry { interaction: id, message });
        }
    }

    /// The failed message of a row.
    fn failed_message(&self, id: InteractionId, row: RowKey) -> Option<MessageId> {
        let mut messages = self.conversation(id)?.transcript.messages();
        let message = messages.find(|message| match row {
            RowKey::Ours(client_ref) => message.client_ref == Some(client_ref),
            RowKey::Message(id) => message.id == id,
            RowKey::Day(_) | RowKey::Session(_) | RowKey::Joined(_) | RowKey::New => false,
        })?;
        let failed =
            matches!(&message.delivery, Some(state) if matches!(state.delivery, Delivery::Failed(_)));
        failed.then_some(message.id)
    }

    fn discard(&mut self, id: InteractionId, client_ref: ClientRef, turn: &mut Turn) {
        let Some(outgoing) = self.conversation(id).and_then(|held| held.outbox.get(client_ref)) else {
            return;
        };
        if matches!(outgoing.state, OutgoingState::InFlight { .. }) {
            self.notices.add(Gravity::Info, "This message is on its way just now and can't be removed.");
            return;
        }
        let taken = self.edit(id, turn).and_then(|conversation| conversation.outbox.take(client_ref));
        if let Some(outgoing) = taken {
            turn.outgoing_gone(&outgoing);
        }
    }
}
