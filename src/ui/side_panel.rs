//! The panel at the side of a conversation: the contact, prepared replies, notifications, the note. A place of its own where
//! the window is wide enough, else it lies over the conversation.

use egui::{
    Align, Area, Context, Frame, Id, Key, LayerId, Layout, Margin, Modifiers, Order, Panel, Rect, RichText,
    Sense, Stroke, Ui, UiBuilder, vec2,
};
use waxwing_protocol::id::InteractionId;

use super::{
    Action, View, ViewState, history, icon, notification, responses, theme, widgets::button, wrap_up,
};
use crate::desk::conversation::Conversation;

/// How wide it is as long as the agent has not dragged its edge, in points.
const WIDTH: f32 = 348.0;
/// How wide it may be dragged, in points.
const WIDTHS: std::ops::RangeInclusive<f32> = 280.0..=560.0;
/// Below this width of the window it lies over the conversation.
const OVER_BELOW: f32 = 1100.0;

/// What stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    /// Who the contact is, and the facts of the case.
    Contact,
    /// Everything with this contact.
    History,
    /// Prepared replies.
    Responses,
    /// Structured messages.
    Notification,
    /// What was noted, and what came of it.
    Note,
}

impl Tab {
    const ALL: [Self; 5] = [Self::Contact, Self::History, Self::Responses, Self::Notification, Self::Note];

    const fn name(self) -> &'static str {
        match self {
            Self::Contact => "Contact",
            Self::History => "History",
            Self::Responses => "Responses",
            Self::Notification => "Notification",
            Self::Note => "Note",
        }
    }
}

/// What the agent made of it.
#[derive(Debug, Default)]
pub(super) struct SidePanel {
    /// What is shown; none while it is closed.
    open: Option<Tab>,
    /// How wide, in points; none is as wide as usual.
    pub(super) width: Option<f32>,
    /// The conversation in which the tab that was opened is to get the focus in the next frame.
    focus: Option<InteractionId>,
    /// Whether the agent works in it, also where nothing there has the focus: then what is typed is not meant for the contact.
    has_keys: bool,
    /// Whether it lies over the conversation.
    is_over: bool,
}

impl SidePanel {
    /// As it was the last time.
    pub(super) const fn restored(width: Option<f32>) -> Self {
        Self { open: None, width, focus: None, has_keys: false, is_over: false }
    }

    /// Shows a tab, and gives it the keys.
    pub(super) const fn show(&mut self, tab: Tab, interaction: InteractionId) {
        (self.open, self.focus, self.has_keys) = (Some(tab), Some(interaction), true);
    }

    /// Shows a tab and gives it the keys, or closes the panel if it has them.
    pub(super) fn toggle(&mut self, tab: Tab, interaction: InteractionId) {
        if self.open == Some(tab) && self.has_keys {
            self.close();
        } else {
            self.show(tab, interaction);
        }
    }

    /// Closes it.
    pub(super) const fn close(&mut self) {
        (self.open, self.has_keys) = (None, false);
    }

    /// The agent goes on in the composer: where the panel lies over that, it makes room.
    pub(super) const fn make_room(&mut self) {
        if self.is_over {
            self.close();
        }
        self.has_keys = false;
    }

    /// Takes Escape out of the input, if the agent works in it and no menu is open, which it would close.
    pub(super) fn takes_escape(&self, ctx: &Context) -> bool {
        self.has_keys
            && !egui::Popup::is_any_open(ctx)
            && ctx.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape))
    }

    /// Whether the agent works in it.
    pub(super) const fn has_keys(&self) -> bool {
        self.has_keys
    }

    /// The agent writes elsewhere.
    pub(super) const fn let_go_of_keys(&mut self) {
        self.has_keys = false;
    }

    /// Whoever clicks in it, or goes there with the keys, works in it; whoever does so elsewhere works elsewhere.
    fn follow(&mut self, ui: &Ui, (rect, layer): (Rect, LayerId)) {
        self.follow_clicks(ui, rect);
        let came = ui.memory(|memory| memory.focused().filter(|id| !memory.had_focus_last_frame(*id)));
        let Some(field) = came.and_then(|id| ui.ctx().read_response(id)) else { return };
        // A menu belongs to whoever opened it.
        let is_menu = matches!(field.layer_id.order, Order::Foreground | Order::Tooltip);
        if self.open.is_some() && !is_menu {
            self.has_keys = field.layer_id == layer && rect.contains(field.rect.center());
        }
    }

    fn follow_clicks(&mut self, ui: &Ui, rect: Rect) {
        let pressed =
            ui.input(|input| input.pointer.any_pressed().then(|| input.pointer.interact_pos()).flatten());
        if let Some(at) = pressed
            && !egui::Popup::is_any_open(ui.ctx())
            && self.open.is_some()
        {
            self.has_keys = rect.contains(at);
        }
    }

    /// Whether what is shown is to get the focus in this frame.
    pub(super) fn take_focus(&mut self, interaction: InteractionId) -> bool {
        self.focus.take_if(|held| *held == interaction).is_some()
    }
}

