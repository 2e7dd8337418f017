//! What the window has to remember of emoji: what is offered, what the agent is used to, whether the picker is open.

use std::rc::Rc;

use egui::{Context, Key, Modifiers, Rect};
use waxwing_protocol::id::{InteractionId, MessageId};

use super::{
    catalogue::{Catalogue, Entry},
    completion::Completion,
    grid::{Cell, Grid, Title},
    search::Index,
    sheet::Sheet,
};
use crate::config::emoji::{EmojiHabits, EmojiSet, SkinTone};

/// So many emoji are in view when the picker opens.
const AT_ONCE: usize = 54;

/// All of it.
#[derive(Debug)]
pub(in super::super) struct EmojiState {
    pub(super) catalogue: Rc<Catalogue>,
    /// What reactions begin with, in no tone.
    quick: Vec<String>,
    pub(super) habits: EmojiHabits,
    /// The words of a language, by its tag; read when they are needed at first.
    index: Option<(String, Rc<Index>)>,
    pub(super) sheet: Sheet,
    pub(super) open: Option<Open>,
    pub(super) completion: Completion,
}

/// The picker while it is open.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) interaction: InteractionId,
    /// The message to react to; none puts emoji into the composer.
    pub(super) message: Option<MessageId>,
    /// What it was opened with, on the screen; none until that is drawn.
    pub(super) anchor: Option<Rect>,
    pub(super) query: String,
    pub(super) showing: Showing,
    /// The cell that Enter picks.
    pub(super) at: usize,
    pub(super) grid: Grid,
    /// What the grid was made for.
    pub(super) made_for: Option<(Showing, String, EmojiHabits)>,
    /// In how many frames it was drawn.
    pub(super) frames: u32,
    /// Whether it was drawn since the last frame began.
    pub(super) seen: bool,
    /// Whether the cell that Enter picks is to be brought into view.
    pub(super) follow: bool,
    /// How far the agent has scrolled, in points.
    pub(super) scrolled: f32,
    /// The keys of this frame.
    pub(super) pressed: Vec<(Key, Modifiers)>,
}

/// What the picker shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Showing {
    /// Everything, or what is looked for.
    All,
    /// The tones of an entry.
    TonesOf(usize),
    /// The tones, to choose one for all.
    Tones,
}

impl Default for EmojiState {
    fn default() -> Self {
        Self::new(&EmojiSet::default(), EmojiHabits::default())
    }
}

impl EmojiState {
    /// With what an administrator offers and what the agent is used to.
    pub(in super::super) fn new(set: &EmojiSet, habits: EmojiHabits) -> Self {
        Self {
            catalogue: Rc::new(Catalogue::new(set)),
            quick: set.quick.clone(),
            habits,
            index: None,
            sheet: Sheet::default(),
            open: None,
            completion: Completion::default(),
        }
    }

    pub(in super::super) const fn habits(&self) -> &EmojiHabits {
        &self.habits
    }

    /// What reactions begin with, in the agent's tone.
    pub(in super::super) fn quick(&self) -> Vec<String> {
        let toned = |text: &String| {
            let entry = self.catalogue.entry_of(text).filter(|entry| entry.emoji.as_str() == text);
            entry.map_or_else(|| text.clone(), |entry| entry.in_tone(self.habits.tone).as_str().to_owned())
        };
        self.quick.iter().map(toned).collect()
    }

    /// Begins a frame: a picker whose conversation is not to be seen any more is closed.
    pub(in super::super) fn begin(&mut self) {
        if self.open.as_mut().is_some_and(|open| !std::mem::take(&mut open.seen)) {
            self.open = None;
        }
    }

    /// Opens the picker for a composer, or closes it.
    pub(in super::super) fn toggle(&mut self, interaction: InteractionId) {
        let is_open = |open: &Open| open.interaction == interaction && open.message.is_none();
        self.open = match self.open.take() {
            Some(open) if is_open(&open) => None,
            _ => Some(Open::new(interaction, None, None)),
        };
    }

    /// Opens the picker for a reaction to a message.
    pub(in super::super) fn open_for(
        &mut self,
        interaction: InteractionId,
        message: MessageId,
        anchor: Rect,
    ) {
        self.open = Some(Open::new(interaction, Some(message), Some(anchor)));
    }

