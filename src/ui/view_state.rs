//! What drawing itself has to remember: what is typed and what is open. It never leaves this room.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use egui::Event;
use waxwing_protocol::{
    field_code,
    id::{InteractionId, MessageId},
    message::MAX_TEXT_BYTES,
};

use super::{
    Action, View,
    captions::Captions,
    directory::DirectoryState,
    emoji::EmojiState,
    history::HistoryState,
    inserting::completion::Shorthand,
    interaction::{Finds, Misdropped, PasteWatch, Readings, paths},
    notification::NotificationForms,
    own_windows::{self, OwnWindows},
    responses::ResponsesState,
    side_panel::SidePanel,
    suggested::Suggested,
    text::editor::EditorState,
    viewer::Viewers,
    workbins::WorkbinsState,
    workplace::Workplace,
    wrap_up::WrapUpState,
};
use crate::{
    config::{
        emoji::{EmojiHabits, EmojiSet},
        layout::{Layout, Placement},
    },
    desk::{
        conversation::{Conversation, DraftOrigin, DraftSeq},
        input::Command,
        past::chats::Begun,
        watching::Watched,
    },
};

/// How long typing pauses before the draft is kept.
const DRAFT_PAUSE: TimeDelta = TimeDelta::milliseconds(400);
/// How long a draft is kept waiting at most while somebody types without a pause.
const DRAFT_AT_LEAST_EVERY: TimeDelta = TimeDelta::milliseconds(900);

/// What drawing remembers.
#[derive(Debug, Default)]
pub struct ViewState {
    /// Where the agent is at work.
    pub(super) workplace: Workplace,
    /// The list of which the desk knows that it is on screen.
    pub(super) watched: Option<Watched>,
    /// The sign-in form.
    pub(super) sign_in: SignInForm,
    /// What stands in each composer.
    composers: BTreeMap<InteractionId, Composer>,
    /// Whether the settings are open.
    pub(super) settings_open: bool,
    /// The composer that is to get the focus in the next frame.
    pub(super) focus_composer: Option<InteractionId>,
    /// The conversation that was in front in the last frame.
    pub(super) in_front: Option<InteractionId>,
    /// Files that were dropped where no conversation could take them.
    pub(super) misdropped: Misdropped,
    /// Whether the transcript is to go to its newest row in the next frame.
    pub(super) to_newest: bool,
    /// How high the agent wants the composer's field, in points; none lets it grow by itself.
    pub(super) composer_height: Option<f32>,
    /// Where the agent is in each transcript.
    pub(super) readings: Readings,
    /// The pictures that are looked at.
    pub(super) viewers: Viewers,
    /// The open searches.
    pub(super) finds: Finds,
    /// The conversations that are in windows of their own.
    pub(super) own_windows: OwnWindows,
    /// How wide the agent wants the interaction bar, in points; none is as wide as usual.
    pub(super) bar_width: Option<f32>,
    /// The panel at the side of a conversation.
    pub(super) side_panel: SidePanel,
    /// What the agent made of the directory of contacts.
    pub(super) directory: DirectoryState,
    /// What the agent made of the history.
    pub(super) history: HistoryState,
    /// The chat that was begun last, once the window has gone there.
    pub(super) welcomed: Option<Begun>,
    /// What the agent made of the prepared replies.
    pub(super) responses: ResponsesState,
    /// What may answer the contacts' last words.
    pub(super) suggested: Suggested,
    /// Notifications that are being filled in.
    pub(super) notifications: NotificationForms,
    /// What the agent made of workbins.
    pub(super) workbins: WorkbinsState,
    /// What the agent made of ends of interactions.
    pub(super) wrap_up: WrapUpState,
    /// Where the main window is.
    main: Option<Placement>,
    /// What is offered of emoji, and the picker.
    pub(super) emoji: EmojiState,
    /// What is offered of prepared replies while a shortcut is typed.
    pub(super) shorthand: Shorthand,
}

/// What helps to write in a composer.
pub(super) struct Beside<'a> {
    /// The emoji.
    pub(super) emoji: &'a mut EmojiState,
    /// The panel at its side.
    pub(super) side: &'a mut SidePanel,
    /// Prepared replies by their shortcuts.
    pub(super) shorthand: &'a mut Shorthand,
}

/// The sign-in form.
#[derive(Default)]
pub(super) struct SignInForm {
    pub(super) user_name: String,
    pub(super) password: String,
}

impl std::fmt::Debug for SignInForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignInForm").finish_non_exhaustive()
    }
}