/// Draws it at the right of a conversation, before the rest of that is drawn.
pub(super) fn show(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let Some(tab) = state.side_panel.open else { return };
    let id = Id::unique(("side panel", conversation.interaction().id));
    let frame = Frame::new().fill(view.theme.surface);
    let width = state.side_panel.width.unwrap_or(WIDTH);
    state.side_panel.is_over = ui.ctx().content_rect().width() < OVER_BELOW;
    if !state.side_panel.is_over {
        let panel = Panel::right(id).default_size(width).size_range(WIDTHS).resizable(true).frame(frame);
        let shown = panel.show(ui, |ui| content(ui, view, conversation, tab, (state, actions)));
        state.side_panel.follow(ui, (shown.response.rect, ui.layer_id()));
        let width = shown.response.rect.width().round();
        if state.side_panel.width.is_some() || width != WIDTH {
            state.side_panel.width = Some(width);
        }
        return;
    }
    let whole = ui.max_rect();
    let width = width.min(whole.width());
    let rect = Rect::from_min_size(whole.right_top() - vec2(width, 0.0), vec2(width, whole.height()));
    let area = Area::new(id).order(Order::Middle).fixed_pos(rect.min).constrain(false);
    area.show(ui.ctx(), |ui| {
        if ui.is_sizing_pass() {
            // What gets the focus has to be seen for that.
            ui.allocate_rect(rect, Sense::hover());
            ui.ctx().request_discard("the panel is about to be seen");
            return;
        }
        // Clicks beside its widgets don't reach what lies below.
        ui.interact(rect, id.with("ground"), Sense::CLICK | Sense::DRAG);
        ui.painter().rect(
            rect,
            0.0,
            view.theme.surface,
            Stroke::new(1.0, view.theme.line),
            egui::StrokeKind::Outside,
        );
        let mut inside = ui.new_child(UiBuilder::new().max_rect(rect));
        inside.set_clip_rect(rect);
        content(&mut inside, view, conversation, tab, (state, actions));
    });
    state.side_panel.follow(ui, (rect, LayerId::new(Order::Middle, id)));
}

fn content(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    tab: Tab,
    (state, actions): (&mut ViewState, &mut Vec<Action>),
) {
    let interaction = conversation.interaction().id;
    // One that was open takes Escape.
    let has_menu = egui::Popup::is_any_open(ui.ctx());
    tabs(ui, view, interaction, (tab, state));
    Frame::new().inner_margin(Margin { left: 16, right: 16, top: 12, bottom: 12 }).show(ui, |ui| {
        ui.set_min_size(ui.available_size());
        match tab {
            Tab::Contact => wrap_up::contact::show(ui, view, conversation, state, actions),
            Tab::History => {
                let interaction = conversation.interaction();
                let whose =
                    history::contact::Whose { contact: &interaction.contact, beside: Some(interaction.id) };
                history::contact::show(ui, view, whose, state, actions);
            }
            Tab::Responses => responses::show(ui, view, conversation, state, actions),
            Tab::Notification => notification::show(ui, view, conversation, state, actions),
            Tab::Note => wrap_up::note::show(ui, view, conversation, state, actions),
        }
    });
    // What was begun there has been taken back before; now it goes back to the message.
    if !has_menu && state.side_panel.takes_escape(ui.ctx()) {
        state.side_panel.make_room();
        state.focus_composer = Some(interaction);
    }
}

/// The line with the tabs.
fn tabs(ui: &mut Ui, view: View<'_>, interaction: InteractionId, (open, state): (Tab, &mut ViewState)) {
    let frame = Frame::new().inner_margin(Margin { left: 16, right: 4, top: 8, bottom: 0 });
    let line = frame.show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            for tab in Tab::ALL {
                let is_open = tab == open;
                let colour = if is_open { view.theme.accent } else { view.theme.muted };
                let words = RichText::new(tab.name()).size(12.5).family(theme::medium()).color(colour);
                let button = egui::Button::selectable(is_open, words).frame(false).min_size(vec2(0.0, 34.0));
                let response = ui.add(button);
                if is_open {
                    let rect = response.rect;
                    ui.painter().hline(
                        rect.x_range(),
                        rect.bottom() + 4.0,
                        Stroke::new(2.0, view.theme.accent),
                    );
                }
                if response.clicked() {
                    state.side_panel.show(tab, interaction);
                }
            }
            ui.spacing_mut().button_padding.x = 4.0;
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if button::icon(ui, view.theme, icon::X, "Close the side panel").clicked() {
                    state.side_panel.close();
                    state.focus_composer = Some(interaction);
                }
            });
        });
    });
    let rect = line.response.rect;
    ui.painter().hline(ui.max_rect().x_range(), rect.bottom(), Stroke::new(1.0, view.theme.line));
}
