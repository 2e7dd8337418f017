//! Finds fonts of the system, away from the window: opening its font database and the first use of a font wait for the
//! disk. The app gives [`Finder::run`] a thread of its own.

use std::{
    collections::HashSet,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender},
    },
};

use egui::mutex::Mutex;
use fontique::{Collection, CollectionOptions, GenericFamily, SourceCache};
use parley::{FontContext, FontFamily, FontWeight, LayoutContext, PositionedLayoutItem, StyleProperty};

use super::{
    drawer::Drawer,
    faces::{Face, SEMIBOLD, UseFor},
};

/// How many texts may wait for fonts; one that finds the queue full asks again when it is next laid out.
const QUEUE: usize = 64;

/// The window's end of it.
pub(super) struct Asking {
    /// Texts of letters without a font; [`None`] when nobody looks for any.
    to_finder: Option<SyncSender<String>>,
    answers: Arc<Mutex<Answers>>,
    /// What was asked for, so that a letter which no font has is asked for once.
    asked: HashSet<char>,
    questions: usize,
}

/// What the finder has found and the window has not taken yet.
#[derive(Default)]
struct Answers {
    faces: Vec<Face>,
    /// How many questions were answered, also with nothing.
    count: usize,
    /// Whether the system's font database is open and the font for code has been found, if there is one.
    is_open: bool,
}

impl Asking {
    /// Nobody looks: the shipped fonts are all there is.
    pub(super) fn nobody() -> Self {
        Self { to_finder: None, answers: Arc::default(), asked: HashSet::new(), questions: 0 }
    }

    /// Asks for fonts for these letters, unless it was done before.
    pub(super) fn ask(&mut self, letters: &str) {
        let Some(to_finder) = &self.to_finder else { return };
        let new: String = letters.chars().filter(|letter| !self.asked.contains(letter)).collect();
        if !new.is_empty() && to_finder.try_send(new.clone()).is_ok() {
            self.asked.extend(new.chars());
            self.questions += 1;
        }
    }

    /// Whether an answer is under way.
    pub(super) fn is_waiting(&self) -> bool {
        self.answers.lock().count < self.questions
    }

    /// Whether a font may still come, asked for or not.
    pub(super) fn is_looking(&self) -> bool {
        self.to_finder.is_some() && !self.answers.lock().is_open || self.is_waiting()
    }

    /// What has been found since, if a question was answered.
    pub(super) fn take(&mut self) -> Option<Vec<Face>> {
        let mut answers = self.answers.lock();
        let (faces, count) = (std::mem::take(&mut answers.faces), std::mem::take(&mut answers.count));
        self.questions = self.questions.saturating_sub(count);
        (count > 0 || !faces.is_empty()).then_some(faces)
    }

    /// Lets the finder end.
    pub(super) fn stop(&mut self) {
        self.to_finder = None;
    }
}

/// Finds fonts of the system, and has glyphs drawn; [`install`](super::install) makes it.
pub struct Finder {
    drawer: Drawer,
    asked: Receiver<String>,
    answers: Arc<Mutex<Answers>>,
    wake: egui::Context,
}

impl Finder {
    pub(super) fn new(ctx: &egui::Context, drawer: Drawer) -> (Self, Asking) {
        let (to_finder, asked) = std::sync::mpsc::sync_channel(QUEUE);
        let answers = Arc::<Mutex<Answers>>::default();
        let asking = Asking { to_finder: Some(to_finder), answers: Arc::clone(&answers), ..Asking::nobody() };
        (Self { drawer, asked, answers, wake: ctx.clone() }, asking)
    }

    /// Looks for fonts as long as the window is there. Waits for the disk, so it wants a thread of its own; glyphs are drawn
    /// beside it, so that they don't wait for the disk, too.
    pub fn run(self) {
        let Self { drawer, asked, answers, wake } = self;
        std::thread::scope(|scope| {
            let drawing = std::thread::Builder::new().name("glyphs".to_owned());
            if let Err(error) = drawing.spawn_scoped(scope, || drawer.run()) {
                tracing::warn!(%error, "no thread for glyphs: the window draws them itself");
            }
            look(&asked, &answers, &wake);
        });
    }
}

