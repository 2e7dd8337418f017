//! A button of a notification in its bubble: what the contact can do, and where it really leads.

use std::sync::Arc;

use egui::{
    Align2, Context, CursorIcon, Id, Popup, Rect, Response, Role, Sense, Stroke, Ui, Vec2, WidgetInfo, vec2,
};
use waxwing_protocol::notification::ButtonDeed;

use super::{
    super::{
        Action, icon,
        text::{
            self, Galley, Ink, Style, Words, Wrap,
            links::{Target, Verdict, judge},
        },
    },
    bubble::Scene,
    link,
};

/// How high one is that says nothing but its name, in points.
const HEIGHT: f32 = 32.0;
/// Between its icon and its name, in points.
const AFTER_ICON: f32 = 6.0;
/// How large its icon is, in points.
const ICON: f32 = 15.0;

/// A button that has its room.
#[derive(Debug)]
pub(super) struct LaidButton {
    name: Arc<Galley>,
    /// Where it leads, or what it copies.
    below: Option<Arc<Galley>>,
    icon: Option<char>,
    deed: Deed,
    /// The room of all of it, in points.
    pub(super) size: Vec2,
}

/// What comes of a click.
#[derive(Debug)]
enum Deed {
    /// The contact alone can use it.
    Nothing,
    /// Opens an address.
    Follow(Verdict),
    /// Calls, or copies the number.
    Call(String),
    /// Copies a code.
    Copy(String),
}

/// What stands before its name.
pub(in crate::ui) const fn icon_of(deed: &ButtonDeed) -> Option<char> {
    match deed {
        ButtonDeed::QuickReply => Some(icon::REPLY),
        ButtonDeed::Url { .. } => Some(icon::EXTERNAL),
        ButtonDeed::PhoneNumber { .. } | ButtonDeed::VoiceCall | ButtonDeed::RequestContactInfo => {
            Some(icon::PHONE)
        }
        ButtonDeed::CopyCode { .. } | ButtonDeed::Otp { .. } => Some(icon::COPY),
        ButtonDeed::Flow => Some(icon::FILE),
        ButtonDeed::Catalog | ButtonDeed::MultiProduct { .. } | ButtonDeed::SingleProduct => {
            Some(icon::SHOPPING_BAG)
        }
        ButtonDeed::Unknown => None,
    }
}

/// Gives a button its room, at most `widest` points wide.
pub(super) fn lay_out(ctx: &Context, (deed, name): (&ButtonDeed, &str), widest: f32) -> LaidButton {
    let icon = icon_of(deed);
    let (below, deed) = match deed {
        ButtonDeed::Url { url } => {
            let verdict = judge(url);
            let shown = match &verdict {
                Verdict::Open(target) | Verdict::Ask(target) => target.shown.clone(),
                Verdict::Plain(_) => url.clone(),
            };
            (Some(shown), Deed::Follow(verdict))
        }
        ButtonDeed::PhoneNumber { phone_number } => {
            (Some(phone_number.clone()), Deed::Call(phone_number.clone()))
        }
        ButtonDeed::CopyCode { code } => (Some(code.clone()), Deed::Copy(code.clone())),
        ButtonDeed::MultiProduct { products } => (Some(products.join(", ")), Deed::Nothing),
        _ => (None, Deed::Nothing),
    };
    let room = (widest - 2.0 * (ICON + AFTER_ICON)).max(40.0);
    let name = text::layout(ctx, &Words::plain(name, Style::new(14.0).medium()), Wrap::one_row(room));
    let below = below
        .filter(|below| !below.is_empty())
        .map(|below| text::layout(ctx, &Words::plain(&below, Style::new(11.0)), Wrap::one_row(widest)));
    let wide = below.as_ref().map_or(0.0, |below| below.size().x);
    let size = vec2((name.size().x + 2.0 * (ICON + AFTER_ICON)).max(wide).max(160.0).min(widest), HEIGHT);
    let size = size + vec2(0.0, below.as_ref().map_or(0.0, |below| below.size().y));
    LaidButton { name, below, icon, deed, size }
}

