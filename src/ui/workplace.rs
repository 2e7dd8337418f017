//! Where the agent is at work: with open interactions, workbins, the history, contacts. The switch stands at the top of the bar
//! at the left, and tells of who waits also while the agent is elsewhere.

use egui::{
    Align2, Color32, Context, CornerRadius, FontId, KeyboardShortcut, Rect, Role, Sense, Ui, WidgetInfo,
    pos2, vec2,
};

use super::{
    Action, View, ViewState, directory, history, icon, interaction, shortcuts, theme, widgets::focus_ring,
    workbins,
};
pub(super) use crate::config::layout::Workplace;
use crate::desk::{input::Command, link::Account, pending::PendingStage, watching::Watched};

/// How high the switch is, in points.
const HEIGHT: f32 = 52.0;
/// How high each part of it is where there is only room for icons, in points.
const COMPACT_HEIGHT: f32 = 40.0;

impl Workplace {
    /// What it is called.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Workbins => "Workbins",
            Self::History => "History",
            Self::Contacts => "Contacts",
        }
    }

    const fn icon(self) -> char {
        match self {
            Self::Active => icon::MESSAGE_CIRCLE,
            Self::Workbins => icon::INBOX,
            Self::History => icon::HISTORY,
            Self::Contacts => icon::USER,
        }
    }

    /// The keys that lead there.
    pub(super) const fn keys(self) -> KeyboardShortcut {
        shortcuts::WORKPLACES[self as usize]
    }
}

/// What is beside the bar: all of the workplace that the agent is at.
pub(super) fn show(ui: &mut Ui, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    match state.workplace {
        Workplace::Active => interaction::show(ui, view, state, actions),
        Workplace::Workbins => workbins::show(ui, view, state, actions),
        Workplace::History => history::show(ui, view, state, actions),
        Workplace::Contacts => directory::show(ui, view, state, actions),
    }
}

/// Tells the desk which list is on screen, while the window has the focus: so it stays as it is at the gateway.
pub(super) fn tell(ctx: &Context, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    let is_looked_at = matches!(view.desk.account(), Account::SignedIn { .. }) && ctx.input(|i| i.focused);
    let watched = match state.workplace {
        Workplace::Active | Workplace::Workbins => None,
        Workplace::History => Some(Watched::Past(state.history.list())),
        Workplace::Contacts => Some(Watched::Contacts),
    };
    let watched = watched.filter(|_| is_looked_at);
    if std::mem::replace(&mut state.watched, watched) != watched {
        actions.push(Action::Command(Command::Watch(watched)));
    }
}

/// The switch, at the top of the bar.
pub(super) fn switch(ui: &mut Ui, view: View<'_>, state: &mut ViewState, compact: bool) {
    let theme = view.theme;
    let widths = widths(ui, compact);
    let all = Workplace::ALL;
    let height = if compact { COMPACT_HEIGHT * 4.0 + 8.0 } else { HEIGHT };
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let (mut left, mut top) = (rect.left() + 10.0, rect.top() + 4.0);
    let gap = ((rect.width() - 20.0 - widths.iter().sum::<f32>()) / 3.0).clamp(0.0, 12.0);
    for (workplace, width) in all.into_iter().zip(widths) {
        let part = if compact {
            let part = Rect::from_min_size(pos2(rect.left() + 10.0, top), vec2(46.0, 36.0));
            top += COMPACT_HEIGHT;
            part
        } else {
            let part = Rect::from_center_size(pos2(left + width * 0.5, rect.center().y), vec2(width, 32.0));
            left += width + gap;
            part
        };
        if part_of(ui, (view, state), workplace, (part, compact)) {
            state.workplace = workplace;
        }
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, egui::Stroke::new(1.0, theme.line));
}

/// How wide the parts are, in points.
fn widths(ui: &Ui, compact: bool) -> [f32; 4] {
    Workplace::ALL.map(|workplace| {
        if compact {
            return 46.0;
        }
        let font = FontId::new(13.0, theme::medium());
        let galley = ui.painter().layout_no_wrap(workplace.name().to_owned(), font, Color32::PLACEHOLDER);
        galley.size().x + 16.0
    })
}

