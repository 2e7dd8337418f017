//! Web addresses, e-mail addresses and phone numbers in what people write, and whether they may be followed.
//!
//! Where an address begins and ends is found with `linkify` (RFC 3986, 3987, 5321, 6531), in stretches that can't belong
//! to two addresses; an address without `https://` needs a name that somebody can have registered (the Public Suffix
//! List). Full stops, brackets, quotes and the punctuation of other scripts behind an address don't belong to it, and
//! neither do `WhatsApp`'s text marks around it.
//!
//! Only http and https leave the program at a click, mailto and tel after asking, nothing else at all. What an address
//! really leads to is shown before the click: [`Target`].

use std::ops::Range;

mod detect;
mod judge;
mod letters;
mod phone;
#[cfg(test)]
mod tests;

use detect::Address;
pub use judge::judge;

/// An address in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it stands, in bytes of the text.
    pub range: Range<usize>,
    /// What it is.
    pub kind: LinkKind,
    /// Whether it may be followed.
    pub verdict: Verdict,
}

/// What an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// A web address, or something of the form `scheme://…`.
    Web,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
}

/// Whether an address may be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// At a click, with its [`Target`] shown before it: http and https.
    Open(Target),
    /// After asking: mailto and tel.
    Ask(Target),
    /// Not at all: it stays plain text, and this is why.
    Plain(Reason),
}

/// Where an address leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// What is opened: ASCII, as the URL standard (WHATWG) writes it.
    pub url: String,
    /// What people are shown: the same, without `mailto:` or `tel:`. A name in other letters is in Punycode here;
    /// [`Warning::International`] has it the other way.
    pub shown: String,
    /// The bytes of [`Target::shown`] to stress, the part that somebody owns: `evil.example` of
    /// `https://bank.example.evil.example/`, or a whole IP address, or all of a phone number.
    pub owner: Range<usize>,
    /// What to tell together with it.
    pub warnings: Vec<Warning>,
}

/// Something about an address that may be followed, but should be looked at first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// The host's name has letters beyond a to z, and this is how it reads.
    International(String),
    /// A part of the host's name mixes scripts that are not written together (UTS #39, 5.2, above *highly restrictive*).
    MixedScripts,
    /// The host's name reads like this other one (UTS #39, 4).
    LooksLike(String),
    /// The host is an IP address.
    Number,
    /// The host is in the agent's own network, or on this machine.
    LocalNetwork,
    /// Not the usual port of its scheme.
    Port(u16),
}

/// Why an address stays plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// This scheme isn't opened.
    Scheme(String),
    /// It has a user name before the host, as in `https://bank.example@evil.example`.
    Credentials,
    /// It has control, direction or other invisible characters in it.
    Hidden,
    /// Its line has invisible characters that turn the order of the letters round.
    Reordered,
    /// It is no valid address.
    Invalid,
}

/// Finds the addresses in a text, in order and apart from each other, in time that grows with the text's length alone.
///
/// The text is what is shown: of a message with marks, a block's [`text`](super::markup::Block::text).
#[must_use]
pub fn find(text: &str) -> Vec<Link> {
    let mut order = detect::Order::new(text);
    let mut links = Vec::new();
    for Address { range, kind, refused } in detect::addresses(text) {
        let address = &text[range.clone()];
        let refused = order.is_turned_at(range.start).then_some(Reason::Reordered).or(refused);
        let verdict = match (refused, kind) {
            (Some(reason), _) => Verdict::Plain(reason),
            (None, LinkKind::Email) => judge::email(address),
            (None, LinkKind::Web | LinkKind::Phone) => judge(address),
        };
        links.push(Link { range, kind, verdict });
    }
    let taken: Vec<_> = links.iter().map(|link| link.range.clone()).collect();
    let mut order = detect::Order::new(text);
    for (range, number) in phone::find(text, &taken) {
        let is_turned = order.is_turned_at(range.start);
        let verdict =
            if is_turned { Verdict::Plain(Reason::Reordered) } else { Verdict::Ask(judge::phone(&number)) };
        links.push(Link { range, kind: LinkKind::Phone, verdict });
    }
    links.sort_by_key(|link| link.range.start);
    links
}

/// Where web and e-mail addresses stand in a text: the marks inside them are none.
pub(super) fn find_addresses(text: &str) -> Vec<Range<usize>> {
    detect::addresses(text).into_iter().map(|found| found.range).collect()
}

impl Warning {
    /// What to tell people, as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::International(name) => {
                format!("The name has letters beyond a to z. It reads \u{2068}{name}\u{2069}.")
            }
            Self::MixedScripts => "The name mixes letters of several scripts, as forged names do.".to_owned(),
            Self::LooksLike(other) => format!("It looks like {other}, but it isn't."),
            Self::Number => "It names a computer by its number; real sites have names.".to_owned(),
            Self::LocalNetwork => "It leads to a computer in your own network.".to_owned(),
            Self::Port(port) => format!("It leads to port {port}, where web sites usually are not."),
        }
    }
}

impl Reason {
    /// What to tell people, as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Scheme(scheme) => {
                format!("Not a link: only web addresses are opened, not \u{201c}{scheme}:\u{201d}.")
            }
            Self::Credentials => {
                "Not a link: it has a user name in front of the site's name, as forged addresses do."
                    .to_owned()
            }
            Self::Hidden => "Not a link: it has invisible characters in it.".to_owned(),
            Self::Reordered => {
                "Not a link: invisible characters on this line change the order of its letters.".to_owned()
            }
            Self::Invalid => "Not a link: this is no valid address.".to_owned(),
        }
    }
}
