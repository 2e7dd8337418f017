//! vCard 4.0 (RFC 6350); 3.0 (RFC 2426) is read, too. What we have no place for is passed over.
//!
//! Their number on WhatsApp is an `IMPP` with the scheme `whatsapp`, and a `TEL` for address books that know none; in cards from
//! elsewhere the preferred telephone number, else that of a mobile, else the first. What vCard has no property for stands in
//! `X-WAXWING-…`.

use std::fmt::Write as _;

use waxwing_protocol::{
    contact::{ContactAttribute, ContactDetail, DetailKind},
    id::ContactId,
};

use super::{Numbered, Row};

/// Where a line is folded, in bytes (RFC 6350, 3.2).
const FOLDED: usize = 75;
/// Whose a detail is, and what an attribute is called.
const WHOSE: &str = "X-WAXWING-WHOSE";
const ATTRIBUTE: &str = "X-WAXWING-ATTRIBUTE";
const KEY: &str = "X-WAXWING-KEY";
/// What number this one is: their own on WhatsApp, said again.
const SAME: &str = "X-WAXWING-SAME";
/// What somebody is called by on WhatsApp.
const USER_NAME: &str = "X-WAXWING-USER-NAME";

pub(super) fn write(rows: &[Row]) -> String {
    let mut text = String::new();
    for row in rows {
        put(&mut text, "BEGIN:VCARD");
        put(&mut text, "VERSION:4.0");
        if let Some(id) = row.id {
            put(&mut text, &format!("UID:{id}"));
        }
        put(&mut text, &format!("FN:{}", escaped(row.name.as_deref().unwrap_or_default())));
        if let Some(phone) = &row.phone {
            put(&mut text, &format!("IMPP;PREF=1:whatsapp:{phone}"));
            put(&mut text, &format!("TEL;TYPE=cell;PREF=1;{SAME}=whatsapp:{phone}"));
        }
        if let Some(name) = &row.user_name {
            put(&mut text, &format!("{USER_NAME}:{}", escaped(name)));
        }
        for detail in row.details.iter().flatten() {
            put(&mut text, &line_of(detail));
        }
        for attribute in &row.attributes {
            let key = in_parameter(&attribute.key);
            put(&mut text, &format!("{ATTRIBUTE};{KEY}=\"{key}\":{}", escaped(&attribute.value)));
        }
        if let Some(note) = row.note.as_deref().filter(|note| !note.is_empty()) {
            put(&mut text, &format!("NOTE:{}", escaped(note)));
        }
        put(&mut text, "END:VCARD");
    }
    text
}

fn line_of(detail: &ContactDetail) -> String {
    let whose =
        detail.name.as_deref().map(|name| format!(";{WHOSE}=\"{}\"", in_parameter(name))).unwrap_or_default();
    let value = escaped(&detail.value);
    match detail.kind {
        DetailKind::Phone => format!("TEL{whose};VALUE=text:{value}"),
        DetailKind::Email => format!("EMAIL{whose}:{value}"),
        DetailKind::Address => format!("ADR{whose}:;;{value};;;;"),
        DetailKind::Url => format!("URL{whose}:{}", detail.value),
        DetailKind::Company | DetailKind::Unknown => format!("ORG{whose}:{value}"),
    }
}

/// Writes a line, folded where it is long; never within a character.
fn put(text: &mut String, line: &str) {
    let (mut start, mut room) = (0, FOLDED);
    while line.len() - start > room {
        let mut end = start + room;
        while !line.is_char_boundary(end) {
            end -= 1;
        }
        write!(text, "{}\r\n ", &line[start..end]).unwrap_or_default();
        (start, room) = (end, FOLDED - 1);
    }
    write!(text, "{}\r\n", &line[start..]).unwrap_or_default();
}

fn escaped(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\\' | ',' | ';' => escaped.extend(['\\', c]),
            '\n' => escaped.push_str("\\n"),
            _ => escaped.push(c),
        }
    }
    escaped
}

