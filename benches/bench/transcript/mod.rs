//! Whether the transcript ever slows: what a frame costs with a hundred, ten thousand and a million messages in the
//! conversation, how soon it is open, and what it does when nothing happens.
//!
//! The service, the journal, the desk and the drawing are the real ones, the gateway is a scripted one on loopback, and
//! nothing but the screen is missing: a frame is drawn and cut into triangles, and then thrown away. Counted is the time
//! that the processor worked on it, so that other programs don't count; a frame that waits is counted as such.

mod bare;
mod emoji;
mod endless;
mod gateway;
mod notifications;
mod plain;
mod said;
mod screen;
mod store;
mod words;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::TimeDelta;
use waxwing::desk::{
    Desk,
    conversation::{Conversation, Edge},
    input::Command,
};

use self::{
    gateway::Gateway,
    screen::{Cost, FRAME, Screen, to_newest, wheel},
};
use crate::{
    kit::wait::{now, pause},
    report::{Row, percentile},
};

/// How many messages there are in the conversation.
const SIZES: [(&str, i64); 3] = [("100", 100), ("10k", 10_000), ("1m", 1_000_000)];
/// How long each of it takes.
const SPAN: Duration = Duration::from_secs(10);
/// How fast is scrolled, in points a frame: 3,000 a second.
const SPEED: f32 = 50.0;
/// How many messages arrive in a second.
const ARRIVALS: f64 = 50.0;
/// How many frames in a thousand may wait: for a lock, never for the disk or the network.
const WAITS_LIMIT: f64 = 1.0;
/// What a frame may cost, in milliseconds.
const FRAME_LIMIT: f64 = 4.0;
/// By how much the sizes may differ.
const SIZE_LIMIT: f64 = 1.10;
/// How soon a conversation is to be open, in milliseconds.
const OPEN_LIMIT: f64 = 50.0;
/// How often each way to open it is tried.
const OPENINGS: usize = 12;
/// How many pages are read.
const PAGES: u32 = 200;

/// What an agent does with a transcript.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Doing {
    /// Looks at it.
    Rest,
    /// Scrolls up and down, the other way after so many frames.
    Scroll { turn: u32 },
    /// Looks at the newest messages while others come.
    Arrive,
}

/// A hundred messages are as far as 100 frames reach. There is nothing beyond them to be loaded, so that conversation is no
/// part of what crosses pages.
const ALL: [(&str, Doing); 4] = [
    ("rest", Doing::Rest),
    ("scroll", Doing::Scroll { turn: 100 }),
    ("arrive", Doing::Arrive),
    ("pages", Doing::Scroll { turn: 900 }),
];

/// All rows about the transcript.
pub(crate) async fn rows() -> Vec<Row> {
    let mut journals = Vec::new();
    for (_, count) in SIZES {
        journals.push(store::journal(("words", said::message), count).await);
    }
    let million = &journals[2];
    let mut rows = vec![waits(million).await];
    rows.extend(frames(&journals).await);
    rows.extend(opening(million).await);
    rows.push(idle(million).await);
    rows.extend(pages(million, &journals[1]).await);
    rows.extend(short_rows(&journals[0]).await);
    rows.extend(without_service());
    rows
}

/// What needs nobody who answers: the Notification tab, and words without an end.
pub(crate) fn without_service() -> Vec<Row> {
    let mut rows = vec![notifications::opening()];
    rows.extend(endless::rows());
    rows
}

/// Pictures and emoji alone.
pub(crate) async fn without_length() -> Vec<Row> {
    let (_, count) = SIZES[0];
    short_rows(&store::journal(("words", said::message), count).await).await
}

/// What has nothing to do with how long a conversation is, beside a short one.
async fn short_rows(journal: &Path) -> Vec<Row> {
    let mut rows = vec![pictures().await];
    rows.extend(emoji::picker(journal).await);
    rows.push(emoji::search());
    rows
}

