//! The tree of places: the agent's own workbins, shared ones, those of teams with their members', queues.

use std::collections::{BTreeMap, BTreeSet};

use egui::{Align2, CornerRadius, FontId, Rect, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};
use waxwing_protocol::{
    id::AgentId,
    workbin::{Place, PlaceInfo, Right, WorkbinKind},
};

use super::{
    super::{
        View, icon, list_keys,
        text::{self, Ink, Style, Words, Wrap},
        theme,
        widgets::{avatar, count_badge, focus_ring},
    },
    WorkbinsState,
};
use crate::desk::{link::Account, workbins::Count};

const HEIGHT: f32 = 30.0;

/// What is chosen in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shelf {
    /// One place.
    Place(Place),
    /// All of a team's.
    Team(String),
}

/// A line of the tree.
struct Line<'a> {
    shelf: Shelf,
    name: &'a str,
    count: Count,
    depth: f32,
    /// Whether what stands below it is shown; none if nothing does.
    unfolded: Option<bool>,
}

/// Where a place stands in the tree.
enum Section<'a> {
    Personal,
    Shared,
    Team(&'a str),
    Others,
    Queue,
}

pub(super) fn agent(view: View<'_>) -> Option<AgentId> {
    match view.desk.account() {
        Account::SignedIn { agent, .. } => Some(agent.id),
        Account::SignedOut { .. } | Account::SigningIn | Account::SigningOut => None,
    }
}

fn section(info: &PlaceInfo, us: Option<AgentId>) -> Section<'_> {
    match (&info.place, &info.whose) {
        (Place::Queue { .. }, _) => Section::Queue,
        (_, Some(WorkbinKind::Personal { owner, .. })) if Some(owner.id) == us => Section::Personal,
        (_, Some(WorkbinKind::Personal { team: Some(team), .. } | WorkbinKind::Team { team })) => {
            Section::Team(team)
        }
        (_, Some(WorkbinKind::Personal { team: None, .. })) => Section::Others,
        (_, Some(WorkbinKind::Shared | WorkbinKind::Unknown) | None) => Section::Shared,
    }
}

/// The places whose contents the agent may see.
fn seen(view: View<'_>) -> impl Iterator<Item = &PlaceInfo> {
    view.desk.workbins().places().iter().filter(|info| info.right >= Right::See)
}

/// The places of what is chosen; if nothing is, or it is gone, the agent's own workbin is.
pub(super) fn places(view: View<'_>, state: &mut WorkbinsState) -> BTreeSet<Place> {
    let us = agent(view);
    let places: BTreeSet<_> = match &state.shelf {
        Some(Shelf::Place(place)) => {
            seen(view).filter(|info| info.place == *place).map(|info| info.place).collect()
        }
        Some(Shelf::Team(team)) => seen(view)
            .filter(|info| matches!(section(info, us), Section::Team(held) if held == team))
            .map(|info| info.place)
            .collect(),
        None => BTreeSet::new(),
    };
    if !places.is_empty() {
        return places;
    }
    let own = view.desk.workbins().own().filter(|own| seen(view).any(|info| info.place == *own));
    let place = own.or_else(|| seen(view).next().map(|info| info.place));
    state.shelf = place.map(Shelf::Place);
    place.into_iter().collect()
}

/// What the shown shelf is called.
pub(super) fn name(view: View<'_>, state: &WorkbinsState) -> String {
    match &state.shelf {
        Some(Shelf::Place(place)) => {
            view.desk.workbins().place(*place).map(|info| info.name.clone()).unwrap_or_default()
        }
        Some(Shelf::Team(team)) => team.clone(),
        None => String::new(),
    }
}

/// Draws it.
pub(super) fn show(ui: &mut Ui, view: View<'_>, state: &mut WorkbinsState) {
    let compact = ui.available_width() < 100.0;
    let parts = parts(view);
    ScrollArea::vertical().id_salt("workbin tree").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.add_space(6.0);
        let mut has_teams = false;
        for (part, places) in &parts {
            match part {
                Part::Plain(name) => plain(ui, view, state, (name, places), compact),
                Part::Team(team) => {
                    if !std::mem::replace(&mut has_teams, true) {
                        heading(ui, view, "Team", compact);
                    }
                    of_team(ui, view, state, (team, places), compact);
                }
            }
        }
    });
}

