//! Pictures of a conversation, one at a time, over the whole window: nearer, further, the next one.
//!
//! A picture takes its place from its size, which the gateway tells; the preview is drawn there until all of it has come,
//! so nothing moves then.

use std::collections::BTreeMap;

use egui::{
    Align, Align2, Frame, Id, Layout, Margin, Modal, Rect, RichText, Role, Sense, Ui, UiBuilder, Vec2,
    WidgetInfo, pos2, vec2,
};
use waxwing_protocol::{
    id::{InteractionId, MessageId},
    message::{Author, Body, Message},
};

mod place;

use place::{STEP, Viewer, Wish, Zoom, fit, keys};

use super::{
    Action, FileDeed, View, ViewState, icon,
    interaction::{Looked, looked_at},
    text::{self, Ink, Style},
    theme,
    widgets::{button, picture},
};
use crate::desk::{
    conversation::{Conversation, RowKind},
    phones,
    picture::{Fetched, PictureKey},
};

/// How high the bar above the picture is, in points.
const BAR: f32 = 52.0;

/// The pictures that are looked at, one in each conversation at most.
#[derive(Debug, Default)]
pub(super) struct Viewers(BTreeMap<InteractionId, Viewer>);

impl Viewers {
    /// Looks at the picture of a message.
    pub(super) fn open(&mut self, interaction: InteractionId, message: MessageId) {
        self.0.insert(interaction, Viewer::of(message));
    }

    /// Forgets those of conversations that are gone.
    pub(super) fn retain(&mut self, is_here: impl Fn(&InteractionId) -> bool) {
        self.0.retain(|id, _| is_here(id));
    }
}

/// Shows the picture that is looked at in this conversation, if one is.
pub(super) fn show(
    ui: &Ui,
    view: View<'_>,
    conversation: &Conversation,
    state: &mut ViewState,
    actions: &mut Vec<Action>,
) {
    let id = conversation.interaction().id;
    let Some(viewer) = state.viewers.0.get_mut(&id) else { return };
    let all: Vec<&Message> = pictures(conversation).collect();
    let place = all.iter().position(|message| message.id == viewer.message);
    let found = place.and_then(|place| Some((place, looked_at(all.get(place)?)?)));
    let Some((place, looked)) = found else {
        state.viewers.0.remove(&id);
        return;
    };
    let screen = ui.ctx().content_rect();
    let is_large = viewer.zoom.is_some();
    let mut wish = keys(ui, is_large);
    let frame = Frame::new().fill(view.theme.bg);
    let area = Modal::default_area(Id::unique(("viewer", id))).anchor(Align2::LEFT_TOP, Vec2::ZERO);
    Modal::new(Id::unique(("viewer", id))).area(area).frame(frame).show(ui.ctx(), |ui| {
        ui.set_min_size(screen.size());
        let rect = Rect::from_min_size(ui.max_rect().min, screen.size());
        let sheet = Sheet { view, conversation, message: all[place], looked: &looked, rect };
        sheet.bar(ui, (place, all.len()), viewer, &mut wish);
        let foot = sheet.caption(ui);
        let room = Rect::from_min_max(rect.min + vec2(0.0, BAR), rect.max - vec2(0.0, foot));
        sheet.picture(ui, room, (viewer, &mut wish), actions);
        sheet.sides(ui, room, (place, all.len()), &mut wish);
    });
    if let Some(ask) = wish.deed.and_then(|deed| looked.ask(deed)) {
        actions.push(Action::File(ask));
    }
    if wish.step != 0
        && let Some(other) = place.checked_add_signed(wish.step).and_then(|place| all.get(place))
    {
        *viewer = Viewer::of(other.id);
    }
    if wish.closes {
        state.viewers.0.remove(&id);
        state.focus_composer = Some(id);
    }
}

/// The messages of a conversation that are pictures.
fn pictures(conversation: &Conversation) -> impl Iterator<Item = &Message> {
    conversation.rows().iter().filter_map(|row| match &row.kind {
        RowKind::Message { message, .. } => Some(&**message).filter(|message| looked_at(message).is_some()),
        _ => None,
    })
}

