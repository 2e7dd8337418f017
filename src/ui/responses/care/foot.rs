//! Below the form: saving it, what came of that, and throwing it away.

use egui::{Align, Layout, RichText, Ui};

use super::{
    super::super::{Action, View, icon, widgets::button},
    form::{Form, Sight},
};
use crate::desk::library::manage::Save;

/// Draws it; says whether the form ends.
pub(super) fn show(ui: &mut Ui, view: View<'_>, form: &mut Form, actions: &mut Vec<Action>) -> bool {
    ui.separator();
    told(ui, view, form);
    let mut ends = false;
    ui.horizontal(|ui| {
        if form.discarding {
            ui.label("Throw away what you wrote?");
            ends = button::primary(ui, view.theme, "Throw away", true).clicked();
            form.discarding = !button::plain(ui, "Go on writing").clicked();
            return;
        }
        let is_saving = view.desk.upkeep().save(form.id) == Some(&Save::UnderWay);
        // Saved now, it would be without them.
        let brings = view.desk.upkeep().files_for(form.id).any(|(_, file)| file.state.is_under_way());
        let name = if is_saving { "Saving…" } else { "Save" };
        let can_save = !is_saving && !brings && form.theirs(view).is_none();
        let save = button::primary(ui, view.theme, name, can_save);
        let save =
            if brings { save.on_disabled_hover_text("Its files are still on their way") } else { save };
        if save.clicked() {
            form.save(view.zone, actions);
        }
        if button::plain(ui, "Cancel").clicked() {
            form.discarding = form.is_changed(view.zone);
            ends = !form.discarding;
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if form.based_on > 0 && button::icon(ui, view.theme, icon::HISTORY, "Version history").clicked() {
                match form.sight {
                    Sight::Versions => form.sight = Sight::Contact,
                    Sight::Contact | Sight::Theirs => form.show_versions(actions),
                }
            }
        });
    });
    ends
}

/// What came of saving it, or what somebody else has done meanwhile.
fn told(ui: &mut Ui, view: View<'_>, form: &mut Form) {
    if let Some(theirs) = form.theirs(view) {
        let at = view.date_and_time(theirs.changed_at);
        let words = format!("{} changed it while you were writing ({at}).", theirs.changed_by);
        ui.horizontal_wrapped(|ui| {
            ui.label(icon::text(icon::TRIANGLE_ALERT, 15.0).color(view.theme.late));
            ui.label(RichText::new(words).color(view.theme.late));
            let name = if form.sight == Sight::Theirs { "Hide theirs" } else { "See theirs" };
            if ui.button(name).clicked() {
                form.sight = if form.sight == Sight::Theirs { Sight::Contact } else { Sight::Theirs };
            }
            if ui.button("Take theirs").clicked() {
                form.take_theirs(theirs, view.zone);
            }
            if ui.button("Keep mine").on_hover_text("Then save: yours takes the place of theirs").clicked() {
                form.based_on = theirs.version;
                form.sight = Sight::Contact;
            }
        });
        return;
    }
    if let Some(Save::Failed(why) | Save::Overtaken(why)) = view.desk.upkeep().save(form.id)
        && form.is_as_saved(view.zone)
    {
        ui.horizontal_wrapped(|ui| {
            ui.label(icon::text(icon::CIRCLE_ALERT, 15.0).color(view.theme.overdue));
            ui.label(RichText::new(format!("It is not saved. {why}")).color(view.theme.overdue));
        });
    }
}
