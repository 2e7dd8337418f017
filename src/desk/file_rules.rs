//! Which files may be sent, by what the gateway's administrator has set: a file that may not is told so on the strip, and
//! not only once it is being uploaded. The gateway has the last word; what it has not told yet stops nothing here.

use waxwing_protocol::{
    file_rule::{FileRule, FileRules, Objection, objection},
    id::InteractionId,
    message::MediaKind,
};

use super::{
    Desk,
    file::{FileRefused, ReadyFile, StripFile, StripSource, StripState, WayOut},
    input::CallError,
    inquiries::Inquiry,
    turn::Turn,
};

const MEGABYTE: u64 = 1024 * 1024;
/// What a picture is made into when it is made smaller.
const PICTURES: [&str; 2] = ["image/jpeg", "image/png"];

impl Desk {
    /// The gateway has told its rules: what stands on the strips is held to them.
    pub(super) fn take_file_rules(&mut self, told: Result<FileRules, CallError>, turn: &mut Turn) {
        let Some(rules) = self.inquired(Inquiry::FileRules, told, turn) else { return };
        self.file_rules = rules;
        let held = self.conversations.values().map(|held| (held.interaction.id, &held.strip));
        let strips = held.chain(self.shelf.iter().map(|(id, shelved)| (*id, &shelved.strip)));
        let stopped = |strip: &[StripFile]| strip.iter().any(|file| self.stops(file).is_some());
        let ids: Vec<_> = strips.filter(|(_, strip)| stopped(strip)).map(|(id, _)| id).collect();
        for id in ids {
            self.hold_to_rules(id, turn);
            self.keep_strip(id, turn);
        }
    }

    /// Stops what stands on a strip and may not be sent.
    pub(super) fn hold_to_rules(&mut self, id: InteractionId, turn: &mut Turn) {
        let rules = std::mem::take(&mut self.file_rules);
        for file in self.strip_mut(id, turn).into_iter().flatten() {
            if let Some(FileRefused { reason, ways_out }) = stops(&rules.outgoing, file) {
                file.state = StripState::Refused { reason, ways_out };
            }
        }
        self.file_rules = rules;
    }

    /// Why a file of this kind may not be sent.
    pub(super) fn objection_to(&self, file: &ReadyFile) -> Option<String> {
        let found = objection(&self.file_rules.outgoing, &file.about.mime, file.size_bytes)?;
        Some(sentence(found, &file.about.mime))
    }

    /// How large a picture may be once it was made smaller, in bytes; none where nothing limits it.
    pub(super) fn most_of_a_picture(&self) -> Option<u64> {
        let most = |mime| match objection(&self.file_rules.outgoing, mime, u64::MAX) {
            Some(Objection::Size { max_bytes }) => Some(max_bytes),
            Some(Objection::Type) | None => None,
        };
        PICTURES.into_iter().filter_map(most).min()
    }

    fn stops(&self, file: &StripFile) -> Option<FileRefused> {
        stops(&self.file_rules.outgoing, file)
    }
}

/// Why a file on a strip may not be sent, and what helps.
fn stops(rules: &[FileRule], file: &StripFile) -> Option<FileRefused> {
    let StripState::Ready(ready) = &file.state else { return None };
    let mime = ready.about.mime.as_str();
    let found = objection(rules, mime, ready.size_bytes)?;
    let is_picture = matches!(ready.kind, MediaKind::Image | MediaKind::Document) && PICTURES.contains(&mime);
    let can_shrink =
        is_picture && file.source == StripSource::Copy && matches!(found, Objection::Size { .. });
    let ways_out = if can_shrink { vec![WayOut::MakeSmaller] } else { Vec::new() };
    Some(FileRefused { reason: sentence(found, mime), ways_out })
}

fn sentence(found: Objection, mime: &str) -> String {
    match found {
        Objection::Type => {
            format!("Your administrator does not let files of this type be sent ({mime}).")
        }
        Objection::Size { max_bytes } => format!(
            "Your administrator lets files of this type be sent up to {} MB; this one is larger.",
            max_bytes / MEGABYTE
        ),
    }
}