/// What stands in one composer.
#[derive(Debug, Default)]
pub(super) struct Composer {
    /// The words, with what can be undone.
    pub(super) editor: EditorState,
    /// The message they answer.
    quote: Option<MessageId>,
    /// A paste that waits for the agent to say what they want.
    pasted: Option<String>,
    /// Whether the agent is asked if a recording is to be thrown away.
    pub(super) discarding: bool,
    /// The blank that stopped the sending last.
    pub(super) left_blank: Option<String>,
    /// What is pasted that may be files.
    pub(super) paste_watch: PasteWatch,
    /// The words under the files on the strip.
    pub(super) captions: Captions,
    /// The change from elsewhere that was taken over last.
    seq: DraftSeq,
    /// When it changed last, and first since it was kept; none if it is kept.
    changed: Option<Changed>,
}

/// When something typed changed since it was kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct Changed {
    first: DateTime<Utc>,
    last: DateTime<Utc>,
}

impl Changed {
    /// It changed, perhaps not for the first time.
    pub(super) fn again(before: Option<Self>, now: DateTime<Utc>) -> Self {
        Self { first: before.map_or(now, |changed| changed.first), last: now }
    }

    /// When it is to be kept.
    pub(super) fn due_at(self) -> DateTime<Utc> {
        (self.last + DRAFT_PAUSE).min(self.first + DRAFT_AT_LEAST_EVERY)
    }
}

impl Composer {
    fn of(conversation: &Conversation) -> Self {
        let draft = conversation.draft();
        Self {
            editor: EditorState::new(&draft.text),
            quote: draft.quote,
            seq: conversation.draft_seq(),
            ..Self::default()
        }
    }

    /// Takes over what another machine wrote, or what the agent took up, unless something was typed here since.
    fn follow(&mut self, conversation: &Conversation) {
        let seq = conversation.draft_seq();
        if seq == self.seq {
            return;
        }
        self.seq = seq;
        if self.changed.is_none() || seq.origin == DraftOrigin::TakenUp {
            let draft = conversation.draft();
            self.editor.set_text(&draft.text);
            self.quote = draft.quote;
            self.changed = None;
        }
    }

    /// The words.
    pub(super) fn text(&self) -> &str {
        self.editor.text()
    }

    /// The message they answer.
    pub(super) const fn quote(&self) -> Option<MessageId> {
        self.quote
    }

    /// Answers this message.
    pub(super) fn answer(&mut self, quote: Option<MessageId>, now: DateTime<Utc>) {
        self.quote = quote;
        self.touch(now);
    }

    /// Takes the words out to be sent.
    pub(super) fn take(&mut self) -> (String, Option<MessageId>) {
        self.changed = None;
        (self.editor.take(), self.quote.take())
    }

    /// Holds a paste back that is more than one message, or looks like files.
    pub(super) fn intercept_paste(&mut self, ui: &egui::Ui) {
        ui.input_mut(|input| {
            input.events.retain(|event| match event {
                Event::Paste(text) if text.len() > MAX_TEXT_BYTES || paths(text).is_some() => {
                    self.pasted = Some(text.clone());
                    false
                }
                _ => true,
            });
        });
    }

    /// The paste that is held back.
    pub(super) fn pasted(&self) -> Option<&str> {
        self.pasted.as_deref()
    }

    /// Pastes so many bytes of what was held back, and forgets the rest.
    pub(super) fn paste(&mut self, bytes: usize, now: DateTime<Utc>) {
        let Some(text) = self.pasted.take() else { return };
        let end = text.floor_char_boundary(bytes.min(text.len()));
        if end > 0 {
            self.editor.insert(&text[..end]);
            self.touch(now);
        }
    }

    /// Puts words in the place of what is selected, or at the caret.
    pub(super) fn insert(&mut self, words: &str, now: DateTime<Utc>) {
        self.editor.insert(words);
        self.touch(now);
    }

    /// Puts prepared words there, in one step: on a line of their own where something stands before them without a blank. The
    /// first of their blanks is selected.
    pub(super) fn insert_prepared(&mut self, words: &str, now: DateTime<Utc>) {
        let start = self.editor.selection().start;
        if words.is_empty() && self.editor.selection().is_empty() {
            return;
        }
        let joins = !words.is_empty() && self.text()[..start].ends_with(|c: char| !c.is_whitespace());
        let words = if joins { format!("\n{words}") } else { words.to_owned() };
        self.insert(&words, now);
        let blanks = field_code::blanks(self.text());
        let within = blanks.into_iter().map(|(range, _)| range).find(|range| range.start >= start);
        if let Some(range) = within.filter(|range| range.end <= start + words.len()) {
            self.editor.select(range);
        }
    }

