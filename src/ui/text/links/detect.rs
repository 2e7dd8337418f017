//! Where web and e-mail addresses begin and end.

use std::ops::Range;

use linkify::{LinkFinder, LinkKind as Found};

use super::{
    LinkKind, Reason,
    letters::{is_beside, is_hidden, is_separator, needs_no_space, overrides_direction},
};

/// A longer stretch without a space, in bytes, is no address: browsers and servers take about this much.
pub(super) const LONGEST: usize = 4096;
/// RFC 1035, 2.3.4: the longest name of a host, in bytes.
const LONGEST_HOST: usize = 253;
/// What makes a path an address that `linkify` finds the end of.
const BEFORE: &str = "http://a/";
/// Top-level domains that end file names more often than addresses.
const FILE_ENDINGS: [&str; 5] = ["md", "mov", "py", "sh", "zip"];
/// `WhatsApp`'s text marks.
const MARKS: [char; 4] = ['*', '_', '~', '`'];

/// An address, before it is judged.
pub(super) struct Address {
    pub(super) range: Range<usize>,
    pub(super) kind: LinkKind,
    /// What around it already forbids to follow it.
    pub(super) refused: Option<Reason>,
}

/// All web and e-mail addresses, in order.
pub(super) fn addresses(text: &str) -> Vec<Address> {
    let mut finder = LinkFinder::new();
    finder.kinds(&[Found::Url, Found::Email]);
    let mut detector = Detector { text, finder, found: Vec::new() };
    let mut start = 0;
    for line in text.split('\n') {
        detector.read_line(start..start + line.len());
        start += line.len() + 1;
    }
    detector.found
}

/// Goes through a text and knows where the order of the letters is turned round.
pub(super) struct Order<'a> {
    text: &'a str,
    at: usize,
    is_turned: bool,
}

impl<'a> Order<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, is_turned: false }
    }

    /// Whether letters before this byte on its line turn the order of those behind them. Asked from front to back.
    pub(super) fn is_turned_at(&mut self, at: usize) -> bool {
        for letter in self.text[self.at..at].chars() {
            self.is_turned = letter != '\n' && (self.is_turned || overrides_direction(letter));
        }
        self.at = at;
        self.is_turned
    }
}

struct Detector<'a> {
    text: &'a str,
    finder: LinkFinder,
    found: Vec<Address>,
}