/// One part of the switch; says whether it was chosen.
fn part_of(
    ui: &Ui,
    (view, state): (View<'_>, &ViewState),
    workplace: Workplace,
    (rect, compact): (Rect, bool),
) -> bool {
    let theme = view.theme;
    let is_here = state.workplace == workplace;
    let response = ui.interact(rect, ui.scope_id().with(("workplace", workplace as usize)), Sense::click());
    let ground = match (is_here, response.hovered() || response.has_focus()) {
        (true, _) => theme.accent_soft,
        (false, true) => theme.sunken,
        (false, false) => theme.surface,
    };
    ui.painter().rect_filled(rect, CornerRadius::same(theme::BUTTON_RADIUS), ground);
    let colour = if is_here { theme.accent } else { theme.muted };
    let (words, font) = if compact {
        (workplace.icon().to_string(), icon::font(18.0))
    } else {
        (workplace.name().to_owned(), FontId::new(13.0, theme::medium()))
    };
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, words, font, colour);
    let count = if is_here { None } else { count_of(view, workplace) };
    if let Some((count, ground, front)) = count {
        badge(ui, (count, ground, front), rect);
    }
    focus_ring(ui, view, &response, (rect, theme::BUTTON_RADIUS));
    let told = match count {
        Some((count, ..)) => format!("Workplace {}, {count}", workplace.name()),
        None => format!("Workplace {}", workplace.name()),
    };
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_here, &told));
    let keys = ui.ctx().format_shortcut(&workplace.keys());
    response.on_hover_text(format!("{} ({keys})", workplace.name())).clicked()
}

/// What waits at a workplace where the agent is not, and in which colours it is told.
fn count_of(view: View<'_>, workplace: Workplace) -> Option<(usize, Color32, Color32)> {
    let theme = view.theme;
    match workplace {
        Workplace::Active => {
            let bar = view.desk.bar();
            let longest = bar.waiting_for_you.first()?;
            let stage = longest.pending().at(view.now, view.desk.settings().thresholds)?.1;
            let (ground, front) = match stage {
                PendingStage::Fresh => (theme.fresh_soft, theme.fresh),
                PendingStage::Late => (theme.late_soft, theme.late),
                PendingStage::Overdue => (theme.overdue, theme.on_overdue),
            };
            Some((bar.waiting_for_you.len(), ground, front))
        }
        Workplace::Workbins => {
            let (unread, due) = workbins::unread_and_due(view);
            let (ground, front) =
                if due > 0 { (theme.late_soft, theme.late) } else { (theme.accent, theme.on_accent) };
            (unread + due > 0).then_some((unread + due, ground, front))
        }
        Workplace::History | Workplace::Contacts => None,
    }
}

/// A count over the upper right corner of a part.
fn badge(ui: &Ui, (count, ground, front): (usize, Color32, Color32), part: Rect) {
    let text = if count > 99 { "99+".to_owned() } else { count.to_string() };
    let galley = ui.painter().layout_no_wrap(text, FontId::new(10.0, theme::semibold()), front);
    let size = vec2((galley.size().x + 8.0).max(15.0), 15.0);
    let rect = Rect::from_center_size(pos2(part.right() - 3.0, part.top() + 2.0), size);
    ui.painter().rect_filled(rect, CornerRadius::same(8), ground);
    let at = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), rect);
    ui.painter().galley(at.min, galley, front);
}

/// What stands where there is nothing to show: an icon, a title, a sentence.
pub(super) fn nothing(ui: &mut Ui, view: View<'_>, icon: char, (title, text): (&str, &str)) {
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.38).max(20.0));
        ui.label(icon::text(icon, 40.0).color(view.theme.faint));
        ui.add_space(8.0);
        ui.label(egui::RichText::new(title).family(theme::semibold()).size(15.0));
        ui.label(egui::RichText::new(text).color(view.theme.muted));
    });
}
