//! One response being written. It lies over no customer: the conversation and the bar stay in use, and whichever conversation is
//! in front, the form stays as it is. What is typed goes only when somebody throws it away.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use egui::{Context, ScrollArea, vec2};
use waxwing_protocol::{
    id::ResponseId,
    library::PutResponse,
    response::{ResponseContent, ResponseProblem, StandardResponse},
};

use super::{
    super::super::{Action, View, Zone, text::editor::EditorState},
    Front, fields, foot,
    notification::Places,
    sight, window,
};
use crate::desk::{
    input::Command,
    library::manage::{Begun, Manage, Save},
};

/// How wide the part is in which is written, in points.
const WRITTEN: f32 = 372.0;
/// How wide the part is in which is seen what comes of it.
const SEEN: f32 = 268.0;
const HEIGHT: f32 = 500.0;
/// So long nobody has typed when what is written is kept.
const PAUSE: TimeDelta = TimeDelta::milliseconds(500);

/// One response being written.
#[derive(Debug)]
pub(super) struct Form {
    pub(super) id: ResponseId,
    /// The version it was begun from; 0 for a new one.
    pub(super) based_on: u32,
    /// As it was then.
    begun: ResponseContent,
    /// What has no field of its own stands here as it is.
    pub(super) content: ResponseContent,
    pub(super) name: EditorState,
    pub(super) shortcut: String,
    pub(super) language: String,
    pub(super) body: EditorState,
    pub(super) starts: Moment,
    pub(super) expires: Moment,
    /// What is kept for a restart, and what stands there instead since when it rests.
    kept: Option<ResponseContent>,
    unkept: Option<(ResponseContent, DateTime<Utc>)>,
    /// What was to be saved the last time.
    saved: Option<ResponseContent>,
    /// Whether somebody has tried to save it: then what is missing is told, too.
    was_tried: bool,
    /// Whether it is asked if it is to be thrown away.
    pub(super) discarding: bool,
    pub(super) sight: Sight,
    /// What is filled in beforehand of its notification, as it is typed.
    pub(super) places: Places,
    /// The version that is looked at.
    pub(super) version: Option<u32>,
}

/// What is seen beside the form.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// What the contact would read.
    #[default]
    Contact,
    /// What it was.
    Versions,
    /// What somebody else has made of it.
    Theirs,
}

/// A moment as it is typed.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Moment(pub(super) String);

impl Moment {
    fn of(at: Option<DateTime<Utc>>, zone: Zone) -> Self {
        Self(at.map(|at| zone.local(at).format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default())
    }

    /// What it says: none for nothing, a sentence for what is no moment.
    pub(super) fn read(&self, zone: Zone) -> Result<Option<DateTime<Utc>>, &'static str> {
        let typed = self.0.trim();
        if typed.is_empty() {
            return Ok(None);
        }
        let whole = NaiveDateTime::parse_from_str(typed, "%Y-%m-%d %H:%M").ok();
        let day = || NaiveDate::parse_from_str(typed, "%Y-%m-%d").ok();
        let shown = whole.or_else(|| day().map(|day| day.and_time(NaiveTime::MIN)));
        shown.map(|shown| Some(zone.moment(shown))).ok_or("Write it as 2026-05-31, or 2026-05-31 18:00.")
    }
}

impl Form {
    /// One that is not in the library yet.
    pub(super) fn new(id: ResponseId, content: &ResponseContent, zone: Zone) -> Self {
        let mut form = Self {
            id,
            based_on: 0,
            begun: ResponseContent::default(),
            content: ResponseContent::default(),
            name: EditorState::default(),
            shortcut: String::new(),
            language: String::new(),
            body: EditorState::default(),
            starts: Moment::default(),
            expires: Moment::default(),
            kept: None,
            unkept: None,
            saved: None,
            was_tried: false,
            discarding: false,
            sight: Sight::default(),
            places: Places::default(),
            version: None,
        };
        form.put(content, zone);
        form.begun = form.written(zone);
        form
    }

    /// One that is there.
    pub(super) fn of(response: &StandardResponse, zone: Zone) -> Self {
        Self { based_on: response.version, ..Self::new(response.id, &response.content, zone) }
    }

    /// One that was begun before a restart; `held` is what the library has of it.
    pub(super) fn begun((id, put): &Begun, held: Option<&StandardResponse>, zone: Zone) -> Self {
        let PutResponse { based_on, content } = &**put;
        let new = ResponseContent { active: true, owner: content.owner, ..ResponseContent::default() };
        let base = held.map_or(new, |held| held.content.clone());
        let mut form = Self { based_on: *based_on, ..Self::new(*id, &base, zone) };
        form.put(content, zone);
        form.kept = Some(content.clone());
        form
    }

