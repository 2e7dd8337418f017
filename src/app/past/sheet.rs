//! What stands on paper of an interaction, before anybody draws it: who, when, what was said and by whom, what happened. A
//! page for browsers and a PDF say the same, so it is put together once.

use std::borrow::Cow;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use waxwing_protocol::{
    delivery::Delivery,
    interaction::Interaction,
    message::{Author, Body, Forwarded, Message, Reaction},
    wrap_up::Rules,
};

use crate::{
    desk::{past::Whole, phones, wrap_up},
    ui::{language::Language, life_sentence},
};

/// Tells a moment in the agent's time zone.
pub(super) type Local<'a> = &'a dyn Fn(DateTime<Utc>) -> DateTime<FixedOffset>;

/// A name, and what belongs to it.
pub(super) type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// All of it.
pub(super) struct Sheet<'a> {
    /// The language in which days and times are written, by its tag.
    pub(super) language: &'a str,
    /// With whom it was.
    pub(super) title: String,
    /// Who and when.
    pub(super) about: Vec<Pair<'a>>,
    /// What was noted.
    pub(super) facts: Vec<Pair<'a>>,
    /// What was said, day by day.
    pub(super) days: Vec<Day<'a>>,
    /// When what happened.
    pub(super) happened: Vec<Pair<'a>>,
}

/// What was said on a day.
pub(super) struct Day<'a> {
    /// Which day it was.
    pub(super) day: String,
    /// Oldest first.
    pub(super) said: Vec<Said<'a>>,
}

/// On which side something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The contact's.
    Theirs,
    /// Ours.
    Ours,
    /// Between them.
    Between,
}

/// A message.
pub(super) struct Said<'a> {
    /// On which side it stands.
    pub(super) side: Side,
    /// Who said it; empty if nobody did.
    pub(super) by: String,
    /// The time of day.
    pub(super) time: String,
    /// The moment, for programs.
    pub(super) at: DateTime<FixedOffset>,
    /// Where it came from.
    pub(super) origin: Vec<&'a str>,
    /// What it answers.
    pub(super) quote: Option<&'a str>,
    /// What it says.
    pub(super) text: &'a str,
    /// Until when it said what else, oldest first.
    pub(super) earlier: Vec<(String, &'a str)>,
    /// What became of it: how far it got, what was put on it.
    pub(super) became: Vec<String>,
}

/// How days and times are told.
struct Teller<'a> {
    language: &'a Language,
    local: Local<'a>,
}

impl Teller<'_> {
    fn exact(&self, at: DateTime<Utc>) -> String {
        self.language.exact(at, (self.local)(at).offset())
    }

    fn time(&self, at: DateTime<Utc>) -> String {
        self.language.time(at, (self.local)(at).offset())
    }
}

impl<'a> Sheet<'a> {
    /// Puts it together.
    pub(super) fn of(
        whole: &'a Whole,
        (language, rules): (&'a Language, &'a Rules),
        local: Local<'a>,
    ) -> Self {
        let teller = Teller { language, local };
        let interaction = &whole.record.interaction;
        let steps = whole.record.steps.iter();
        Self {
            language: language.tag(),
            title: phones::title(&interaction.contact),
            about: about(whole, &teller),
            facts: facts(interaction, rules),
            days: days(whole, &teller),
            happened: steps.map(|step| (teller.exact(step.at).into(), life_sentence(step).into())).collect(),
        }
    }
}

fn about<'a>(whole: &'a Whole, teller: &Teller<'_>) -> Vec<Pair<'a>> {
    let interaction = &whole.record.interaction;
    let number = &interaction.business_number;
    let mut about: Vec<Pair<'a>> = vec![
        ("Reached at".into(), phones::address(&interaction.contact).into()),
        ("Our number".into(), format!("{} {}", number.name, number.display_number).into()),
        ("Begun".into(), teller.exact(interaction.created_at).into()),
    ];
    if let Some(at) = interaction.ended_at {
        about.push(("Ended".into(), teller.exact(at).into()));
    }
    let agents = agents(whole);
    if !agents.is_empty() {
        let name = if agents.len() == 1 { "Agent" } else { "Agents" };
        about.push((name.into(), agents.join(", ").into()));
    }
    about
}

