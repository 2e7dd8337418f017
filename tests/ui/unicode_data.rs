//! Unicode's own test data, whole: `BidiTest` and `BidiCharacterTest` (UAX #9), `LineBreakTest` (UAX #14). No crate
//! ships them; Debian's package `unicode-data` does, and `make test` installs it.
//!
//! Each case goes through the analysis that parley lays out from, told what our text layer tells it; as many as time
//! allows go through a [`Galley`] too, where what counts is the order in which letters are painted. Where ours differs,
//! the reason stands beside the code that allows for it; nothing else may differ.

use std::{env, fs, ops::Range, path::PathBuf, sync::Arc};

use egui::{Context, RawInput};
use parley_engine::{Analysis, AnalysisOptions, Analyzer, BaseDirection};
use waxwing::ui::text::{self, Direction, Galley, Style, Words, Wrap};

mod bidi;
mod breaks;

/// Where systems keep the data: Debian, Fedora.
const FOLDERS: [&str; 2] = ["/usr/share/unicode", "/usr/share/unicode/ucd"];

/// A file of the data.
fn read(name: &str) -> String {
    let own = env::var_os("UNICODE_DATA").map(PathBuf::from);
    let folders = own.into_iter().chain(FOLDERS.iter().map(PathBuf::from));
    let Some(path) = folders.map(|folder| folder.join(name)).find(|path| path.exists()) else {
        panic!(
            "Unicode's {name} is not here: install Debian's package `unicode-data` (scripts/system-packages.sh test), \
             or name the folder that has it in UNICODE_DATA"
        );
    };
    fs::read_to_string(&path).unwrap_or_else(|problem| panic!("{}: {problem}", path.display()))
}

/// The letter of a code point as the files write it.
fn letter(code: &str) -> char {
    let code = u32::from_str_radix(code, 16).expect("the file has hexadecimal code points");
    char::from_u32(code).expect("the file has no surrogates")
}

/// The window's part in laying out: a context whose memory is emptied from time to time, as frames do.
#[derive(Default)]
struct Layouts {
    ctx: Context,
    since: usize,
}

impl Layouts {
    fn of(&mut self, text: &str, wrap: Wrap) -> Arc<Galley> {
        self.since += 1;
        if self.since.is_multiple_of(1000) {
            for _pass in 0..20 {
                self.ctx.run_ui(RawInput::default(), |_ui| {}).textures_delta.clear();
            }
        }
        text::layout(&self.ctx, &Words::plain(text, Style::new(14.0)), wrap)
    }
}

/// What parley makes of a text before it lays it out, with the options that our text layer leaves as they are.
#[derive(Default)]
struct Analyses {
    analyzer: Analyzer,
    analysis: Analysis,
}

impl Analyses {
    fn of(&mut self, text: &str, base_direction: BaseDirection) -> &Analysis {
        let options = AnalysisOptions { base_direction, ..AnalysisOptions::default() };
        self.analyzer.analyze(text, &options, &mut self.analysis);
        &self.analysis
    }
}
