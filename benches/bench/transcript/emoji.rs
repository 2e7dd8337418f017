//! Emoji: how long a search takes, and what the frames cost in which the picker opens and is gone through.

use std::{path::Path, time::Duration};

use egui::{Key, Modifiers};
use waxwing::{
    config::emoji::EmojiSet,
    ui::{
        emoji::{Catalogue, Index},
        text,
    },
};

use super::{
    activate,
    bare::press,
    gateway::Gateway,
    screen::{FRAME, Screen, worked},
};
use crate::{
    kit::wait::{now, pause},
    report::{Row, percentile},
};

/// How often the picker is opened, in a new window each time: nothing of it was ever drawn there.
const OPENINGS: usize = 5;
/// Its pictures are made within so many frames.
const OPENING: usize = 12;
/// So many frames go through all emoji.
const PAGES: usize = 48;
/// After so many frames in which nothing is drawn, all of it is there.
const QUIET: usize = 6;
/// How often each query is asked.
const ROUNDS: usize = 50;
/// What a frame may cost, in milliseconds.
const FRAME_LIMIT: f64 = 8.0;
/// What a search may cost, in microseconds.
const SEARCH_LIMIT: f64 = 1000.0;
const QUERIES: [&str; 10] = [
    "e",
    "sm",
    "heart",
    "herz",
    "gesicht",
    "face with",
    "person walking facing right",
    "red heart with",
    "überrascht",
    "qwxyz",
];

/// How long a search over all emoji takes, in German with English beside it.
pub(super) fn search() -> Row {
    let catalogue = Catalogue::new(&EmojiSet::default());
    let index = Index::new(&catalogue, "de");
    let mut spans = Vec::with_capacity(ROUNDS * QUERIES.len());
    for query in QUERIES.iter().cycle().take(ROUNDS * QUERIES.len()) {
        let before = worked();
        std::hint::black_box(index.find(std::hint::black_box(query)));
        spans.push(worked().saturating_sub(before));
    }
    Row::new("emoji_search_us_p99", percentile(&spans, 99) * 1000.0, "µs").at_most(SEARCH_LIMIT)
}

/// The slowest frame while the picker opens, and what frames cost while somebody goes through all of it.
pub(super) async fn picker(journal: &Path) -> Vec<Row> {
    let (mut slowest, mut through) = (Duration::ZERO, Vec::new());
    for _ in 0..OPENINGS {
        let gateway = Gateway::start().await;
        let mut screen = Screen::open(journal, &gateway).await;
        activate(&screen).await;
        screen.settle().await;
        let mut events = press(Modifiers::COMMAND, Key::Period);
        for _ in 0..OPENING {
            slowest = slowest.max(screen.frame(std::mem::take(&mut events)).work);
            pause(FRAME).await;
        }
        for _ in 0..PAGES {
            through.push(screen.frame(press(Modifiers::NONE, Key::PageDown)).work);
            pause(FRAME).await;
        }
        screen.close();
    }
    let flags = flags(journal).await.as_secs_f64() * 1000.0;
    vec![
        Row::new("emoji_picker_flags_there_ms", flags, "ms"),
        Row::new("emoji_picker_open_ms", slowest.as_secs_f64() * 1000.0, "ms").at_most(FRAME_LIMIT),
        Row::new("emoji_picker_scroll_ms_p99", percentile(&through, 99), "ms").at_most(FRAME_LIMIT),
    ]
}

/// How long it takes, from the key that goes there, until all flags in view are drawn: none takes longer than they do.
async fn flags(journal: &Path) -> Duration {
    let gateway = Gateway::start().await;
    let mut screen = Screen::open(journal, &gateway).await;
    activate(&screen).await;
    screen.settle().await;
    let mut events = press(Modifiers::COMMAND, Key::Period);
    for _ in 0..OPENING {
        screen.frame(std::mem::take(&mut events));
        pause(FRAME).await;
    }
    let (began, mut there, mut quiet) = (now(), Duration::ZERO, 0);
    events = press(Modifiers::NONE, Key::End);
    while quiet < QUIET {
        screen.frame(std::mem::take(&mut events));
        pause(FRAME).await;
        if text::is_looking(&screen.ctx) {
            (there, quiet) = (began.elapsed(), 0);
        } else {
            quiet += 1;
        }
    }
    screen.close();
    there
}
