//! What a bubble says, line by line, whatever kind of message it comes from: before anything is laid out, so that it can be
//! copied and searched also where it is not in view.

use std::borrow::Cow;

use waxwing_protocol::{
    attachment::{Attachment, AttachmentState},
    id::AttachmentId,
    message::{Body, ContactCard, Forwarded, Media, MediaKind, Message, OrderItem, Referral},
    notification::ButtonDeed,
};

use super::{
    super::{
        View,
        text::{
            isolate,
            jumbo::Jumbo,
            markup::{self, Document, Place},
        },
    },
    attachment::{File, words},
};
use crate::desk::outbox::Outgoing;

/// Where a map of a place is found; opened only at a click.
const MAP: &str = "https://maps.google.com/?q=";

/// What a bubble says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Script {
    /// From top to bottom.
    pub(super) items: Vec<Item>,
    /// The texts with marks.
    marked: Vec<Marked>,
}

/// A text with marks, taken apart.
#[derive(Debug, Clone, PartialEq)]
struct Marked {
    written: String,
    document: Document,
}

/// A part of a bubble.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Item {
    /// Words.
    Line(Line),
    /// A sticker.
    Sticker(AttachmentId),
    /// A file, and what it is called.
    File(Box<File>, Line),
    /// Puts a card's particulars to the contact.
    AddCard(u32),
    /// A line across.
    Rule,
    /// A button of a notification, and what it says.
    Button(ButtonDeed, Line),
}

/// Some words that are laid out together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    /// What is shown.
    pub(super) text: String,
    /// How it looks.
    pub(super) look: LineLook,
}

/// How a line looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LineLook {
    /// Part of a text with marks.
    Block {
        /// Which text.
        text: usize,
        /// Which block of it.
        block: usize,
    },
    /// Emoji alone.
    Jumbo(Jumbo),
    /// The name of something.
    Title,
    /// Ordinary words of a stranger's.
    Plain,
    /// Words of ours, stepping back.
    Note,
    /// A name up to this byte, then its value.
    Pair(usize),
    /// A line of an order: a stranger's words among ours.
    Item,
    /// Leads to an address that is not its text.
    Link(String),
}

impl Script {
    /// What this message says.
    pub(super) fn of(view: View<'_>, message: &Message) -> Self {
        let mut script = Self { items: Vec::new(), marked: Vec::new() };
        if let Some(referral) = &message.referral {
            script.referral(referral);
        }
        if let Some(forwarded) = message.forwarded {
            script.note(match forwarded {
                Forwarded::Forwarded => "Forwarded",
                Forwarded::Frequently => "Forwarded many times",
            });
        }
        script.body(view, message);
        script
    }

    /// What this message says, and with `earlier` what it said before it was changed.
    pub(super) fn shown(view: View<'_>, message: &Message, earlier: bool) -> Self {
        let mut script = Self::of(view, message);
        let before = if earlier { message.earlier.as_slice() } else { &[] };
        for words in before {
            script.items.push(Item::Rule);
            script.note(format!("Until {}", view.time(words.until)));
            script.line(words.text.as_str(), LineLook::Plain);
        }
        script
    }

    /// What a message says that has not left this machine.
    pub(super) fn leaving(view: View<'_>, outgoing: &Outgoing) -> Self {
        let mut script = Self { items: Vec::new(), marked: Vec::new() };
        if let Some(leaving) = outgoing.notification() {
            script.leaving_notification(view, leaving);
            return script;
        }
        let file = File::leaving(outgoing);
        let has_words = file.is_none() || !outgoing.text().is_empty();
        script.items.extend(file.map(of_file));
        if has_words {
            script.marked(outgoing.text());
        }
        script
    }

    /// A block of a text with marks.
    pub(super) fn block(&self, text: usize, block: usize) -> Option<&markup::Block> {
        self.marked.get(text)?.document.blocks.get(block)
    }

