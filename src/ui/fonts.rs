//! The fonts that ship with the program, in the order in which a letter is looked for. What they lack (Arabic, Hindi,
//! Chinese …) eframe finds among the system's fonts.

use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily};

use super::{icon, theme};

/// Installs them.
pub fn install(ctx: &egui::Context) {
    let mut fonts = FontDefinitions::empty();
    let mut add = |name: &str, bytes: &'static [u8]| {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    };
    add("inter", include_bytes!("../../assets/fonts/InterTabular-Regular.ttf"));
    add("inter-medium", include_bytes!("../../assets/fonts/InterTabular-Medium.ttf"));
    add("inter-semibold", include_bytes!("../../assets/fonts/InterTabular-SemiBold.ttf"));
    add("emoji", include_bytes!("../../assets/fonts/NotoColorEmoji-COLR.ttf"));
    add("icons", include_bytes!("../../assets/icons/lucide-subset.ttf"));
    for (family, face) in [
        (FontFamily::Proportional, "inter"),
        (FontFamily::Monospace, "inter"),
        (theme::medium(), "inter-medium"),
        (theme::semibold(), "inter-semibold"),
    ] {
        fonts.families.insert(family, vec![face.to_owned(), "emoji".to_owned()]);
    }
    fonts.families.insert(theme::emoji(), vec!["emoji".to_owned(), "inter".to_owned()]);
    fonts.families.insert(icon::family(), vec!["icons".to_owned()]);
    ctx.set_fonts(fonts);
}
