//! A sound as the player has it, and the button that plays it: in bubbles, and on the strip.

use std::time::Duration;

use chrono::TimeDelta;
use egui::{Align2, Color32, CornerRadius, Id, Rect, Role, Sense, Stroke, Ui, WidgetInfo, vec2};
use waxwing_protocol::id::InteractionId;

use super::{
    super::super::{Action, View, icon, theme::Theme},
    words,
};
use crate::desk::sound::{PlayAsk, PlayState, SoundKey, Speed};

/// Between two frames while it is played: smooth enough for a waveform.
const FRAME: Duration = Duration::from_millis(40);
/// The same where nothing is to move: the seconds still count.
const CALM_FRAME: Duration = Duration::from_millis(500);

/// A sound as the player has it.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Track {
    pub(super) key: SoundKey,
    interaction: InteractionId,
    voice: bool,
    pub(super) position: TimeDelta,
    /// None if another is played, or none.
    pub(super) state: Option<PlayState>,
}

impl Track {
    /// How the player has a sound of a conversation, which is a voice note or not.
    pub(in super::super) fn of(
        view: View<'_>,
        key: SoundKey,
        (interaction, voice): (InteractionId, bool),
    ) -> Self {
        match view.sound.playing().filter(|playing| playing.key == key) {
            Some(playing) => {
                Self { key, interaction, voice, position: playing.position, state: Some(playing.state) }
            }
            None => Self { key, interaction, voice, position: view.sound.left_at(key), state: None },
        }
    }

    const fn is_under_way(&self) -> bool {
        matches!(self.state, Some(PlayState::Playing | PlayState::Coming))
    }

    pub(super) const fn play(&self) -> Action {
        let Self { key, interaction, voice, .. } = *self;
        Action::Play(PlayAsk::Start { key, interaction, voice })
    }

    /// Plays it, or lets it stand still.
    pub(in super::super) const fn toggle(&self) -> Action {
        if self.is_under_way() { Action::Play(PlayAsk::Pause) } else { self.play() }
    }

    /// How far it is: `0:03`, whole seconds that have passed.
    pub(super) fn told(&self) -> String {
        words::length_of(u64::try_from(self.position.num_seconds()).unwrap_or_default() * 1000)
    }

    /// The button; says whether it was clicked.
    pub(in super::super) fn button(
        &self,
        ui: &Ui,
        theme: &Theme,
        (rect, id): (Rect, Id),
        told: &str,
    ) -> bool {
        let response = ui.interact(rect, id, Sense::click());
        let deed = if self.is_under_way() { "pause" } else { "play" };
        let told = format!("{told}, {deed}");
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &told));
        let radius = rect.width().min(rect.height()) / 2.0;
        let fill = if response.hovered() { theme.accent.gamma_multiply(0.85) } else { theme.accent };
        ui.painter().circle_filled(rect.center(), radius, fill);
        if response.has_focus() {
            ui.painter().circle_stroke(rect.center(), radius + 2.0, Stroke::new(2.0, theme.accent));
        }
        if self.is_under_way() {
            for side in [-1.0, 1.0] {
                let bar = Rect::from_center_size(rect.center() + vec2(side * 4.0, 0.0), vec2(4.0, 15.0));
                ui.painter().rect_filled(bar, CornerRadius::same(1), theme.on_accent);
            }
        } else {
            let sign = ui.painter().layout_no_wrap(icon::PLAY.to_string(), icon::font(18.0), theme.on_accent);
            let place = rect.translate(vec2(1.5, 0.0));
            let at = Align2::CENTER_CENTER.align_size_within_rect(sign.size(), place);
            ui.painter().galley(at.min, sign, Color32::PLACEHOLDER);
        }
        response.clicked()
    }

    /// Draws on while it is heard; otherwise nothing moves.
    pub(in super::super) fn keep_moving(&self, ui: &Ui, calm: bool) {
        if self.state == Some(PlayState::Playing) {
            ui.ctx().request_repaint_after(if calm { CALM_FRAME } else { FRAME });
        }
    }
}

/// `1.5×`.
pub(super) const fn told_speed(speed: Speed) -> &'static str {
    match speed {
        Speed::Normal => "1×",
        Speed::OneAndAHalf => "1.5×",
        Speed::Double => "2×",
    }
}
