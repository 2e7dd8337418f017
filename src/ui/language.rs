//! Dates and times in the agent's own language, as the CLDR writes them there: order, words, digits, 12 or 24 hours.
//!
//! The calendar is the Gregorian one everywhere, as on the messages themselves. No clock is read: *now* and the time
//! zone are arguments.

use std::fmt;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, TimeZone, Timelike as _, Utc};
use icu_calendar::Gregorian;
use icu_datetime::{
    FixedCalendarDateTimeFormatter as DateFormatter, NoCalendarFormatter,
    fieldsets::{E, MD, T, YMD, YMDE, YMDET},
    input::{Date, DateTime as IcuDateTime, Time},
    pattern::{DateTimePattern, FixedCalendarDateTimeNames},
};
use icu_decimal::{DecimalFormatter, input::Decimal, options::DecimalFormatterOptions};
use icu_locale_core::Locale;
use writeable::TryWriteable as _;

mod words;

use words::Words;

/// Taken when a language isn't known: English, with the day before the month and 24 hours.
const OTHERWISE: &str = "en-GB";

/// Currencies without a smaller unit (ISO 4217).
const NO_DECIMALS: [&str; 8] = ["CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF"];
/// Signs of currencies that people know.
const SIGNS: [(&str, &str); 10] = [
    ("USD", "$"),
    ("EUR", "€"),
    ("GBP", "£"),
    ("JPY", "¥"),
    ("INR", "₹"),
    ("BRL", "R$"),
    ("KRW", "₩"),
    ("ILS", "₪"),
    ("TRY", "₺"),
    ("NGN", "₦"),
];
/// Languages that put the sign before the amount.
const SIGN_BEFORE: [&str; 9] = ["en", "ja", "zh", "ko", "hi", "pt", "bn", "th", "tr"];

/// How dates and times are written in one language. Making one takes a little; it is kept.
pub struct Language {
    tag: String,
    locale: Locale,
    words: Words,
    long: DateFormatter<Gregorian, YMDET>,
    long_day: DateFormatter<Gregorian, YMDE>,
    full_day: DateFormatter<Gregorian, YMD>,
    day_of_year: DateFormatter<Gregorian, MD>,
    short_day: DateFormatter<Gregorian, YMD>,
    weekday: DateFormatter<Gregorian, E>,
    time: NoCalendarFormatter<T>,
    number: DecimalFormatter,
}