/// The viewer while it is drawn.
struct Sheet<'a> {
    view: View<'a>,
    conversation: &'a Conversation,
    message: &'a Message,
    looked: &'a Looked,
    rect: Rect,
}

impl Sheet<'_> {
    /// Who sent it and when, how near it is, and what can be done with it.
    fn bar(&self, ui: &mut Ui, (place, count): (usize, usize), viewer: &Viewer, wish: &mut Wish) {
        let theme = self.view.theme;
        let rect = Rect::from_min_size(self.rect.min, vec2(self.rect.width(), BAR));
        ui.painter().rect_filled(rect, 0, theme.surface);
        let inner = rect.shrink2(vec2(16.0, 8.0));
        let layout = Layout::right_to_left(Align::Center);
        let mut bar = ui.new_child(UiBuilder::new().max_rect(inner).layout(layout));
        let act = |ui: &mut Ui, icon, name: &str| button::icon(ui, theme, icon, name).clicked();
        wish.closes |= act(&mut bar, icon::X, "Close");
        for (icon, name, deed) in [
            (icon::EXTERNAL, "Open in another program", FileDeed::Open),
            (icon::COPY, "Copy picture", FileDeed::Copy),
            (icon::DOWNLOAD, "Save picture as…", FileDeed::SaveAs),
        ] {
            let may = deed != FileDeed::Open || self.looked.may_open;
            if may && act(&mut bar, icon, name) {
                wish.deed = Some(deed);
            }
        }
        if act(&mut bar, icon::FIT, "As large as it fits") {
            wish.zoom = Some(Zoom::Fit);
        }
        if act(&mut bar, icon::ZOOM_IN, "Zoom in") {
            wish.nearer = Some(STEP);
        }
        let zoom = viewer.zoom.map_or_else(|| "Fit".to_owned(), |zoom| format!("{:.0} %", zoom * 100.0));
        bar.label(RichText::new(zoom).size(12.0).color(theme.muted));
        if act(&mut bar, icon::ZOOM_OUT, "Zoom out") {
            wish.nearer = Some(1.0 / STEP);
        }
        bar.label(RichText::new(format!("{} of {count}", place + 1)).size(12.0).color(theme.muted));
        bar.with_layout(Layout::top_down(Align::Min), |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let name = match &self.message.author {
                Author::Contact => phones::title(&self.conversation.interaction().contact),
                Author::Agent { name, .. } => name.clone(),
                Author::System => "WhatsApp".to_owned(),
            };
            ui.add(text::Label::new(&name, Style::new(14.0).semibold(), Ink::of(theme)).one_row());
            let when = self.view.date_and_time(self.message.sent_at);
            ui.label(RichText::new(when).size(12.0).color(theme.muted));
        });
    }

    /// What was written under it; says how much of the foot it takes.
    fn caption(&self, ui: &mut Ui) -> f32 {
        let caption = match &self.message.body {
            Body::Media(media) => media.caption.as_deref().filter(|caption| !caption.trim().is_empty()),
            _ => None,
        };
        let Some(caption) = caption else { return 0.0 };
        let ink = Ink::of(self.view.theme);
        let words = text::Words::plain(caption, Style::new(14.0));
        let wide = (self.rect.width() - 64.0).min(720.0);
        let galley = text::layout(ui.ctx(), &words, text::Wrap::rows(wide, 4));
        let height = galley.size().y + 24.0;
        let foot = Rect::from_min_max(pos2(self.rect.left(), self.rect.bottom() - height), self.rect.max);
        ui.painter().rect_filled(foot, 0, self.view.theme.surface);
        let at = Align2::CENTER_CENTER.align_size_within_rect(galley.size(), foot);
        galley.paint(ui.painter(), at.min, &ink);
        let response = ui.interact(at, ui.scope_id().with("caption"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, caption));
        if galley.is_cut() {
            text::on_hover_whole(response, &words, ink);
        }
        height
    }

    fn picture(
        &self,
        ui: &mut Ui,
        room: Rect,
        (viewer, wish): (&mut Viewer, &mut Wish),
        actions: &mut Vec<Action>,
    ) {
        let response = ui.interact(room, ui.scope_id().with("picture"), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &self.looked.told));
        let scale = ui.pixels_per_point();
        wish.moved += response.drag_delta();
        let mut at = Vec2::ZERO;
        if let Some(pointer) = response.hover_pos() {
            let (wheel, pinch) = ui.input(|input| (input.smooth_scroll_delta().y, input.zoom_delta()));
            let nearer = (wheel / 200.0).exp() * pinch;
            if (nearer - 1.0).abs() > f32::EPSILON {
                (wish.nearer, at) = (Some(nearer), pointer - room.center());
            }
            if response.double_clicked() {
                at = pointer - room.center();
                wish.zoom = Some(if viewer.zoom.is_none() { Zoom::Whole } else { Zoom::Fit });
            }
        }
        let inner = room.shrink(12.0);
        viewer.follow(*wish, (self.looked.pixels, inner.size() * scale), at, scale);
        let zoom = viewer.zoom.unwrap_or_else(|| fit(self.looked.pixels, inner.size() * scale));
        let place = Rect::from_center_size(inner.center() + viewer.offset, self.looked.pixels * zoom / scale);
        let mut inner = ui.new_child(UiBuilder::new().max_rect(room));
        inner.set_clip_rect(room);
        self.paint(&mut inner, place, actions);
    }

    /// Paints it in full, or what there is of it until then.
    fn paint(&self, ui: &mut Ui, place: Rect, actions: &mut Vec<Action>) {
        let (whole, preview) =
            (PictureKey::Whole(self.looked.attachment), PictureKey::Preview(self.looked.attachment));
        let fetched = self.view.pictures.get(whole);
        if let Fetched::Ready(ready) = &fetched {
            return picture::paint(ui, whole, ready, 0, place);
        }
        let hash = self.looked.thumb_hash.as_deref();
        if let Fetched::Ready(ready) = self.view.pictures.get(preview) {
            picture::paint(ui, preview, &ready, 0, place);
        } else if !hash.is_some_and(|hash| picture::blur(ui, hash, (place, 0))) {
            ui.painter().rect_filled(place, 0, self.view.theme.sunken);
        }
        match fetched {
            Fetched::NotAsked => actions.push(Action::WantPicture(whole)),
            Fetched::Failed { why } => self.failed(ui, whole, &why, actions),
            Fetched::Pending | Fetched::Ready(_) => {}
        }
    }

    fn failed(&self, ui: &mut Ui, whole: PictureKey, why: &str, actions: &mut Vec<Action>) {
        let room = ui.max_rect();
        let foot = Rect::from_min_max(pos2(room.left(), room.bottom() - 60.0), room.max);
        ui.scope_builder(UiBuilder::new().max_rect(foot), |ui| {
            let frame = Frame::new().fill(self.view.theme.surface).corner_radius(theme::CARD_RADIUS);
            ui.vertical_centered(|ui| {
                frame.inner_margin(Margin::symmetric(12, 6)).show(ui, |ui| {
                    let words = format!("It can't be shown in full: {why}.");
                    ui.label(RichText::new(words).color(self.view.theme.overdue));
                    if ui.button("Try again").clicked() {
                        actions.push(Action::WantPicture(whole));
                    }
                });
            });
        });
    }

    /// The buttons at both sides.
    fn sides(&self, ui: &mut Ui, room: Rect, (place, count): (usize, usize), wish: &mut Wish) {
        let size = vec2(40.0, 40.0);
        for (icon, name, step, left, is_there) in [
            (icon::CHEVRON_LEFT, "Previous picture", -1, room.left() + 12.0, place > 0),
            (icon::CHEVRON_RIGHT, "Next picture", 1, room.right() - 12.0 - size.x, place + 1 < count),
        ] {
            if !is_there {
                continue;
            }
            let rect = Rect::from_min_size(pos2(left, room.center().y - size.y / 2.0), size);
            ui.painter().circle_filled(rect.center(), size.x / 2.0, self.view.theme.surface);
            let mut side = ui.new_child(
                UiBuilder::new()
                    .max_rect(rect)
                    .layout(Layout::centered_and_justified(egui::Direction::TopDown)),
            );
            if button::icon(&mut side, self.view.theme, icon, name).clicked() {
                wish.step = step;
            }
        }
    }
}