    /// The lines, with their numbers among all items.
    fn lines(&self) -> impl Iterator<Item = (usize, &Line)> {
        self.items.iter().enumerate().filter_map(|(number, item)| match item {
            Item::Line(line) | Item::File(_, line) | Item::Button(_, line) => Some((number, line)),
            Item::Sticker(_) | Item::AddCard(_) | Item::Rule => None,
        })
    }

    /// What was written between two places, each an item and a byte of its text; `None` for the beginning and the end.
    pub(super) fn copy(&self, from: Option<(usize, usize)>, to: Option<(usize, usize)>) -> String {
        let (from, to) = (from.unwrap_or((0, 0)), to.unwrap_or((usize::MAX, usize::MAX)));
        let mut copied: Vec<Cow<'_, str>> = Vec::new();
        // Which text, where it stands among the rest, and from where to where it is copied.
        let mut marked: Option<(usize, usize, Place, Place)> = None;
        for (number, line) in self.lines().filter(|(number, _)| (from.0..=to.0).contains(number)) {
            let start = if number == from.0 { from.1.min(line.text.len()) } else { 0 };
            let end = if number == to.0 { to.1.min(line.text.len()) } else { line.text.len() };
            match line.look {
                LineLook::Block { text, block } => {
                    let first = Place { block, offset: start };
                    let last = Place { block, offset: end };
                    let (place, first) = match marked {
                        Some((same, place, first, _)) if same == text => (place, first),
                        _ => {
                            copied.push(Cow::Borrowed(""));
                            (copied.len() - 1, first)
                        }
                    };
                    marked = Some((text, place, first, last));
                    if let Some(words) = self.marked.get(text) {
                        copied[place] = words.written[words.document.source_range(first, last)].into();
                    }
                }
                LineLook::Plain | LineLook::Jumbo(_) => copied.push(line.text[start.min(end)..end].into()),
                _ => copied.push(line.text[start.min(end)..end].replace(isolate::MARKS, "").into()),
            }
        }
        copied.join("\n")
    }

    pub(super) fn line(&mut self, text: impl Into<String>, look: LineLook) {
        self.items.push(Item::Line(Line { text: text.into(), look }));
    }

    pub(super) fn note(&mut self, text: impl Into<String>) {
        self.line(text, LineLook::Note);
    }

    fn pair(&mut self, name: &str, value: &str) {
        let text = format!("{name}: {}", isolate::isolated(value));
        self.line(text, LineLook::Pair(name.len() + 1));
    }

    /// A text with marks, or emoji alone.
    pub(super) fn marked(&mut self, text: &str) {
        if let Some(jumbo) = Jumbo::of(text) {
            return self.line(text, LineLook::Jumbo(jumbo));
        }
        let document = markup::parse(text);
        let number = self.marked.len();
        for (block, held) in document.blocks.iter().enumerate() {
            self.line(held.text.clone(), LineLook::Block { text: number, block });
        }
        self.marked.push(Marked { written: text.to_owned(), document });
    }

    fn body(&mut self, view: View<'_>, message: &Message) {
        match &message.body {
            Body::Text { text } => self.marked(text),
            Body::Media(media) => self.media(media),
            Body::Location { latitude, longitude, name, address, url } => {
                self.place((*latitude, *longitude), name.as_deref(), address.as_deref());
                if let Some(url) = url {
                    self.line(url.as_str(), LineLook::Plain);
                }
            }
            Body::Notification(notification) => self.notification(view, notification),
            Body::Contacts { cards } => self.cards(cards),
            Body::Reply { title, description, answers } => {
                self.line(title.as_str(), LineLook::Title);
                if let Some(description) = description {
                    self.line(description.as_str(), LineLook::Plain);
                }
                for (name, value) in answers {
                    self.pair(name, value);
                }
            }
            Body::Order { text, items } => self.order(text.as_deref(), items),
            Body::System { text } => self.line(text.as_str(), LineLook::Plain),
            Body::Deleted => self.note("This message was deleted"),
            Body::Unsupported { reason, .. } => {
                self.line(message.fallback.as_str(), LineLook::Plain);
                if let Some(reason) = reason {
                    self.note(reason.as_str());
                }
            }
            Body::Unknown => self.line(message.fallback.as_str(), LineLook::Plain),
        }
    }

