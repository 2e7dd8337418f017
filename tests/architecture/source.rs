//! Reads from a Rust file which paths it names, as far as that can be told without a compiler.
//!
//! Comments and texts are passed over, `use` trees unfolded, `self` and `super` resolved. What a file declares or imports
//! under a crate's name counts as its own. Macros that put paths together are beyond it.

use std::{collections::BTreeSet, iter::Peekable, str::Chars};

/// What a file names.
#[derive(Default)]
pub(crate) struct Source {
    /// Every path of more than one part, and every import.
    pub(crate) paths: Vec<Named>,
    /// The lines with an ignored test.
    pub(crate) ignored: Vec<usize>,
}

/// A path that a file names.
pub(crate) struct Named {
    /// Where.
    pub(crate) line: usize,
    /// Its parts, from the crate on.
    pub(crate) segments: Vec<String>,
    /// Whether it is named by a test.
    pub(crate) in_tests: bool,
    /// Whether it begins with something that the file declares or imports itself, and so not with a crate.
    pub(crate) is_own: bool,
}

impl Named {
    /// Whether its last part is `what`.
    pub(crate) fn ends_in(&self, what: &str) -> bool {
        self.segments.last().is_some_and(|last| last == what)
    }

    /// Whether the path is `what` or goes through it: a single word is a crate, more are any part of the path.
    pub(crate) fn names(&self, what: &str) -> bool {
        let what: Vec<&str> = what.split("::").collect();
        match what[..] {
            [first] => !self.is_own && self.segments.first().is_some_and(|segment| segment == first),
            _ => self.segments.windows(what.len()).any(|part| part == what),
        }
    }
}

impl Source {
    /// Reads `text`, which is the content of `file`.
    pub(crate) fn read(file: &str, text: &str) -> Self {
        let tokens = tokens(text);
        let at = |index: usize| tokens.get(index).map(|(_line, token)| token);
        let word = |index: usize| if let Some(Token::Word(word)) = at(index) { word.as_str() } else { "" };
        let is = |index: usize, mark: char| at(index) == Some(&Token::Mark(mark));
        // A `stage.rs` is what a room's tests play on.
        let file_in_tests = file.starts_with("tests/")
            || file.contains("/tests/")
            || file.ends_with("/tests.rs")
            || file.ends_with("/stage.rs");

        let mut source = Self::default();
        let mut module = module_of(file);
        let mut own = BTreeSet::new();
        let (mut depth, mut inline) = (0_usize, Vec::new());
        let mut index = 0;
        while let Some((line, token)) = tokens.get(index) {
            let in_tests = file_in_tests || module.iter().any(|part| part == "tests");
            match token {
                Token::Mark('{') => depth += 1,
                Token::Mark('}') => {
                    depth = depth.saturating_sub(1);
                    if inline.last() == Some(&depth) {
                        inline.pop();
                        module.pop();
                    }
                }
                Token::Word(first) if first == "mod" && !word(index + 1).is_empty() => {
                    own.insert(word(index + 1).to_owned());
                    if is(index + 2, '{') {
                        module.push(word(index + 1).to_owned());
                        inline.push(depth);
                    }
                    index += 1;
                }
                Token::Word(first) if first == "ignore" && is(index.wrapping_sub(1), '[') => {
                    source.ignored.push(*line);
                }
                Token::Word(first) if first == "use" && !is(index + 1, '<') => {
                    let mut imports = Imports { tokens: &tokens, index: index + 1, found: Vec::new() };
                    imports.unfold(&[]);
                    index = imports.index;
                    for (line, segments, called) in imports.found {
                        if segments.len() > 1 && segments[0] != called {
                            own.insert(called);
                        }
                        source.paths.push(Named {
                            line,
                            segments: resolve(&module, segments),
                            in_tests,
                            is_own: false,
                        });
                    }
                }
                Token::Word(first) if !matches!(at(index.wrapping_sub(1)), Some(Token::Mark('.'))) => {
                    let mut segments = vec![first.clone()];
                    while at(index + 1) == Some(&Token::Colons) && !word(index + 2).is_empty() {
                        segments.push(word(index + 2).to_owned());
                        index += 2;
                    }
                    if segments.len() > 1 {
                        source.paths.push(Named {
                            line: *line,
                            segments: resolve(&module, segments),
                            in_tests,
                            is_own: false,
                        });
                    }
                }
                _ => {}
            }
            index += 1;
        }
        for path in &mut source.paths {
            path.is_own = path.segments.first().is_some_and(|first| own.contains(first));
        }
        source
    }
}

/// The module that a file is, from its place below `src` or `tests`.
fn module_of(file: &str) -> Vec<String> {
    let place = file.rsplit_once("src/").map_or(file, |(_package, place)| place).trim_end_matches(".rs");
    let mut module = vec!["crate".to_owned()];
    module.extend(place.split('/').map(str::to_owned));
    if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        module.pop();
    }
    module
}

