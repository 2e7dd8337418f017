//! What came of an interaction: a tree to choose from, searched by typing, used by keys throughout.

use std::collections::{BTreeMap, BTreeSet};

use egui::{
    Align2, CornerRadius, EventFilter, Frame, Id, Key, Margin, Modifiers, RichText, Role, ScrollArea, Sense,
    Ui, WidgetInfo, pos2, vec2,
};
use waxwing_protocol::{id::InteractionId, wrap_up::Disposition};

use super::{
    super::{
        Action, View, ViewState,
        emoji::folded,
        icon, shortcuts,
        text::{
            self, Ink, Style, Words, Wrap,
            editor::{Editor, EditorState},
        },
        theme,
        widgets::{button, field, heading},
    },
    wants,
};
use crate::desk::{
    conversation::Conversation,
    wrap_up::{Progress, WrapUp},
};

/// How high a line is, and the list at most, in points.
const LINE: f32 = 28.0;
const LIST: f32 = 320.0;

/// What the agent looks for.
#[derive(Debug, Default)]
pub(super) struct DispositionField {
    search: EditorState,
    /// The code of the one that Enter would choose.
    selected: Option<String>,
}

/// A line of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Item<'a> {
    disposition: &'a Disposition,
    /// The names of those above it, and its own.
    path: String,
    depth: usize,
    /// Whether others stand under it: then it can't be given itself.
    is_group: bool,
}

/// Draws it.
pub(super) fn show(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    (state, wants_focus): (&mut ViewState, bool),
    actions: &mut Vec<Action>,
) {
    let interaction = conversation.interaction();
    let (id, rules) = (interaction.id, view.desk.wrap_up().rules());
    if rules.dispositions.is_empty() {
        return;
    }
    let name = if rules.disposition_required { "What came of it · required" } else { "What came of it" };
    heading(ui, view, name);
    let under_way = view.desk.wrap_up().disposition(id);
    let given = under_way.map_or(interaction.disposition.as_deref(), Option::as_deref);
    let items = tree(&rules.dispositions);
    asked(ui, view, id, actions);
    if let Some(code) = given {
        chosen(ui, view, (id, code, &items, under_way.is_some()), actions);
    }
    let held = state.wrap_up.dispositions.entry(id).or_default();
    let shown = found(items, held.search.text());
    let field_id = Id::unique(("disposition field", id));
    let entered = keys(ui, field_id, held, &shown);
    field(ui, view, field_id, |ui| {
        let editor = Editor::new(&mut held.search, field_id, Style::new(14.0), Ink::of(view.theme));
        let output = editor.label("Look for a disposition").hint("Look for a disposition").one_row().show(ui);
        if wants_focus {
            output.response.request_focus();
        }
    });
    let mut picked = entered;
    let area = ScrollArea::vertical().id_salt(("dispositions", id)).max_height(LIST);
    area.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for item in &shown {
            let is_selected = held.selected.as_deref() == Some(item.disposition.code.as_str());
            let is_given = given == Some(item.disposition.code.as_str());
            if line(ui, view, item, (is_selected, is_given)) {
                picked = Some(item.disposition.code.clone());
            }
        }
    });
    if shown.is_empty() {
        ui.label(RichText::new("Nothing is called that.").color(view.theme.muted));
    }
    if let Some(code) = picked {
        held.search.take();
        actions.push(wants(WrapUp::Disposition { interaction: id, code: Some(code) }));
    }
}

/// *Done* waits for it.
fn asked(ui: &mut Ui, view: View<'_>, id: InteractionId, actions: &mut Vec<Action>) {
    let closing = view.desk.wrap_up().closing(id);
    if closing.is_none_or(|closing| closing.progress != Progress::WantsDisposition) {
        return;
    }
    let frame = Frame::new()
        .fill(view.theme.accent_soft)
        .corner_radius(theme::CARD_RADIUS)
        .inner_margin(Margin::symmetric(10, 6));
    frame.show(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.label("Choose what came of it; then it is done.");
            if button::plain(ui, "Not yet").clicked() {
                actions.push(wants(WrapUp::Stay(id)));
            }
        });
    });
}