    /// A place on the map.
    pub(super) fn place(
        &mut self,
        (latitude, longitude): (f64, f64),
        name: Option<&str>,
        address: Option<&str>,
    ) {
        self.line(name.unwrap_or("Location"), LineLook::Title);
        if let Some(address) = address {
            self.line(address, LineLook::Plain);
        }
        self.line(format!("{latitude:.6}, {longitude:.6}"), LineLook::Note);
        self.line("Open in a map", LineLook::Link(format!("{MAP}{latitude},{longitude}")));
    }

    fn referral(&mut self, referral: &Referral) {
        self.note(match referral.kind.as_str() {
            "post" => "Came from a post",
            "product" => "Asks about a product",
            _ => "Came from an ad",
        });
        if let Some(headline) = &referral.headline {
            self.line(headline.as_str(), LineLook::Title);
        }
        for words in [&referral.text, &referral.url].into_iter().flatten() {
            self.line(words.as_str(), LineLook::Plain);
        }
        self.items.push(Item::Rule);
    }

    pub(super) fn media(&mut self, media: &Media) {
        match (media.kind, &media.attachment) {
            (MediaKind::Sticker, Some(Attachment { id, state: AttachmentState::Ready { .. } })) => {
                self.items.push(Item::Sticker(*id));
            }
            (_, Some(Attachment { state: AttachmentState::Ready { .. }, .. })) => {
                self.items.extend(File::of_media(media).map(of_file));
            }
            (_, attachment) => {
                let title = words::title(media.kind, media.voice, media.file_name.as_deref());
                self.line(title, LineLook::Title);
                if let Some(Attachment { state, .. }) = attachment {
                    match state {
                        AttachmentState::Fetching => self.note("The gateway is getting it from WhatsApp"),
                        AttachmentState::Failed { reason } => self.note(reason.as_str()),
                        AttachmentState::Ready { .. } | AttachmentState::Unknown => {}
                    }
                }
            }
        }
        if let Some(caption) = &media.caption {
            self.marked(caption);
        }
    }

    fn cards(&mut self, cards: &[ContactCard]) {
        for (number, card) in (0..).zip(cards) {
            if number > 0 {
                self.items.push(Item::Rule);
            }
            let name = if card.name.trim().is_empty() { "Contact without a name" } else { &card.name };
            self.line(name, LineLook::Title);
            if let Some(company) = &card.company {
                self.note(company.as_str());
            }
            for words in card.phones.iter().chain(&card.emails).chain(&card.addresses).chain(&card.urls) {
                self.line(words.as_str(), LineLook::Plain);
            }
            self.items.push(Item::AddCard(number));
        }
    }

    fn order(&mut self, text: Option<&str>, items: &[OrderItem]) {
        self.line("Order", LineLook::Title);
        let mut totals: Vec<(&str, f64)> = Vec::new();
        for item in items {
            let price = item.quantity * item.price;
            match totals.iter_mut().find(|(currency, _)| *currency == item.currency) {
                Some((_, total)) => *total += price,
                None => totals.push((&item.currency, price)),
            }
            let line = format!(
                "{} × {}: {price:.2} {}",
                item.quantity,
                isolate::isolated(&item.product),
                item.currency
            );
            self.line(line, LineLook::Item);
        }
        self.items.push(Item::Rule);
        for (currency, total) in totals {
            self.pair("Total", &format!("{total:.2} {currency}"));
        }
        if let Some(text) = text {
            self.marked(text);
        }
    }
}

/// A file as a part of a bubble.
pub(super) fn of_file(file: File) -> Item {
    let line = Line { text: file.title(), look: LineLook::Title };
    Item::File(Box::new(file), line)
}
