//! What drawing itself has to remember: what is typed and what is open. It never leaves this room.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use waxwing_protocol::id::InteractionId;

use super::{Action, View};

/// How long typing pauses before the draft is kept.
const DRAFT_PAUSE: TimeDelta = TimeDelta::milliseconds(400);
/// How long a draft is kept waiting at most while somebody types without a pause.
const DRAFT_AT_LEAST_EVERY: TimeDelta = TimeDelta::milliseconds(900);

/// What drawing remembers.
#[derive(Debug, Default)]
pub struct ViewState {
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
    /// Whether the transcript is to go to its newest row in the next frame.
    pub(super) to_newest: bool,
    /// How high the transcript was when it was last laid out, in points.
    pub(super) transcript_height: f32,
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
    /// The words.
    pub(super) text: String,
    /// When it changed last, and first since it was kept; none if it is kept.
    changed: Option<Changed>,
}

#[derive(Debug, Clone, Copy)]
struct Changed {
    first: DateTime<Utc>,
    last: DateTime<Utc>,
}

impl Composer {
    /// Notes that the words changed.
    pub(super) fn touch(&mut self, now: DateTime<Utc>) {
        let first = self.changed.map_or(now, |changed| changed.first);
        self.changed = Some(Changed { first, last: now });
    }

    fn due_at(&self) -> Option<DateTime<Utc>> {
        self.changed.map(|c| (c.last + DRAFT_PAUSE).min(c.first + DRAFT_AT_LEAST_EVERY))
    }
}

impl ViewState {
    /// The composer of an interaction; begins with the draft that was kept.
    pub(super) fn composer(&mut self, interaction: InteractionId, draft: &str) -> &mut Composer {
        self.composers
            .entry(interaction)
            .or_insert_with(|| Composer { text: draft.to_owned(), changed: None })
    }

    /// What stands in the composer of an interaction, if it was ever opened here.
    pub(super) fn typed(&self, interaction: InteractionId) -> Option<&str> {
        self.composers.get(&interaction).map(|composer| composer.text.as_str())
    }

    /// Puts words into a composer before what stands there.
    pub(super) fn put_back(&mut self, interaction: InteractionId, words: &str, now: DateTime<Utc>) {
        let composer = self.composers.entry(interaction).or_default();
        if composer.text.is_empty() {
            words.clone_into(&mut composer.text);
        } else {
            composer.text = format!("{words}\n{}", composer.text);
        }
        composer.touch(now);
    }

    /// Asks for drafts to be kept once typing has paused, and forgets composers of interactions that are gone.
    pub(super) fn collect_drafts(&mut self, view: View<'_>, ctx: &egui::Context, actions: &mut Vec<Action>) {
        self.composers
            .retain(|id, composer| composer.changed.is_some() || view.desk.conversation(*id).is_some());
        for (interaction, composer) in &mut self.composers {
            let Some(due) = composer.due_at() else { continue };
            match (due - view.now).to_std() {
                Ok(left) if !left.is_zero() => ctx.request_repaint_after(left),
                _ => {
                    composer.changed = None;
                    actions
                        .push(Action::KeepDraft { interaction: *interaction, text: composer.text.clone() });
                }
            }
        }
    }

    /// Everything typed that has not been kept yet, for the moment at which the window closes.
    pub fn unkept_drafts(&mut self) -> Vec<(InteractionId, String)> {
        self.composers
            .iter_mut()
            .filter_map(|(id, composer)| composer.changed.take().map(|_| (*id, composer.text.clone())))
            .collect()
    }
}