    /// What is to be kept for a restart, once whoever writes has paused; else how long that may still be.
    pub(super) fn keep(&mut self, view: View<'_>) -> Result<Manage, Option<Duration>> {
        let written = self.written(view.zone);
        if self.kept.as_ref().unwrap_or(&self.begun) == &written {
            self.unkept = None;
            return Err(None);
        }
        let rests = self.unkept.take().filter(|(held, _)| *held == written);
        let (written, since) = rests.unwrap_or((written, view.now));
        let left = (since + PAUSE - view.now).to_std().unwrap_or_default();
        self.unkept = Some((written, since));
        if left.is_zero() { self.keep_now().ok_or(None) } else { Err(Some(left)) }
    }

    /// What is to be kept for a restart and is not yet, as it was in the last frame.
    pub(super) fn keep_now(&mut self) -> Option<Manage> {
        let (content, _) = self.unkept.take()?;
        self.kept = Some(content.clone());
        let put = PutResponse { based_on: self.based_on, content };
        let is_begun = self.kept.as_ref() != Some(&self.begun);
        Some(Manage::Begin(is_begun.then(|| (self.id, Box::new(put)))))
    }

    /// Writes this into the fields; in the words it is a step that can be undone.
    pub(super) fn put(&mut self, content: &ResponseContent, zone: Zone) {
        self.name.set_text(&content.name);
        self.body.set_text(&content.body);
        self.shortcut = content.shortcut.clone().unwrap_or_default();
        self.language = content.language.clone().unwrap_or_default();
        self.starts = Moment::of(content.starts_at, zone);
        self.expires = Moment::of(content.expires_at, zone);
        self.content = content.clone();
        self.places = Places::default();
    }

    /// Goes on from what somebody else has made of it.
    pub(super) fn take_theirs(&mut self, theirs: &StandardResponse, zone: Zone) {
        *self = Self::of(theirs, zone);
    }

    /// What is written in it.
    pub(super) fn written(&self, zone: Zone) -> ResponseContent {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        ResponseContent {
            name: self.name.text().trim().to_owned(),
            shortcut: some(self.shortcut.trim().trim_start_matches('/')),
            language: some(&self.language),
            body: self.body.text().to_owned(),
            starts_at: self.starts.read(zone).unwrap_or_default(),
            expires_at: self.expires.read(zone).unwrap_or_default(),
            ..self.content.clone()
        }
    }

    /// Whether there is anything to lose.
    pub(super) fn is_changed(&self, zone: Zone) -> bool {
        self.written(zone) != Self::new(self.id, &self.begun, zone).written(zone)
    }

    /// Why it can't be saved as it is, if it can't; what is only missing is told once somebody has tried.
    pub(super) fn problem(&self, zone: Zone) -> Option<ResponseProblem> {
        let problem = self.written(zone).check().err()?;
        let is_missing = problem == ResponseProblem::Empty
            || problem == ResponseProblem::Name && self.name.text().trim().is_empty();
        (self.was_tried || !is_missing).then_some(problem)
    }

    /// Saves it, unless something is wrong with it.
    pub(super) fn save(&mut self, zone: Zone, actions: &mut Vec<Action>) {
        self.was_tried = true;
        let content = self.written(zone);
        let moments = [&self.starts, &self.expires];
        if content.check().is_ok() && moments.iter().all(|moment| moment.read(zone).is_ok()) {
            self.saved = Some(content.clone());
            let put = Box::new(PutResponse { based_on: self.based_on, content });
            actions.push(Action::Command(Command::Manage(Manage::Save { response: self.id, put })));
        }
    }

    /// Whether it is what was to be saved the last time: how that went is told until somebody writes on.
    pub(super) fn is_as_saved(&self, zone: Zone) -> bool {
        self.saved.as_ref().is_some_and(|saved| *saved == self.written(zone))
    }

    /// Shows what it was.
    pub(super) fn show_versions(&mut self, actions: &mut Vec<Action>) {
        self.sight = Sight::Versions;
        actions.push(Action::Command(Command::Manage(Manage::ShowVersions(self.id))));
    }

