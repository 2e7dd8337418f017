//! How it looks: `assets/theme` read into tokens, and egui's own style made of them. Nothing else names a colour.

use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, TextStyle, Vec2};
use serde::{Deserialize, Deserializer};

/// Every colour, by meaning; see the comments in `assets/theme/light.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the theme files say what each colour is for")]
pub struct Theme {
    #[serde(deserialize_with = "colour")]
    pub bg: Color32,
    #[serde(deserialize_with = "colour")]
    pub surface: Color32,
    #[serde(deserialize_with = "colour")]
    pub sunken: Color32,
    #[serde(deserialize_with = "colour")]
    pub line: Color32,
    #[serde(deserialize_with = "colour")]
    pub text: Color32,
    #[serde(deserialize_with = "colour")]
    pub muted: Color32,
    #[serde(deserialize_with = "colour")]
    pub faint: Color32,
    #[serde(deserialize_with = "colour")]
    pub accent: Color32,
    #[serde(deserialize_with = "colour")]
    pub accent_soft: Color32,
    #[serde(deserialize_with = "colour")]
    pub on_accent: Color32,
    #[serde(deserialize_with = "colour")]
    pub bubble_in: Color32,
    #[serde(deserialize_with = "colour")]
    pub bubble_out: Color32,
    #[serde(deserialize_with = "colour")]
    pub fresh: Color32,
    #[serde(deserialize_with = "colour")]
    pub fresh_soft: Color32,
    #[serde(deserialize_with = "colour")]
    pub late: Color32,
    #[serde(deserialize_with = "colour")]
    pub late_soft: Color32,
    #[serde(deserialize_with = "colour")]
    pub late_ring: Color32,
    #[serde(deserialize_with = "colour")]
    pub overdue: Color32,
    #[serde(deserialize_with = "colour")]
    pub overdue_soft: Color32,
    #[serde(deserialize_with = "colour")]
    pub on_overdue: Color32,
    #[serde(deserialize_with = "colour")]
    pub link: Color32,
    #[serde(deserialize_with = "colour")]
    pub tick: Color32,
    #[serde(deserialize_with = "colour")]
    pub shadow: Color32,
    #[serde(deserialize_with = "colours")]
    pub avatars: Vec<Color32>,
    #[serde(deserialize_with = "colour")]
    pub on_avatar: Color32,
}

#[expect(clippy::disallowed_methods, reason = "this is the one place where colours come from")]
fn parse(text: &str) -> Result<Color32, String> {
    Color32::from_hex(text)
        .map_err(|_malformed| format!("{text:?} is not a colour of the form #RRGGBB or #RRGGBBAA"))
}

fn colour<'de, D: Deserializer<'de>>(from: D) -> Result<Color32, D::Error> {
    parse(&String::deserialize(from)?).map_err(serde::de::Error::custom)
}

fn colours<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Color32>, D::Error> {
    Vec::<String>::deserialize(from)?
        .iter()
        .map(|text| parse(text).map_err(serde::de::Error::custom))
        .collect()
}

/// Radius of bubbles, in points.
pub const BUBBLE_RADIUS: u8 = 12;
/// Radius of fields and cards, in points.
pub const CARD_RADIUS: u8 = 10;
/// Radius of buttons, in points.
pub const BUTTON_RADIUS: u8 = 8;

impl Theme {
    /// The theme that ships with the program.
    ///
    /// # Panics
    /// If a file in `assets/theme` is malformed, which a test rules out.
    #[must_use]
    pub fn shipped(theme: egui::Theme) -> Self {
        let text = match theme {
            egui::Theme::Light => include_str!("../../assets/theme/light.toml"),
            egui::Theme::Dark => include_str!("../../assets/theme/dark.toml"),
        };
        toml::from_str(text).expect("the shipped themes are checked by a test")
    }

    /// Makes egui's own widgets look like ours, for both themes.
    pub fn install(ctx: &egui::Context) {
        for which in [egui::Theme::Light, egui::Theme::Dark] {
            let theme = Self::shipped(which);
            ctx.style_mut_of(which, |style| theme.apply(style));
        }
    }

    fn apply(&self, style: &mut egui::Style) {
        style.text_styles = [
            (TextStyle::Body, FontId::new(14.0, FontFamily::Proportional)),
            (TextStyle::Button, FontId::new(13.0, medium())),
            (TextStyle::Heading, FontId::new(15.0, semibold())),
            (TextStyle::Small, FontId::new(12.0, FontFamily::Proportional)),
            (TextStyle::Monospace, FontId::new(13.0, FontFamily::Monospace)),
        ]
        .into();
        style.spacing.item_spacing = Vec2::new(8.0, 8.0);
        style.spacing.button_padding = Vec2::new(12.0, 6.0);
        style.spacing.interact_size = Vec2::new(32.0, 32.0);
        style.spacing.menu_margin = Margin::same(8);
        style.spacing.window_margin = Margin::same(16);
        style.spacing.scroll = egui::style::ScrollStyle::thin();
        style.interaction.tooltip_delay = 0.4;
        style.animation_time = 0.12;
        let visuals = &mut style.visuals;
        visuals.override_text_color = None;
        visuals.weak_text_color = Some(self.muted);
        visuals.hyperlink_color = self.link;
        visuals.panel_fill = self.bg;
        visuals.window_fill = self.surface;
        visuals.window_stroke = Stroke::new(1.0, self.line);
        visuals.window_corner_radius = CornerRadius::same(12);
        visuals.menu_corner_radius = CornerRadius::same(CARD_RADIUS);
        visuals.window_shadow = self.drop_shadow();
        visuals.popup_shadow = self.drop_shadow();
        visuals.extreme_bg_color = self.surface;
        visuals.text_edit_bg_color = Some(self.surface);
        visuals.faint_bg_color = self.sunken;
        visuals.code_bg_color = self.sunken;
        visuals.warn_fg_color = self.late;
        visuals.error_fg_color = self.overdue;
        visuals.selection.bg_fill = self.accent.gamma_multiply(0.3);
        visuals.selection.stroke = Stroke::new(1.5, self.accent);
        visuals.text_cursor.stroke = Stroke::new(2.0, self.accent);
        // Nothing flashes but an overdue response, and no frame is drawn for a caret alone.
        visuals.text_cursor.blink = false;
        visuals.interact_cursor = Some(egui::CursorIcon::PointingHand);
        self.apply_widgets(&mut visuals.widgets);
    }

