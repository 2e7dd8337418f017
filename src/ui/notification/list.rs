//! Choosing a notification: the templates of the conversation's number, those that can be sent first, found by their words.

use std::sync::Arc;

use egui::{
    Align2, CornerRadius, FontId, Id, Key, Modifiers, Rect, RichText, Role, ScrollArea, Sense, TextEdit, Ui,
    WidgetInfo, pos2, vec2,
};
use waxwing_protocol::{
    id::BusinessNumberId,
    template::{Template, TemplateStatus},
};

use super::{
    super::{
        Action, View, icon,
        text::{self, Ink, Style, Words, Wrap, markup},
        theme,
        widgets::{button, focus_ring},
    },
    words,
};
use crate::desk::{conversation::Conversation, input::Command, library::Library, notification::Refreshing};

/// How high a template is in the list, in points.
const ROW: f32 = 66.0;
/// How high the name of a group is, in points.
const HEADING: f32 = 30.0;

/// What is found, and for what.
#[derive(Debug, Default)]
pub(super) struct List {
    words: String,
    selected: usize,
    found: Option<Found>,
}

/// What was found, as long as nothing has changed.
#[derive(Debug)]
struct Found {
    words: String,
    number: BusinessNumberId,
    revision: u64,
    /// Those that can be sent, then the others, each by name.
    templates: Vec<Arc<Template>>,
    /// How many can be sent.
    sendable: usize,
    /// Whether the number has any.
    is_any: bool,
}

impl Found {
    fn new(words: &str, number: BusinessNumberId, library: &Library) -> Self {
        let wanted: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
        let ours = || library.templates().filter(|template| template.numbers.contains(&number));
        let has = |template: &&Arc<Template>| {
            let said = format!("{}\n{}\n{}", template.name, template.body.text, words::in_short(template));
            let said = said.to_lowercase();
            wanted.iter().all(|word| said.contains(word))
        };
        let is_there = |template: &&Arc<Template>| template.status != TemplateStatus::Deleted;
        let mut templates: Vec<_> = ours().filter(is_there).filter(has).cloned().collect();
        templates.sort_by_cached_key(|template| {
            (template.why_not().is_some(), template.name.to_lowercase(), template.language.clone())
        });
        let sendable = templates.partition_point(|template| template.why_not().is_none());
        let (words, revision) = (words.to_owned(), library.revision());
        Self { words, number, revision, templates, sendable, is_any: ours().next().is_some() }
    }

    /// Where a template stands, from the top of the list.
    fn top(&self, place: usize) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "a few hundred templates")]
        let rows = place as f32 * ROW;
        let headings = usize::from(self.sendable > 0) + usize::from(place >= self.sendable);
        rows + if headings == 2 { 2.0 * HEADING } else { HEADING }
    }
}

impl List {
    /// Whether words are searched for.
    pub(super) const fn is_searched(&self) -> bool {
        !self.words.is_empty()
    }

    /// Searches for nothing any more.
    pub(super) fn forget_words(&mut self) {
        (self.words, self.selected) = (String::new(), 0);
    }

    /// Draws it; gives the template that was chosen.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        (view, conversation): (View<'_>, &Conversation),
        takes_focus: bool,
        actions: &mut Vec<Action>,
    ) -> Option<Arc<Template>> {
        let number = &conversation.interaction().business_number;
        let chosen_by_key = self.search(ui, view, takes_focus, actions);
        let library = view.desk.library();
        let is_current = |found: &Found| {
            found.words == self.words && found.number == number.id && found.revision == library.revision()
        };
        if !self.found.as_ref().is_some_and(is_current) {
            self.found = Some(Found::new(&self.words, number.id, library));
        }
        let found = self.found.as_ref()?;
        if found.templates.is_empty() {
            let is_known = library.held().0.is_some() || found.is_any;
            nothing(ui, view, (is_known, found.is_any, &number.display_number));
            return None;
        }
        self.selected = self.selected.min(found.templates.len() - 1);
        let by_key = chosen_by_key.then(|| Arc::clone(&found.templates[self.selected]));
        rows(ui, view, found, self.selected).or(by_key)
    }

    /// The field to search in, and the button that asks WhatsApp; says whether Enter was pressed.
    fn search(&mut self, ui: &mut Ui, view: View<'_>, takes_focus: bool, actions: &mut Vec<Action>) -> bool {
        let id = Id::unique("notification search");
        let focused = ui.memory(|memory| memory.has_focus(id));
        let pressed = |ui: &Ui, key| focused && ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        if pressed(ui, Key::ArrowDown) {
            self.selected = self.selected.saturating_add(1);
        }
        if pressed(ui, Key::ArrowUp) {
            self.selected = self.selected.saturating_sub(1);
        }
        let chosen = pressed(ui, Key::Enter);
        ui.horizontal(|ui| {
            // The rest is the field's own margin and the button beside it.
            let width = ui.available_width() - 66.0;
            let field = TextEdit::singleline(&mut self.words)
                .id(id)
                .desired_width(width)
                .margin(egui::Margin::symmetric(10, 7))
                .hint_text("Search notifications");
            let response = ui.add(field);
            let typed = self.words.clone();
            response.widget_info(|| {
                let mut info = WidgetInfo::text_edit(true, "", typed.as_str(), "");
                info.label = Some("Search notifications".to_owned());
                info
            });
            if response.changed() {
                self.selected = 0;
            }
            if takes_focus {
                response.request_focus();
            }
            match view.desk.refreshing_templates() {
                Refreshing::UnderWay => {
                    ui.add(egui::Spinner::new().size(18.0))
                        .on_hover_text("WhatsApp is asked for the templates");
                }
                Refreshing::Resting => {
                    let refresh =
                        button::icon(ui, view.theme, icon::REFRESH, "Ask WhatsApp for the templates");
                    if refresh.clicked() {
                        actions.push(Action::Command(Command::RefreshTemplates));
                    }
                }
            }
        });
        chosen
    }
}

