//! Whether an address may be followed, and where it really leads.

use unicode_security::{MixedScript as _, RestrictionLevel, RestrictionLevelDetection as _};
use url::{Host, Url};

use super::{
    Reason, Target, Verdict, Warning,
    letters::{is_hidden, joins},
    phone,
};

/// The longest scheme that is repeated to people, in bytes.
const LONGEST_SCHEME: usize = 20;
/// Names that don't leave the agent's network (RFC 6761, 6762, 8375, and the ones in use).
const LOCAL_NAMES: [&str; 7] = ["localhost", "local", "internal", "home.arpa", "lan", "intranet", "home"];

/// Judges one address, such as that of a button. Without a scheme it is taken for a web address, with https.
#[must_use]
pub fn judge(address: &str) -> Verdict {
    let address = address.trim();
    let (scheme, rest) = split_scheme(address);
    match scheme.as_deref() {
        None => web(&format!("https://{address}")),
        Some("http" | "https") => web(address),
        Some("mailto") => email(rest.split('?').next().unwrap_or(rest)),
        Some("tel") => match phone::number(rest) {
            Some(number) => Verdict::Ask(phone(&number)),
            None => Verdict::Plain(Reason::Invalid),
        },
        Some(other) if other.contains(is_hidden) => Verdict::Plain(Reason::Hidden),
        Some(other) => Verdict::Plain(Reason::Scheme(other.chars().take(LONGEST_SCHEME).collect())),
    }
}

/// The scheme in lower case, and what is behind its colon. `example.org:80` has none.
fn split_scheme(address: &str) -> (Option<String>, &str) {
    let Some((scheme, rest)) = address.split_once(':') else { return (None, address) };
    let is_port = rest.starts_with(|letter: char| letter.is_ascii_digit()) && scheme.contains('.');
    // Invisible letters in the scheme are no reason to take it for something else.
    let is_scheme = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic() || is_hidden(letter))
        && scheme.chars().all(|letter| {
            letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.') || is_hidden(letter)
        });
    if is_scheme && !is_port { (Some(scheme.to_ascii_lowercase()), rest) } else { (None, address) }
}

fn web(address: &str) -> Verdict {
    let Some((_scheme, rest)) = address.split_once("://") else { return Verdict::Plain(Reason::Invalid) };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len()));
    if authority.contains(is_hidden) || path.contains(|letter| is_hidden(letter) && !joins(letter)) {
        return Verdict::Plain(Reason::Hidden);
    }
    if authority.contains('@') {
        return Verdict::Plain(Reason::Credentials);
    }
    let Ok(url) = Url::parse(address) else { return Verdict::Plain(Reason::Invalid) };
    if !url.username().is_empty() || url.password().is_some() {
        return Verdict::Plain(Reason::Credentials);
    }
    let (Some(host), Some(name)) = (url.host(), url.host_str()) else {
        return Verdict::Plain(Reason::Invalid);
    };
    let name = name.trim_end_matches('.');
    let owner = if matches!(host, Host::Domain(_)) { registrable(name) } else { name };
    let mut warnings = about_host(&host);
    warnings.extend(url.port().map(Warning::Port));
    let end = url.scheme().len() + "://".len() + name.len();
    let owner = end - owner.len()..end;
    Verdict::Open(Target { url: url.to_string(), shown: url.to_string(), owner, warnings })
}

/// What is to be said of a host.
fn about_host(host: &Host<&str>) -> Vec<Warning> {
    let is_local = match host {
        Host::Domain(name) => return about_name(name.trim_end_matches('.')),
        Host::Ipv4(ip) => ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified(),
        Host::Ipv6(ip) => match ip.to_ipv4_mapped() {
            Some(ip) => return about_host(&Host::Ipv4(ip)),
            None => {
                ip.is_loopback() || ip.is_unicast_link_local() || ip.is_unique_local() || ip.is_unspecified()
            }
        },
    };
    let mut warnings = vec![Warning::Number];
    warnings.extend(is_local.then_some(Warning::LocalNetwork));
    warnings
}

/// Judges an e-mail address, without `mailto:`.
pub(super) fn email(address: &str) -> Verdict {
    if address.contains(is_hidden) {
        return Verdict::Plain(Reason::Hidden);
    }
    let Some((local, host)) = address.rsplit_once('@') else { return Verdict::Plain(Reason::Invalid) };
    let Ok(Host::Domain(host)) = Host::parse(host) else { return Verdict::Plain(Reason::Invalid) };
    if local.is_empty() || local.contains(['@', ' ', '"', '<', '>', '(', ')', ',', ':', ';', '\\']) {
        return Verdict::Plain(Reason::Invalid);
    }
    let shown = format!("{local}@{host}");
    let owner = shown.len() - registrable(&host).len()..shown.len();
    let warnings = about_name(&host);
    Verdict::Ask(Target { url: format!("mailto:{}@{host}", percent_encoded(local)), shown, owner, warnings })
}

/// The target of a phone number, given as digits with or without `+`.
pub(super) fn phone(number: &str) -> Target {
    Target {
        url: format!("tel:{number}"),
        shown: number.to_owned(),
        owner: 0..number.len(),
        warnings: Vec::new(),
    }
}

/// What is to be said of a host's name, in ASCII.
fn about_name(name: &str) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let is_local = !name.contains('.')
        || LOCAL_NAMES.iter().any(|local| name.strip_suffix(local).is_some_and(|rest| rest.ends_with('.')));
    warnings.extend(is_local.then_some(Warning::LocalNetwork));
    if name.split('.').any(|label| label.starts_with("xn--")) {
        let (unicode, _valid_or_it_would_not_be_a_url) = idna::domain_to_unicode(name);
        warnings.extend(unicode.split('.').any(is_mixed).then_some(Warning::MixedScripts));
        warnings.extend(looks_like(&unicode).map(Warning::LooksLike));
        warnings.insert(0, Warning::International(unicode));
    }
    warnings
}

/// Whether scripts stand side by side that no language writes together.
fn is_mixed(label: &str) -> bool {
    !label.is_single_script() && label.detect_restriction_level() > RestrictionLevel::HighlyRestrictive
}

/// The ASCII name that this one could be taken for.
fn looks_like(name: &str) -> Option<String> {
    let mut other = String::new();
    for letter in name.chars() {
        if letter.is_ascii() {
            other.push(letter);
        } else {
            other.extend(unicode_security::skeleton(letter.encode_utf8(&mut [0; 4])));
        }
    }
    let is_name = other.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-'));
    is_name.then(|| other.to_ascii_lowercase())
}

/// The part of a name that somebody has registered (the Public Suffix List), or all of it if that can't be told.
fn registrable(name: &str) -> &str {
    let (unicode, _valid) = idna::domain_to_unicode(name);
    let labels = |name: &str| {
        let domain = psl::domain(name.as_bytes())?;
        Some(domain.as_bytes().split(|byte| *byte == b'.').count())
    };
    // The list knows some suffixes in letters only and some in Punycode only: the longer suffix is the right one.
    let Some(labels) = labels(name).max(labels(&unicode)) else { return name };
    let start = name.rmatch_indices('.').nth(labels - 1).map_or(0, |(at, _)| at + 1);
    &name[start..]
}

/// As a part of a URL (RFC 6068): all but unreserved characters in `%` form, so that nothing is read as a header.
fn percent_encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+') {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("a string takes all that is written to it");
        }
    }
    out
}
