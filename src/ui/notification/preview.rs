//! What the contact will see: the bubble, its buttons below it, cards side by side.

use egui::{
    Align2, CornerRadius, FontId, Frame, Margin, Rect, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo,
    scroll_area::ScrollBarVisibility, vec2,
};
use waxwing_protocol::{
    message::MediaKind,
    notification::{NotificationButton, NotificationCard, preview},
    slot::{Mark, Place, Slot, SlotValue},
    template::{TemplateButton, TemplateHeader},
};

use super::{
    super::{
        Action, View, icon,
        interaction::button::icon_of,
        text::{self, Ink, Label, Style, Words, Wrap, isolate},
    },
    form::{Form, Held, ends, words_of},
    marked::{self, Marked},
    media,
};
use crate::desk::{conversation::Conversation, picture::PictureKey};

/// The width of a card of a carousel, in points.
const CARD: f32 = 208.0;
/// The height of a header's picture, in points.
const PICTURE: f32 = 132.0;

/// The preview while it is drawn.
pub(super) struct Preview<'a> {
    pub(super) view: View<'a>,
    pub(super) conversation: &'a Conversation,
    pub(super) form: &'a Form,
    pub(super) held: &'a Held,
    /// The card that has just come to be filled in.
    pub(super) follows: Option<u8>,
}

