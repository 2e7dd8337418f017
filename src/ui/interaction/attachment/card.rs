//! What all files in bubbles have: a place to click and to focus, with the message's menu; a line of facts with things to
//! do after it; the reason why something can't be done.

use egui::{
    CornerRadius, CursorIcon, Id, Key, Modifiers, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui,
    Vec2, WidgetInfo, pos2, vec2,
};
use waxwing_protocol::message::Author;

use super::{
    super::super::{
        Action, FileDeed, View,
        text::{self, Ink, Style, Words, Wrap},
    },
    LaidFile, May, Place, Shape, audio,
    opening::may_open,
    progress::Doing,
};
use crate::desk::phones;
use crate::ui::interaction::{
    bubble::Scene,
    menu::{self, Chosen},
};

/// The least room of a line of facts, in points: wide enough for an amount, pages, and two things to do.
pub(super) const LINE: Vec2 = vec2(240.0, 20.0);
/// Between two things in such a line, in points.
const BETWEEN: f32 = 13.0;
/// Above the reason, in points.
pub(super) const BEFORE_REASON: f32 = 4.0;

/// One file while it is drawn.
pub(super) struct Part<'a, 'b> {
    pub(super) scene: &'b Scene<'a>,
    pub(super) id: Id,
    /// All of its room.
    pub(super) rect: Rect,
    pub(super) laid: &'b LaidFile,
    pub(super) actions: &'b mut Vec<Action>,
    /// What was chosen that only the window needs to know.
    pub(super) chosen: Option<Chosen>,
}