/// A part of the tree.
#[derive(Debug, Clone, Copy)]
enum Part<'a> {
    /// Places under a heading.
    Plain(&'static str),
    /// A team, with its workbin and those of its members.
    Team(&'a str),
}

/// The tree, from above.
fn parts(view: View<'_>) -> Vec<(Part<'_>, Vec<&PlaceInfo>)> {
    let us = agent(view);
    let (mut personal, mut shared, mut queues) = (Vec::new(), Vec::new(), Vec::new());
    let (mut teams, mut others) = (BTreeMap::<&str, Vec<&PlaceInfo>>::new(), Vec::new());
    for info in seen(view) {
        match section(info, us) {
            Section::Personal => personal.push(info),
            Section::Shared => shared.push(info),
            Section::Team(team) => teams.entry(team).or_default().push(info),
            Section::Others => others.push(info),
            Section::Queue => queues.push(info),
        }
    }
    let mut parts = vec![(Part::Plain("Personal"), personal), (Part::Plain("Shared"), shared)];
    parts.extend(teams.into_iter().map(|(team, places)| (Part::Team(team), places)));
    parts.extend([(Part::Plain("Colleagues"), others), (Part::Plain("Queues"), queues)]);
    parts
}

fn heading(ui: &mut Ui, view: View<'_>, name: &str, compact: bool) {
    ui.add_space(if compact { 8.0 } else { 12.0 });
    if compact {
        return;
    }
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    let at = pos2(rect.left() + 22.0, rect.center().y);
    let font = FontId::new(11.0, theme::semibold());
    ui.painter().text(at, Align2::LEFT_CENTER, name.to_uppercase(), font, view.theme.faint);
}

fn plain(
    ui: &mut Ui,
    view: View<'_>,
    state: &mut WorkbinsState,
    (name, places): (&str, &[&PlaceInfo]),
    compact: bool,
) {
    if places.is_empty() {
        return;
    }
    heading(ui, view, name, compact);
    for info in places {
        line(ui, view, state, &of_place(view, info, 0.0), compact);
    }
}

fn of_place<'a>(view: View<'_>, info: &'a PlaceInfo, depth: f32) -> Line<'a> {
    let count = view.desk.workbins().count(info.place);
    Line { shelf: Shelf::Place(info.place), name: &info.name, count, depth, unfolded: None }
}

/// A team, and below it its workbin and those of its members.
fn of_team(
    ui: &mut Ui,
    view: View<'_>,
    state: &mut WorkbinsState,
    (team, places): (&str, &[&PlaceInfo]),
    compact: bool,
) {
    let mut count = Count::default();
    for info in places {
        let there = view.desk.workbins().count(info.place);
        count.items += there.items;
        count.unread += there.unread;
    }
    let unfolded = !state.folded.contains(team);
    let shelf = Shelf::Team(team.to_owned());
    let whole = Line { shelf, name: team, count, depth: 0.0, unfolded: Some(unfolded) };
    line(ui, view, state, &whole, compact);
    if unfolded {
        for info in places {
            line(ui, view, state, &of_place(view, info, 18.0), compact);
        }
    }
}

fn line(ui: &mut Ui, view: View<'_>, state: &mut WorkbinsState, line: &Line<'_>, compact: bool) {
    let theme = view.theme;
    let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let rect = row.shrink2(vec2(if compact { 4.0 } else { 12.0 }, 0.0));
    let id = ui.scope_id().with(("place", line.name, line.depth.to_bits(), row.top().to_bits()));
    let response = ui.interact(rect, id, Sense::click());
    let is_here = state.shelf.as_ref() == Some(&line.shelf);
    if is_here || response.hovered() || response.has_focus() {
        let ground = if is_here { theme.accent_soft } else { theme.sunken };
        ui.painter().rect_filled(rect, CornerRadius::same(theme::BUTTON_RADIUS), ground);
    }
    focus_ring(ui, view, &response, (rect, theme::BUTTON_RADIUS));
    let colour = if is_here { theme.accent } else { theme.text };
    let right = counts(ui, view, line.count, (rect, is_here), compact);
    let left = rect.left() + if compact { 6.0 } else { 10.0 + line.depth };
    let mut room = right - left - if compact { 2.0 } else { 8.0 };
    if let Some(unfolded) = line.unfolded.filter(|_| !compact) {
        room -= 18.0;
        fold(
            ui,
            (view, state),
            (line.name, unfolded),
            Rect::from_center_size(pos2(right - 12.0, rect.center().y), vec2(18.0, 22.0)),
        );
    }
    let style = Style::new(if compact { 12.0 } else { 13.0 });
    let style = if is_here { style.semibold() } else { style };
    let name = if compact { avatar::initials(line.name) } else { line.name.to_owned() };
    let galley = text::layout(ui.ctx(), &Words::plain(&name, style), Wrap::one_row(room.max(20.0)));
    let at = pos2(left, rect.center().y - galley.size().y * 0.5);
    galley.paint(ui.painter(), at, &Ink::of(theme).with_text(colour));
    let told = match line.count {
        Count { items, unread: 0 } => format!("{}, {items}", line.name),
        Count { items, unread } => format!("{}, {items}, {unread} unread", line.name),
    };
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_here, &told));
    if response.on_hover_text(told).clicked() {
        choose(state, line.shelf.clone());
    }
}