impl Detector<'_> {
    fn read_line(&mut self, line: Range<usize>) {
        // What was opened on this line and could be closed behind an address.
        let mut open = [false; MARKS.len()];
        let mut start = line.start;
        for token in self.text[line].split(is_separator) {
            let end = start + token.len();
            while start < end {
                let (stretch, next) = self.stretch(start..end, &mut open);
                if stretch.len() <= LONGEST && self.text[stretch.clone()].contains(['.', ':', '@']) {
                    self.read_stretch(stretch);
                }
                start = next;
            }
            start = end + self.text[end..].chars().next().map_or(0, char::len_utf8);
        }
    }

    /// The first part of a token that can be an address: from its first letter or digit to a mark that was opened
    /// before and is closed here. And where to go on.
    fn stretch(&self, token: Range<usize>, open: &mut [bool; MARKS.len()]) -> (Range<usize>, usize) {
        let mut letters = self.text[token.clone()].char_indices().peekable();
        let mut start = None;
        while let Some((offset, letter)) = letters.next() {
            #[cfg(test)]
            super::tests::step(1);
            if letter.is_alphanumeric() {
                start.get_or_insert(token.start + offset);
            }
            let Some(mark) = MARKS.iter().position(|mark| *mark == letter) else { continue };
            match start {
                None => open[mark] = true,
                Some(start)
                    if open[mark]
                        && letters.peek().is_none_or(|(_, next)| !is_letter(*next) && *next != '@') =>
                {
                    open[mark] = false;
                    let end = token.start + offset;
                    return (start..end, end + letter.len_utf8());
                }
                Some(_) => {}
            }
        }
        (start.unwrap_or(token.end)..token.end, token.end)
    }

    /// Finds the addresses in a stretch: those that say what they are, and between them those that are only a name.
    fn read_stretch(&mut self, stretch: Range<usize>) {
        #[cfg(test)]
        super::tests::step(stretch.len());
        let part = &self.text[stretch.clone()];
        let told: Vec<(Range<usize>, bool)> = self
            .finder
            .links(part)
            .map(|link| {
                (stretch.start + link.start()..stretch.start + link.end(), *link.kind() == Found::Email)
            })
            .collect();
        let mut at = stretch.start;
        for (range, is_email) in told {
            at = self.read_names(at..range.start, stretch.end);
            if range.start < at {
                // It is part of the address before, as in `example.org/?to=https://example.com`.
                continue;
            }
            let address =
                if is_email { self.email(range, stretch.end) } else { self.web(range, stretch.end) };
            at = address.range.end.max(at);
            self.found.push(address);
        }
        self.read_names(at..stretch.end, stretch.end);
    }

    fn email(&self, range: Range<usize>, end: usize) -> Address {
        let behind = &self.text[range.end..end];
        let name = self.text[range.clone()].trim_start_matches(|letter| !is_letter(letter) && letter != '_');
        let start = range.end - name.len();
        // `_me@example.com` keeps its underscore unless it is a mark, which has been closed by now.
        let is_marked = self.text[range.end..].starts_with('_');
        let before = self.found.last().map_or(0, |address| address.range.end);
        let keeps = !is_marked && start > before && self.text[..start].ends_with('_');
        let start = start - usize::from(keeps);
        let has_path =
            behind.starts_with('/') || behind.starts_with(':') && behind[1..].starts_with(is_digit);
        let range = start..if has_path { self.path_end(range.end, end) } else { range.end };
        // A user name before a host, without its scheme.
        Address { refused: has_path.then_some(Reason::Credentials), ..Address::new(range, LinkKind::Email) }
    }

    fn web(&self, mut range: Range<usize>, end: usize) -> Address {
        let address = &self.text[range.clone()];
        let host_start = range.start + address.find("://").map_or(0, |at| at + 3);
        let host_end = range.end.min(host_start + host_length(&self.text[host_start..range.end]));
        let host = &self.text[host_start..host_end];
        if let Some(cut) = name_before_words(host) {
            return Address::new(range.start..host_start + cut, LinkKind::Web);
        }
        let next = self.text[range.end..end].chars().next();
        let ends_with_host = range.end == host_end;
        if ends_with_host && next == Some('#') {
            range.end = self.path_end(range.end, end);
        }
        let goes_on = self.text[range.end..end].contains(|letter| !is_hidden(letter));
        let refused = match next {
            Some('%' | '\\' | '_' | '@') if ends_with_host => Some(Reason::Invalid),
            Some(next) if is_hidden(next) && goes_on => Some(Reason::Hidden),
            _ => None,
        };
        range.end = range.start + self.text[range.clone()].trim_end_matches(is_beside).len();
        Address { refused, ..Address::new(range, LinkKind::Web) }
    }

    /// Finds the names of hosts in `part`, each with what belongs to its address up to `end`. Returns how far it read.
    fn read_names(&mut self, part: Range<usize>, end: usize) -> usize {
        let mut at = part.start;
        while at < part.end {
            let run =
                self.text[at..part.end].find(|letter| !in_name(letter)).map_or(part.end, |end| at + end);
            let before = self.text[..at].chars().next_back();
            let after = self.text[run..end].chars().next();
            let is_apart =
                !matches!(before, Some('@' | '/' | '\\' | '_' | '%' | '=' | '&' | '?' | '#' | '$' | '~'))
                    && !matches!(after, Some('@' | '_' | '%' | '\\'))
                    && !self.text[run..end].starts_with("://");
            if let Some(address) = self.told(at..run, end) {
                at = address.range.end;
                self.found.push(address);
            } else if is_apart && let Some(name) = self.name(at..run) {
                let stop = self.name_end(name.end, run, end);
                self.found.push(Address::new(name.start..stop, LinkKind::Web));
                at = stop.max(run);
            } else {
                at = run;
            }
            if at < part.end {
                at += self.text[at..].chars().next().map_or(1, char::len_utf8);
            }
        }
        at
    }

    /// An address whose scheme stands at the end of `run`, and with something behind its name that put `linkify` off,
    /// as in `https://example.com,and`.
    fn told(&self, run: Range<usize>, end: usize) -> Option<Address> {
        let host = run.end + "://".len();
        if !self.text[run.end..end].starts_with("://") {
            return None;
        }
        let before = self.text[run.clone()].trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        let start = run.start + before.len();
        let scheme = &self.text[start..run.end];
        let authority = &self.text[host..host + host_length(&self.text[host..end])];
        if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
            return None;
        }
        if authority.contains('@') {
            let address = Address::new(start..host + authority.len(), LinkKind::Web);
            return Some(Address { refused: Some(Reason::Credentials), ..address });
        }
        let letters = host + authority.find(|letter| !in_name(letter)).unwrap_or(authority.len());
        let name = host + self.text[host..letters].trim_end_matches(['.', '-']).len();
        let name = self.text[host..name].contains(is_letter).then_some(name)?;
        Some(Address::new(start..self.name_end(name, letters, end), LinkKind::Web))
    }

    /// Where an address ends that has no scheme and whose name ends at `name`, in a run of letters up to `run`.
    fn name_end(&self, name: usize, run: usize, end: usize) -> usize {
        if name < run {
            return name;
        }
        let rest = &self.text[name..end];
        let digits =
            rest.strip_prefix(':').map_or(0, |port| port.bytes().take_while(u8::is_ascii_digit).count());
        let host = if (1..=5).contains(&digits) { name + 1 + digits } else { name };
        if self.text[host..end].starts_with(['/', '?', '#']) { self.path_end(host, end) } else { host }
    }

    /// Where a path, query or fragment ends that begins at `at`.
    fn path_end(&self, at: usize, end: usize) -> usize {
        #[cfg(test)]
        super::tests::step(end - at);
        let address = format!("{BEFORE}{}", &self.text[at..end]);
        let length =
            self.finder.links(&address).next().map_or(0, |link| link.end().saturating_sub(BEFORE.len()));
        at + self.text[at..at + length].trim_end_matches(is_beside).len()
    }

    /// The name of a host in a run of letters, digits, full stops and hyphens, if somebody can have registered it and
    /// nobody would take it for something else.
    fn name(&self, run: Range<usize>) -> Option<Range<usize>> {
        let edge = |letter: char| matches!(letter, '.' | '-') || is_beside(letter);
        let name = self.text[run.clone()].trim_start_matches(edge);
        let start = run.end - name.len();
        let name = name.trim_end_matches(edge);
        let words = name.find(|letter: char| letter.is_ascii_alphanumeric()).unwrap_or(0);
        let first_label = &name[..name.find('.')?];
        // In 请看example.com the name begins behind the words.
        let words =
            if name[..words].chars().all(needs_no_space) && words < first_label.len() { words } else { 0 };
        let (start, name) = (start + words, &name[words..]);
        let name = &name[..name_before_words(name).unwrap_or(name.len())];
        is_plainly_a_host(name).then(|| start..start + name.len())
    }
}