impl Language {
    /// The first language of these that is known, by their IETF tags (RFC 5646): first the agent's choice, then what the
    /// system says. `de_DE` is read like `de-DE`; `en-US-u-hc-h23` is American English with 24 hours.
    #[must_use]
    pub fn first_of<'a>(tags: impl IntoIterator<Item = &'a str>) -> Self {
        let known = tags.into_iter().find_map(Self::of);
        known.or_else(|| Self::of(OTHERWISE)).expect("English is compiled in")
    }

    /// The language of a tag, if the tag is one and the language is known.
    fn of(tag: &str) -> Option<Self> {
        let locale: Locale = tag.replace('_', "-").parse().ok()?;
        let language = Self::load(&locale)?;
        let nobody = Self::load(&Locale::UNKNOWN)?;
        // Of an unknown language the library writes what belongs to none.
        let some_day = NaiveDate::default();
        (language.weekday_and_day(some_day) != nobody.weekday_and_day(some_day)).then_some(language)
    }

    fn load(locale: &Locale) -> Option<Self> {
        Some(Self {
            tag: locale.to_string(),
            locale: locale.clone(),
            words: words::of(locale),
            long: DateFormatter::try_new(locale.into(), YMDE::long().with_time_hms()).ok()?,
            long_day: DateFormatter::try_new(locale.into(), YMDE::long()).ok()?,
            full_day: DateFormatter::try_new(locale.into(), YMD::long()).ok()?,
            day_of_year: DateFormatter::try_new(locale.into(), MD::medium()).ok()?,
            short_day: DateFormatter::try_new(locale.into(), YMD::medium()).ok()?,
            weekday: DateFormatter::try_new(locale.into(), E::short()).ok()?,
            time: NoCalendarFormatter::try_new(locale.into(), T::hm()).ok()?,
            number: DecimalFormatter::try_new(locale.into(), DecimalFormatterOptions::default()).ok()?,
        })
    }

    /// Its tag, such as `de-AT`.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// For a line between two days: `Today`, `Yesterday`, `Sunday, 22 November 2026`.
    pub fn day(&self, day: NaiveDate, today: NaiveDate) -> String {
        match (today - day).num_days() {
            0 => self.words.today.to_owned(),
            1 => self.words.yesterday.to_owned(),
            _ => self.weekday_and_day(day),
        }
    }

    /// The time of day: `14:05`, `2:05 PM`.
    pub fn time<Z: TimeZone>(&self, at: DateTime<Utc>, zone: &Z) -> String {
        self.time_of(at.with_timezone(zone).naive_local())
    }

    /// For lists: `now`, `5 min`, `14:05` today, `Tue` within a week, `3 Mar` within the year, else `3 Mar 2025`. What
    /// is later than now, by a clock that runs fast, is now, or its time.
    pub fn relative<Z: TimeZone>(&self, at: DateTime<Utc>, now: DateTime<Utc>, zone: &Z) -> String {
        let (local, today) = (at.with_timezone(zone).naive_local(), now.with_timezone(zone).date_naive());
        match ((now - at).num_minutes(), (today - local.date()).num_days()) {
            (0, _) => self.words.now.to_owned(),
            (minutes @ 1..60, _) => {
                self.words.minutes.replace("{}", &self.number.format(&minutes.into()).to_string())
            }
            (_, ..=0) => self.time_of(local),
            (_, 1..=6) => written(local.date(), |date| self.weekday.format(date).to_string()),
            _ if local.year() == today.year() => {
                written(local.date(), |date| self.day_of_year.format(date).to_string())
            }
            _ => written(local.date(), |date| self.short_day.format(date).to_string()),
        }
    }

    /// To the second, for hovering: `Sunday, 22 November 2026 at 14:05:09`.
    pub fn exact<Z: TimeZone>(&self, at: DateTime<Utc>, zone: &Z) -> String {
        let local = at.with_timezone(zone).naive_local();
        match date(local.date()) {
            Some(date) => self.long.format(&IcuDateTime { date, time: time(local) }).to_string(),
            None => local.format("%F %T").to_string(),
        }
    }

    /// A day in a sentence: `22 November 2026`.
    pub fn full_day(&self, day: NaiveDate) -> String {
        written(day, |date| self.full_day.format(date).to_string())
    }

    /// An amount of money, given times 1,000: `$10.00`, `10,00 €`.
    pub fn amount(&self, thousandths: i64, code: &str) -> String {
        let decimals = if NO_DECIMALS.contains(&code) { 0 } else { 2 };
        let mut amount = Decimal::from(thousandths);
        amount.multiply_pow10(-3);
        amount.round(-decimals);
        amount.pad_end(-decimals);
        let number = self.number.format(&amount).to_string();
        let sign = SIGNS.iter().find(|(known, _)| *known == code).map(|(_, sign)| *sign);
        let goes_before = SIGN_BEFORE.contains(&self.locale.id.language.as_str());
        match sign {
            Some(sign) if goes_before => match number.strip_prefix('-') {
                Some(number) => format!("-{sign}{number}"),
                None => format!("{sign}{number}"),
            },
            Some(sign) => format!("{number}\u{a0}{sign}"),
            None => format!("{number}\u{a0}{code}"),
        }
    }

    /// A moment in a form of its own, in the letters of the CLDR, such as `dd.MM.yyyy` (UTS #35, date format patterns); none
    /// if that is not one.
    pub fn in_form(&self, local: NaiveDateTime, form: &str) -> Option<String> {
        let pattern = DateTimePattern::try_from_pattern_str(form).ok()?;
        let mut names = FixedCalendarDateTimeNames::<Gregorian>::try_new((&self.locale).into()).ok()?;
        let formatter = names.include_for_pattern(&pattern).ok()?;
        let moment = IcuDateTime { date: date(local.date())?, time: time(local) };
        let written = formatter.format(&moment).try_write_to_string().ok()?.into_owned();
        Some(written)
    }

    /// A day alone: `Sunday, 22 November 2026`.
    pub fn weekday_and_day(&self, day: NaiveDate) -> String {
        written(day, |date| self.long_day.format(date).to_string())
    }

    fn time_of(&self, at: NaiveDateTime) -> String {
        self.time.format(&time(at)).to_string()
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Language").field("tag", &self.tag).finish_non_exhaustive()
    }
}

/// Writes a day, or as ISO 8601 has it if the library has no such day.
fn written(day: NaiveDate, write: impl Fn(&Date<Gregorian>) -> String) -> String {
    date(day).map_or_else(|| day.to_string(), |date| write(&date))
}

/// None for years of more than four digits.
fn date(day: NaiveDate) -> Option<Date<Gregorian>> {
    let number = |number: u32| u8::try_from(number).expect("months and days are small");
    Date::try_new_gregorian(day.year(), number(day.month()), number(day.day())).ok()
}

fn time(at: NaiveDateTime) -> Time {
    let number = |number: u32| u8::try_from(number).expect("hours, minutes and seconds are small");
    Time::try_new(number(at.hour()), number(at.minute()), number(at.second()), 0)
        .expect("what chrono takes for a time of day is one")
}