/// The same path from the crate on.
fn resolve(module: &[String], segments: Vec<String>) -> Vec<String> {
    let up = match segments[0].as_str() {
        "self" => 0,
        "super" => segments.iter().take_while(|segment| *segment == "super").count(),
        _ => return segments,
    };
    let rest = segments.into_iter().skip(up.max(1));
    module.iter().take(module.len().saturating_sub(up).max(1)).cloned().chain(rest).collect()
}

/// Unfolds one `use` after the other.
struct Imports<'a> {
    tokens: &'a [(usize, Token)],
    index: usize,
    /// Line, path, and the name it goes by in this file.
    found: Vec<(usize, Vec<String>, String)>,
}

impl Imports<'_> {
    /// Reads one branch of the tree, up to and without its `,`, `}` or `;`.
    fn unfold(&mut self, before: &[String]) {
        let mut path = before.to_vec();
        let mut line = 0;
        while let Some((at, token)) = self.tokens.get(self.index) {
            match token {
                Token::Word(word) if word == "as" => {
                    self.index += 1;
                    if let Some((_line, Token::Word(name))) = self.tokens.get(self.index) {
                        self.found.push((line, path.clone(), name.clone()));
                        path.clear();
                    }
                }
                Token::Word(word) => {
                    line = *at;
                    if word != "self" || path.is_empty() {
                        path.push(word.clone());
                    }
                }
                Token::Mark('{') => {
                    self.index += 1;
                    while !matches!(self.tokens.get(self.index), None | Some((_, Token::Mark('}' | ';')))) {
                        self.unfold(&path);
                        if matches!(self.tokens.get(self.index), Some((_, Token::Mark(',')))) {
                            self.index += 1;
                        }
                    }
                    path.clear();
                }
                Token::Mark(',' | '}' | ';') => break,
                Token::Mark('*') => {
                    self.found.push((*at, path.clone(), "*".to_owned()));
                    path.clear();
                }
                Token::Mark(_) | Token::Colons => {}
            }
            self.index += 1;
        }
        if line > 0
            && let Some(name) = path.last().cloned()
        {
            self.found.push((line, path, name));
        }
    }
}

/// As much of Rust's grammar as it takes.
#[derive(Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Colons,
    Mark(char),
}

/// The tokens of a text with their lines, without comments, texts and characters.
fn tokens(text: &str) -> Vec<(usize, Token)> {
    let (mut found, mut line) = (Vec::new(), 1);
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\n' => line += 1,
            '/' if rest.peek() == Some(&'/') => while rest.next_if(|c| *c != '\n').is_some() {},
            '/' if rest.peek() == Some(&'*') => line += skip_comment(&mut rest),
            '"' => line += skip_text(&mut rest, true, 0),
            '\'' => skip_character(&mut rest),
            ':' if rest.next_if_eq(&':').is_some() => found.push((line, Token::Colons)),
            c if c == '_' || c.is_alphanumeric() => {
                let mut word = c.to_string();
                while let Some(c) = rest.next_if(|c| *c == '_' || c.is_alphanumeric()) {
                    word.push(c);
                }
                if matches!(word.as_str(), "r" | "br" | "cr") && matches!(rest.peek(), Some('"' | '#')) {
                    let mut hashes = 0;
                    while rest.next_if_eq(&'#').is_some() {
                        hashes += 1;
                    }
                    if rest.next_if_eq(&'"').is_some() {
                        line += skip_text(&mut rest, false, hashes);
                    }
                } else {
                    found.push((line, Token::Word(word)));
                }
            }
            c if c.is_whitespace() => {}
            c => found.push((line, Token::Mark(c))),
        }
    }
    found
}

/// Passes over the rest of a block comment and says how many lines that was.
fn skip_comment(rest: &mut Peekable<Chars<'_>>) -> usize {
    let (mut open, mut lines) = (0, 0);
    let mut last = '/';
    for c in rest {
        lines += usize::from(c == '\n');
        let pair = (last, c);
        last = if matches!(pair, ('/', '*') | ('*', '/')) { ' ' } else { c };
        match pair {
            ('/', '*') => open += 1,
            ('*', '/') if open == 1 => break,
            ('*', '/') => open -= 1,
            _ => {}
        }
    }
    lines
}

/// Passes over the rest of a text in quotes and says how many lines that was.
fn skip_text(rest: &mut Peekable<Chars<'_>>, escapes: bool, hashes: usize) -> usize {
    let mut lines = 0;
    while let Some(c) = rest.next() {
        lines += usize::from(c == '\n');
        if escapes && c == '\\' {
            lines += usize::from(rest.next() == Some('\n'));
        } else if c == '"' && (0..hashes).all(|_| rest.next_if_eq(&'#').is_some()) {
            break;
        }
    }
    lines
}

/// Passes over the rest of a character, or over nothing if the quote begins a lifetime.
fn skip_character(rest: &mut Peekable<Chars<'_>>) {
    let mut ahead = rest.clone();
    match (ahead.next(), ahead.next()) {
        (Some('\\'), _) => {
            rest.next();
            rest.next();
            while rest.next().is_some_and(|c| c != '\'') {}
        }
        (Some(_), Some('\'')) => {
            rest.next();
            rest.next();
        }
        _ => {}
    }
}