impl Address {
    fn new(range: Range<usize>, kind: LinkKind) -> Self {
        Self { range, kind, refused: None }
    }
}

fn is_digit(letter: char) -> bool {
    letter.is_ascii_digit()
}

fn is_letter(letter: char) -> bool {
    letter.is_alphanumeric()
}

fn in_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-') || !letter.is_ascii()
}

/// How much of an address behind its `://` is the host, with user name and port.
fn host_length(rest: &str) -> usize {
    rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len())
}

/// In example.com谢谢 the name ends before the words: how long it is, if there is a registered name before them.
fn name_before_words(name: &str) -> Option<usize> {
    let is_word = |letter: char| needs_no_space(letter) || is_beside(letter);
    let cut = name.char_indices().find(|(_, letter)| is_word(*letter)).map(|(at, _)| at)?;
    let before = name[..cut].trim_end_matches(['.', '-']);
    (before.is_ascii() && !is_registered(name) && is_registered(before)).then_some(before.len())
}

/// Whether somebody can own this name, by the Public Suffix List.
fn is_registered(name: &str) -> bool {
    let name = name.to_lowercase();
    name.len() <= LONGEST_HOST
        && psl::domain(name.as_bytes()).is_some_and(|domain| domain.suffix().is_known())
}

/// Whether a name without `https://` before it is one, rather than a file, a number, or a sentence without its space.
fn is_plainly_a_host(name: &str) -> bool {
    if name.len() > LONGEST_HOST || name.split('.').any(str::is_empty) || !is_registered(name) {
        return false;
    }
    let lower = name.to_lowercase();
    let (Some((before, last)), Some(domain)) = (name.rsplit_once('.'), psl::domain(lower.as_bytes())) else {
        return false;
    };
    let is_www = lower.starts_with("www.");
    let own_length = domain.as_bytes().len() - domain.suffix().as_bytes().len() - 1;
    let is_sentence = last.starts_with(char::is_uppercase) && before.contains(char::is_lowercase);
    let is_short = own_length < 2 && !domain.as_bytes().iter().any(|byte| !byte.is_ascii());
    let is_file = FILE_ENDINGS.contains(&last);
    !is_sentence && (is_www || !is_short && !is_file) && before.contains(char::is_alphabetic)
}