    /// Tells where the button of a composer is.
    pub(in super::super) fn anchor(&mut self, interaction: InteractionId, button: Rect) {
        if let Some(open) = &mut self.open
            && open.interaction == interaction
            && open.message.is_none()
        {
            open.anchor = Some(button);
        }
    }

    /// Makes pictures that the picker will show at once, a few in each frame.
    pub(super) fn warm(&mut self, ctx: &Context) {
        let recent = self.habits.most_used().into_iter().filter_map(|text| Some(emojis::get(text)?.as_str()));
        let first = self.catalogue.entries().iter().take(AT_ONCE);
        let all: Vec<_> = recent.chain(first.map(|entry| entry.in_tone(self.habits.tone).as_str())).collect();
        for emoji in all {
            self.sheet.prepare(ctx, emoji);
        }
    }

    /// The words of a language and English ones.
    pub(super) fn index(&mut self, language: &str) -> Rc<Index> {
        match &self.index {
            Some((tag, index)) if tag == language => Rc::clone(index),
            _ => {
                self.sheet.rest();
                let index = Rc::new(Index::new(&self.catalogue, language));
                self.index = Some((language.to_owned(), Rc::clone(&index)));
                index
            }
        }
    }

    /// The words, if they were read already.
    pub(super) fn known_index(&self) -> Option<Rc<Index>> {
        self.index.as_ref().map(|(_, index)| Rc::clone(index))
    }

    fn cell(&self, entry: usize) -> Option<Cell> {
        let held = self.catalogue.entries().get(entry)?;
        Some(Cell { emoji: held.in_tone(self.habits.tone), entry })
    }

    /// What the picker shows now.
    pub(super) fn lay_out(&self, showing: Showing, found: Option<&[usize]>) -> Grid {
        let mut grid = Grid::default();
        let tones_of = |entry: usize| {
            let tones = self.catalogue.entries().get(entry).map(Entry::tones).unwrap_or_default();
            tones.into_iter().map(move |emoji| Cell { emoji, entry })
        };
        match (showing, found) {
            (Showing::TonesOf(entry), _) => grid.add(Title::Tones, tones_of(entry)),
            (Showing::Tones, _) => {
                let hand = emojis::get("✋").and_then(emojis::Emoji::skin_tones).into_iter().flatten();
                grid.add(Title::Tones, hand.map(|emoji| Cell { emoji, entry: usize::MAX }));
            }
            (Showing::All, Some(found)) => {
                grid.add(Title::Found, found.iter().filter_map(|entry| self.cell(*entry)));
            }
            (Showing::All, None) => {
                let recent = self.habits.most_used().into_iter().filter_map(|text| {
                    let (entry, emoji) = (self.catalogue.number_of(text)?, emojis::get(text)?);
                    Some(Cell { emoji, entry })
                });
                grid.add(Title::Recent, recent);
                for (group, entries) in self.catalogue.groups() {
                    grid.add(Title::Group(*group), entries.clone().filter_map(|entry| self.cell(entry)));
                }
            }
        }
        grid
    }
}

impl Open {
    fn new(interaction: InteractionId, message: Option<MessageId>, anchor: Option<Rect>) -> Self {
        Self {
            interaction,
            message,
            anchor,
            query: String::new(),
            showing: Showing::All,
            at: 0,
            grid: Grid::default(),
            made_for: None,
            frames: 0,
            seen: true,
            follow: false,
            scrolled: 0.0,
            pressed: Vec::new(),
        }
    }

    /// Goes over to other emoji.
    pub(super) const fn show(&mut self, showing: Showing) {
        self.showing = showing;
    }

    /// Whether a cell can be had in other tones.
    pub(super) fn has_tones(&self, cell: usize) -> bool {
        let cell = self.grid.cells().get(cell).filter(|_| self.showing == Showing::All);
        cell.is_some_and(|cell| cell.emoji.skin_tone().is_some())
    }
}

/// The tone of which there are so many before.
pub(super) const fn tone(number: usize) -> SkinTone {
    match number {
        1 => SkinTone::Light,
        2 => SkinTone::MediumLight,
        3 => SkinTone::Medium,
        4 => SkinTone::MediumDark,
        5 => SkinTone::Dark,
        _ => SkinTone::None,
    }
}
