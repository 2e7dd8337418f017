//! *Move to workbin*: which one, what to say with it, and when to be reminded; of a conversation, or of what lies in a workbin
//! already. Enter alone moves it to the agent's own.

use chrono::{
    DateTime, DurationRound as _, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc,
};
use egui::{
    Id, Key, Modal, Modifiers, Response, RichText, Role, ScrollArea, Sense, Stroke, TextEdit, Ui, WidgetInfo,
};
use waxwing_protocol::{
    id::{InteractionId, WorkbinId},
    workbin::{MAX_COMMENT_CHARS, MoveToWorkbin, Place, PlaceInfo, Right, WorkbinKind},
};

use super::super::{
    View, Zone,
    text::{
        self, Ink, Style,
        editor::{Editor, EditorState},
    },
    theme,
    widgets::{button, dialog, field},
};

/// How high the list is at most, in points.
const LIST: f32 = 200.0;
/// How a moment is typed.
const MOMENT: &str = "%Y-%m-%d %H:%M";
/// At what time of tomorrow.
const MORNING: u32 = 9;

/// When to be reminded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Remind {
    #[default]
    Never,
    InAnHour,
    Tomorrow,
    At,
}

impl Remind {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Never, "No reminder"),
        (Self::InAnHour, "In an hour"),
        (Self::Tomorrow, "Tomorrow 9:00"),
        (Self::At, "Choose…"),
    ];
}

/// A workbin that is being chosen.
#[derive(Debug)]
pub(in crate::ui) struct Moving {
    /// For what.
    interactions: Vec<InteractionId>,
    /// What is looked for.
    words: String,
    /// Which; none for the agent's own.
    chosen: Option<WorkbinId>,
    comment: EditorState,
    remind: Remind,
    /// The moment as it is typed.
    moment: String,
    /// Whether the agent can type already.
    has_begun: bool,
}

/// What became of the choice in this frame.
#[derive(Debug)]
pub(in crate::ui) enum Choice {
    /// The agent is still at it.
    GoesOn,
    /// It is to be moved nowhere.
    GivenUp,
    /// It is to be moved there.
    Made(MoveToWorkbin),
}

/// A workbin as it is offered.
struct Offered {
    /// None for the agent's own.
    workbin: Option<WorkbinId>,
    name: String,
    /// Whose it is.
    whose: String,
    /// Why nothing can be moved there.
    obstacle: Option<&'static str>,
}

impl Offered {
    const fn is_free(&self) -> bool {
        self.obstacle.is_none()
    }
}

impl Moving {
    /// For these interactions.
    pub(in crate::ui) fn of(interactions: Vec<InteractionId>) -> Self {
        Self {
            interactions,
            words: String::new(),
            chosen: None,
            comment: EditorState::default(),
            remind: Remind::default(),
            moment: String::new(),
            has_begun: false,
        }
    }

    /// For which.
    pub(in crate::ui) fn interactions(&self) -> &[InteractionId] {
        &self.interactions
    }

