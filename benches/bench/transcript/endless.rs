//! Words without an end: what a frame costs in which one is typed, pasted or received, however it is made. Each is more than
//! anybody means well with, and the window must not stand still for it.

use std::time::Duration;

use egui::{Event, Key, Modifiers};
use waxwing::desk::Desk;
use waxwing_protocol::message::Body;

use super::{
    bare::{Bare, press},
    notifications, said,
};
use crate::report::Row;

/// What a frame may cost, in milliseconds.
const FRAME_LIMIT: f64 = 100.0;
/// Letters that are typed, one in each frame.
const TYPED: usize = 20;
/// The longest text that WhatsApp takes.
const LONGEST: usize = 4096;
/// More than anybody can send: what is pasted, or a gateway that lies.
const HUGE: usize = 64 * 1024;

/// A word.
struct Endless {
    name: &'static str,
    text: String,
}

fn endless() -> Vec<Endless> {
    let word = |name, text: String| Endless { name, text };
    let ideographs = |count: u32| (0..count).filter_map(|n| char::from_u32(0x4E00 + n)).collect::<String>();
    let flags = emojis::iter().filter(|emoji| emoji.group() == emojis::Group::Flags);
    vec![
        word("letters", "abcdefgh".repeat(LONGEST / 8)),
        word("ideographs", ideographs(4096)),
        word("flags", flags.map(emojis::Emoji::as_str).cycle().take(LONGEST / 8).collect()),
        word("zalgo", "Z\u{351}\u{346}\u{33a}a\u{325}\u{316}\u{34d}l\u{330}\u{33c}".repeat(LONGEST / 21)),
        word("both_ways", "abאב".repeat(LONGEST / 6)),
        word("an_address", format!("https://shop.example/{}", "a/b?c=d&".repeat(LONGEST / 8))),
        word("64k_letters", "abcdefgh".repeat(HUGE / 8)),
        word("64k_marks", "*a_b~c`".repeat(HUGE / 7)),
        word("64k_one_letter", format!("e{}", "\u{301}".repeat(HUGE / 2))),
    ]
}

/// What the slowest frame costs in which such a word stands.
type Cost = fn(&str) -> Duration;

/// The slowest frame for each place in which such a word can stand, over all of them.
pub(super) fn rows() -> Vec<Row> {
    let words = endless();
    let places: [(&str, Cost); 3] =
        [("composer", in_the_composer), ("notification", in_a_notification), ("message", in_a_message)];
    let row = |(place, cost): (&str, Cost)| {
        let costs: Vec<_> = words.iter().map(|word| (cost(&word.text), word.name)).collect();
        println!("endless words in the {place}: {costs:?}");
        let slowest = costs.iter().map(|(cost, _)| *cost).max().unwrap_or_default();
        let milliseconds = slowest.as_secs_f64() * 1000.0;
        Row::new(format!("text_endless_word_frame_ms_{place}"), milliseconds, "ms").at_most(FRAME_LIMIT)
    };
    places.map(row).into_iter().collect()
}

/// Pastes a word and types on.
fn type_in(window: &mut Bare, desk: &Desk, word: &str) -> Duration {
    let mut slowest = window.frame(desk, vec![Event::Paste(word.to_owned())]);
    slowest = slowest.max(window.settle(desk));
    for _ in 0..TYPED {
        slowest = slowest.max(window.frame(desk, vec![Event::Text("x".to_owned())]));
    }
    slowest.max(window.frame(desk, press(Modifiers::NONE, Key::ArrowLeft)))
}

fn in_the_composer(word: &str) -> Duration {
    let desk = notifications::desk(1);
    type_in(&mut Bare::open(&desk).listened_to(), &desk, word)
}

fn in_a_notification(word: &str) -> Duration {
    let desk = notifications::desk(1);
    let mut window = Bare::open(&desk).listened_to();
    window.frame(&desk, notifications::keys());
    window.frame(&desk, Vec::new());
    window.frame(&desk, press(Modifiers::NONE, Key::Enter));
    window.settle(&desk);
    type_in(&mut window, &desk, word)
}

fn in_a_message(word: &str) -> Duration {
    let before = notifications::desk(1);
    let mut window = Bare::open(&before).listened_to();
    let mut message = said::message(-1);
    message.body = Body::Text { text: word.to_owned() };
    word.clone_into(&mut message.fallback);
    let desk = notifications::desk_with(1, Some(message));
    window.settle(&desk)
}