    /// Notes that the words changed.
    pub(super) fn touch(&mut self, now: DateTime<Utc>) {
        self.changed = Some(Changed::again(self.changed, now));
    }

    /// What is to be kept of the words, if that is not kept already.
    pub(super) fn keep(&mut self, interaction: InteractionId) -> Option<Command> {
        self.changed.take()?;
        let (text, quote, seq) = (self.text().to_owned(), self.quote, self.seq.number);
        Some(Command::KeepDraft { interaction, text, quote, seq })
    }

    /// The same of the words and those under the files.
    fn keep_all(&mut self, interaction: InteractionId) -> impl Iterator<Item = Command> {
        self.keep(interaction).into_iter().chain(self.captions.keep(interaction))
    }

    fn due_at(&self) -> Option<DateTime<Utc>> {
        self.changed.map(Changed::due_at).into_iter().chain(self.captions.due_at()).min()
    }

    fn is_kept(&self) -> bool {
        self.changed.is_none() && self.captions.are_kept()
    }
}

/// The field of a composer.
pub(super) fn composer_id(interaction: InteractionId) -> egui::Id {
    egui::Id::unique(("composer field", interaction))
}

impl ViewState {
    /// Nothing typed and nothing read, in windows as they were.
    #[must_use]
    pub fn with_layout(layout: Layout) -> Self {
        let Layout {
            workplace,
            workbins,
            contact_columns,
            bar_width,
            side_width,
            composer_height,
            main,
            conversations,
        } = layout;
        let workbins = WorkbinsState::restored(&workbins);
        let own_windows = OwnWindows::restored(conversations);
        let side_panel = SidePanel::restored(side_width);
        let directory = DirectoryState::restored(&contact_columns);
        Self {
            workplace,
            composer_height,
            own_windows,
            bar_width,
            side_panel,
            directory,
            workbins,
            main,
            ..Self::default()
        }
    }

    /// With these emoji to pick from, and those the agent is used to.
    #[must_use]
    pub fn with_emoji(self, set: &EmojiSet, habits: EmojiHabits) -> Self {
        Self { emoji: EmojiState::new(set, habits), ..self }
    }

    /// Which emoji the agent is used to by now.
    #[must_use]
    pub const fn emoji_habits(&self) -> &EmojiHabits {
        self.emoji.habits()
    }

    /// The windows as they are now.
    #[must_use]
    pub fn layout(&self) -> Layout {
        let Self { workplace, bar_width, composer_height, main, .. } = *self;
        let side_width = self.side_panel.width;
        let (workbins, conversations) = (self.workbins.layout(), self.own_windows.placements());
        let contact_columns = self.directory.columns();
        Layout {
            workplace,
            contact_columns,
            bar_width,
            side_width,
            composer_height,
            workbins,
            main,
            conversations,
        }
    }

    /// The conversations whose own windows are open.
    pub fn own_windows(&self) -> impl Iterator<Item = InteractionId> {
        self.own_windows.open()
    }

    /// Whether the main window shows the active conversation: elsewhere nobody looks at it.
    #[must_use]
    pub fn shows_active(&self) -> bool {
        self.workplace == Workplace::Active
    }

    /// The composer of an interaction has the focus in the next frame in which it is seen.
    pub fn go_on_writing(&mut self, interaction: InteractionId) {
        self.focus_composer = Some(interaction);
    }

    /// Begins a frame: notes where the main window is, takes conversations out and brings them back.
    pub(super) fn begin(&mut self, ctx: &egui::Context) {
        self.emoji.begin();
        if self.own_windows.settle() {
            // So that the main window looks again what is in front there, and lets the agent write in it.
            self.in_front = None;
        }
        self.main = own_windows::placement(ctx, self.main);
    }

    /// Takes a conversation out into a window of its own, or brings it back and goes on with it in the main window.
    pub(super) fn toggle_own_window(&mut self, interaction: InteractionId, actions: &mut Vec<Action>) {
        if self.own_windows.has(interaction) {
            self.own_windows.bring_back(interaction);
            self.workplace = Workplace::Active;
            actions.push(Action::Command(Command::Activate(Some(interaction))));
        } else {
            self.own_windows.take_out(interaction);
        }
    }

    /// The composer of an interaction; begins with the draft that was kept.
    pub(super) fn composer(
        &mut self,
        interaction: InteractionId,
        conversation: &Conversation,
    ) -> &mut Composer {
        self.composer_and_beside(interaction, conversation).0
    }

