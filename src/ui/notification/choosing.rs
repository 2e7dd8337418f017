//! Dates, moments and amounts that are chosen rather than typed, written as the template's language has them.

use chrono::{Datelike as _, Days, Months, NaiveDate, NaiveTime};
use egui::{Button, Id, Popup, PopupCloseBehavior, RichText, Role, TextEdit, Ui, WidgetInfo, vec2};
use waxwing_protocol::{slot::SlotValue, template::Template};

use super::{
    super::{View, icon, language::Language, text::editor::EditorState, theme, widgets},
    field::WordsField,
    rows,
};

/// The hour of a moment of which only the day was chosen: the end of a working day.
const HOUR: u32 = 18;

/// A button that offers dates and amounts for a field.
pub(in crate::ui) fn button(
    ui: &mut Ui,
    view: View<'_>,
    (words, told): (&mut WordsField, &str),
    template: &Template,
) {
    let response = rows::in_field(ui, view, icon::CALENDAR, &format!("Date or amount for {told}"));
    let popup = Popup::menu(&response).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    popup.show(|ui| {
        ui.set_width(240.0);
        if let Some(day) = day(ui, view, response.id) {
            let language = Language::first_of([template.language.as_str()]);
            words.choose(SlotValue::DateTime { fallback: language.full_day(day) });
            ui.close();
        }
        ui.separator();
        if let Some(amount) = amount(ui, view, &mut words.amount, template) {
            words.choose(amount);
            ui.close();
        }
    });
}

/// A button that offers days for a moment.
pub(in crate::ui) fn moment(
    ui: &mut Ui,
    view: View<'_>,
    (editor, told): (&mut EditorState, &str),
    form: &str,
) {
    let response = rows::in_field(ui, view, icon::CALENDAR, &format!("Day for {told}"));
    let popup = Popup::menu(&response).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    popup.show(|ui| {
        ui.set_width(240.0);
        if let Some(day) = day(ui, view, response.id)
            && let Some(time) = NaiveTime::from_hms_opt(HOUR, 0, 0)
        {
            editor.set_text(&day.and_time(time).format(form).to_string());
            ui.close();
        }
    });
}

/// A month with its days; gives the day that was clicked. The month is remembered under `id` as long as this is open.
fn day(ui: &mut Ui, view: View<'_>, id: Id) -> Option<NaiveDate> {
    let today = view.zone.day(view.now);
    let id = id.with("month");
    let first: NaiveDate = ui.ctx().data(|data| data.get_temp(id)).unwrap_or(today);
    let first = first.with_day(1).unwrap_or(today);
    let mut turned = None;
    ui.horizontal(|ui| {
        if widgets::button::icon(ui, view.theme, icon::CHEVRON_LEFT, "Month before").clicked() {
            turned = first.checked_sub_months(Months::new(1));
        }
        let name = view.language.in_form(first.and_time(NaiveTime::MIN), "LLLL y");
        ui.label(
            RichText::new(name.unwrap_or_else(|| first.format("%B %Y").to_string())).family(theme::medium()),
        );
        if widgets::button::icon(ui, view.theme, icon::CHEVRON_RIGHT, "Month after").clicked() {
            turned = first.checked_add_months(Months::new(1));
        }
    });
    if let Some(turned) = turned {
        ui.ctx().data_mut(|data| data.insert_temp(id, turned));
    }
    let mut chosen = None;
    let monday = first - Days::new(first.weekday().num_days_from_monday().into());
    egui::Grid::new("days").num_columns(7).spacing(vec2(2.0, 2.0)).show(ui, |ui| {
        for day in monday.iter_days().take(42) {
            let colour = if day.month() == first.month() { view.theme.text } else { view.theme.faint };
            let text = RichText::new(day.day().to_string()).color(colour);
            let button = Button::new(text).min_size(vec2(30.0, 26.0)).selected(day == today);
            let response = ui.add(button.frame_when_inactive(day == today));
            let told = view.language.full_day(day);
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &told));
            if response.clicked() {
                chosen = Some(day);
            }
            if day.weekday() == chrono::Weekday::Sun {
                ui.end_row();
            }
        }
    });
    chosen
}

/// An amount and its currency; gives it when it is to be used.
fn amount(
    ui: &mut Ui,
    view: View<'_>,
    (amount, code): &mut (String, String),
    template: &Template,
) -> Option<SlotValue> {
    let mut chosen = None;
    ui.horizontal(|ui| {
        let named = |response: egui::Response, name: &str| {
            response.widget_info(|| {
                let mut info = WidgetInfo::text_edit(true, "", "", "");
                info.label = Some(name.to_owned());
                info
            });
        };
        let field = TextEdit::singleline(amount).desired_width(86.0).hint_text("Amount");
        named(ui.add(field), "Amount");
        let field = TextEdit::singleline(code).desired_width(44.0).char_limit(3).hint_text("USD");
        named(ui.add(field), "Currency");
        let currency = if code.trim().is_empty() { "USD".to_owned() } else { code.trim().to_uppercase() };
        let thousandths = thousandths(amount).filter(|_| is_code(&currency));
        if ui.add_enabled(thousandths.is_some(), Button::new("Use")).clicked()
            && let Some(amount_1000) = thousandths
        {
            let language = Language::first_of([template.language.as_str()]);
            let fallback = language.amount(amount_1000, &currency);
            chosen = Some(SlotValue::Currency { fallback, code: currency, amount_1000 });
        }
    });
    let hint = "WhatsApp writes it as the contact's language does, where it can.";
    ui.label(RichText::new(hint).size(11.0).color(view.theme.muted));
    chosen
}

/// ISO 4217: three capital letters.
fn is_code(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|letter| letter.is_ascii_uppercase())
}

/// What was typed times 1,000: `10`, `10.50`, `1 234,5`.
fn thousandths(typed: &str) -> Option<i64> {
    let typed: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '\'').collect();
    let (whole, part) = match typed.rfind(['.', ',']) {
        // A separator before exactly three digits, where there is another one, groups thousands.
        Some(at) if typed.len() - at <= 3 => (typed[..at].to_owned(), &typed[at + 1..]),
        _ => (typed.clone(), ""),
    };
    let whole: String = whole.chars().filter(|c| !matches!(c, '.' | ',')).collect();
    let is_number = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    let digits = whole.strip_prefix('-').unwrap_or(&whole);
    if digits.is_empty() || !is_number(digits) || !is_number(part) {
        return None;
    }
    let part: i64 = format!("{part:0<3}").parse().ok()?;
    let whole_amount: i64 = digits.parse().ok()?;
    let amount = whole_amount.checked_mul(1000)?.checked_add(part)?;
    Some(if whole.starts_with('-') { -amount } else { amount })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for (typed, wanted) in [
            ("10", Some(10_000)),
            ("10.50", Some(10_500)),
            ("10,5", Some(10_500)),
            ("1 234,50", Some(1_234_500)),
            ("1,234", Some(1_234_000)),
            ("1.234.567,89", Some(1_234_567_890)),
            ("-3", Some(-3000)),
            ("ten", None),
            ("", None),
            ("1.2.x", None),
        ] {
            assert_eq!(thousandths(typed), wanted, "{typed}");
        }
    }

    #[test]
    fn currencies_have_three_letters() {
        assert!(is_code("EUR"));
        assert!(!is_code("EU") && !is_code("EU1"));
    }
}
