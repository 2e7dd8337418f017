//! What is pasted that is no text: a picture, or files, in all the ways in which clipboards tell of them.

use egui::{Event, Key};

/// What of a frame's input is meant as files: a picture, or the addresses of files; and whether something was pasted that
/// egui has no words for, which it tells by the key that comes up and never went down.
#[derive(Debug, Default, Clone, Copy)]
pub(in super::super) struct PasteWatch {
    typed: bool,
    pasted: bool,
    /// When the key for shortcuts was held last, in egui's seconds.
    command_at: Option<f64>,
}

/// How long after that key a paste still belongs to it, in seconds.
const TOGETHER: f64 = 0.6;

impl PasteWatch {
    /// Takes out of the input what is meant as files; says whether there was something.
    pub(in super::super) fn take(&mut self, input: &mut egui::InputState) -> bool {
        let mut found = false;
        if input.modifiers.command {
            self.command_at = Some(input.time);
        }
        let was_held = self.command_at.is_some_and(|at| input.time - at < TOGETHER);
        input.events.retain(|event| match event {
            Event::PasteImage(_) => {
                (self.pasted, found) = (true, true);
                false
            }
            Event::Paste(text) => {
                self.pasted = true;
                let is_files = are_addresses_of_files(text);
                found |= is_files;
                !is_files
            }
            Event::Key { key: Key::V, pressed: true, .. } => {
                self.typed = true;
                true
            }
            Event::Key { key: Key::V, pressed: false, .. } => {
                found |= !self.typed && !self.pasted && was_held;
                (self.typed, self.pasted) = (false, false);
                true
            }
            _ => true,
        });
        found
    }
}

/// Whether a text is what file managers put beside copied files.
fn are_addresses_of_files(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).peekable();
    lines.peek().is_some() && lines.all(|line| line.starts_with("file:///"))
}

/// The paths in a text that holds nothing else, as some file managers put them beside copied files.
pub(in super::super) fn paths(text: &str) -> Option<Vec<std::path::PathBuf>> {
    let is_path = |line: &str| {
        let after_drive = line.get(1..3).is_some_and(|rest| rest == ":\\");
        line.len() < 4096 && (after_drive || line.strip_prefix('/').is_some_and(|rest| rest.contains('/')))
    };
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let are_all = !lines.is_empty() && lines.iter().all(|line| is_path(line));
    are_all.then(|| lines.into_iter().map(Into::into).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_from_words() {
        assert_eq!(paths("/home/ada/box.jpg\n/home/ada/two words.pdf\n").map(|paths| paths.len()), Some(2));
        assert_eq!(paths("C:\\Users\\Ada\\box.jpg").map(|paths| paths.len()), Some(1));
        for words in
            ["", "\n", "/help", "see /home/ada/box.jpg", "/home/ada/box.jpg\nis it", "and/or", "ä:\\"]
        {
            assert_eq!(paths(words), None, "{words:?}");
        }
        assert!(are_addresses_of_files("file:///a/b.jpg\nfile:///c"));
        assert!(!are_addresses_of_files("file:///a/b.jpg is where it is\nhere"));
        assert!(!are_addresses_of_files(""));
    }
}
