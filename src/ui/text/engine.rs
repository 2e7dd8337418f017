//! Lays texts out, and remembers what was laid out lately. There is one for each egui context, as its plugin, so that
//! any widget reaches it.

use std::{collections::HashMap, sync::Arc};

use egui::{Context, Plugin, Ui, plugin::TypedPluginHandle};
use parley::LayoutContext;

use super::{
    atlas::Atlas,
    drawer::Orders,
    faces::Faces,
    finder::Asking,
    galley::Galley,
    shape::{self, Room, Shaper},
    words::Words,
};

/// A galley that was not asked for in so many passes is forgotten, and a page of the atlas may be emptied. With several
/// windows, one frame of each is that many passes.
pub(super) const PASSES: u64 = 16;
/// How many galleys are kept in any case.
const FEW: usize = 256;

pub(super) struct Engine {
    shaper: Shaper,
    asking: Asking,
    pub(super) atlas: Atlas,
    galleys: HashMap<u64, Kept>,
    /// Counts how often fonts were added.
    generation: u64,
    /// Counts the passes of all windows.
    pub(super) pass: u64,
}

struct Kept {
    galley: Arc<Galley>,
    used_in: u64,
}

impl Default for Engine {
    fn default() -> Self {
        Self::new(Asking::nobody(), Orders::default())
    }
}

impl Engine {
    pub(super) fn new(asking: Asking, orders: Orders) -> Self {
        Self {
            shaper: Shaper { faces: Faces::shipped(), layouts: LayoutContext::new() },
            asking,
            atlas: Atlas::new(orders),
            galleys: HashMap::new(),
            generation: 0,
            pass: 0,
        }
    }

    pub(super) fn of(ctx: &Context) -> TypedPluginHandle<Self> {
        ctx.plugin_or_default()
    }

    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    /// Whether fonts or pictures are under way, or are there and have not been taken in.
    pub(super) fn is_looking(&self) -> bool {
        self.asking.is_looking() || self.atlas.orders.is_waiting()
    }

    pub(super) fn layout(&mut self, words: &Words<'_>, room: Room) -> Arc<Galley> {
        let hash = hash(words, room);
        if let Some(kept) = self.galleys.get_mut(&hash)
            && kept.galley.is_of(words, room)
        {
            kept.used_in = self.pass;
            return Arc::clone(&kept.galley);
        }
        let shaped = self.shaper.paragraphs(words, room);
        let lacking = shape::lacking(words.text, &shaped.0);
        let mut galley = Galley::new(words, room, shaped);
        if !lacking.is_empty() {
            self.asking.ask(&lacking);
            galley.lacking = true;
            galley.waiting = self.asking.is_waiting();
        }
        let galley = Arc::new(galley);
        self.galleys.insert(hash, Kept { galley: Arc::clone(&galley), used_in: self.pass });
        galley
    }

    /// Takes in fonts that were found; what waited for them is laid out again.
    fn take_faces(&mut self) {
        let Some(faces) = self.asking.take() else { return };
        for face in &faces {
            self.shaper.faces.add(face);
        }
        let for_code = faces.iter().any(|face| face.use_for == super::faces::UseFor::Code);
        self.galleys
            .retain(|_hash, kept| !(kept.galley.lacking || for_code && !kept.galley.spans.is_empty()));
        self.generation += 1;
    }
}

impl Plugin for Engine {
    fn debug_name(&self) -> &'static str {
        "text"
    }

    fn on_exit(&mut self, _ctx: &Context) {
        self.asking.stop();
        self.atlas.orders.stop();
    }

    fn on_begin_pass(&mut self, ui: &mut Ui) {
        self.take_faces();
        self.pass += 1;
        self.atlas.take_drawings(ui.ctx(), self.pass);
        if self.galleys.len() > FEW {
            self.galleys.retain(|_hash, kept| kept.used_in + PASSES > self.pass);
        }
    }
}

fn hash(words: &Words<'_>, room: Room) -> u64 {
    let Room { wrap, scale, fills } = room;
    let Words { text, spans, style } = words;
    let numbers = [style.size, style.line_height, wrap.max_width, scale].map(f32::to_bits);
    egui::util::hash((text, spans, style.weight, wrap.max_rows, fills, numbers))
}