/// Draws it across the bubble and lets it be used.
pub(super) fn show(
    ui: &Ui,
    scene: &Scene<'_>,
    (id, rect): (Id, Rect),
    laid: &LaidButton,
    actions: &mut Vec<Action>,
) {
    let theme = scene.view.theme;
    ui.painter().hline(rect.x_range(), rect.top(), Stroke::new(1.0, theme.muted.gamma_multiply(0.3)));
    let can_be_used = match &laid.deed {
        Deed::Nothing | Deed::Follow(Verdict::Plain(_)) => false,
        Deed::Follow(_) | Deed::Call(_) | Deed::Copy(_) => true,
    };
    let response = ui.interact(rect, id, if can_be_used { Sense::click() } else { Sense::hover() });
    let below = laid.below.as_ref().map_or_else(String::new, |below| format!(", {}", below.text()));
    let told = format!("Button {}{below}", laid.name.text());
    let role = match &laid.deed {
        Deed::Nothing | Deed::Follow(Verdict::Plain(_)) => Role::Label,
        Deed::Follow(_) => Role::Link,
        Deed::Call(_) | Deed::Copy(_) => Role::Button,
    };
    response.widget_info(|| WidgetInfo::labeled(role, true, &told));
    if response.has_focus() {
        let stroke = Stroke::new(1.5, theme.accent);
        ui.painter().rect_stroke(rect.shrink(1.0), 6.0, stroke, egui::StrokeKind::Inside);
    }
    paint(ui, scene, rect, laid);
    let response = if can_be_used { response.on_hover_cursor(CursorIcon::PointingHand) } else { response };
    act(ui, scene, response, laid, actions);
}

fn paint(ui: &Ui, scene: &Scene<'_>, rect: Rect, laid: &LaidButton) {
    let theme = scene.view.theme;
    let (wide, high) = (laid.name.size().x, laid.name.size().y);
    let beside = if laid.icon.is_some() { ICON + AFTER_ICON } else { 0.0 };
    let foot = laid.below.as_ref().map_or(0.0, |below| below.size().y);
    let middle = rect.top() + (rect.height() - foot) / 2.0;
    let left = rect.center().x - f32::midpoint(wide, beside);
    if let Some(icon) = laid.icon {
        let at = egui::pos2(left, middle);
        ui.painter().text(at, Align2::LEFT_CENTER, icon, icon::font(ICON), theme.link);
    }
    let at = egui::pos2(left + beside, middle - high / 2.0);
    laid.name.paint(ui.painter(), at, &Ink::of(theme).with_text(theme.link));
    if let Some(below) = &laid.below {
        let at = egui::pos2(rect.center().x - below.size().x / 2.0, middle + high / 2.0 + 1.0);
        below.paint(ui.painter(), at, &Ink::of(theme).with_text(theme.muted));
    }
}

fn act(ui: &Ui, scene: &Scene<'_>, response: Response, laid: &LaidButton, actions: &mut Vec<Action>) {
    match &laid.deed {
        Deed::Nothing => {
            response.on_hover_text("The contact can use this button");
        }
        Deed::Follow(Verdict::Plain(reason)) => {
            response.on_hover_text(reason.sentence());
        }
        Deed::Follow(Verdict::Open(target) | Verdict::Ask(target)) => {
            if link::on_hover(response, scene, target).clicked() {
                let Target { url, .. } = target;
                actions.push(Action::OpenLink(url.clone()));
            }
        }
        Deed::Call(number) => {
            let call = judge(&format!("tel:{number}"));
            Popup::menu(&response).show(|ui| {
                if let Verdict::Ask(target) = &call
                    && ui.button(format!("Call {number}")).clicked()
                {
                    actions.push(Action::OpenLink(target.url.clone()));
                }
                if ui.button("Copy").clicked() {
                    ui.copy_text(number.clone());
                }
            });
        }
        Deed::Copy(code) => {
            if response.on_hover_text("Click to copy the code").clicked() {
                ui.copy_text(code.clone());
            }
        }
    }
}