fn plain(value: &str) -> String {
    let (mut plain, mut chars) = (String::with_capacity(value.len()), value.chars());
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n' | 'N') => plain.push('\n'),
                Some(other) => plain.push(other),
                None => plain.push('\\'),
            },
            (c, false) => plain.push(c),
        }
    }
    plain
}

/// The parts of a value, at signs that are not escaped.
fn parts(value: &str, at: char) -> Vec<String> {
    let (mut parts, mut part, mut is_escaped) = (Vec::new(), String::new(), false);
    for c in value.chars() {
        if c == at && !is_escaped {
            parts.push(plain(&std::mem::take(&mut part)));
        } else {
            part.push(c);
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    parts.push(plain(&part));
    parts
}

/// A text within quotation marks of a parameter (RFC 6868).
fn in_parameter(value: &str) -> String {
    value.replace('^', "^^").replace('\n', "^n").replace('"', "^'")
}

fn out_of_parameter(value: &str) -> String {
    let (mut plain, mut chars) = (String::with_capacity(value.len()), value.chars().peekable());
    while let Some(c) = chars.next() {
        let next = chars.peek().copied();
        let meant = match (c, next) {
            ('^', Some('^')) => Some('^'),
            ('^', Some('n')) => Some('\n'),
            ('^', Some('\'')) => Some('"'),
            _ => None,
        };
        if meant.is_some() {
            chars.next();
        }
        plain.push(meant.unwrap_or(c));
    }
    plain
}

/// A line of a card.
struct Property {
    name: String,
    parameters: Vec<(String, String)>,
    value: String,
}

impl Property {
    /// None of a line that has no value.
    fn read(line: &str) -> Option<Self> {
        let mut quoted = false;
        let is_end = |c: char| {
            quoted ^= c == '"';
            c == ':' && !quoted
        };
        let colon = line.find(is_end)?;
        let mut quoted = false;
        let mut head = line[..colon].split(|c: char| {
            quoted ^= c == '"';
            c == ';' && !quoted
        });
        let name = head.next()?;
        // A group stands before the name of a property.
        let name = name.rsplit_once('.').map_or(name, |(_, name)| name).to_uppercase();
        let parameters = head.map(|parameter| {
            let (key, value) = parameter.split_once('=').unwrap_or(("TYPE", parameter));
            (key.to_uppercase(), out_of_parameter(value.trim_matches('"')))
        });
        Some(Self { name, parameters: parameters.collect(), value: line[colon + 1..].to_owned() })
    }

    fn parameter(&self, key: &str) -> Option<&str> {
        self.parameters.iter().find(|(other, _)| other == key).map(|(_, value)| value.as_str())
    }

    fn is_of_type(&self, wanted: &str) -> bool {
        let types = self.parameters.iter().filter(|(key, _)| key == "TYPE");
        types.flat_map(|(_, value)| value.split(',')).any(|one| one.eq_ignore_ascii_case(wanted))
    }

    fn is_preferred(&self) -> bool {
        self.is_of_type("pref") || self.parameter("PREF") == Some("1")
    }
}

pub(super) fn read(text: &str) -> Result<Vec<Numbered>, String> {
    let unfolded = text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "");
    let (mut cards, mut card): (Vec<Vec<Property>>, Option<Vec<Property>>) = (Vec::new(), None);
    for line in unfolded.lines().filter(|line| !line.trim().is_empty()) {
        let Some(property) = Property::read(line) else {
            return Err("This is not a vCard: a line has no value.".to_owned());
        };
        let is_card = property.value.trim().eq_ignore_ascii_case("VCARD");
        match (property.name.as_str(), &mut card) {
            ("BEGIN", None) if is_card => card = Some(Vec::new()),
            ("END", Some(_)) if is_card => cards.extend(card.take()),
            (_, Some(card)) => card.push(property),
            (_, None) => return Err("This is not a vCard: it has to begin with BEGIN:VCARD.".to_owned()),
        }
    }
    if card.is_some() {
        return Err("This vCard does not end.".to_owned());
    }
    if cards.is_empty() {
        return Err("This file is empty.".to_owned());
    }
    Ok((1..).zip(&cards).map(|(number, card)| numbered(number, card)).collect())
}

fn numbered(number: u32, card: &[Property]) -> Numbered {
    let name = card.iter().find(|property| property.name == "FN").map(|property| plain(&property.value));
    let version =
        card.iter().find(|property| property.name == "VERSION").map(|property| property.value.trim());
    let row = match version {
        Some("3.0" | "4.0") => Ok(row(card)),
        _ => Err("Its version is neither 4.0 nor 3.0.".to_owned()),
    };
    Numbered { number, name: name.unwrap_or_default(), row }
}

fn row(card: &[Property]) -> Row {
    let whatsapp = card.iter().find_map(|property| {
        let uri = property.value.strip_prefix("whatsapp:").filter(|_uri| property.name == "IMPP")?;
        Some(uri.to_owned())
    });
    let named = |name: &str| card.iter().find(|property| property.name == name);
    let id: Option<ContactId> = named("UID").and_then(|uid| uid.value.trim().parse().ok());
    let has_whatsapp = whatsapp.is_some();
    let says_it_again = |property: &Property| property.name == "TEL" && property.parameter(SAME).is_some();
    let card = || card.iter().filter(|property| !has_whatsapp || !says_it_again(property));
    let phones = || card().filter(|property| property.name == "TEL");
    let first = phones()
        .find(|phone| phone.is_preferred())
        .or_else(|| phones().find(|phone| phone.is_of_type("cell")))
        .or_else(|| phones().next())
        // Of a card of ours all is said: whoever has no number there has none.
        .filter(|_phone| !has_whatsapp && id.is_none());
    let details = card()
        .filter(|property| !first.is_some_and(|first| std::ptr::eq(first, *property)))
        .filter_map(detail)
        .collect();
    let attributes = card().filter(|property| property.name == ATTRIBUTE).filter_map(|property| {
        Some(ContactAttribute { key: property.parameter(KEY)?.to_owned(), value: plain(&property.value) })
    });
    Row {
        id,
        phone: whatsapp.or_else(|| first.map(number_of)),
        name: named("FN").map(|name| plain(&name.value)),
        user_name: named(USER_NAME).map(|name| plain(&name.value)).filter(|name| !name.trim().is_empty()),
        details: Some(details),
        attributes: attributes.collect(),
        note: Some(named("NOTE").map(|note| plain(&note.value)).unwrap_or_default()),
    }
}

/// A telephone number, as text or as an address of its own (RFC 3966).
fn number_of(property: &Property) -> String {
    let plain = plain(&property.value);
    match plain.strip_prefix("tel:") {
        Some(number) => number.split(';').next().unwrap_or_default().to_owned(),
        None => plain,
    }
}

fn detail(property: &Property) -> Option<ContactDetail> {
    let filled = |parts: Vec<String>| {
        parts
            .into_iter()
            .map(|part| part.replace('\n', ", "))
            .filter(|part| !part.trim().is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (kind, value) = match property.name.as_str() {
        "TEL" => (DetailKind::Phone, number_of(property)),
        "EMAIL" => (DetailKind::Email, plain(&property.value)),
        "ADR" => (DetailKind::Address, filled(parts(&property.value, ';'))),
        "URL" => (DetailKind::Url, property.value.clone()),
        "ORG" => (DetailKind::Company, filled(parts(&property.value, ';'))),
        _ => return None,
    };
    let name = property.parameter(WHOSE).map(str::to_owned);
    (!value.trim().is_empty()).then_some(ContactDetail { kind, value, name })
}