    /// What somebody else has made of it since it was begun.
    pub(super) fn theirs<'a>(&self, view: View<'a>) -> Option<&'a StandardResponse> {
        let is_saving = matches!(view.desk.upkeep().save(self.id), Some(Save::UnderWay | Save::Done(_)));
        let held = view.desk.library().response(self.id)?;
        let differs = held.version > self.based_on && held.content != self.written(view.zone);
        (differs && !is_saving).then_some(held.as_ref())
    }

    fn title(&self) -> String {
        match (self.based_on, self.content.owner) {
            (0, None) => "New response for all".to_owned(),
            (0, Some(_)) => "New response of your own".to_owned(),
            _ => format!("Edit “{}”", self.begun.name),
        }
    }
}

/// Shows the form, if there is one.
pub(super) fn show(
    ctx: &Context,
    (view, front): Front<'_>,
    held: &mut Option<Box<Form>>,
    actions: &mut Vec<Action>,
) {
    let Some(form) = held else { return };
    match form.keep(view) {
        Ok(kept) => actions.push(Action::Command(Command::Manage(kept))),
        Err(left) => {
            if let Some(left) = left {
                ctx.request_repaint_after(left);
            }
        }
    }
    let mut ends = matches!(view.desk.upkeep().save(form.id), Some(Save::Done(_)));
    files_are_there(form, view, actions);
    let height = HEIGHT.min(ctx.content_rect().height() - 190.0);
    window(&form.title(), "form").resizable(false).default_pos([312.0, 64.0]).show(ctx, |ui| {
        ui.set_width(WRITTEN + SEEN + 24.0);
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = 24.0;
            let room = vec2(WRITTEN, height);
            ui.allocate_ui_with_layout(room, egui::Layout::top_down(egui::Align::Min), |ui| {
                ScrollArea::vertical().id_salt("written").auto_shrink(false).show(ui, |ui| {
                    fields::show(ui, (view, front), form, actions);
                });
            });
            let room = vec2(SEEN, height);
            ui.allocate_ui_with_layout(room, egui::Layout::top_down(egui::Align::Min), |ui| {
                sight::show(ui, (view, front), form);
            });
        });
        ends |= foot::show(ui, view, form, actions);
    });
    if ends {
        actions.push(Action::Command(Command::Manage(Manage::Forget(form.id))));
        *held = None;
    }
}

/// Takes the files over that the gateway has got meanwhile.
fn files_are_there(form: &mut Form, view: View<'_>, actions: &mut Vec<Action>) {
    use crate::desk::library::manage::BringState;

    for (client_ref, bringing) in view.desk.upkeep().files_for(form.id) {
        let BringState::There(file) = &bringing.state else { continue };
        if form.content.files.iter().all(|held| held.attachment != file.attachment) {
            form.content.files.push((**file).clone());
        }
        actions.push(Action::Command(Command::Manage(Manage::LetGo(client_ref))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_as_it_is_written() {
        let zone = Zone::Utc;
        let at = DateTime::UNIX_EPOCH + TimeDelta::minutes(90);
        assert_eq!(Moment::of(Some(at), zone).0, "1970-01-01 01:30");
        assert_eq!(Moment::of(Some(at), zone).read(zone), Ok(Some(at)));
        assert_eq!(Moment("1970-01-01".to_owned()).read(zone), Ok(Some(DateTime::UNIX_EPOCH)));
        assert_eq!(Moment("  ".to_owned()).read(zone), Ok(None));
        assert!(Moment("tomorrow".to_owned()).read(zone).is_err());
    }

    #[test]
    fn what_is_only_missing_is_told_once_somebody_has_tried() {
        let id = ResponseId::new(DateTime::UNIX_EPOCH, [1; 10]);
        let mut form = Form::new(id, &ResponseContent { active: true, ..Default::default() }, Zone::Utc);
        assert!(!form.is_changed(Zone::Utc));
        assert_eq!(form.problem(Zone::Utc), None);
        let mut actions = Vec::new();
        form.save(Zone::Utc, &mut actions);
        assert_eq!((form.problem(Zone::Utc), actions.len()), (Some(ResponseProblem::Name), 0));
        form.name.set_text("Delivery");
        assert_eq!(form.problem(Zone::Utc), Some(ResponseProblem::Empty));
        form.body.set_text("Thank you");
        form.shortcut = "/dt".to_owned();
        form.save(Zone::Utc, &mut actions);
        assert_eq!((form.problem(Zone::Utc), actions.len()), (None, 1));
        assert_eq!(form.written(Zone::Utc).shortcut.as_deref(), Some("dt"));
        assert!(form.is_changed(Zone::Utc));
    }
}
