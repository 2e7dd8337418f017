//! The shape of the house: who may import whom, and a few habits that no lint knows.
//!
//! `ARCHITECTURE.md` says what the rooms are for; here their walls are checked by reading the sources. The walls between
//! the packages are the compiler's. A room that is not built yet has nothing to be found in it.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use rooms::{IN_TESTS, ROOMS};
use source::Source;

#[path = "architecture/rooms.rs"]
mod rooms;
#[path = "architecture/source.rs"]
mod source;

/// Beyond this a file is named in the test's output, and should be split when next touched.
const LONG_FILE: usize = 400;
/// Beyond this the test fails.
const TOO_LONG_FILE: usize = 600;

#[test]
fn nobody_imports_through_a_wall() {
    let house = House::open();
    let mut found = Vec::new();
    for (file, text) in &house.sources {
        found.extend(trespasses(file, text, &house.crates));
    }
    if !found.is_empty() {
        found.push("See ARCHITECTURE.md, who may import whom.".to_owned());
    }
    nothing(&found);
}

#[test]
fn files_open_with_what_they_are_for_and_stay_short() {
    let (mut found, mut long) = (Vec::new(), Vec::new());
    for (file, text) in &House::open().sources {
        if !text.starts_with("//!") {
            found.push(format!("{file}:1: opens without `//!` and what the file is for"));
        }
        match text.lines().count() {
            lines if lines > TOO_LONG_FILE => {
                found.push(format!("{file}:{TOO_LONG_FILE}: goes on to line {lines}: split it"));
            }
            lines if lines > LONG_FILE => long.push(format!("{file} ({lines})")),
            _ => {}
        }
    }
    if !long.is_empty() {
        // Past the capture of the test's output: worth a look, not a failure.
        let told = format!("over {LONG_FILE} lines, to be split when next touched: {}", long.join(", "));
        writeln!(io::stderr(), "{told}").expect("stderr can be written to");
    }
    nothing(&found);
}

#[test]
fn what_is_left_to_do_names_an_issue() {
    let mark = concat!("TO", "DO");
    let mut found = Vec::new();
    for (file, text) in &House::open().sources {
        for (line, content) in (1..).zip(text.lines()) {
            let Some((_before, after)) = content.split_once(mark) else { continue };
            let issue = after.strip_prefix("(#").and_then(|after| after.split_once(')'));
            if issue.is_none_or(|(number, _after)| number.parse::<u32>().is_err()) {
                found.push(format!("{file}:{line}: {mark} without its issue, as in {mark}(#12)"));
            }
        }
    }
    nothing(&found);
}

#[test]
fn no_test_is_ignored_and_none_sleeps() {
    let mut found = Vec::new();
    for (file, text) in &House::open().sources {
        found.extend(idle_tests(file, text));
    }
    nothing(&found);
}

#[test]
fn migrations_are_numbered_without_a_gap() {
    let mut found = Vec::new();
    let spelled = |c: char| c == '_' || c.is_ascii_lowercase() || c.is_ascii_digit();
    for folder in folders(&root()) {
        if !folder.ancestors().any(|part| part.ends_with("migrations")) {
            continue;
        }
        let files = entries(&folder).into_iter().filter(|path| path.is_file());
        for (number, path) in (1..).zip(files) {
            let (name, number) = (name(&path), format!("{number:04}"));
            let words = name.strip_prefix(&format!("{number}_")).and_then(|rest| rest.strip_suffix(".sql"));
            if !words.is_some_and(|words| !words.is_empty() && words.chars().all(spelled)) {
                found.push(format!("{}:1: is not named {number}_what_it_does.sql", path.display()));
            }
        }
    }
    nothing(&found);
}

#[test]
fn the_walls_hold_against_a_forbidden_import() {
    let crates = ["axum", "chrono", "egui", "open", "sqlx", "tokio"].map(str::to_owned).into();
    let lines = |file: &str, text: &str| -> Vec<usize> {
        let found = trespasses(file, text, &crates);
        let line = |found: &String| found.split(':').nth(1).and_then(|number| number.parse().ok());
        let lines: BTreeSet<usize> = found.iter().map(|found| line(found).expect("a line number")).collect();
        lines.into_iter().collect()
    };
    let desk = "//! A desk.\n\nuse std::{collections::BTreeMap, fs};\nuse chrono::Utc;\nuse super::super::ui::View;\n\
        fn f() { tokio::spawn(g()); /* egui::a */ let s = \"sqlx::b\"; let c = '\"'; }\n// axum::c\nconst T: T = Utc::now();\n\
        use crate::{desk::input, service as other};\nlet r = r#\"egui::d \"#; ::egui::e();\n";
    assert_eq!(lines("src/desk/sample.rs", desk), [3, 5, 6, 8, 9, 10]);
    let nested = "//! A.\nmod tests {\n    use super::super::super::ui;\n    use super::super::ui;\n}\nuse super::super::ui;\n";
    assert_eq!(
        lines("src/desk/sample.rs", nested),
        [3, 6],
        "a module within the file is one step further in"
    );
    assert_eq!(lines("src/desk/mod.rs", nested), [3, 4, 6]);
    let local = "//! A.\nmod open;\nuse super::row::Row as egui;\nfn f() { open::show(); egui::new(); axum::Router::new(); }\n";
    assert_eq!(lines("src/ui/attachment/mod.rs", local), [4], "what a file declares or imports is its own");
    assert_eq!(
        lines("gateway/src/handling/inbound.rs", "//! A.\nuse axum::Json;\nfn f() { sqlx::query(\"\"); }\n"),
        [2, 3]
    );
    assert_eq!(lines("gateway/src/routes/webhook.rs", "//! A.\nuse crate::whatsapp::x;\n"), [0; 0]);
    assert_eq!(lines("gateway/src/routes/events.rs", "//! A.\nuse crate::whatsapp::x;\n"), [2]);
    assert_eq!(lines("src/app.rs", desk), [0; 0]);
    let idle = "//! A.\n#[test]\n#[ignore]\nfn a() { std::thread::sleep(b); }\n";
    assert_eq!(idle_tests("tests/e2e/a.rs", idle).len(), 2);
    assert_eq!(idle_tests("tests/e2e/wait.rs", "//! A.\nfn a() { std::thread::sleep(b); }\n").len(), 0);
}

