//! Prepared replies into the composer, or to the contact at once: filled in for the one who is written to.

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    field_code,
    id::ResponseId,
    interaction::Phase,
    message::MAX_TEXT_BYTES,
    response::{ResponseFile, StandardResponse},
};

use super::{Action, View, ViewState, notification, view_state::Composer};
use crate::desk::{
    conversation::Conversation,
    library::fields::{self, Fields, Writing},
    link::Account,
};

pub(super) mod blanks;
pub(super) mod completion;

impl Writing for View<'_> {
    fn date(&self, at: DateTime<Utc>) -> String {
        self.language.full_day(self.zone.day(at))
    }

    fn time(&self, at: DateTime<Utc>) -> String {
        View::time(self, at)
    }

    fn in_form(&self, at: DateTime<Utc>, form: &str) -> Option<String> {
        self.language.in_form(self.zone.local(at).naive_local(), form)
    }
}

impl View<'_> {
    /// A prepared text as it is for this conversation: field codes filled in, what has no value as a blank.
    pub(super) fn filled(&self, conversation: &Conversation, text: &str) -> String {
        let agent = match self.desk.account() {
            Account::SignedIn { agent, .. } => Some(agent),
            Account::SignedOut { .. } | Account::SigningIn | Account::SigningOut => None,
        };
        let interaction = conversation.interaction();
        fields::filled(text, &Fields { interaction, agent, now: self.now, writing: self })
    }

    /// The files of a response, with what stands under them filled in.
    fn filled_files(&self, conversation: &Conversation, response: &StandardResponse) -> Vec<ResponseFile> {
        let filled = |file: &ResponseFile| {
            let caption = file.caption.as_ref().map(|caption| self.filled(conversation, caption));
            ResponseFile { caption, ..file.clone() }
        };
        response.content.files.iter().map(filled).collect()
    }
}

impl ViewState {
    /// Inserts a response at the caret, or in the place of what is selected: its words filled in, its files onto the strip. The
    /// agent writes on there, at the first blank if there is one. It counts as used once it is sent. A notification that it
    /// carries is filled in at the side instead.
    pub(super) fn insert_response(
        &mut self,
        view: View<'_>,
        conversation: &Conversation,
        response: &StandardResponse,
        actions: &mut Vec<Action>,
    ) {
        let interaction = conversation.interaction().id;
        if let Some(carried) = &response.content.notification {
            let of = (carried, Some(response.id));
            notification::begin_from(self, (view, conversation), of, actions);
            return;
        }
        let composer = self.composer(interaction, conversation);
        insert(view, conversation, (composer, response), actions);
        self.side_panel.make_room();
        self.focus_composer = Some(interaction);
    }

    /// Inserts a part of a response as it is shown for this conversation; `of` says of which, so that it is counted.
    pub(super) fn insert_text(
        &mut self,
        view: View<'_>,
        conversation: &Conversation,
        (text, of): (&str, Option<ResponseId>),
        actions: &mut Vec<Action>,
    ) {
        let interaction = conversation.interaction().id;
        self.composer(interaction, conversation).insert_prepared(text, view.now);
        self.side_panel.make_room();
        self.focus_composer = Some(interaction);
        if let Some(response) = of {
            let (text, files) = (text.to_owned(), Vec::new());
            actions.push(Action::TakeResponse { interaction, response, text, files });
        }
    }

    /// Sends a response by itself, whatever stands in the composer. Where that can't be (see [`why_not_now`]), it is inserted
    /// instead, so that the agent can put it right.
    pub(super) fn send_response_now(
        &mut self,
        view: View<'_>,
        conversation: &Conversation,
        response: &StandardResponse,
        actions: &mut Vec<Action>,
    ) {
        if why_not_now(view, conversation, response).is_some() {
            self.insert_response(view, conversation, response, actions);
            return;
        }
        let interaction = conversation.interaction().id;
        let text = view.filled(conversation, &response.content.body);
        let files = view.filled_files(conversation, response);
        actions.push(Action::SendResponse { interaction, response: response.id, text, files });
        self.to_newest = true;
    }
}

/// Inserts a response into the composer of a conversation.
fn insert(
    view: View<'_>,
    conversation: &Conversation,
    (composer, response): (&mut Composer, &StandardResponse),
    actions: &mut Vec<Action>,
) {
    let interaction = conversation.interaction().id;
    let text = view.filled(conversation, &response.content.body);
    let files = view.filled_files(conversation, response);
    composer.insert_prepared(&text, view.now);
    actions.push(Action::TakeResponse { interaction, response: response.id, text, files });
}

/// Why a response can't be sent at once to this contact, if it can't: a sentence.
pub(super) fn why_not_now(
    view: View<'_>,
    conversation: &Conversation,
    response: &StandardResponse,
) -> Option<String> {
    let interaction = conversation.interaction();
    let content = &response.content;
    let text = view.filled(conversation, &content.body);
    let captions = content.files.iter().filter_map(|file| file.caption.as_deref());
    let mut texts = vec![text.clone()];
    texts.extend(captions.map(|caption| view.filled(conversation, caption)));
    let blank = texts.iter().find_map(|text| Some(field_code::blanks(text).first()?.1));
    if interaction.phase != Phase::Open {
        Some("This interaction is not open.".to_owned())
    } else if interaction.window.left(view.now).is_none() {
        Some("The reply window is closed: the contact has to write first, or take a notification.".to_owned())
    } else if let Some(blank) = blank {
        Some(format!("Fill in {{{{{blank}}}}} first."))
    } else if text.trim().is_empty() && content.files.is_empty() {
        Some("There is nothing in it to send but a notification.".to_owned())
    } else if text.len() > MAX_TEXT_BYTES {
        Some("Filled in, it is too long for one message of WhatsApp.".to_owned())
    } else {
        None
    }
}
