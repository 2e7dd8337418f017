//! A window without a screen: the desk in it, frames one after the other, and somebody who uses keys and mouse.

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{
        Arc,
        mpsc::{self, Receiver},
    },
    time::Duration,
};

use chrono::TimeDelta;
use egui::{
    Context, Event, HoveredFile, Key, Modifiers, PointerButton, Pos2, RawInput, Rect, Vec2,
    accesskit::{Node, NodeId, TreeUpdate},
    vec2,
};
use waxwing_protocol::id::{AttachmentId, InteractionId};

use super::{
    canvas::{Canvas, Frame},
    desk,
};
use crate::{
    config::Choices,
    desk::{
        Desk,
        file::FileState,
        picture::{Fetched, PictureKey},
        sound::{Playing, Recording, SoundKey, Speed},
    },
    ui::{
        self, Files, Pictures, Sound, Spelling, View, ViewState, Zone, language::Language, text, theme::Theme,
    },
};

/// How long to wait for the system's fonts each time.
const PATIENCE: Duration = Duration::from_secs(20);
/// After how many frames everything has found its place.
const FRAMES: usize = 8;
/// Between two frames, in seconds.
const STEP: f64 = 0.1;

/// A dictionary that knows all words but one.
#[derive(Debug)]
struct OneWord;

impl Spelling for OneWord {
    fn misspelled(&self, text: &str) -> Vec<Range<usize>> {
        text.match_indices("tomorow").map(|(at, word)| at..at + word.len()).collect()
    }

    fn suggestions(&self, _word: &str) -> Option<Vec<String>> {
        Some(vec!["tomorrow".to_owned()])
    }
}

/// Which fonts there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fonts {
    /// Those that ship with the program: the same picture everywhere.
    Shipped,
    /// Those, and what this machine has for other letters.
    System,
}

