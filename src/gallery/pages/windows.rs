//! The whole window: composers, small and large ones, nothing open, nobody signed in.

use waxwing_protocol::{delivery::Delivery, draft::Written};

use super::Page;
use crate::{
    desk::{
        Desk,
        draft::{DraftText, KeptDraft},
        input::Command,
    },
    gallery::{
        desk::{Table, Thread, ago, ask, empty},
        stage::Gesture,
    },
};

const SIZE: [f32; 2] = [1000.0, 480.0];

pub(super) fn pages() -> Vec<Page> {
    let mut pages = composers();
    pages.extend(windows());
    pages
}

fn thread() -> Thread {
    let mut thread = Thread::new(1, "Marta Szkoła", 300).waiting(40);
    thread.wrote("Good afternoon");
    thread.wrote("Where is my parcel?");
    thread
}

fn drafted(text: &str, reply: bool, aside: Vec<Written>) -> Desk {
    let thread = thread();
    let quote = thread.messages().last().map(|last| last.id).filter(|_| reply);
    let draft = DraftText { text: text.to_owned(), quote };
    Table::with(vec![thread])
        .with_draft(KeptDraft { draft, at: ago(60), aside, ..KeptDraft::default() })
        .laid()
}

fn composers() -> Vec<Page> {
    let aside = |text: &str, device: &str, seconds| Written {
        text: text.to_owned(),
        quote: None,
        at: ago(seconds),
        device: device.to_owned(),
    };
    let both =
        vec![aside("What I wrote at home", "laptop", 200), aside(&"much longer ".repeat(30), "", 90_000)];
    let closed = Table::with(vec![thread().last_inbound(100_000)]).laid();
    vec![
        Page::new("composer-empty", SIZE, Table::with(vec![thread()]).laid()),
        Page::new(
            "composer-written",
            SIZE,
            drafted("*Good* afternoon 😀 مرحبا\nIt is on its way.", false, Vec::new()),
        ),
        Page::new("composer-reply", SIZE, drafted("It is on its way.", true, Vec::new())),
        Page::new("composer-window-closed", SIZE, closed),
        Page::new("composer-too-long", SIZE, drafted(&"A word and another. ".repeat(250), false, Vec::new())),
        Page::new("composer-paste", SIZE, drafted("See:", false, Vec::new()))
            .with([Gesture::Paste("Far too much. ".repeat(600))]),
        Page::new("composer-set-aside", SIZE, drafted("It is on its way.", true, both)),
    ]
}

/// A desk with work in every state.
fn busy() -> Desk {
    let mut first = Thread::new(1, "Marta Szkoła", 900).waiting(24);
    first.wrote("Good afternoon! Where is my parcel?");
    first.answered("Good afternoon, I am looking it up. 😀", Delivery::Read);
    first.wrote("Thank you");
    let mut late = Thread::new(2, "Omar Haddad", 400).waiting(75);
    late.wrote("Is anybody there?");
    let mut overdue = Thread::new(3, "ليلى حداد", 700).waiting(300);
    overdue.wrote("مرحبا، أين طلبي؟");
    let mut answered = Thread::new(4, "A contact with a name that is much too long for a card", 5000);
    answered.wrote("Thanks");
    answered.answered("You are welcome, and have a pleasant day", Delivery::Delivered);
    Table::with(vec![first, late, overdue, answered]).laid()
}

fn windows() -> Vec<Page> {
    let mut nothing = busy();
    ask(&mut nothing, Command::Activate(None));
    let settings = [Gesture::Click("Settings")];
    vec![
        Page::new("window-busy", [1440.0, 900.0], busy()),
        Page::new("window-narrow", [740.0, 700.0], busy()),
        Page::new("window-zoom-0.8", [1000.0, 640.0], busy()).zoomed(0.8),
        Page::new("window-zoom-2.0", [1440.0, 900.0], busy()).zoomed(2.0),
        Page::new("window-nothing-open", [1000.0, 640.0], nothing),
        Page::new("window-settings", [1000.0, 760.0], busy()).with(settings),
        Page::new("window-sign-in", [1000.0, 640.0], empty()),
    ]
}