/// Draws what is in view of the list; gives the template that was clicked.
fn rows(ui: &mut Ui, view: View<'_>, found: &Found, selected: usize) -> Option<Arc<Template>> {
    let mut chosen = None;
    let count = found.templates.len();
    let height = found.top(count - 1) + ROW;
    ScrollArea::vertical().id_salt("notifications").auto_shrink(false).show_viewport(ui, |ui, viewport| {
        ui.set_height(height);
        let corner = ui.max_rect().min;
        let width = ui.available_width();
        let headings = [(0, found.sendable, "Can be sent"), (found.sendable, count, "Can't be sent now")];
        for (first, end, name) in headings {
            if first < end {
                let at = corner + vec2(0.0, found.top(first) - HEADING + 10.0);
                let font = FontId::new(11.0, theme::semibold());
                ui.painter().text(at, Align2::LEFT_TOP, name.to_uppercase(), font, view.theme.faint);
            }
        }
        let in_view = (0..count).filter(|place| {
            let top = found.top(*place);
            top + ROW >= viewport.top() && top <= viewport.bottom()
        });
        for place in in_view {
            let template = &found.templates[place];
            let rect = Rect::from_min_size(corner + vec2(0.0, found.top(place)), vec2(width, ROW));
            if row(ui, view, (template, rect), place == selected) {
                chosen = Some(Arc::clone(template));
            }
        }
    });
    chosen
}

/// A template; says whether it was clicked.
fn row(ui: &mut Ui, view: View<'_>, (template, rect): (&Template, Rect), selected: bool) -> bool {
    let theme = view.theme;
    let id = ui.scope_id().with(("template", template.id));
    let response = ui.interact(rect, id, Sense::click());
    let why = words::why_not(template);
    let about = words::in_short(template);
    let told = match &why {
        Some(why) => format!("{}, {about}. {why}", template.name),
        None => format!("{}, {about}", template.name),
    };
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, selected, &told));
    let inner = rect.shrink2(vec2(0.0, 2.0));
    if selected || response.hovered() || response.has_focus() {
        let ground = if selected { theme.accent_soft.gamma_multiply(0.6) } else { theme.sunken };
        ui.painter().rect_filled(inner.expand2(vec2(8.0, 0.0)), CornerRadius::same(8), ground);
    }
    focus_ring(ui, view, &response, (inner.expand2(vec2(8.0, 0.0)), 8));
    let line = |text: &str, style: Style, colour, top: f32| {
        let words = Words::plain(text, style);
        let galley = text::layout(ui.ctx(), &words, Wrap::one_row(rect.width()));
        galley.paint(ui.painter(), pos2(rect.left(), rect.top() + top), &Ink::of(theme).with_text(colour));
    };
    line(&template.name, Style::new(13.0).semibold(), theme.text, 5.0);
    let dot = pos2(rect.left() + 4.0, rect.top() + 33.0);
    ui.painter().circle_filled(dot, 3.5, words::colour(template, theme));
    let words = Words::plain(&about, Style::new(11.0));
    let galley = text::layout(ui.ctx(), &words, Wrap::one_row(rect.width() - 14.0));
    let at = pos2(rect.left() + 13.0, rect.top() + 25.0);
    galley.paint(ui.painter(), at, &Ink::of(theme).with_text(theme.muted));
    match &why {
        Some(why) => line(why, Style::new(12.0), words::colour(template, theme), 42.0),
        None => {
            line(&markup::plain(&template.body.text).replace('\n', " "), Style::new(12.0), theme.muted, 42.0);
        }
    }
    let response = match &why {
        Some(why) => response.on_hover_text(why),
        None => response.on_hover_text(&template.body.text),
    };
    response.clicked()
}

/// Why there is nothing to choose from.
fn nothing(ui: &mut Ui, view: View<'_>, (is_known, is_any, number): (bool, bool, &str)) {
    let theme = view.theme;
    let (title, text) = match (is_known, is_any) {
        (false, _) => {
            ("The templates are on their way", "They come with the library of the gateway.".to_owned())
        }
        (true, true) => ("Nothing found", "No template has these words.".to_owned()),
        (true, false) => (
            "No templates yet",
            format!(
                "{number} has none. They are made in WhatsApp Manager and come from the number's WhatsApp Business Account; whoever looks after the gateway tells it which that is."
            ),
        ),
    };
    ui.vertical_centered(|ui| {
        ui.add_space(48.0);
        ui.label(icon::text(icon::NOTIFICATION, 32.0).color(theme.faint));
        ui.add_space(6.0);
        ui.label(RichText::new(title).family(theme::semibold()).size(14.0));
        ui.label(RichText::new(text).size(12.0).color(theme.muted));
    });
}
