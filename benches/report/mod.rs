//! What was measured: rows with a value, what it is compared with, and whether it is good enough. A table for people, a
//! JSON file for programs, and an exit code.

use std::{fmt::Write as _, fs, process::ExitCode, time::Duration};

use serde::Serialize;

/// One figure.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Row {
    name: String,
    value: f64,
    unit: &'static str,
    /// The same of something simpler that can't be beaten by much.
    baseline: Option<f64>,
    /// Value by baseline.
    ratio: Option<f64>,
    /// In words; none for a figure that only explains the others.
    limit: Option<String>,
    pass: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    /// What happened on the way, counted: a fault that never hit proves nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    hits: Option<String>,
}

impl Row {
    pub(crate) fn new(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self {
            name: name.into(),
            value,
            unit,
            baseline: None,
            ratio: None,
            limit: None,
            pass: true,
            seed: None,
            hits: None,
        }
    }

    /// A count of something.
    pub(crate) fn count(name: impl Into<String>, count: usize, unit: &'static str) -> Self {
        Self::new(name, f64::from(u32::try_from(count).unwrap_or(u32::MAX)), unit)
    }

    /// The same of something simpler.
    pub(crate) fn beside(mut self, baseline: f64) -> Self {
        self.baseline = Some(baseline);
        self.ratio = Some(self.value / baseline);
        self
    }

    pub(crate) fn at_most(self, most: f64) -> Self {
        let pass = self.value <= most;
        self.judged(format!("<= {most}"), pass)
    }

    pub(crate) fn at_least(self, least: f64) -> Self {
        let pass = self.value >= least;
        self.judged(format!(">= {least}"), pass)
    }

    /// At most so many times the baseline.
    pub(crate) fn at_most_times(self, most: f64) -> Self {
        let pass = self.ratio.is_some_and(|ratio| ratio <= most);
        self.judged(format!("<= {most} x baseline"), pass)
    }

    fn judged(mut self, limit: String, pass: bool) -> Self {
        self.limit = Some(match self.limit {
            Some(before) => format!("{before}, {limit}"),
            None => limit,
        });
        self.pass &= pass;
        self
    }

    /// From which seed chance came, and what really happened.
    pub(crate) fn by_chance(mut self, seed: u64, hits: impl Into<String>) -> Self {
        self.seed = Some(seed);
        self.hits = Some(hits.into());
        self
    }

    /// A row can't be good if what it is about never happened.
    pub(crate) fn only_if(mut self, happened: bool) -> Self {
        self.pass &= happened;
        self
    }
}

/// Prints the rows, writes them to `target/NAME.json`, and says whether all are good enough.
pub(crate) fn conclude(name: &str, rows: &[Row]) -> ExitCode {
    println!("\n{}", table(rows));
    let path = format!("{}/target/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let json = serde_json::to_string_pretty(rows).expect("numbers and words can be written");
    fs::create_dir_all(format!("{}/target", env!("CARGO_MANIFEST_DIR"))).expect("target/ can be made");
    fs::write(&path, json + "\n").expect("the report can be written");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!("target/{name}.json, on {cores} cores");
    if rows.iter().all(|row| row.pass) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn table(rows: &[Row]) -> String {
    let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
    let head = ["name", "value", "unit", "baseline", "ratio", "limit"];
    let mut text = format!(
        "{:width$} {:>10} {:12} {:>10} {:>6}  {:24}\n",
        head[0], head[1], head[2], head[3], head[4], head[5]
    );
    for row in rows {
        let number = |number: Option<f64>| number.map_or_else(|| "-".to_owned(), rounded);
        writeln!(
            text,
            "{:width$} {:>10} {:12} {:>10} {:>6}  {:24} {}{}",
            row.name,
            rounded(row.value),
            row.unit,
            number(row.baseline),
            number(row.ratio),
            row.limit.as_deref().unwrap_or("-"),
            if row.pass { "passed" } else { "FAILED" },
            row.hits.as_ref().map_or_else(String::new, |hits| {
                format!("  (seed {}: {hits})", row.seed.unwrap_or_default())
            }),
        )
        .expect("a string can be written");
    }
    text
}

fn rounded(number: f64) -> String {
    match number.abs() {
        0.0 => "0".to_owned(),
        size if size < 10.0 => format!("{number:.2}"),
        size if size < 100.0 => format!("{number:.1}"),
        _ => format!("{number:.0}"),
    }
}

/// The value below which this share of them lies, in milliseconds.
pub(crate) fn percentile(spans: &[Duration], percent: usize) -> f64 {
    let mut sorted = spans.to_vec();
    sorted.sort();
    let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(at).map_or(f64::NAN, |span| span.as_secs_f64() * 1000.0)
}
