//! Hunspell dictionaries: where they lie, and how they are read.

use std::{
    env,
    fs::{self, File},
    io::Read as _,
    panic::catch_unwind,
    path::{Path, PathBuf},
};

use encoding_rs::{Encoding, WINDOWS_1252};
use spellbook::Dictionary;
use unicode_script::Script;

use super::{SpellingProblem, words::script};

/// The most of a file that is read, in bytes: several times the largest dictionary there is.
const LARGEST_FILE: u64 = 64 * 1024 * 1024;
/// By so many of its words it is told which scripts a dictionary is written in.
const WORDS_TO_TELL_SCRIPT: usize = 2000;

/// The dictionaries of the languages that an agent writes.
pub(super) struct Dictionaries {
    dictionaries: Vec<Dictionary>,
    scripts: Vec<Script>,
}

impl Dictionaries {
    /// Reads the best dictionary there is for each language, and says what was wrong with those that can't be used.
    pub(super) fn load(folders: &[PathBuf], languages: &[String]) -> (Self, Vec<SpellingProblem>) {
        let (mut found, mut problems) = (Self { dictionaries: Vec::new(), scripts: Vec::new() }, Vec::new());
        let mut paths: Vec<PathBuf> = Vec::new();
        for language in languages {
            let path = folders.iter().find_map(|folder| best(folder, language));
            if let Some(path) = path.filter(|path| !paths.contains(path)) {
                if let Err(problem) = found.add(&path) {
                    problems.push(problem);
                }
                paths.push(path);
            }
        }
        (found, problems)
    }

    fn add(&mut self, affixes: &Path) -> Result<(), SpellingProblem> {
        let words = affixes.with_extension("dic");
        let problem = |path: &Path, why: String| SpellingProblem::Unusable { path: path.to_owned(), why };
        let read = |path: &Path| read(path).map_err(|error| problem(path, error.to_string()));
        let (affix_bytes, word_bytes) = (read(affixes)?, read(&words)?);
        let Some(encoding) = encoding(&affix_bytes) else {
            return Err(problem(affixes, "it is in an unknown encoding".to_owned()));
        };
        let (affix_text, ..) = encoding.decode(&affix_bytes);
        let (word_text, ..) = encoding.decode(&word_bytes);
        // The reader has stumbled over damaged files before.
        let dictionary = match catch_unwind(|| Dictionary::new(&affix_text, &word_text)) {
            Ok(Ok(dictionary)) => dictionary,
            Ok(Err(error)) => return Err(problem(affixes, error.to_string())),
            Err(_panic) => return Err(problem(affixes, "it is damaged".to_owned())),
        };
        self.dictionaries.push(dictionary);
        for word in word_text.lines().skip(1).take(WORDS_TO_TELL_SCRIPT) {
            let script = script(word);
            if script != Script::Common && !self.scripts.contains(&script) {
                self.scripts.push(script);
            }
        }
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.dictionaries.is_empty()
    }

    /// Whether some of its words are written in this script.
    pub(super) fn is_written_in(&self, script: Script) -> bool {
        self.scripts.contains(&script)
    }

    /// Whether the word is right in one of the languages. A curly apostrophe is a straight one.
    pub(super) fn knows(&self, word: &str) -> bool {
        let straight = word.replace('\u{2019}', "'");
        self.dictionaries.iter().any(|dictionary| dictionary.check(word) || dictionary.check(&straight))
    }

    /// What the word could have been, by all languages in turn.
    pub(super) fn suggest(&self, word: &str, most: usize) -> Vec<String> {
        let word = word.replace('\u{2019}', "'");
        let by_language: Vec<Vec<String>> = self
            .dictionaries
            .iter()
            .map(|dictionary| {
                let mut suggestions = Vec::new();
                dictionary.suggest(&word, &mut suggestions);
                suggestions
            })
            .collect();
        let mut all: Vec<String> = Vec::new();
        for rank in 0..most {
            for suggestion in by_language.iter().filter_map(|suggestions| suggestions.get(rank)) {
                if all.len() < most && !all.contains(suggestion) {
                    all.push(suggestion.clone());
                }
            }
        }
        all
    }
}

/// Where dictionaries lie on this system, the agent's own folders first.
pub(super) fn folders() -> Vec<PathBuf> {
    let paths = |name: &str| -> Vec<PathBuf> {
        env::var_os(name).map(|value| env::split_paths(&value).collect()).unwrap_or_default()
    };
    let home = env::home_dir().unwrap_or_default();
    // Hunspell's own variable.
    let mut folders = paths("DICPATH");
    if cfg!(target_os = "macos") {
        folders.extend([home.join("Library/Spelling"), PathBuf::from("/Library/Spelling")]);
    }
    if cfg!(windows) {
        folders.extend(paths("APPDATA").iter().map(|folder| folder.join("hunspell")));
        folders.push(PathBuf::from("C:\\Hunspell"));
    } else {
        let mut data = paths("XDG_DATA_HOME");
        data.push(home.join(".local/share"));
        data.extend(paths("XDG_DATA_DIRS"));
        data.extend(["/usr/local/share", "/usr/share", "/opt/homebrew/share"].map(PathBuf::from));
        for folder in data {
            folders.extend(["hunspell", "myspell", "myspell/dicts"].map(|name| folder.join(name)));
        }
    }
    folders.retain(|folder| folder.is_absolute());
    folders
}

/// The `.aff` file in a folder that suits a language best: the same region, else none, else the one that gave the
/// language its name, else any.
fn best(folder: &Path, language: &str) -> Option<PathBuf> {
    let wanted = parts(language);
    let mut found: Vec<(usize, PathBuf)> = fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension().is_some_and(|end| end == "aff") && path.with_extension("dic").is_file()
        })
        .filter_map(|path| {
            let has = parts(path.file_stem()?.to_str()?);
            Some((distance(&wanted, &has)?, path))
        })
        .collect();
    found.sort();
    found.into_iter().next().map(|(_, path)| path)
}

/// `de-DE`, `de_DE` and `de_DE_frami` in parts, in lower case.
fn parts(name: &str) -> Vec<String> {
    name.split(['-', '_']).map(str::to_lowercase).collect()
}

/// How far a dictionary is from what is wanted; none if it is of another language.
fn distance(wanted: &[String], has: &[String]) -> Option<usize> {
    let (language, region) = (wanted.first()?, has.get(1));
    if language.is_empty() || has.first() != Some(language) {
        return None;
    }
    let gave_its_name = |region: &String| region == language || (language == "en" && region == "us");
    Some(match region {
        _ if has == wanted => 0,
        Some(region) if wanted.contains(region) => 1,
        None => 2,
        Some(region) if gave_its_name(region) => 3,
        Some(_) => 4,
    })
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST_FILE).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The encoding that an `.aff` file names in its line `SET`; ISO 8859-1 if it names none, as Hunspell has it.
fn encoding(affixes: &[u8]) -> Option<&'static Encoding> {
    let affixes = affixes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(affixes);
    let named = affixes.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(b"SET "));
    let Some(name) = named else { return Some(WINDOWS_1252) };
    let name = name.trim_ascii();
    // Hunspell's names for some that the WHATWG calls otherwise.
    let name = name.strip_prefix(b"microsoft-").unwrap_or(name);
    match name {
        b"TIS620-2533" => Encoding::for_label(b"tis-620"),
        name => Encoding::for_label(name),
    }
}
