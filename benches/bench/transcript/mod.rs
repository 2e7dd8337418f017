//! Whether the transcript ever slows: what a frame costs with a hundred, ten thousand and a million messages in the
//! conversation, how soon it is open, and what it does when nothing happens.
//!
//! The service, the journal, the desk and the drawing are the real ones, the gateway is a scripted one on loopback, and
//! nothing but the screen is missing: a frame is drawn and cut into triangles, and then thrown away. Counted is the time
//! that the processor worked on it, so that other programs don't count; a frame that waits is counted as such.

mod gateway;
mod plain;
mod said;
mod screen;
mod store;
mod words;

use std::{path::Path, time::Duration};

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
const ARRIVALS: u32 = 50;
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
    Rest,
    Scroll,
    Arrive,
}

const ALL: [(&str, Doing); 3] = [("rest", Doing::Rest), ("scroll", Doing::Scroll), ("arrive", Doing::Arrive)];

/// All rows about the transcript.
pub(crate) async fn rows() -> Vec<Row> {
    let mut journals = Vec::new();
    for (name, count) in SIZES {
        journals.push((name, count, store::journal(count).await));
    }
    let million = &journals[2].2;
    let mut rows = Vec::new();
    rows.extend(frames(&journals).await);
    rows.extend(opening(million).await);
    rows.push(idle(million).await);
    rows.extend(pages(million, &journals[1].2).await);
    rows
}

/// What frames cost, and how far they depend on the length of the conversation.
async fn frames(journals: &[(&str, i64, std::path::PathBuf)]) -> Vec<Row> {
    let (mut rows, mut waited, mut drawn) = (Vec::new(), 0, 0);
    let mut costs: Vec<Vec<Vec<Cost>>> = Vec::new();
    for (_, count, journal) in journals {
        costs.push(of_size(journal, *count).await);
    }
    for (nth, (doing, _)) in ALL.iter().enumerate() {
        let plain = plain::frames(match nth {
            0 => None,
            1 => Some(1),
            _ => Some(2),
        });
        let mut middles = Vec::new();
        for ((size, ..), costs) in journals.iter().zip(&costs) {
            let work: Vec<_> = costs[nth].iter().map(|cost| cost.work).collect();
            waited += costs[nth].iter().filter(|cost| cost.waited).count();
            drawn += work.len();
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
    rows.push(Row::count("transcript_frames_that_waited", waited, "frames").at_most(0.0).only_if(drawn > 0));
    rows
}

/// What frames cost with a conversation of one length, for everything that is done.
async fn of_size(journal: &Path, count: i64) -> Vec<Vec<Cost>> {
    let gateway = Gateway::start().await;
    let mut screen = Screen::open(journal, &gateway).await;
    activate(&screen).await;
    screen.settle().await;
    reach_back(&mut screen).await;
    let mut costs = Vec::new();
    for (_, doing) in ALL {
        screen.frame(to_newest());
        screen.settle().await;
        costs.push(match doing {
            Doing::Rest => screen.frames(SPAN, |_| Vec::new()).await,
            Doing::Scroll => scroll(&mut screen, count).await,
            Doing::Arrive => arrive(&mut screen, &gateway).await,
        });
    }
    costs
}

/// Scrolls up, then down again; where there is not much, several times.
async fn scroll(screen: &mut Screen, count: i64) -> Vec<Cost> {
    let turn = if count > 100 { 900 } else { 100 };
    let span = FRAME * 1800;
    let costs = screen.frames(span, |number| wheel(if number / turn % 2 == 0 { SPEED } else { -SPEED }));
    costs.await
}

/// Lets messages come in while the newest ones are in view.
async fn arrive(screen: &mut Screen, gateway: &Gateway) -> Vec<Cost> {
    let telling = gateway.clone();
    let arrivals = tokio::spawn(async move {
        let began = now();
        for number in 1..=ARRIVALS * u32::try_from(SPAN.as_secs()).expect("is short") {
            tokio::time::sleep_until(began + Duration::from_secs(1) * number / ARRIVALS).await;
            telling.hear(said::message(-i64::from(number)));
        }
    });
    let costs = screen.frames(SPAN, |_| Vec::new()).await;
    arrivals.await.expect("all are told");
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