#[cfg(test)]
mod tests {
    use chrono::{FixedOffset, TimeDelta};
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("is a time")
    }

    fn language(tag: &str) -> Language {
        Language::first_of([tag])
    }

    /// ICU puts narrow no-break spaces and direction marks where the CLDR has them.
    fn plain(text: &str) -> String {
        text.replace(['\u{202f}', '\u{a0}'], " ").replace(['\u{200e}', '\u{200f}'], "")
    }

    #[test]
    fn days_and_times_are_written_as_the_language_does() {
        let moment = at("2026-11-22T14:05:09Z");
        for (tag, exact, time) in [
            ("en-GB", "Sunday, 22 November 2026 at 14:05:09", "14:05"),
            ("en-US", "Sunday, November 22, 2026 at 2:05:09 PM", "2:05 PM"),
            ("en-US-u-hc-h23", "Sunday, November 22, 2026 at 14:05:09", "14:05"),
            ("de-DE", "Sonntag, 22. November 2026 um 14:05:09", "14:05"),
            ("fr", "dimanche 22 novembre 2026 à 14:05:09", "14:05"),
            ("pt_BR", "domingo, 22 de novembro de 2026 às 14:05:09", "14:05"),
            ("ar-EG", "الأحد، ٢٢ نوفمبر ٢٠٢٦ في ٢:٠٥:٠٩ م", "٢:٠٥ م"),
            ("he", "יום ראשון, 22 בנובמבר 2026 בשעה 14:05:09", "14:05"),
            ("hi", "रविवार, 22 नवंबर, 2026 को 2:05:09 pm बजे", "2:05 pm"),
            ("ja", "2026年11月22日日曜日 14:05:09", "14:05"),
            ("zh-Hans-CN", "2026年11月22日星期日 14:05:09", "14:05"),
        ] {
            let language = language(tag);
            assert_eq!(plain(&language.exact(moment, &Utc)), exact, "{tag}");
            assert_eq!(plain(&language.time(moment, &Utc)), time, "{tag}");
        }
    }

    #[test]
    fn amounts_are_written_as_the_language_does() {
        for (tag, code, wanted) in [
            ("en-US", "USD", "$10.50"),
            ("de", "EUR", "10,50 €"),
            ("ja", "JPY", "¥10"),
            ("en-GB", "CHF", "10.50 CHF"),
            ("pt-BR", "BRL", "R$10,50"),
        ] {
            assert_eq!(plain(&language(tag).amount(10_500, code)), wanted, "{tag}");
        }
        assert_eq!(plain(&language("en-US").amount(-1_234_567_000, "USD")), "-$1,234,567.00");
    }

    #[test]
    fn lists_say_how_long_ago_in_few_letters() {
        let now = at("2026-11-22T14:05:09Z");
        for (tag, then, wanted) in [
            ("en-GB", "2026-11-22T14:05:09Z", "now"),
            ("en-GB", "2026-11-22T14:04:10Z", "now"),
            ("en-GB", "2026-11-22T14:05:50Z", "now"),
            ("en-GB", "2026-11-22T14:04:09Z", "1 min"),
            ("en-GB", "2026-11-22T13:05:10Z", "59 min"),
            ("en-GB", "2026-11-22T13:05:09Z", "13:05"),
            ("en-GB", "2026-11-22T00:00:00Z", "00:00"),
            ("en-GB", "2026-11-22T15:00:00Z", "15:00"),
            ("en-GB", "2026-11-25T15:00:00Z", "15:00"),
            ("en-GB", "2026-11-21T23:59:59Z", "Sat"),
            ("en-GB", "2026-11-16T12:00:00Z", "Mon"),
            ("en-GB", "2026-11-15T12:00:00Z", "15 Nov"),
            ("en-GB", "2026-03-03T12:00:00Z", "3 Mar"),
            ("en-GB", "2025-12-31T12:00:00Z", "31 Dec 2025"),
            ("de", "2026-11-22T14:00:00Z", "5 Min."),
            ("de", "2026-11-17T14:00:00Z", "Di"),
            ("de", "2026-03-03T12:00:00Z", "3. März"),
            ("ar-EG", "2026-11-22T14:00:00Z", "٥ د"),
            ("ko", "2026-11-22T14:00:00Z", "5분"),
            ("sw", "2026-11-22T14:00:00Z", "5 min"),
        ] {
            assert_eq!(plain(&language(tag).relative(at(then), now, &Utc)), wanted, "{tag}, {then}");
        }
    }

    #[test]
    fn just_before_midnight_an_hour_ago_is_minutes_and_the_day_before_a_weekday() {
        let now = at("2026-11-22T00:30:00Z");
        assert_eq!(language("en-GB").relative(at("2026-11-21T23:45:00Z"), now, &Utc), "45 min");
        assert_eq!(language("en-GB").relative(at("2026-11-21T23:15:00Z"), now, &Utc), "Sat");
    }

    #[test]
    fn days_are_those_of_the_agents_zone() {
        let east = FixedOffset::east_opt(5 * 3600 + 45 * 60).expect("an offset");
        let english = language("en-GB");
        let moment = at("2026-11-21T20:00:00Z");
        assert_eq!(english.time(moment, &east), "01:45");
        assert_eq!(english.exact(moment, &east), "Sunday, 22 November 2026 at 01:45:00");
        assert_eq!(english.relative(moment, at("2026-11-22T14:00:00Z"), &east), "01:45");
        assert_eq!(english.relative(moment, at("2026-11-22T14:00:00Z"), &Utc), "Sat");
    }

    #[test]
    fn lines_between_days_have_words_for_the_nearest() {
        let day = |text: &str| text.parse::<NaiveDate>().expect("is a day");
        let today = day("2026-11-22");
        for (tag, then, wanted) in [
            ("en-GB", "2026-11-22", "Today"),
            ("en-GB", "2026-11-21", "Yesterday"),
            ("en-GB", "2026-11-20", "Friday, 20 November 2026"),
            ("en-GB", "2026-11-23", "Monday, 23 November 2026"),
            ("de", "2026-11-22", "Heute"),
            ("de", "2026-11-21", "Gestern"),
            ("de", "2026-11-20", "Freitag, 20. November 2026"),
            ("fa", "2026-11-21", "دیروز"),
        ] {
            assert_eq!(language(tag).day(day(then), today), wanted, "{tag}, {then}");
        }
    }

    #[test]
    fn a_moment_is_written_in_whatever_form_is_asked_for() {
        let local = at("2026-05-03T14:05:09Z").naive_utc();
        for (tag, form, wanted) in [
            ("en-GB", "dd.MM.yyyy", Some("03.05.2026")),
            ("en-GB", "d MMM yy", Some("3 May 26")),
            ("en-US", "EEEE, MMMM d 'at' h:mm a", Some("Sunday, May 3 at 2:05 PM")),
            ("de-DE", "EEEE, d. MMMM", Some("Sonntag, 3. Mai")),
            ("ru", "d MMMM", Some("3 мая")),
            ("pt-BR", "HH:mm:ss", Some("14:05:09")),
            ("en-GB", "no such form", None),
        ] {
            assert_eq!(
                language(tag).in_form(local, form).as_deref().map(plain).as_deref(),
                wanted,
                "{tag} {form}"
            );
        }
        assert_eq!(language("en-GB").full_day(local.date()), "3 May 2026");
        assert_eq!(language("de").full_day(local.date()), "3. Mai 2026");
    }

    proptest! {
        #[test]
        fn no_form_panics(form in "([a-zA-Z' .:-]|\\PC){0,12}") {
            let _written = language("en-GB").in_form(at("2026-05-03T14:05:09Z").naive_utc(), &form);
        }
    }

    #[test]
    fn the_first_language_that_is_known_is_taken() {
        for (tags, wanted) in [
            (vec!["de-AT", "en-US"], "de-AT"),
            (vec!["", "fr"], "fr"),
            (vec!["no such tag", "fr"], "fr"),
            (vec!["zz", "fr"], "fr"),
            (vec!["C", "POSIX"], "en-GB"),
            (vec!["und"], "en-GB"),
            (vec![], "en-GB"),
        ] {
            assert_eq!(Language::first_of(tags.clone()).tag(), wanted, "{tags:?}");
        }
    }

    #[test]
    fn days_that_nobody_has_a_name_for_are_written_all_the_same() {
        let english = language("en-GB");
        for far in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            assert!(!english.exact(far, &Utc).is_empty());
            assert!(!english.relative(far, DateTime::UNIX_EPOCH, &Utc).is_empty());
            assert!(!english.day(far.date_naive(), NaiveDate::default()).is_empty());
        }
    }

    proptest! {
        #[test]
        fn every_time_can_be_written(seconds in -70_000_000_000_i64..300_000_000_000, ago in -400_000_000_i64..400_000_000) {
            let english = language("en-GB");
            let now = DateTime::from_timestamp(seconds, 0).expect("in range");
            let then = now - TimeDelta::seconds(ago);
            let (relative, exact) = (english.relative(then, now, &Utc), english.exact(then, &Utc));
            prop_assert!(!relative.is_empty() && relative.len() < exact.len());
            prop_assert!(exact.ends_with(&then.format("%H:%M:%S").to_string()), "{}", exact);
        }
    }
}