impl<'a> Part<'a, '_> {
    pub(super) const fn view(&self) -> View<'a> {
        self.scene.view
    }

    /// Whether it is the file of the message, and not that of a part of it.
    pub(super) fn is_of_message(&self) -> bool {
        let own = self.scene.said().and_then(super::File::of);
        own.is_none_or(|own| own.at == self.laid.file.at)
    }

    /// What a screen reader is told.
    pub(super) fn told(&self) -> String {
        let from = match self.scene.said().map(|message| &message.author) {
            Some(Author::Contact) => phones::title(&self.scene.conversation.interaction().contact),
            Some(Author::Agent { name, .. }) => name.clone(),
            Some(Author::System) | None => "you".to_owned(),
        };
        self.laid.file.told(&from)
    }

    /// Lets the file be pointed at, focused and clicked, with `what` a click does; says whether it was clicked.
    pub(super) fn surface(&mut self, ui: &Ui, (rect, round): (Rect, u8), what: Option<&str>) -> bool {
        let response = ui.interact(rect, self.id, Sense::click());
        let told = match what {
            Some(what) => format!("{}. {what}", self.told()),
            None => self.told(),
        };
        let role = if what.is_some() { Role::Button } else { Role::Image };
        response.widget_info(|| WidgetInfo::labeled(role, true, &told));
        if response.has_focus() {
            let stroke = Stroke::new(2.0, self.view().theme.accent);
            let corners = CornerRadius::same(round);
            ui.painter().rect_stroke(rect, corners, stroke, StrokeKind::Outside);
        }
        let response = if what.is_some() { response } else { response.on_hover_cursor(CursorIcon::Default) };
        let clicked = response.clicked() && what.is_some();
        self.menu(ui, &response);
        clicked
    }

    /// The message's menu, also by the keyboard's own key for menus.
    fn menu(&mut self, ui: &Ui, response: &Response) {
        let asked =
            response.has_focus() && ui.input_mut(|input| input.consume_key(Modifiers::SHIFT, Key::F10));
        self.chosen = menu::show(response, self.scene, self.actions, asked).or(self.chosen.take());
    }

    /// A line of what is known, or of what goes on, and what can be done about it.
    pub(super) fn line(&mut self, ui: &Ui, at: Pos2, right: f32) {
        let file = &self.laid.file;
        let doing = Doing::of(self.scene, file);
        let (words, links, late): (String, Vec<(&str, Action)>, bool) = match doing {
            Doing::Moving { told, part, cancel } => {
                let fits = wide(ui, &told) + wide(ui, "Cancel") <= right - at.x;
                let told = if fits { told } else { format!("{:.0} %", part * 100.0) };
                (told, vec![("Cancel", cancel)], false)
            }
            Doing::Stuck { why } => {
                let again = self.again().map(|again| ("Try again", again));
                (why.to_string(), again.into_iter().collect(), true)
            }
            Doing::Rest => {
                let save = file.ask(FileDeed::SaveAs).map(|ask| ("Save as…", Action::File(ask)));
                (self.facts(), save.into_iter().collect(), false)
            }
        };
        let opens = links.first().is_some_and(|(name, _)| *name == "Save as…");
        let opens = opens && !matches!(may_open(file), May::Save(_));
        let mut room: f32 = links.iter().map(|(name, _)| wide(ui, name)).sum();
        room += if opens { wide(ui, "Open") } else { 0.0 };
        let left = self.words(ui, (&words, late), at, right - room);
        let mut next = left;
        let open = self.id.with("open");
        if opens && self.link(ui, &mut next, at.y, ("Open", open)) {
            let chosen = self.laid.file.open(self.actions);
            self.chosen = chosen.or(self.chosen.take());
        }
        // What was chosen by key and now goes on is called off, or tried again, with the same key: the focus stays.
        let was_opened = !opens && ui.memory(|memory| memory.has_focus(open));
        let last = if was_opened { open } else { self.id.with("last") };
        for (name, action) in links {
            if self.link(ui, &mut next, at.y, (name, last)) {
                self.actions.push(action);
            }
        }
    }

    /// What is known of it.
    fn facts(&self) -> String {
        if self.laid.shape == Shape::Sound { audio::facts(self) } else { self.laid.file.facts() }
    }

    /// What gets a file that did not come: the same as was asked for.
    fn again(&self) -> Option<Action> {
        let file = &self.laid.file;
        if self.laid.shape == Shape::Sound {
            return Some(audio::play(self));
        }
        let deed = if may_open(file) == May::Open { FileDeed::Open } else { FileDeed::SaveAs };
        file.ask(deed).map(Action::File)
    }

    /// Words that are cut where there is no room; says where they end.
    pub(super) fn words(&self, ui: &Ui, (words, late): (&str, bool), at: Pos2, right: f32) -> f32 {
        let theme = self.view().theme;
        let plain = Words::plain(words, Style::new(12.0));
        let galley = text::layout(ui.ctx(), &plain, Wrap::one_row((right - at.x).max(20.0)));
        let ink = Ink::of(theme).with_text(if late { theme.overdue } else { theme.muted });
        galley.paint(ui.painter(), at, &ink);
        let rect = Rect::from_min_size(at, galley.size());
        let response = ui.interact(rect, self.id.with(("words", words)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
        if galley.is_cut() {
            text::on_hover_whole(response, &plain, ink);
        }
        rect.right()
    }

    /// Something to click in a line, after what ends at `left`; says whether it was.
    fn link(&self, ui: &Ui, left: &mut f32, top: f32, (name, id): (&str, Id)) -> bool {
        let theme = self.view().theme;
        let dot = text::layout(ui.ctx(), &Words::plain("·", Style::new(12.0)), Wrap::one_row(f32::INFINITY));
        let dot_at = pos2(*left + (BETWEEN - dot.size().x) / 2.0, top);
        dot.paint(ui.painter(), dot_at, &Ink::of(theme).with_text(theme.muted));
        let galley =
            text::layout(ui.ctx(), &Words::plain(name, Style::new(12.0)), Wrap::one_row(f32::INFINITY));
        let at = pos2(*left + BETWEEN, top);
        let rect = Rect::from_min_size(at, galley.size());
        *left = rect.right();
        let response = ui.interact(rect.expand(2.0), id, Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
        galley.paint(ui.painter(), at, &Ink::of(theme).with_text(theme.link));
        if response.hovered() || response.has_focus() {
            ui.painter().hline(rect.x_range(), rect.bottom() - 1.0, Stroke::new(1.0, theme.link));
        }
        response.clicked()
    }

    /// Why it can't just be opened, at the foot.
    pub(super) fn reason(&self, ui: &Ui) {
        let Some(reason) = &self.laid.reason else { return };
        let at = pos2(self.rect.left(), self.rect.bottom() - reason.size().y);
        reason.paint(ui.painter(), at, &Ink::of(self.view().theme).with_text(self.view().theme.late));
        let rect = Rect::from_min_size(at, reason.size());
        let response = ui.interact(rect, self.id.with("reason"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, reason.text()));
    }

    /// Whether it has left for the gateway's keeping.
    pub(super) const fn is_kept(&self) -> bool {
        matches!(self.laid.file.at, Place::Kept(_))
    }
}

/// How much of a line something to click takes, in points.
fn wide(ui: &Ui, name: &str) -> f32 {
    let words = Words::plain(name, Style::new(12.0));
    text::layout(ui.ctx(), &words, Wrap::one_row(f32::INFINITY)).size().x + BETWEEN
}
