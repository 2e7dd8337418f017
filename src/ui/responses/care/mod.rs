//! Looking after the library, in windows within the window: the conversation and the bar with those who wait stay in use.
//!
//! `menus` say what may be done with what, `form` is one response being written (`fields` draws it), `category` gives a name to
//! a shelf, `question` asks before something goes, `import` shows what would become of a file.

use std::collections::BTreeSet;

use egui::{Context, Id, Key, Modifiers, Order, RichText, Window};
use waxwing_protocol::{
    id::ResponseId,
    library::PutResponse,
    response::{ResponseContent, StandardResponse},
};

use super::super::{Action, View, ViewState, Zone, theme};
use crate::desk::{
    conversation::Conversation,
    input::Command,
    library::manage::{Manage, Save},
    notices::Gravity,
};

mod category;
mod fields;
mod files;
mod foot;
mod form;
mod import;
mod menus;
mod notification;
mod question;
mod sight;
mod unfinished;

pub(super) use menus::{category_menu, menu, response_menu};
pub(super) use unfinished::show as show_unfinished;

use category::Naming;
use form::Form;
use question::Question;

/// What is being done to the library.
#[derive(Debug, Default)]
pub(super) struct Care {
    form: Option<Box<Form>>,
    naming: Option<Naming>,
    question: Option<Question>,
    /// The form whose first field has had the keys.
    greeted: Option<ResponseId>,
    /// Whether a window of it was open in the last frame.
    was_open: bool,
    /// Responses that were changed from a menu: nobody looks at a form.
    quick: BTreeSet<ResponseId>,
}

impl ViewState {
    /// Opens a response that is not in the library yet, under an id that the app has drawn.
    pub fn write_response(&mut self, id: ResponseId, content: &ResponseContent, zone: Zone) {
        let care = &mut self.responses.care;
        if care.form.as_ref().is_none_or(|form| !form.is_changed(zone)) {
            care.form = Some(Box::new(Form::new(id, content, zone)));
        }
    }
}

impl Care {
    /// Whether a window of it is open.
    pub(super) const fn is_open(&self) -> bool {
        self.form.is_some() || self.naming.is_some() || self.question.is_some()
    }

    /// What is written and not kept yet.
    pub(super) fn keep_now(&mut self) -> Option<Command> {
        self.form.as_mut()?.keep_now().map(Command::Manage)
    }

    /// The first field of a form gets the keys as soon as it is there.
    fn greet(&mut self, ctx: &Context) {
        let form = self.form.as_ref().map(|form| form.id);
        let name = fields::name_id();
        if form.is_none() {
            self.greeted = None;
        } else if form != self.greeted && ctx.read_response(name).is_some() {
            ctx.memory_mut(|memory| memory.request_focus(name));
            self.greeted = form;
        }
    }

    /// Escape leaves what was opened last; a form in which something was written asks first.
    fn escape(&mut self, ctx: &Context, view: View<'_>, actions: &mut Vec<Action>) {
        let is_ours = |id| ctx.read_response(id).is_some_and(|it| it.layer_id.order == Order::Middle);
        let focused = ctx.memory(egui::Memory::focused);
        // An import closes by itself.
        if !self.is_open()
            || view.desk.upkeep().import().is_some()
            || egui::Popup::is_any_open(ctx)
            || !focused.is_none_or(is_ours)
        {
            return;
        }
        if !ctx.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
            return;
        }
        if self.question.take().is_some() || self.naming.take().is_some() {
            return;
        }
        match &mut self.form {
            Some(form) if form.is_changed(view.zone) => form.discarding = true,
            Some(form) => {
                actions.push(Action::Command(Command::Manage(Manage::Forget(form.id))));
                self.form = None;
            }
            None => {}
        }
    }

    /// Opens a response to be changed, unless another one is being written.
    fn open(&mut self, response: &StandardResponse, zone: Zone) {
        if self.form.as_ref().is_none_or(|form| form.id != response.id && !form.is_changed(zone)) {
            self.form = Some(Box::new(Form::of(response, zone)));
        }
    }

    /// Changes a response at once.
    fn change(
        &mut self,
        response: &StandardResponse,
        change: impl FnOnce(&mut ResponseContent),
        actions: &mut Vec<Action>,
    ) {
        let mut content = response.content.clone();
        change(&mut content);
        self.quick.insert(response.id);
        let put = Box::new(PutResponse { based_on: response.version, content });
        actions.push(Action::Command(Command::Manage(Manage::Save { response: response.id, put })));
    }

    /// Tells what came of changes from menus.
    fn settle(&mut self, view: View<'_>, actions: &mut Vec<Action>) {
        self.quick.retain(|id| {
            let why = match view.desk.upkeep().save(*id) {
                None | Some(Save::UnderWay) => return true,
                Some(Save::Done(_)) => None,
                Some(Save::Overtaken(why) | Save::Failed(why)) => Some(why),
            };
            if let Some(why) = why {
                let text = format!("The response was not changed: {why}");
                actions.push(Action::Command(Command::Notify { gravity: Gravity::Problem, text }));
            }
            actions.push(Action::Command(Command::Manage(Manage::Forget(*id))));
            false
        });
    }
}

/// Draws what is open of it.
pub(in crate::ui) fn show(ctx: &Context, view: View<'_>, state: &mut ViewState, actions: &mut Vec<Action>) {
    let conversation = view.desk.active();
    let care = &mut state.responses.care;
    care.settle(view, actions);
    let is_open = care.is_open() || view.desk.upkeep().import().is_some();
    if is_open && !std::mem::replace(&mut care.was_open, is_open) {
        state.side_panel.let_go_of_keys();
    }
    care.was_open = is_open;
    let works_at_side = state.side_panel.has_keys();
    if !works_at_side {
        care.escape(ctx, view, actions);
    }
    form::show(ctx, (view, conversation), &mut care.form, actions);
    care.greet(ctx);
    if care.naming.as_mut().is_some_and(|naming| !naming.show(ctx, view, actions)) {
        care.naming = None;
    }
    if care.question.as_ref().is_some_and(|question| !question.show(ctx, view, actions)) {
        care.question = None;
    }
    import::show(ctx, view, actions);
}

/// A window within the window.
fn window(title: &str, id: &str) -> Window<'static> {
    Window::new(RichText::new(title).family(theme::semibold()).size(15.0))
        .id(Id::unique(("library", id)))
        .collapsible(false)
        .default_pos([330.0, 110.0])
}

/// The conversation whose contact is written to, for what is shown as they would see it.
type Front<'a> = (View<'a>, Option<&'a Conversation>);