/// Who handled it, and who answered, each once.
fn agents(whole: &Whole) -> Vec<&str> {
    let owners =
        whole.record.steps.iter().filter_map(|step| Some(step.owner.as_ref()?.display_name.as_str()));
    let authors = whole.messages.iter().filter_map(|message| match &message.author {
        Author::Agent { name, .. } => Some(name.as_str()),
        Author::Contact | Author::System => None,
    });
    let mut agents = Vec::new();
    for agent in owners.chain(authors) {
        if !agents.contains(&agent) {
            agents.push(agent);
        }
    }
    agents
}

/// What was noted, by the names that the house has for it.
fn facts<'a>(interaction: &'a Interaction, rules: &'a Rules) -> Vec<Pair<'a>> {
    let name = |key: &'a str| wrap_up::facts::name(&rules.case_fields, key);
    let data = interaction.case_data.iter().map(|datum| (name(&datum.key), datum.value.as_str()));
    let outcome = interaction.disposition.as_ref().map(|code| {
        let held = rules.dispositions.iter().find(|held| held.code == *code);
        ("What came of it", held.map_or(code.as_str(), |held| held.name.as_str()))
    });
    let note = interaction.note.as_ref().map(|note| ("Note", note.text.as_str()));
    data.chain(outcome).chain(note).map(|(name, value)| (name.into(), value.into())).collect()
}

fn days<'a>(whole: &'a Whole, teller: &Teller<'_>) -> Vec<Day<'a>> {
    let contact = phones::title(&whole.record.interaction.contact);
    let mut days: Vec<(NaiveDate, Day<'a>)> = Vec::new();
    for message in &whole.messages {
        let date = (teller.local)(message.sent_at).date_naive();
        let said = said(message, &contact, teller);
        match days.last_mut() {
            Some((day, held)) if *day == date => held.said.push(said),
            _ => days.push((date, Day { day: teller.language.weekday_and_day(date), said: vec![said] })),
        }
    }
    days.into_iter().map(|(_date, day)| day).collect()
}

fn said<'a>(message: &'a Message, contact: &str, teller: &Teller<'_>) -> Said<'a> {
    let (side, by) = match &message.author {
        Author::Contact => (Side::Theirs, contact),
        Author::Agent { name, .. } => (Side::Ours, name.as_str()),
        Author::System => (Side::Between, ""),
    };
    let sending = message.delivery.as_ref().map(|state| delivery(&state.delivery));
    let earlier = message.earlier.iter().map(|held| (teller.exact(held.until), held.text.as_str()));
    Said {
        side,
        by: by.to_owned(),
        time: teller.time(message.sent_at),
        at: (teller.local)(message.sent_at),
        origin: origin(message),
        quote: message.quote.as_ref().map(|quote| quote.excerpt.as_str()).filter(|words| !words.is_empty()),
        text: words(message),
        earlier: earlier.collect(),
        became: sending.into_iter().chain(message.reactions.iter().map(|it| reaction(it, contact))).collect(),
    }
}

/// What a message says; of what is not words, what stands for it.
fn words(message: &Message) -> &str {
    match &message.body {
        Body::Text { text } | Body::System { text } => text,
        Body::Deleted => "This message was deleted",
        _ => &message.fallback,
    }
}

fn origin(message: &Message) -> Vec<&str> {
    let forwarded = message.forwarded.map(|forwarded| match forwarded {
        Forwarded::Forwarded => "Forwarded",
        Forwarded::Frequently => "Forwarded many times",
    });
    let referral = message.referral.iter().flat_map(|it| [&it.headline, &it.text, &it.url]);
    forwarded.into_iter().chain(referral.flatten().map(String::as_str)).collect()
}

fn reaction(reaction: &Reaction, contact: &str) -> String {
    let who = match &reaction.author {
        Author::Contact => contact,
        Author::Agent { name, .. } => name,
        Author::System => return reaction.emoji.clone(),
    };
    format!("{} {who}", reaction.emoji)
}

fn delivery(delivery: &Delivery) -> String {
    let words = match delivery {
        Delivery::Read => "read",
        Delivery::Played => "listened to",
        Delivery::Delivered => "delivered",
        Delivery::Sent => "sent",
        Delivery::Failed(failure) => return format!("not delivered: {}", failure.reason),
        Delivery::Uncertain => "may have arrived",
        Delivery::Queued | Delivery::Accepted | Delivery::Unknown => "on its way",
    };
    words.to_owned()
}