    /// The same, and what helps to write in it.
    pub(super) fn composer_and_beside(
        &mut self,
        interaction: InteractionId,
        conversation: &Conversation,
    ) -> (&mut Composer, Beside<'_>) {
        let composer = self.composers.entry(interaction).or_insert_with(|| Composer::of(conversation));
        composer.follow(conversation);
        let Self { emoji, side_panel: side, shorthand, .. } = self;
        (composer, Beside { emoji, side, shorthand })
    }

    /// Words that were not sent before a session ended stand in the composer of the one that follows it, if nothing does yet.
    pub(super) fn carry_words(&mut self, now: DateTime<Utc>, ended: &Conversation, to: &Conversation) {
        let [from, to] = [ended, to].map(|held| (held.interaction().id, held));
        let words = self.composer(from.0, from.1).text().to_owned();
        let composer = self.composer(to.0, to.1);
        if words.trim().is_empty() || !composer.text().trim().is_empty() {
            return;
        }
        composer.insert(&words, now);
        let left = self.composer(from.0, from.1);
        left.editor.set_text("");
        left.touch(now);
    }

    /// Whether the composer of an interaction has the keys, and nothing was typed there.
    pub(super) fn is_untouched(&self, ctx: &egui::Context, interaction: InteractionId) -> bool {
        let has_keys = ctx.memory(|memory| memory.has_focus(composer_id(interaction)));
        has_keys && self.composers.get(&interaction).is_some_and(|composer| composer.editor.is_untouched())
    }

    /// What stands in the composer of an interaction, if it was ever opened here.
    pub(super) fn typed(&self, interaction: InteractionId) -> Option<&str> {
        self.composers.get(&interaction).map(Composer::text)
    }

    /// Puts words into a composer before what stands there, and what they answer unless that answers something else.
    pub(super) fn put_back(
        &mut self,
        interaction: InteractionId,
        (words, quote): (&str, Option<MessageId>),
        now: DateTime<Utc>,
    ) {
        let composer = self.composers.entry(interaction).or_default();
        composer.quote = composer.quote.or(quote);
        let text = match composer.text() {
            "" => words.to_owned(),
            typed => format!("{words}\n{typed}"),
        };
        composer.editor.set_text(&text);
        composer.touch(now);
    }

    /// Asks for drafts to be kept once typing has paused, and forgets what belongs to interactions that are gone.
    pub(super) fn collect_drafts(&mut self, view: View<'_>, ctx: &egui::Context, actions: &mut Vec<Action>) {
        let read = view.desk.review().map(|read| read.interaction().id);
        let is_here = |id: &InteractionId| view.desk.conversation(*id).is_some() || read == Some(*id);
        self.composers.retain(|id, composer| !composer.is_kept() || is_here(id));
        self.readings.retain(|id, _| is_here(id));
        self.finds.retain(is_here);
        self.viewers.retain(is_here);
        self.notifications.retain(is_here);
        self.suggested.retain(is_here);
        self.wrap_up.retain(is_here);
        let is_due = |due: DateTime<Utc>| match (due - view.now).to_std() {
            Ok(left) if !left.is_zero() => {
                ctx.request_repaint_after(left);
                false
            }
            _ => true,
        };
        for (interaction, composer) in &mut self.composers {
            if composer.due_at().is_some_and(is_due) {
                actions.extend(composer.keep_all(*interaction).map(Action::Command));
            }
        }
        for (interaction, note) in self.wrap_up.notes() {
            if note.due_at().is_some_and(is_due) {
                actions.extend(note.keep(interaction).map(Action::Command));
            }
        }
    }

    /// Keeps everything typed in one interaction, before it takes a step.
    pub(super) fn keep_all_of(&mut self, interaction: InteractionId, actions: &mut Vec<Action>) {
        let composer = self.composers.get_mut(&interaction);
        actions.extend(composer.into_iter().flat_map(|held| held.keep_all(interaction)).map(Action::Command));
        let mut notes = self.wrap_up.notes().filter(|(id, _)| *id == interaction);
        actions.extend(notes.find_map(|(id, note)| note.keep(id)).map(Action::Command));
    }

    /// Everything typed that has not been kept yet, for the moment at which the window closes.
    pub fn unkept_drafts(&mut self) -> Vec<Command> {
        let response = self.responses.keep_now();
        let notes = self.wrap_up.notes().filter_map(|(id, note)| note.keep(id));
        let drafts = self.composers.iter_mut().flat_map(|(id, composer)| composer.keep_all(*id));
        drafts.chain(notes).chain(response).collect()
    }
}