impl Preview<'_> {
    /// Draws it as wide as there is room.
    pub(super) fn show(&self, ui: &mut Ui, actions: &mut Vec<Action>) {
        let template = &self.form.template;
        let shown = preview(template, &self.held.values);
        self.bubble(ui, |ui| {
            self.header(ui, None, template.header.as_ref(), actions);
            if let Some(offer) = &template.offer {
                self.offer(ui, &offer.text, offer.expires);
            }
            self.body(ui, None, &template.body.text);
            if let Some(footer) = &template.footer {
                let ink = Ink::of(self.view.theme).with_text(self.view.theme.muted);
                ui.add(Label::new(footer, Style::new(11.0), ink).full_width());
            }
        });
        self.buttons(ui, None, &shown.buttons, &template.buttons);
        if !shown.cards.is_empty() {
            self.cards(ui, &shown.cards, actions);
        }
    }

    fn bubble(&self, ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
        let frame = Frame::new()
            .fill(self.view.theme.bubble_out)
            .corner_radius(CornerRadius { nw: 12, ne: 12, sw: 12, se: 4 })
            .inner_margin(Margin::symmetric(11, 8));
        frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 6.0;
            add(ui);
        });
    }

    /// What stands in place of a mark.
    fn place(&self, card: Option<u8>, place: Place) -> marked::Place {
        let slot = Slot { card, place };
        if let Some(words) = words_of(&self.held.values, &slot) {
            return marked::Place::Filled(words);
        }
        let entry = self.form.entry_of(card, &slot.place);
        marked::Place::Blank(entry.map(|entry| entry.gap.clone()).unwrap_or_default())
    }

    fn body(&self, ui: &mut Ui, card: Option<u8>, text: &str) {
        let place = |mark: &str| self.place(card, Place::Body(Mark::new(mark)));
        Marked::formatted(text, &place).show(ui, self.view, Style::new(14.0));
    }

    fn header(
        &self,
        ui: &mut Ui,
        card: Option<u8>,
        header: Option<&TemplateHeader>,
        actions: &mut Vec<Action>,
    ) {
        match header {
            Some(TemplateHeader::Text(text)) => {
                let place = |mark: &str| self.place(card, Place::Header(Mark::new(mark)));
                Marked::plain(&text.text, &place).show(ui, self.view, Style::new(14.0).semibold());
            }
            Some(TemplateHeader::Media { kind }) => self.media(ui, card, *kind, actions),
            Some(TemplateHeader::Location) => {
                let slot = Slot { card, place: Place::HeaderLocation };
                let words = match self.held.values.get(&slot) {
                    Some(SlotValue::Location { name, address, .. }) => format!("{name}\n{address}"),
                    _ => "A place on the map".to_owned(),
                };
                self.line_with_icon(ui, icon::MAP_PIN, &words);
            }
            Some(TemplateHeader::Product) => {
                let slot = Slot { card, place: Place::HeaderProduct };
                let words = match self.held.values.get(&slot) {
                    Some(SlotValue::Products { products, .. }) => {
                        format!("Product {}", products.first().map_or("", String::as_str))
                    }
                    _ => "A product of the catalogue".to_owned(),
                };
                self.line_with_icon(ui, icon::SHOPPING_BAG, &words);
            }
            Some(TemplateHeader::Unknown) | None => {}
        }
    }

    fn line_with_icon(&self, ui: &mut Ui, icon: char, words: &str) {
        let theme = self.view.theme;
        ui.horizontal(|ui| {
            ui.label(icon::text(icon, 18.0).color(theme.muted));
            ui.add(Label::new(words, Style::new(13.0), Ink::of(theme)));
        });
    }

    /// The file of a header: its picture, or its sign and its name.
    fn media(&self, ui: &mut Ui, card: Option<u8>, kind: MediaKind, actions: &mut Vec<Action>) {
        let slot = Slot { card, place: Place::HeaderMedia };
        let files = self.conversation.form_files();
        let here = files.iter().find(|file| file.slot == slot).map(|file| file.file.client_ref);
        let (key, name) = match (here, self.held.values.get(&slot)) {
            (Some(client_ref), Some(SlotValue::Media { file_name, .. })) => {
                (Some(PictureKey::Ours(client_ref)), file_name.clone())
            }
            (None, Some(SlotValue::Media { attachment, file_name })) => {
                (Some(PictureKey::Preview(*attachment)), file_name.clone())
            }
            _ => (None, None),
        };
        if kind == MediaKind::Document {
            let name = name.as_deref().map_or_else(|| "A document".to_owned(), isolate::file_name);
            return self.line_with_icon(ui, icon::FILE, &name);
        }
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), PICTURE), Sense::hover());
        let told = if key.is_some() {
            media::name_of(kind).to_owned()
        } else {
            format!("No {} yet", media::name_of(kind).to_lowercase())
        };
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &told));
        if let Some(key) = key {
            media::face(ui, self.view, (rect, key, kind), actions);
        } else {
            media::sign(ui, self.view, rect, kind);
            let at = rect.center() + vec2(0.0, 24.0);
            let font = FontId::proportional(12.0);
            ui.painter().text(at, Align2::CENTER_CENTER, told, font, self.view.theme.late);
        }
    }

    fn offer(&self, ui: &mut Ui, text: &str, expires: bool) {
        let theme = self.view.theme;
        ui.add(Label::new(text, Style::new(14.0).semibold(), Ink::of(theme)).full_width());
        if !expires {
            return;
        }
        let (words, colour) = match ends(&self.held.values) {
            Some(at) => (format!("Ends {}", self.view.date_and_time(at)), theme.muted),
            None => ("Ends at a moment that is still to be chosen".to_owned(), theme.late),
        };
        ui.horizontal(|ui| {
            ui.label(icon::text(icon::TIMER, 14.0).color(colour));
            ui.label(RichText::new(words).size(12.0).color(colour));
        });
    }

    /// The buttons under the bubble, as WhatsApp draws them.
    fn buttons(
        &self,
        ui: &mut Ui,
        card: Option<u8>,
        buttons: &[NotificationButton],
        of_template: &[TemplateButton],
    ) {
        let theme = self.view.theme;
        ui.spacing_mut().item_spacing.y = 3.0;
        for (number, button) in (0..=u8::MAX).zip(buttons) {
            let slot = Slot { card, place: Place::Button(number) };
            let is_missing = self.held.problem(&slot).is_some();
            let colour = if is_missing { theme.late } else { theme.link };
            let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 34.0), Sense::hover());
            let told = format!("Button {}", button.text);
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &told));
            ui.painter().rect_filled(rect, CornerRadius::same(10), theme.bubble_out);
            let beside = 20.0;
            let words = Words::plain(&button.text, Style::new(13.0).medium());
            let words = text::layout(ui.ctx(), &words, Wrap::one_row(rect.width() - 2.0 * beside));
            let left = rect.center().x - f32::midpoint(words.size().x, beside);
            if let Some(icon) = icon_of(&button.deed) {
                let at = egui::pos2(left, rect.center().y);
                ui.painter().text(at, Align2::LEFT_CENTER, icon, icon::font(14.0), colour);
            }
            let at = egui::pos2(left + beside, rect.center().y - words.size().y / 2.0);
            words.paint(ui.painter(), at, &Ink::of(theme).with_text(colour));
            if let Some(TemplateButton::Url { .. }) = of_template.get(usize::from(number))
                && let waxwing_protocol::notification::ButtonDeed::Url { url } = &button.deed
            {
                response.on_hover_text(url);
            }
        }
    }

    /// Cards side by side.
    fn cards(&self, ui: &mut Ui, cards: &[NotificationCard], actions: &mut Vec<Action>) {
        ui.add_space(4.0);
        // The bar would stand at the edge of the panel as long as the cards are below it.
        let is_seen = ui.is_rect_visible(Rect::from_min_size(ui.cursor().min, vec2(CARD, PICTURE)));
        let bar =
            if is_seen { ScrollBarVisibility::VisibleWhenNeeded } else { ScrollBarVisibility::AlwaysHidden };
        ScrollArea::horizontal().id_salt("cards").scroll_bar_visibility(bar).show(ui, |ui| {
            ui.horizontal_top(|ui| {
                for ((number, shown), card) in (0..=u8::MAX).zip(cards).zip(&self.form.template.cards) {
                    let room = Rect::from_min_size(ui.cursor().min, vec2(CARD, 600.0));
                    let layout = egui::Layout::top_down(egui::Align::Min);
                    let builder = egui::UiBuilder::new().max_rect(room).layout(layout);
                    let drawn = ui.scope_builder(builder, |ui| {
                        ui.set_max_width(CARD);
                        self.bubble(ui, |ui| {
                            self.header(ui, Some(number), card.header.as_ref(), actions);
                            if let Some(body) = &card.body {
                                self.body(ui, Some(number), &body.text);
                            }
                        });
                        self.buttons(ui, Some(number), &shown.buttons, &card.buttons);
                    });
                    let told = format!("Preview of card {} of {}", number + 1, cards.len());
                    drawn.response.widget_info(|| WidgetInfo::labeled(Role::Group, true, &told));
                    if self.follows == Some(number) {
                        drawn.response.scroll_to_me(Some(egui::Align::Center));
                    }
                }
            });
            ui.add_space(8.0);
        });
    }
}
