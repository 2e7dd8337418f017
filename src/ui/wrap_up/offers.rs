//! What is held out to the agent: a card at the top of the bar and a pop-up, each with the time that is left.

use chrono::{DateTime, Utc};
use egui::{Align2, Area, Context, Frame, Id, Margin, Order, RichText, Stroke, Ui, Vec2, vec2};
use waxwing_protocol::{id::InteractionId, interaction::Phase};

use super::{
    super::{
        Action, View, shortcuts,
        text::{self, Ink, Style, markup},
        time,
        widgets::{avatar, button},
    },
    wants,
};
use crate::desk::{conversation::Conversation, phones, wrap_up::WrapUp};

/// How wide the pop-up is, in points.
const WIDTH: f32 = 330.0;
/// How far it stands from the upper right corner: the control bar stays free.
const BELOW_HEADER: Vec2 = vec2(-16.0, 150.0);

/// Until when it is held out.
fn until(conversation: &Conversation) -> Option<DateTime<Utc>> {
    match conversation.interaction().phase {
        Phase::Offered { until } => Some(until),
        _ => None,
    }
}

/// What is held out now; what has lapsed is about to be told so.
pub(in crate::ui) fn current(view: View<'_>) -> Vec<&Conversation> {
    let mut offers = view.desk.offers();
    offers.retain(|offer| until(offer).is_some_and(|until| until > view.now));
    offers
}

/// How many seconds are left, counted down.
fn left(ui: &Ui, view: View<'_>, conversation: &Conversation) -> i64 {
    let Some(until) = until(conversation) else { return 0 };
    ui.ctx().request_repaint_after(time::until_next_second(until, view.now));
    time::seconds_left(until, view.now)
}

/// Where an offer is answered; each has names of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Spot {
    /// Its card.
    Card,
    /// The pop-up.
    Popup,
    /// In the conversation, where the composer would be.
    Conversation,
}

/// The buttons that answer an offer.
pub(in crate::ui) fn answer(
    ui: &mut Ui,
    view: View<'_>,
    (conversation, spot): (&Conversation, Spot),
    actions: &mut Vec<Action>,
) {
    let id = conversation.interaction().id;
    let is_free = !view.desk.wrap_up().is_asked(id);
    let title = phones::title(&conversation.interaction().contact);
    let named = |verb: &str| match spot {
        Spot::Card => format!("{verb} {title}"),
        Spot::Popup => verb.to_owned(),
        Spot::Conversation => format!("{verb} this interaction"),
    };
    let seconds = left(ui, view, conversation);
    let accept = button::primary(ui, view.theme, "Accept", is_free);
    accept.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, is_free, named("Accept")));
    let keys = ui.ctx().format_shortcut(&shortcuts::ACCEPT);
    if accept.on_hover_text(format!("Take it ({keys})")).clicked() {
        actions.push(wants(WrapUp::Accept(id)));
    }
    let reject = button::plain(ui, "Reject");
    reject.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, is_free, named("Reject")));
    let away = ui.ctx().format_shortcut(&shortcuts::REJECT);
    if reject.on_hover_text(format!("Let it go on to somebody else ({away})")).clicked() && is_free {
        actions.push(wants(WrapUp::Reject(id)));
    }
    let told = if is_free { format!("{seconds} s left") } else { "Answering…".to_owned() };
    ui.label(RichText::new(told).size(13.0).color(view.theme.muted));
}

/// The pop-up, over everything: who, their first words, how long still.
pub(in crate::ui) fn popup(ctx: &Context, view: View<'_>, actions: &mut Vec<Action>) {
    let mut offers = current(view);
    // What the agent reads already is answered there.
    let read = view.desk.active().map(|active| active.interaction().id);
    offers.retain(|offer| Some(offer.interaction().id) != read);
    let Some(offer) = offers.first() else { return };
    let (id, title) = (offer.interaction().id, phones::title(&offer.interaction().contact));
    let area = Area::new(Id::unique(("offer", id))).order(Order::Foreground);
    area.anchor(Align2::RIGHT_TOP, BELOW_HEADER).show(ctx, |ui| {
        let frame = Frame::popup(ui.style())
            .fill(view.theme.surface)
            .stroke(Stroke::new(1.5, view.theme.accent))
            .inner_margin(Margin::same(14));
        frame.show(ui, |ui| {
            ui.set_width(WIDTH);
            ui.spacing_mut().item_spacing.y = 8.0;
            who(ui, view, (offer, &title));
            if let Some(said) = first_words(offer) {
                let muted = Ink::of(view.theme).with_text(view.theme.muted);
                ui.add(text::Label::new(&said, Style::new(14.0), muted).rows(2));
            }
            ui.horizontal(|ui| answer(ui, view, (offer, Spot::Popup), actions));
            let [accept, reject] =
                [shortcuts::ACCEPT, shortcuts::REJECT].map(|keys| ui.ctx().format_shortcut(&keys));
            let keys = format!("{accept} accepts, {reject} rejects");
            ui.label(RichText::new(keys).size(12.0).color(view.theme.faint));
            if offers.len() > 1 {
                let more = format!("{} more behind it", offers.len() - 1);
                ui.label(RichText::new(more).size(12.0).color(view.theme.faint));
            }
        });
    });
}

fn who(ui: &mut Ui, view: View<'_>, (offer, title): (&Conversation, &str)) {
    ui.horizontal(|ui| {
        let ink = Ink::of(view.theme);
        let (rect, _) = ui.allocate_exact_size(vec2(40.0, 40.0), egui::Sense::hover());
        let face = avatar::Avatar {
            name: title,
            ground: view.theme.avatar(offer.interaction().contact.id.uuid().as_u128()),
            front: ink.with_text(view.theme.on_avatar),
            ring: None,
            size: 38.0,
        };
        avatar::paint(ui, rect.center(), face);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add(text::Label::new(title, Style::new(15.0).semibold(), ink).one_row());
            let told = format!("is offered to you · {}", offer.interaction().business_number.name);
            let muted = ink.with_text(view.theme.muted);
            ui.add(text::Label::new(&told, Style::new(12.0), muted).one_row());
        });
    });
}

/// What the contact said first.
fn first_words(offer: &Conversation) -> Option<String> {
    let said = offer.last_message()?;
    let start: String = said.fallback.chars().take(300).collect();
    Some(markup::plain(&start).replace(['\n', '\r', '\t'], " "))
}

/// The line of buttons under an offer's card in the bar.
pub(in crate::ui) fn under_card(
    ui: &mut Ui,
    view: View<'_>,
    conversation: &Conversation,
    actions: &mut Vec<Action>,
) {
    let frame = Frame::new().fill(view.theme.accent_soft).inner_margin(Margin::symmetric(12, 5));
    frame.show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            answer(ui, view, (conversation, Spot::Card), actions);
        });
    });
}

/// Whether an interaction is held out just now.
pub(in crate::ui) fn is_offered(view: View<'_>, id: InteractionId) -> bool {
    current(view).iter().any(|offer| offer.interaction().id == id)
}