    /// Lets the agent choose; the title says for what.
    pub(in crate::ui) fn show(&mut self, ui: &Ui, view: View<'_>, title: &str) -> Choice {
        let [entered, escaped, down, up] = [Key::Enter, Key::Escape, Key::ArrowDown, Key::ArrowUp]
            .map(|key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key)));
        let (mut moves, mut stays) = (entered, !escaped);
        let offered = offered(view, &self.interactions, &self.words);
        self.step(&offered, (down, up));
        let is_chosen = offered.iter().any(|offer| offer.is_free() && offer.workbin == self.chosen);
        let remind_at = self.remind_at(view);
        let id = Id::unique(("move to workbin", &self.interactions));
        let modal = Modal::new(id).frame(dialog(ui.style())).show(ui.ctx(), |ui| {
            ui.set_width(420.0);
            ui.spacing_mut().item_spacing.y = 8.0;
            ui.label(RichText::new("Move to workbin").family(theme::semibold()).size(15.0));
            let style = Style::new(13.0);
            ui.add(text::Label::new(title, style, Ink::of(view.theme).with_text(view.theme.muted)).one_row());
            self.search(ui);
            self.list(ui, view, &offered);
            self.comment(ui, view);
            self.reminder(ui, view, &remind_at);
            ui.horizontal(|ui| {
                let can = remind_at.is_ok() && is_chosen;
                moves |= button::primary(ui, view.theme, "Move", can).clicked();
                let cancel = button::plain(ui, "Cancel");
                let given_up = cancel.clicked() || (entered && cancel.has_focus());
                (moves, stays) = (moves && !given_up, stays && !given_up);
                ui.label(
                    RichText::new("Enter moves it, Esc leaves it here").size(12.0).color(view.theme.faint),
                );
            });
        });
        if let (true, Ok(remind_at), true) = (moves, remind_at, is_chosen) {
            let comment = self.comment.text().trim();
            let comment: String = comment.chars().take(MAX_COMMENT_CHARS).collect();
            let wanted = MoveToWorkbin {
                workbin: self.chosen,
                comment: Some(comment).filter(|comment| !comment.is_empty()),
                remind_at,
            };
            return Choice::Made(wanted);
        }
        if stays && !modal.should_close() { Choice::GoesOn } else { Choice::GivenUp }
    }

    fn search(&mut self, ui: &mut Ui) {
        let field = line(ui, &mut self.words, ("Look for a workbin", "Look for a workbin", f32::INFINITY));
        if !std::mem::replace(&mut self.has_begun, true) {
            field.request_focus();
        }
    }

    /// Goes up and down the list; what is not offered any more is not chosen either.
    fn step(&mut self, offered: &[Offered], (down, up): (bool, bool)) {
        let free: Vec<_> = offered.iter().filter(|offer| offer.is_free()).collect();
        let at = free.iter().position(|offer| offer.workbin == self.chosen);
        let to = match at {
            None => Some(0),
            Some(at) if down => Some(at + 1),
            Some(at) if up => at.checked_sub(1),
            Some(_) => None,
        };
        if let Some(offer) = to.and_then(|to| free.get(to)) {
            self.chosen = offer.workbin;
        }
    }

    fn list(&mut self, ui: &mut Ui, view: View<'_>, offered: &[Offered]) {
        if offered.is_empty() {
            ui.label(RichText::new("No workbin is called that.").color(view.theme.muted));
        }
        ScrollArea::vertical().max_height(LIST).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.spacing_mut().interact_size.y = 24.0;
            for offer in offered {
                let is_chosen = offer.workbin == self.chosen;
                let row = ui.add_enabled_ui(offer.is_free(), |ui| workbin(ui, view, offer, is_chosen));
                if row.inner {
                    self.chosen = offer.workbin;
                }
            }
        });
    }

    fn comment(&mut self, ui: &mut Ui, view: View<'_>) {
        let id = Id::unique(("workbin comment", &self.interactions));
        field(ui, view, id, |ui| {
            Editor::new(&mut self.comment, id, Style::new(14.0), Ink::of(view.theme))
                .label("Comment")
                .hint("What whoever opens it should know")
                .min_rows(2)
                .max_height(80.0)
                .show(ui);
        });
    }

    fn reminder(&mut self, ui: &mut Ui, view: View<'_>, remind_at: &Result<Option<DateTime<Utc>>, String>) {
        let before = self.remind;
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            for (choice, name) in Remind::ALL {
                ui.selectable_value(&mut self.remind, choice, RichText::new(name).size(13.0));
            }
        });
        if self.remind == Remind::At {
            if self.moment.is_empty() && before != Remind::At {
                self.moment = next_hour(view.zone, view.now).format(MOMENT).to_string();
            }
            let field = line(ui, &mut self.moment, ("Reminder", "2026-11-29 09:00", 160.0));
            if before != Remind::At {
                field.request_focus();
            }
        }
        match remind_at {
            Err(why) => {
                ui.label(RichText::new(why).size(12.0).color(view.theme.overdue));
            }
            Ok(Some(at)) => {
                let when = format!("Reminder: {}", view.date_and_time(*at));
                ui.label(RichText::new(when).size(12.0).color(view.theme.muted));
            }
            Ok(None) => {}
        }
    }

    /// When to be reminded, or why not.
    fn remind_at(&self, view: View<'_>) -> Result<Option<DateTime<Utc>>, String> {
        Ok(match self.remind {
            Remind::Never => None,
            Remind::InAnHour => Some(view.now + TimeDelta::hours(1)),
            Remind::Tomorrow => Some(tomorrow(view.zone, view.now)),
            Remind::At => Some(moment(view.zone, view.now, &self.moment)?),
        })
    }
}

