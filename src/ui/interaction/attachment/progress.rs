//! How far a file is, on its way here or to the gateway: a ring or a bar that moves with the bytes, never by itself.

use std::{f32::consts::TAU, sync::Arc};

use egui::{Color32, CornerRadius, Painter, Pos2, Rect, Shape, Stroke, pos2};

use super::{
    super::super::{Action, FileDeed},
    File, Place, words,
};
use crate::{
    desk::{file::FileState, input::Command, outbox::OutgoingState},
    ui::interaction::bubble::Scene,
};

/// What goes on with a file.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Doing {
    /// Nothing.
    Rest,
    /// It is on its way.
    Moving {
        /// How far it is.
        told: String,
        /// The same, from 0 to 1.
        part: f32,
        /// What stops it.
        cancel: Action,
    },
    /// It did not come.
    Stuck {
        /// A sentence: why.
        why: Arc<str>,
    },
}

impl Doing {
    /// What goes on with a file of a row.
    pub(super) fn of(scene: &Scene<'_>, file: &File) -> Self {
        match file.at {
            Place::Kept(attachment) => match scene.view.files.get(attachment) {
                FileState::NotHere | FileState::Here => Self::Rest,
                FileState::Coming { got_bytes } => match file.ask(FileDeed::Cancel) {
                    Some(cancel) => Self::moving(got_bytes, file.size_bytes, Action::File(cancel)),
                    None => Self::Rest,
                },
                FileState::Failed { why } => Self::Stuck { why },
            },
            Place::Ours(client_ref) => {
                let interaction = scene.conversation.interaction().id;
                let cancel = Action::Command(Command::Discard { interaction, client_ref });
                match scene.outgoing().map(|outgoing| &outgoing.state) {
                    Some(OutgoingState::Waiting { .. }) => {
                        Self::Moving { told: words::size(file.size_bytes), part: 0.0, cancel }
                    }
                    Some(OutgoingState::Uploading { sent_bytes, .. }) => {
                        Self::moving(*sent_bytes, file.size_bytes, cancel)
                    }
                    Some(OutgoingState::InFlight { .. } | OutgoingState::Refused(_)) | None => Self::Rest,
                }
            }
        }
    }

    fn moving(got: u64, of: u64, cancel: Action) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "for a few pixels")]
        let part = if of == 0 { 0.0 } else { (got as f32 / of as f32).clamp(0.0, 1.0) };
        Self::Moving { told: words::part_of(got, of), part, cancel }
    }
}

/// A ring that is closed as far as it is, on a ring that is all of it.
pub(super) fn ring(painter: &Painter, centre: Pos2, radius: f32, part: f32, (all, done): (Color32, Color32)) {
    painter.circle_stroke(centre, radius, Stroke::new(3.0, all));
    let steps = 48.0 * part.clamp(0.0, 1.0);
    let at = |step: f32| {
        let (sin, cos) = (TAU * step / 48.0).sin_cos();
        pos2(centre.x + radius * sin, centre.y - radius * cos)
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "48 at most")]
    let whole = steps as u16;
    let points: Vec<Pos2> = (0..=whole).map(|step| at(step.into())).chain([at(steps)]).collect();
    painter.add(Shape::line(points, Stroke::new(3.0, done)));
}

/// A bar that is filled as far as it is.
pub(super) fn bar(painter: &Painter, rect: Rect, part: f32, (all, done): (Color32, Color32)) {
    painter.rect_filled(rect, CornerRadius::same(2), all);
    let right = rect.left() + rect.width() * part.clamp(0.0, 1.0);
    painter.rect_filled(
        Rect::from_min_max(rect.min, pos2(right, rect.bottom())),
        CornerRadius::same(2),
        done,
    );
}