/// What stands in this file that its rooms forbid, a line each.
fn trespasses(file: &str, text: &str, crates: &BTreeSet<String>) -> Vec<String> {
    let mut found = Vec::new();
    let source = Source::read(file, text);
    let place = Path::new(file).with_extension("");
    for room in ROOMS.iter().filter(|room| place.starts_with(Path::new(room.at).with_extension(""))) {
        for path in &source.paths {
            let first = path.segments.first().map_or("", String::as_str);
            if path.in_tests && IN_TESTS.contains(&first) {
                continue;
            }
            let stranger = !path.is_own
                && crates.contains(first)
                && room.only.is_some_and(|only| !only.contains(&first));
            let excused = |what: &str| room.except.is_some_and(|(at, which)| at == file && which == what);
            if stranger || room.never.iter().any(|what| path.names(what) && !excused(what)) {
                let named = path.segments.join("::");
                found.push(format!("{file}:{}: names `{named}`, but {}", path.line, room.because));
            }
        }
    }
    found
}

/// The tests in this file that are not run or that wait for the clock, a line each.
fn idle_tests(file: &str, text: &str) -> Vec<String> {
    let source = Source::read(file, text);
    let mut found = Vec::new();
    for line in &source.ignored {
        found.push(format!("{file}:{line}: an ignored test proves nothing; mend it or remove it"));
    }
    // Where the clock is tokio's and stands still, sleeping is how a test moves it.
    let moves_the_clock = text.contains("start_paused");
    for path in source.paths.iter().filter(|path| path.in_tests && path.ends_in("sleep")) {
        if !(moves_the_clock && path.names("tokio") || file.ends_with("/wait.rs")) {
            let advice = "a test waits for what it needs, with a limit (in a wait.rs), and never just sleeps";
            found.push(format!("{file}:{}: {advice}", path.line));
        }
    }
    found
}

#[track_caller]
fn nothing(found: &[String]) {
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

/// All that is looked at.
struct House {
    /// The Rust files, by their path in the project.
    sources: Vec<(String, String)>,
    /// The crates of others and of ours, as they are written in code.
    crates: BTreeSet<String>,
}

impl House {
    fn open() -> Self {
        let root = root();
        let mut sources = Vec::new();
        for folder in folders(&root) {
            for path in entries(&folder) {
                if path.extension().is_some_and(|end| end == "rs") {
                    let file = path.strip_prefix(&root).expect("is below the root").to_string_lossy();
                    sources.push((file.into_owned(), fs::read_to_string(&path).expect("can be read")));
                }
            }
        }
        assert!(sources.len() > 10, "no sources below {}", root.display());
        let manifest = fs::read_to_string(root.join("Cargo.toml")).expect("can be read");
        let (_before, dependencies) =
            manifest.split_once("[workspace.dependencies]").expect("has dependencies");
        let crates = dependencies
            .lines()
            .take_while(|line| !line.starts_with('['))
            .filter_map(|line| Some(line.split_once('=')?.0.trim().replace('-', "_")))
            .filter(|name| !name.starts_with('#'))
            .collect();
        Self { sources, crates }
    }
}

fn root() -> PathBuf {
    std::env::var_os("CARGO_MANIFEST_DIR").expect("is run by cargo").into()
}

/// What lies in a folder, in the order of the names.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let list = fs::read_dir(folder).expect("can be listed");
    let mut paths: Vec<_> = list.map(|entry| entry.expect("can be listed").path()).collect();
    paths.sort();
    paths
}

/// The folder and all below it that are ours to look at.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    for path in entries(folder).into_iter().filter(|path| path.is_dir() && !path.is_symlink()) {
        if !name(&path).starts_with('.') && name(&path) != "target" {
            found.extend(folders(&path));
        }
    }
    found
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