/// What frames cost, and how far they depend on the length of the conversation.
///
/// Conversations of all lengths take turns, frame by frame: what else the machine does slows all of them alike, and each
/// frame begins with a processor that was asleep, as in a window. That is
/// compared by the middle frame: the slowest hundredth are a handful, and tell more of the machine.
async fn frames(journals: &[PathBuf]) -> Vec<Row> {
    let mut sides = Vec::new();
    for journal in journals {
        sides.push(Side::open(journal).await);
    }
    let mut rows = Vec::new();
    for (doing, what) in ALL {
        let first = usize::from(doing == "pages");
        let costs = together(&mut sides[first..], what).await;
        let plain = plain::frames(what != Doing::Rest);
        let mut middles = Vec::new();
        for ((size, _), costs) in SIZES[first..].iter().zip(&costs) {
            let work: Vec<_> = costs.iter().map(|cost| cost.work).collect();
            let (p50, p99) = (percentile(&work, 50), percentile(&work, 99));
            middles.push(p50);
            let name = |of: &str| format!("transcript_frame_ms_{of}_{doing}_{size}");
            rows.push(Row::new(name("p50"), p50, "ms").beside(percentile(&plain, 50)));
            rows.push(Row::new(name("p99"), p99, "ms").beside(percentile(&plain, 99)).at_most(FRAME_LIMIT));
        }
        let most = middles.iter().copied().fold(0.0, f64::max);
        let least = middles.iter().copied().fold(f64::INFINITY, f64::min);
        let name = format!("transcript_frame_ratio_size_{doing}");
        rows.push(Row::new(name, most, "ms").beside(least).at_most_times(SIZE_LIMIT));
    }
    rows
}

/// How many frames in a thousand waited for anything: locks that the service's thread holds for a moment, too. The window is by
/// itself in the program, as people have it: beside others its threads would share their memory, and wait for each other there.
async fn waits(journal: &Path) -> Row {
    let (mut side, mut costs) = ([Side::open(journal).await], Vec::new());
    for (_, doing) in ALL {
        costs.extend(together(&mut side, doing).await.concat());
    }
    let number = |count: usize| f64::from(u32::try_from(count).expect("are few"));
    let share = number(costs.iter().filter(|cost| cost.waited).count()) / number(costs.len()) * 1000.0;
    Row::new("transcript_frames_that_waited", share, "in 1,000").at_most(WAITS_LIMIT)
}

/// What a frame costs while somebody scrolls through ten thousand messages, a third of which are pictures.
async fn pictures() -> Row {
    let journal = store::journal(("pictures", said::with_pictures), SIZES[1].1).await;
    let mut side = [Side::open(&journal).await];
    let costs = together(&mut side, Doing::Scroll { turn: 300 }).await;
    let work: Vec<_> = costs[0].iter().map(|cost| cost.work).collect();
    let plain = plain::frames(true);
    let row = Row::new("attachment_row_frame_ms_p99", percentile(&work, 99), "ms");
    row.beside(percentile(&plain, 99)).at_most(FRAME_LIMIT).only_if(side[0].screen.pictures > 0)
}

/// One conversation among those that are compared.
struct Side {
    gateway: Gateway,
    screen: Screen,
}

impl Side {
    async fn open(journal: &Path) -> Self {
        let gateway = Gateway::start().await;
        let mut screen = Screen::open(journal, &gateway).await;
        activate(&screen).await;
        screen.settle().await;
        reach_back(&mut screen).await;
        Self { gateway, screen }
    }
}

/// What frames cost while the same is done in all conversations.
async fn together(sides: &mut [Side], doing: Doing) -> Vec<Vec<Cost>> {
    for side in &mut *sides {
        side.screen.frame(to_newest());
        side.screen.settle().await;
    }
    let mut costs = vec![Vec::new(); sides.len()];
    let turns = u32::try_from(sides.len()).expect("are few");
    let span = if let Doing::Scroll { turn } = doing { SPAN.max(FRAME * turn * 2) } else { SPAN };
    let (began, mut told) = (now(), 0);
    for tick in (0..).take_while(|tick| FRAME * *tick / turns < span) {
        tokio::time::sleep_until(began + FRAME * tick / turns).await;
        let arrived = (began.elapsed().as_secs_f64() * ARRIVALS).floor();
        while doing == Doing::Arrive && f64::from(told) < arrived {
            told += 1;
            for side in sides.iter() {
                side.gateway.hear(said::message(-i64::from(told)));
            }
        }
        let (number, side) = (tick / turns, usize::try_from(tick % turns).expect("are few"));
        costs[side].push(sides[side].screen.frame(match doing {
            Doing::Scroll { turn } => wheel(if number / turn % 2 == 0 { SPEED } else { -SPEED }),
            Doing::Rest | Doing::Arrive => Vec::new(),
        }));
    }
    costs
}