    fn apply_widgets(&self, widgets: &mut egui::style::Widgets) {
        let base = egui::style::WidgetVisuals {
            bg_fill: self.line,
            weak_bg_fill: self.surface,
            bg_stroke: Stroke::new(1.0, self.line),
            corner_radius: CornerRadius::same(BUTTON_RADIUS),
            fg_stroke: Stroke::new(1.0, self.text),
            expansion: 0.0,
        };
        widgets.noninteractive = egui::style::WidgetVisuals { bg_fill: self.surface, ..base };
        widgets.inactive = base;
        widgets.hovered = egui::style::WidgetVisuals {
            weak_bg_fill: self.sunken,
            bg_stroke: Stroke::new(1.0, self.muted),
            ..base
        };
        widgets.active = egui::style::WidgetVisuals {
            weak_bg_fill: self.accent_soft,
            bg_stroke: Stroke::new(1.0, self.accent),
            ..base
        };
        widgets.open = widgets.hovered;
    }

    fn drop_shadow(&self) -> Shadow {
        Shadow { offset: [0, 4], blur: 14, spread: 0, color: self.shadow }
    }

    /// The colour of a contact's avatar: the same for the same contact, always.
    #[must_use]
    pub fn avatar(&self, seed: u128) -> Color32 {
        let count = u128::try_from(self.avatars.len()).unwrap_or(1).max(1);
        let index = usize::try_from((seed ^ (seed >> 61)) % count).unwrap_or(0);
        self.avatars.get(index).copied().unwrap_or(self.accent)
    }
}

/// The medium weight.
#[must_use]
pub fn medium() -> FontFamily {
    FontFamily::Name("medium".into())
}

/// The semibold weight.
#[must_use]
pub fn semibold() -> FontFamily {
    FontFamily::Name("semibold".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(colour: Color32) -> f32 {
        let linear = |channel: u8| {
            let c = f32::from(channel) / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(colour.r()) + 0.7152 * linear(colour.g()) + 0.0722 * linear(colour.b())
    }

    /// WCAG 2.2, contrast ratio.
    fn contrast(a: Color32, b: Color32) -> f32 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_and_marks_stand_out_in_both_themes() {
        for which in [egui::Theme::Light, egui::Theme::Dark] {
            let t = Theme::shipped(which);
            let grounds = [t.bg, t.surface, t.sunken, t.accent_soft, t.bubble_in, t.bubble_out];
            let mut checks: Vec<(&str, Color32, Color32, f32)> = Vec::new();
            for ground in grounds {
                checks.push(("text", t.text, ground, 4.5));
                checks.push(("muted", t.muted, ground, 4.5));
            }
            for ground in [t.bg, t.surface] {
                checks.extend([
                    ("faint", t.faint, ground, 4.5),
                    ("link", t.link, ground, 4.5),
                    ("accent", t.accent, ground, 4.5),
                    ("overdue text", t.overdue, ground, 4.5),
                    ("fresh ring", t.fresh, ground, 3.0),
                    ("late ring", t.late_ring, ground, 3.0),
                    ("overdue ring", t.overdue, ground, 3.0),
                ]);
            }
            checks.extend([
                ("on accent", t.on_accent, t.accent, 4.5),
                ("on overdue", t.on_overdue, t.overdue, 4.5),
                ("fresh badge", t.fresh, t.fresh_soft, 4.5),
                ("late badge", t.late, t.late_soft, 4.5),
                ("overdue badge", t.overdue, t.overdue_soft, 4.5),
                ("overdue in a bubble", t.overdue, t.bubble_out, 4.5),
                ("accent on soft", t.accent, t.accent_soft, 4.5),
                ("tick", t.tick, t.bubble_out, 3.0),
                ("ring on selection", t.late_ring, t.accent_soft, 3.0),
            ]);
            checks.extend(t.avatars.iter().map(|ground| ("avatar", t.on_avatar, *ground, 4.5)));
            for (what, front, ground, least) in checks {
                let ratio = contrast(front, ground);
                assert!(
                    ratio >= least,
                    "{which:?}: {what} has {ratio:.2} : 1 on {ground:?}, {least} is needed"
                );
            }
        }
    }
}