fn look(asked: &Receiver<String>, answers: &Mutex<Answers>, wake: &egui::Context) {
    // Wakes the window also when nothing was found: it stops keeping the room free.
    let hand_over = |faces: Vec<Face>, answered: usize| {
        let mut answers = answers.lock();
        answers.faces.extend(faces);
        answers.count += answered;
        answers.is_open = true;
        drop(answers);
        wake.request_repaint();
    };
    let mut search = Search::open();
    hand_over(search.code(), 0);
    while let Ok(letters) = asked.recv() {
        hand_over(search.faces(&letters), 1);
    }
}

/// The system's fonts.
pub(super) struct Search {
    fonts: FontContext,
    layouts: LayoutContext<()>,
    /// Those that were handed over: the id of their data, and which font of it.
    known: HashSet<(u64, u32)>,
}

impl Search {
    pub(super) fn open() -> Self {
        let collection = Collection::new(CollectionOptions { shared: false, system_fonts: true });
        Self {
            fonts: FontContext { collection, source_cache: SourceCache::default() },
            layouts: LayoutContext::new(),
            known: HashSet::new(),
        }
    }

    fn code(&mut self) -> Vec<Face> {
        self.choose("0Oil1", GenericFamily::Monospace, UseFor::Code).0
    }

    /// Fonts for these letters, as many of them as the system has.
    pub(super) fn faces(&mut self, letters: &str) -> Vec<Face> {
        let (mut faces, lacking) = self.choose(letters, GenericFamily::SansSerif, UseFor::Missing);
        faces.extend(self.search_all(lacking));
        faces
    }

    /// What the system itself would set this text in, regular and bold, and the letters that this leaves.
    fn choose(&mut self, text: &str, generic: GenericFamily, use_for: UseFor) -> (Vec<Face>, Vec<char>) {
        let (mut faces, mut lacking) = (Vec::new(), Vec::new());
        for weight in [FontWeight::NORMAL, SEMIBOLD] {
            lacking.clear();
            let mut builder = self.layouts.ranged_builder(&mut self.fonts, text, 1.0, false);
            builder.push_default(StyleProperty::FontFamily(FontFamily::from(generic)));
            builder.push_default(StyleProperty::FontWeight(weight));
            let mut layout = builder.build(text);
            layout.break_all_lines(None);
            for line in layout.lines() {
                for item in line.items() {
                    let PositionedLayoutItem::GlyphRun(run) = item else { continue };
                    let font = run.run().font();
                    if run.glyphs().all(|glyph| glyph.id == 0) {
                        let range = run.run().text_range();
                        lacking.extend(text.get(range).unwrap_or_default().chars());
                    } else if self.known.insert((font.data.id(), font.index)) {
                        fault_in(font.data.as_ref());
                        faces.push(Face { data: font.data.clone(), index: font.index, use_for });
                    }
                }
            }
        }
        (faces, lacking)
    }

    /// Goes through all fonts for letters of which the system knows no font, such as rare symbols.
    fn search_all(&mut self, mut lacking: Vec<char>) -> Vec<Face> {
        let mut faces = Vec::new();
        let families: Vec<_> = self.fonts.collection.family_ids().collect();
        for family in families {
            if lacking.is_empty() {
                break;
            }
            let Some(family) = self.fonts.collection.family(family) else { continue };
            let Some(font) = family.default_font() else { continue };
            let Some(data) = font.load(Some(&mut self.fonts.source_cache)) else { continue };
            let Some(letters) = font.charmap_index().charmap(data.as_ref()) else { continue };
            let before = lacking.len();
            lacking.retain(|letter| letters.map(*letter).is_none_or(|glyph| glyph == 0));
            if lacking.len() < before && self.known.insert((data.id(), font.index())) {
                fault_in(data.as_ref());
                faces.push(Face { data: data.clone(), index: font.index(), use_for: UseFor::Missing });
            }
        }
        faces
    }
}

/// Reads a font file, which is only mapped into memory, so that drawing from it does not wait for the disk.
fn fault_in(data: &[u8]) {
    let touched = data.iter().step_by(4096).fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    std::hint::black_box(touched);
}