/// Goes up until earlier sessions are asked for by themselves, and back.
async fn reach_back(screen: &mut Screen) {
    loop {
        let desk = screen.service.desk();
        let held = desk.active().expect("there is one");
        match held.older() {
            Edge::End => break,
            Edge::More if held.begins_session() && screen.click("See older messages…") => break,
            _ => {}
        }
        screen.frame(wheel(2000.0));
        pause(FRAME).await;
    }
}

async fn activate(screen: &Screen) {
    screen.tell(Command::Activate(Some(said::long().id)));
    screen.until("the conversation is active", is_long).await;
}

fn is_long(desk: &Desk) -> bool {
    desk.active().is_some_and(|active| active.interaction().id == said::long().id)
}

/// How soon the first frame with the conversation is there: from a click on its card, and from the start of the service.
async fn opening(journal: &Path) -> Vec<Row> {
    let (mut clicked, mut complete, mut started) = (Vec::new(), Vec::new(), Vec::new());
    let gateway = Gateway::start().await;
    let mut folder = Screen::prepare(journal, &gateway);
    for _ in 0..OPENINGS {
        let began = now();
        let mut screen = Screen::start(folder, &gateway).await;
        screen.frame(Vec::new());
        started.push(began.elapsed());
        screen.settle().await;
        let began = now();
        activate(&screen).await;
        screen.frame(Vec::new());
        clicked.push(began.elapsed());
        let mut last = began.elapsed();
        for _ in 0..60 {
            pause(Duration::from_millis(5)).await;
            let before = waxwing::ui::text::generation(&screen.ctx);
            screen.frame(Vec::new());
            if waxwing::ui::text::generation(&screen.ctx) != before {
                last = began.elapsed();
            }
        }
        complete.push(last);
        screen.tell(Command::Activate(Some(said::empty().id)));
        folder = screen.close();
    }
    vec![
        Row::new("transcript_open_ms", percentile(&clicked, 99), "ms").at_most(OPEN_LIMIT),
        Row::new("transcript_open_complete_ms", percentile(&complete, 99), "ms"),
        Row::new("transcript_start_ms", percentile(&started, 99), "ms"),
    ]
}

/// How many frames are drawn while nothing happens; the clock in the top bar asks for one a second.
async fn idle(journal: &Path) -> Row {
    let gateway = Gateway::start().await;
    let mut screen = Screen::open(journal, &gateway).await;
    activate(&screen).await;
    screen.settle().await;
    screen.idle(Duration::from_secs(2)).await;
    let frames = screen.idle(SPAN).await;
    let per_second = f64::from(u32::try_from(frames).expect("are few")) / SPAN.as_secs_f64();
    Row::new("transcript_idle_frames_per_s", per_second, "frames/s").at_most(1.0)
}

/// How soon a part from anywhere is on the desk, beside the same in a conversation of ten thousand.
async fn pages(million: &Path, ten_thousand: &Path) -> Vec<Row> {
    let long = jumps(million, SIZES[2].1).await;
    let short = jumps(ten_thousand, SIZES[1].1).await;
    let row = |of: usize| {
        let name = format!("transcript_page_ms_p{of}");
        Row::new(name, percentile(&long, of), "ms").beside(percentile(&short, of))
    };
    vec![row(50), row(99).at_most(OPEN_LIMIT)]
}

/// Jumps to days here and there.
async fn jumps(journal: &Path, count: i64) -> Vec<Duration> {
    let gateway = Gateway::start().await;
    let screen = Screen::open(journal, &gateway).await;
    activate(&screen).await;
    let interaction = said::long().id;
    let mut spans = Vec::new();
    for number in 0..PAGES {
        let back = words::mixed(number.into()) % count.unsigned_abs();
        let at = said::sent_at(i64::try_from(back).expect("is one of them")) - TimeDelta::seconds(1);
        let goals = |desk: &Desk| desk.active().and_then(Conversation::goal).map_or(0, |goal| goal.number);
        let before = goals(&screen.service.desk());
        let began = now();
        screen.tell(Command::GoToDay { interaction, at });
        screen.until("the part is there", |desk| goals(desk) > before).await;
        spans.push(began.elapsed());
    }
    spans
}