fn choose(state: &mut WorkbinsState, shelf: Shelf) {
    state.shelf = Some(shelf);
    state.chosen.clear();
    (state.cursor, state.anchor) = (None, None);
}

/// Goes so many lines down the tree.
pub(super) fn step(view: View<'_>, state: &mut WorkbinsState, by: isize) {
    let lines: Vec<Shelf> = parts(view)
        .into_iter()
        .flat_map(|(part, places)| {
            let (team, is_folded) = match part {
                Part::Team(team) => (Some(team), state.folded.contains(team)),
                Part::Plain(_) => (None, false),
            };
            let places = places.into_iter().filter(move |_| !is_folded).map(|info| Shelf::Place(info.place));
            team.map(|team| Shelf::Team(team.to_owned())).into_iter().chain(places)
        })
        .collect();
    let here = lines.iter().position(|shelf| state.shelf.as_ref() == Some(shelf));
    if let Some(to) = list_keys::row(here, by, lines.len()).filter(|to| Some(*to) != here) {
        choose(state, lines[to].clone());
    }
}

/// How much lies there, from the right, or only what is unread where there is no room for both; says how far to the left that
/// reaches.
fn counts(ui: &Ui, view: View<'_>, count: Count, (rect, is_here): (Rect, bool), compact: bool) -> f32 {
    let theme = view.theme;
    if compact && count.unread > 0 {
        let centre = pos2(rect.right() - 12.0, rect.center().y);
        count_badge::paint(ui, view, count.unread, centre);
        return centre.x - 9.0;
    }
    let (colour, font) = if is_here {
        (theme.accent, FontId::new(12.0, theme::semibold()))
    } else {
        (theme.muted, FontId::new(12.0, egui::FontFamily::Proportional))
    };
    let at = pos2(rect.right() - 10.0, rect.center().y);
    let painted = ui.painter().text(at, Align2::RIGHT_CENTER, count.items, font, colour);
    if count.unread == 0 {
        return painted.left();
    }
    count_badge::paint(ui, view, count.unread, pos2(painted.left() - 17.0, rect.center().y));
    painted.left() - 28.0
}

/// Shows or hides what stands below a team.
fn fold(ui: &Ui, (view, state): (View<'_>, &mut WorkbinsState), (team, unfolded): (&str, bool), rect: Rect) {
    let sign = if unfolded { icon::CHEVRON_DOWN } else { icon::CHEVRON_RIGHT };
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, sign, icon::font(14.0), view.theme.muted);
    let response = ui.interact(rect, ui.scope_id().with(("fold", team)), Sense::click());
    let told = if unfolded {
        format!("Hide the workbins of {team}")
    } else {
        format!("Show the workbins of {team}")
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &told));
    if response.on_hover_text(&told).clicked() && !state.folded.remove(team) {
        state.folded.insert(team.to_owned());
    }
}