/// The dot before a workbin. The arrows go through the list from wherever the keys are, so none of it is a stop of its own.
fn dot(ui: &mut Ui, view: View<'_>, is_chosen: bool) -> Response {
    let (rect, response) = ui.allocate_exact_size(egui::Vec2::splat(16.0), Sense::CLICK);
    let edge = if is_chosen { view.theme.accent } else { view.theme.muted };
    ui.painter().circle_stroke(rect.center(), 7.0, Stroke::new(1.5, edge));
    if is_chosen {
        ui.painter().circle_filled(rect.center(), 4.0, view.theme.accent);
    }
    response
}

/// A workbin in the list; says whether it was clicked.
fn workbin(ui: &mut Ui, view: View<'_>, offer: &Offered, is_chosen: bool) -> bool {
    let row = ui.horizontal(|ui| {
        let dot = dot(ui, view, is_chosen);
        let beside = offer.obstacle.map_or_else(|| offer.whose.clone(), str::to_owned);
        let told = format!("{}, {beside}", offer.name);
        dot.widget_info(|| WidgetInfo::selected(Role::RadioButton, offer.is_free(), is_chosen, &told));
        let ink = Ink::of(view.theme);
        let name = text::Label::new(&offer.name, Style::new(14.0), ink).one_row();
        let name = ui.add(name.sense(Sense::CLICK));
        ui.label(RichText::new(beside).size(12.0).color(view.theme.muted));
        dot.clicked() || name.clicked()
    });
    row.inner
}

/// A field for one line.
fn line(ui: &mut Ui, text: &mut String, (name, hint, width): (&str, &str, f32)) -> Response {
    let field = ui.add(TextEdit::singleline(text).hint_text(hint).desired_width(width));
    let typed = text.clone();
    field.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, &typed, &typed, hint);
        info.label = Some(name.to_owned());
        info
    });
    field
}

fn tomorrow(zone: Zone, now: DateTime<Utc>) -> DateTime<Utc> {
    let morning = NaiveTime::from_hms_opt(MORNING, 0, 0).unwrap_or(NaiveTime::MIN);
    let day = zone.day(now);
    zone.moment(day.succ_opt().unwrap_or(day).and_time(morning))
}

/// The first full hour that is more than an hour away.
fn next_hour(zone: Zone, now: DateTime<Utc>) -> DateTime<FixedOffset> {
    let soon = zone.local(now + TimeDelta::hours(2));
    soon.duration_trunc(TimeDelta::hours(1)).unwrap_or(soon)
}