/// The one that is given.
fn chosen(
    ui: &mut Ui,
    view: View<'_>,
    (id, code, items, under_way): (InteractionId, &str, &[Item<'_>], bool),
    actions: &mut Vec<Action>,
) {
    let path =
        items.iter().find(|item| item.disposition.code == code).map_or(code, |item| item.path.as_str());
    ui.horizontal_wrapped(|ui| {
        ui.label(icon::text(icon::CHECK, 15.0).color(view.theme.accent));
        ui.add(text::Label::new(path, Style::new(14.0).medium(), Ink::of(view.theme)));
        if under_way {
            ui.label(RichText::new("Keeping…").size(12.0).color(view.theme.faint));
        } else if button::small_icon(ui, view.theme, icon::X, "Take the disposition back").clicked() {
            actions.push(wants(WrapUp::Disposition { interaction: id, code: None }));
        }
    });
}

/// The keys of the search: the arrows go through what can be chosen, Enter chooses. Gives the code that was.
fn keys(ui: &Ui, field: Id, held: &mut DispositionField, shown: &[Item<'_>]) -> Option<String> {
    let choices: Vec<_> = shown.iter().filter(|item| !item.is_group).collect();
    let at = |code: &str| choices.iter().position(|item| item.disposition.code == code);
    let code = |at: usize| choices.get(at).map(|item| item.disposition.code.clone());
    let place = held.selected.as_deref().and_then(at);
    if place.is_none() {
        // Whoever types means the first that is found.
        held.selected = if held.search.text().is_empty() { None } else { code(0) };
    }
    if !ui.memory(|memory| memory.has_focus(field)) {
        return None;
    }
    let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, escape: true, tab: false };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(field, filter));
    let pressed = |key| ui.input_mut(|input| shortcuts::take_key(input, Modifiers::NONE, key));
    if pressed(Key::ArrowDown) {
        held.selected = code(place.map_or(0, |at| (at + 1).min(choices.len().saturating_sub(1))));
    }
    if pressed(Key::ArrowUp) {
        held.selected = code(place.unwrap_or(0).saturating_sub(1));
    }
    if !held.search.text().is_empty() && pressed(Key::Escape) {
        held.search.take();
    }
    pressed(Key::Enter).then(|| held.selected.clone()).flatten()
}

/// One line; says whether it was chosen.
fn line(ui: &mut Ui, view: View<'_>, item: &Item<'_>, (is_selected, is_given): (bool, bool)) -> bool {
    let sense = if item.is_group { Sense::hover() } else { Sense::click() };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), sense);
    let told = item.path.as_str();
    response.widget_info(|| {
        let role = if item.is_group { Role::Label } else { Role::RadioButton };
        WidgetInfo::selected(role, true, is_given, told)
    });
    if is_selected {
        response.scroll_to_me(None);
    }
    let ground = match (is_selected, response.hovered() && !item.is_group) {
        (true, _) => Some(view.theme.accent_soft),
        (false, true) => Some(view.theme.sunken),
        (false, false) => None,
    };
    if let Some(ground) = ground {
        ui.painter().rect_filled(rect, CornerRadius::same(6), ground);
    }
    let (style, front) = if item.is_group {
        (Style::new(12.0).semibold(), view.theme.muted)
    } else {
        (Style::new(14.0), if is_given { view.theme.accent } else { view.theme.text })
    };
    #[expect(clippy::cast_precision_loss, reason = "a few levels")]
    let indent = 8.0 + 14.0 * item.depth as f32;
    let words = Words::plain(&item.disposition.name, style);
    let galley = text::layout(ui.ctx(), &words, Wrap::one_row(rect.width() - indent - 28.0));
    let left = pos2(rect.left() + indent, rect.center().y - galley.size().y / 2.0);
    galley.paint(ui.painter(), left, &Ink::of(view.theme).with_text(front));
    if is_given {
        let at = pos2(rect.right() - 8.0, rect.center().y);
        ui.painter().text(at, Align2::RIGHT_CENTER, icon::CHECK, icon::font(15.0), view.theme.accent);
    }
    response.clicked()
}

/// The dispositions as a tree, each under the one it names; one under something unknown stands at the top.
fn tree(all: &[Disposition]) -> Vec<Item<'_>> {
    let codes: BTreeSet<&str> = all.iter().map(|held| held.code.as_str()).collect();
    let mut below: BTreeMap<Option<&str>, Vec<&Disposition>> = BTreeMap::new();
    for disposition in all {
        let parent = disposition.parent.as_deref().filter(|parent| codes.contains(parent));
        below.entry(parent).or_default().push(disposition);
    }
    let mut items = Vec::new();
    walk(&below, None, ("", 0), &mut items);
    items
}

fn walk<'a>(
    below: &BTreeMap<Option<&str>, Vec<&'a Disposition>>,
    parent: Option<&str>,
    (path, depth): (&str, usize),
    items: &mut Vec<Item<'a>>,
) {
    for disposition in below.get(&parent).into_iter().flatten() {
        let path = if path.is_empty() {
            disposition.name.clone()
        } else {
            format!("{path} › {}", disposition.name)
        };
        let code = Some(disposition.code.as_str());
        let is_group = below.contains_key(&code);
        items.push(Item { disposition, path: path.clone(), depth, is_group });
        walk(below, code, (&path, depth + 1), items);
    }
}

/// Those whose path has all words, with what they stand under; all of them if nothing is looked for.
fn found<'a>(items: Vec<Item<'a>>, words: &str) -> Vec<Item<'a>> {
    let words = folded(words);
    let matches = |item: &Item<'_>| {
        let path = folded(&item.path);
        !item.is_group && words.split_whitespace().all(|word| path.contains(word))
    };
    let hits: Vec<String> = items.iter().filter(|item| matches(item)).map(|item| item.path.clone()).collect();
    let leads = |item: &Item<'_>| {
        let start = format!("{} › ", item.path);
        hits.iter().any(|hit| *hit == item.path || hit.starts_with(&start))
    };
    items.into_iter().filter(leads).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Disposition> {
        let one = |code: &str, name: &str, parent: Option<&str>| Disposition {
            code: code.to_owned(),
            name: name.to_owned(),
            parent: parent.map(str::to_owned),
        };
        vec![
            one("order", "Order", None),
            one("placed", "Placed", Some("order")),
            one("late", "Delivered late", Some("order")),
            one("spam", "Spam", None),
            one("lost", "Lost", Some("nowhere")),
        ]
    }

    fn paths(words: &str) -> Vec<String> {
        let all = all();
        found(tree(&all), words).into_iter().map(|item| item.path).collect()
    }

    #[test]
    fn those_below_stand_under_those_above() {
        assert_eq!(paths(""), ["Order", "Order › Placed", "Order › Delivered late", "Spam", "Lost"]);
    }

    #[test]
    fn what_is_looked_for_stands_under_its_group() {
        assert_eq!(paths("late ORDER"), ["Order", "Order › Delivered late"]);
        assert_eq!(paths("spam"), ["Spam"]);
        assert!(paths("refund").is_empty());
    }
}
