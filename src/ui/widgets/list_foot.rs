//! What stands behind a list that comes by the page: that more is under way, why it is not, that there is nothing.

use egui::{RichText, Ui};

use super::{super::View, button};
use crate::desk::listing::Further;

/// Draws it below so many items; says whether the agent wants to try again.
pub(crate) fn show(ui: &mut Ui, view: View<'_>, (further, count): (&Further, usize), nothing: &str) -> bool {
    let mut again = false;
    ui.add_space(10.0);
    ui.vertical_centered(|ui| match further {
        Further::NotAsked | Further::Loading => {
            ui.add(egui::Spinner::new().size(16.0));
        }
        Further::Failed(why) => {
            ui.label(RichText::new(why).size(13.0).color(view.theme.overdue));
            again = button::plain(ui, "Try again").clicked();
        }
        Further::Nothing | Further::More if count == 0 => {
            ui.label(RichText::new(nothing).size(13.0).color(view.theme.muted));
        }
        Further::Nothing | Further::More => {}
    });
    again
}