/// What somebody does.
#[derive(Debug, Clone)]
pub(super) enum Gesture {
    /// Presses a key.
    Press(Modifiers, Key),
    /// Types.
    Write(String),
    /// Pastes.
    Paste(String),
    /// Clicks what has this name.
    Click(&'static str),
    /// Clicks it with the other button.
    Menu(&'static str),
    /// Drags a file over what has this name, and holds it there.
    Drag(&'static str),
    /// Turns the wheel over what has this name, by so many points; upwards if above zero.
    Wheel(&'static str, f32),
}

/// Pictures laid out beforehand.
#[derive(Debug, Clone, Default)]
pub(super) struct Album(pub(super) BTreeMap<PictureKey, Fetched>);

impl Pictures for Album {
    fn get(&self, key: PictureKey) -> Fetched {
        self.0.get(&key).cloned().unwrap_or_default()
    }
}

/// Files as they stand beforehand.
#[derive(Debug, Clone, Default)]
pub(super) struct Shelf(pub(super) BTreeMap<AttachmentId, FileState>);

impl Files for Shelf {
    fn get(&self, attachment: AttachmentId) -> FileState {
        self.0.get(&attachment).cloned().unwrap_or_default()
    }
}

/// Sound as a page lays it out.
#[derive(Debug, Clone, Default)]
pub(super) struct Booth {
    pub(super) playing: Option<Playing>,
    pub(super) left: BTreeMap<SoundKey, TimeDelta>,
    pub(super) trouble: Option<(SoundKey, &'static str)>,
    pub(super) speed: Speed,
    pub(super) recording: (Option<InteractionId>, Recording),
}

impl Sound for Booth {
    fn playing(&self) -> Option<Playing> {
        self.playing
    }

    fn left_at(&self, key: SoundKey) -> TimeDelta {
        self.left.get(&key).copied().unwrap_or_default()
    }

    fn trouble(&self, key: SoundKey) -> Option<Arc<str>> {
        self.trouble.filter(|(troubled, _)| *troubled == key).map(|(_, why)| why.into())
    }

    fn speed(&self) -> Speed {
        self.speed
    }

    fn recording(&self) -> (Option<InteractionId>, Recording) {
        self.recording.clone()
    }
}

/// The window.
pub(super) struct Stage {
    ctx: Context,
    canvas: Canvas,
    desk: Desk,
    album: Album,
    shelf: Shelf,
    booth: Booth,
    state: ViewState,
    theme: Theme,
    choices: Choices,
    language: Language,
    size: Vec2,
    seconds: f64,
    /// What is dragged over the window.
    hovered: Vec<HoveredFile>,
    /// The widgets by what a screen reader is told of them.
    nodes: BTreeMap<NodeId, Node>,
    /// Hears when a font was found.
    woken: Receiver<()>,
}

impl Stage {
    /// Opens a window of that size, in points at a zoom of 1.
    pub(super) fn open(
        (desk, album, shelf, booth): (Desk, Album, Shelf, Booth),
        (size, zoom): ([f32; 2], f32),
        theme: egui::Theme,
        fonts: Fonts,
    ) -> Self {
        let ctx = Context::default();
        ui::fonts::install(&ctx);
        Theme::install(&ctx);
        ctx.set_theme(theme);
        ctx.set_zoom_factor(zoom);
        ctx.enable_accesskit();
        let (wake, woken) = mpsc::channel();
        ctx.set_request_repaint_callback(move |_request| wake.send(()).unwrap_or_default());
        if fonts == Fonts::System {
            let provider = egui_system_font_provider::SystemFontProvider::new();
            ctx.add_font_provider(Arc::new(provider));
            let finder = text::install(&ctx);
            let thread = std::thread::Builder::new().name("fonts".to_owned()).spawn(move || finder.run());
            if let Err(error) = thread {
                tracing::warn!(%error, "no thread for fonts: letters may be missing");
            }
        }
        Self {
            ctx,
            canvas: Canvas::default(),
            desk,
            album,
            shelf,
            booth,
            state: ViewState::default(),
            theme: Theme::shipped(theme),
            choices: Choices::default(),
            language: Language::first_of(["en-GB"]),
            size: size.into(),
            seconds: 0.0,
            hovered: Vec::new(),
            nodes: BTreeMap::new(),
            woken,
        }
    }

    /// Does these things one after the other, then paints what is there.
    pub(super) fn play(mut self, gestures: &[Gesture]) -> Frame {
        self.settle();
        for gesture in gestures {
            if matches!(gesture, Gesture::Drag(_)) {
                self.hovered = vec![HoveredFile::default()];
            }
            for events in self.events(gesture) {
                self.frame(events);
            }
            self.settle();
        }
        // What is pointed at looks otherwise.
        self.frame(if self.hovered.is_empty() { vec![Event::PointerGone] } else { Vec::new() });
        self.settle();
        let output = self.run(Vec::new());
        let frame = self.canvas.paint(&self.ctx, output, [pixels(self.size.x), pixels(self.size.y)]);
        self.ctx.on_exit();
        frame
    }

    /// Draws frames until nothing moves and all fonts are there.
    fn settle(&mut self) {
        loop {
            for _ in 0..FRAMES {
                self.frame(Vec::new());
            }
            while self.woken.try_recv().is_ok() {}
            if !text::is_looking(&self.ctx) {
                return;
            }
            if self.woken.recv_timeout(PATIENCE).is_err() {
                tracing::warn!("fonts took too long: letters may be missing");
                return;
            }
        }
    }

    fn frame(&mut self, events: Vec<Event>) {
        let mut output = self.run(events);
        if let Some(update) = output.platform_output.accesskit_update.take() {
            self.note(update);
        }
        self.canvas.skip(output);
    }

    fn run(&mut self, events: Vec<Event>) -> egui::FullOutput {
        self.seconds += STEP;
        let zoom = self.ctx.zoom_factor();
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, self.size / zoom)),
            time: Some(self.seconds),
            focused: true,
            events,
            hovered_files: self.hovered.clone(),
            ..RawInput::default()
        };
        let view = View {
            desk: &self.desk,
            now: desk::now(),
            theme: &self.theme,
            choices: &self.choices,
            language: &self.language,
            zone: Zone::Utc,
            pictures: &self.album,
            files: &self.shelf,
            sound: &self.booth,
            spelling: &OneWord,
            gateway: "https://chat.example.com",
        };
        let state = &mut self.state;
        self.ctx.run_ui(input, |ui| {
            ui::show(ui, view, state);
        })
    }

    fn note(&mut self, update: TreeUpdate) {
        self.nodes = update.nodes.into_iter().collect();
    }

    /// Where the widget is of which this is told.
    fn find(&self, name: &str) -> Option<Pos2> {
        // Words that can't be used are told as a value.
        let told = |node: &Node| node.label().or(node.value()).is_some_and(|told| told.starts_with(name));
        let bounds = self.nodes.values().find(|node| told(node))?.bounds()?;
        #[expect(clippy::cast_possible_truncation, reason = "within a window")]
        let middle = vec2((bounds.x0 + bounds.x1) as f32, (bounds.y0 + bounds.y1) as f32) * 0.5;
        // They are told in pixels.
        Some((middle / self.ctx.pixels_per_point()).to_pos2())
    }

    /// What a gesture is to egui, frame by frame.
    fn events(&self, gesture: &Gesture) -> Vec<Vec<Event>> {
        match gesture {
            Gesture::Press(modifiers, key) => vec![vec![Event::Key {
                key: *key,
                physical_key: None,
                pressed: true,
                repeat: false,
                modifiers: *modifiers,
            }]],
            Gesture::Write(text) => vec![vec![Event::Text(text.clone())]],
            Gesture::Paste(text) => vec![vec![Event::Paste(text.clone())]],
            Gesture::Click(name) => self.click(name, PointerButton::Primary),
            Gesture::Menu(name) => self.click(name, PointerButton::Secondary),
            Gesture::Drag(name) => {
                self.find(name).map(|at| vec![Event::PointerMoved(at)]).into_iter().collect()
            }
            Gesture::Wheel(name, by) => {
                let Some(at) = self.find(name) else { return Vec::new() };
                let wheel = Event::MouseWheel {
                    source: egui::MouseWheelSource::Trackpad,
                    unit: egui::MouseWheelUnit::Point,
                    delta: vec2(0.0, *by),
                    phase: egui::TouchPhase::Move,
                    modifiers: Modifiers::NONE,
                };
                vec![vec![Event::PointerMoved(at)], vec![wheel]]
            }
        }
    }

    fn click(&self, name: &str, button: PointerButton) -> Vec<Vec<Event>> {
        let Some(pos) = self.find(name) else { return Vec::new() };
        let press = |pressed| Event::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE };
        vec![vec![Event::PointerMoved(pos)], vec![press(true)], vec![press(false)]]
    }
}

/// How many pixels a length in points takes at a zoom of 1.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the size of a window")]
fn pixels(points: f32) -> usize {
    points as usize
}