/// The moment that is typed, or why it is none.
fn moment(zone: Zone, now: DateTime<Utc>, typed: &str) -> Result<DateTime<Utc>, String> {
    let typed = typed.trim();
    let shown = NaiveDateTime::parse_from_str(typed, MOMENT)
        .or_else(|_other| NaiveDateTime::parse_from_str(typed, "%d.%m.%Y %H:%M"));
    let time = NaiveTime::parse_from_str(typed, "%H:%M");
    let at = match (shown, time) {
        (Ok(shown), _) => zone.moment(shown),
        // The next time that it is so late.
        (_, Ok(time)) => {
            let today = zone.day(now);
            let on = |day: NaiveDate| zone.moment(day.and_time(time));
            let at = on(today);
            if at > now { at } else { on(today.succ_opt().unwrap_or(today)) }
        }
        _ => return Err("Write it as 2026-11-29 09:00, or 09:00 alone.".to_owned()),
    };
    if at <= now { Err("That is over already.".to_owned()) } else { Ok(at) }
}

/// The workbins that are called so, the agent's own first, each with why nothing of this can be moved there.
fn offered(view: View<'_>, interactions: &[InteractionId], words: &str) -> Vec<Offered> {
    let workbins = view.desk.workbins();
    let own = workbins.own();
    let mine = Offered {
        workbin: None,
        name: own
            .and_then(|own| workbins.place(own))
            .map_or("My workbin", |info| info.name.as_str())
            .to_owned(),
        whose: "yours".to_owned(),
        obstacle: own.and_then(|own| workbins.place(own)).and_then(|info| obstacle(view, interactions, info)),
    };
    let others = workbins.places().iter().filter(|info| Some(info.place) != own).filter_map(|info| {
        let Place::Workbin { workbin } = info.place else { return None };
        let whose = match &info.whose {
            Some(WorkbinKind::Personal { owner, .. }) if owner.display_name == info.name => {
                "personal".to_owned()
            }
            Some(WorkbinKind::Personal { owner, .. }) => format!("of {}", owner.display_name),
            Some(WorkbinKind::Team { team }) => format!("team {team}"),
            Some(WorkbinKind::Shared) => "everybody's".to_owned(),
            Some(WorkbinKind::Unknown) | None => String::new(),
        };
        let obstacle = obstacle(view, interactions, info);
        Some(Offered { workbin: Some(workbin), name: info.name.clone(), whose, obstacle })
    });
    let words = words.trim().to_lowercase();
    let is_called = |offer: &Offered| {
        let told = format!("{} {}", offer.name, offer.whose).to_lowercase();
        words.split_whitespace().all(|word| told.contains(word))
    };
    std::iter::once(mine).chain(others).filter(is_called).collect()
}

/// Why nothing can be moved there, as far as that is known here.
fn obstacle(view: View<'_>, interactions: &[InteractionId], info: &PlaceInfo) -> Option<&'static str> {
    let workbins = view.desk.workbins();
    let lies_there =
        |id: &InteractionId| workbins.item(*id).is_some_and(|lying| lying.item.place == info.place);
    let limit = info.limit.and_then(|limit| usize::try_from(limit).ok());
    let is_full = limit.is_some_and(|limit| workbins.count(info.place).items >= limit);
    if interactions.iter().all(lies_there) {
        Some("lies there already")
    } else {
        // How much lies where one may only put something is not told.
        (info.right >= Right::See && is_full).then_some("full")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reminder_lies_in_the_future_and_in_the_agents_time() {
        let now: DateTime<Utc> = "2026-11-28T16:00:00Z".parse().unwrap();
        assert_eq!(tomorrow(Zone::Utc, now), "2026-11-29T09:00:00Z".parse::<DateTime<Utc>>().unwrap());
        let typed = |text: &str| moment(Zone::Utc, now, text);
        assert_eq!(typed(" 2026-11-28 16:01 "), Ok(now + TimeDelta::minutes(1)));
        assert!(typed("2026-11-28 16:00").unwrap_err().contains("over"));
        assert_eq!(typed("28.11.2026 16:01"), typed("2026-11-28 16:01"));
        assert_eq!(typed("17:30"), typed("2026-11-28 17:30"));
        assert_eq!(typed("9:00"), typed("2026-11-29 09:00"), "tomorrow: today it is over");
        assert!(typed("tomorrow").unwrap_err().contains("2026-11-29 09:00"));
    }
}
