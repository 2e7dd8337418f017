//! The emoji picker, and short codes as they are typed.

use egui::{Key, Modifiers};

use super::{Page, conversation};
use crate::gallery::{desk::Thread, stage::Gesture};

const SIZE: [f32; 2] = [1000.0, 640.0];
const OPEN: Gesture = Gesture::Press(Modifiers::COMMAND, Key::Period);

pub(super) fn pages() -> Vec<Page> {
    let write = |text: &str| Gesture::Write(text.to_owned());
    let mut recent = Vec::new();
    for name in ["thumbsup", "pray", "blush", "tulip", "white check mark", "tada", "heart", "joy", "wave"] {
        let pick = Gesture::Press(Modifiers::NONE, Key::Enter);
        recent.extend([OPEN, write(name), pick]);
    }
    recent.extend([OPEN, Gesture::Press(Modifiers::NONE, Key::ArrowDown)]);
    let tones = [OPEN, write("wave"), Gesture::Press(Modifiers::SHIFT, Key::F10)];
    vec![
        page("emoji-picker", recent),
        page("emoji-search", [OPEN, write("heart")]),
        page("emoji-nothing", [OPEN, write("qwxyz")]),
        page("emoji-tones", tones),
        page("emoji-flags", [OPEN, Gesture::Press(Modifiers::NONE, Key::End)]),
        page("emoji-typed", [write("It is on its way :tru")]),
        page("emoji-narrow", [OPEN]).narrow(),
    ]
}

fn page(name: &'static str, gestures: impl Into<Vec<Gesture>>) -> Page {
    let mut thread = Thread::new(1, "Masha Ivanova", 300).waiting(38);
    thread.wrote("Hi! My flowers have not arrived yet 🌷");
    conversation(name, SIZE, thread).with(gestures)
}

impl Page {
    fn narrow(mut self) -> Self {
        self.size = [460.0, 440.0];
        self
    }
}
