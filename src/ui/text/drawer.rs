//! Draws glyphs away from the window. A letter takes microseconds, a flag with a coat of arms two milliseconds, and a page of
//! the emoji picker shows fifty of those: so whatever has colours of its own, and letters beyond what a frame has time
//! for, are ordered here and painted as soon as they are there.

use std::sync::{
    Arc,
    mpsc::{Receiver, SyncSender, TrySendError},
};

use egui::{Context, mutex::Mutex};
use parley::FontData;

use super::{
    atlas::Key,
    raster::{Bitmap, Raster, Request},
};

/// How many glyphs may wait to be drawn; one that finds the queue full is ordered again when it is next painted.
const QUEUE: usize = 256;

/// A glyph that was drawn; without ink there are no pixels.
pub(super) type Drawing = (Key, Option<Bitmap>);

/// A glyph to draw.
pub(super) struct Order {
    key: Key,
    font: FontData,
    glyph: u32,
    size: f32,
    shift: u8,
    coords: Box<[i16]>,
    embolden: bool,
    skew: f32,
}

impl Order {
    pub(super) fn new(key: Key, request: &Request<'_>) -> Self {
        Self {
            key,
            font: request.font.clone(),
            glyph: request.glyph,
            size: request.size,
            shift: request.shift,
            coords: request.coords.into(),
            embolden: request.embolden,
            skew: request.skew,
        }
    }

    fn request(&self) -> Request<'_> {
        Request {
            font: &self.font,
            glyph: self.glyph,
            size: self.size,
            shift: self.shift,
            coords: &self.coords,
            embolden: self.embolden,
            skew: self.skew,
        }
    }
}

/// What became of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// It is under way.
    Yes,
    /// There is much to do: it is to be ordered again.
    Later,
    /// Nobody draws.
    Never,
}

/// The window's end of it.
pub(super) struct Orders {
    to_drawer: Option<SyncSender<Order>>,
    done: Arc<Mutex<Vec<Drawing>>>,
    /// How many are under way.
    count: usize,
}

impl Default for Orders {
    /// Nobody draws: the window does it itself.
    fn default() -> Self {
        Self { to_drawer: None, done: Arc::default(), count: 0 }
    }
}

impl Orders {
    pub(super) fn order(&mut self, order: Order) -> Taken {
        let Some(to_drawer) = &self.to_drawer else { return Taken::Never };
        match to_drawer.try_send(order) {
            Ok(()) => {
                self.count += 1;
                Taken::Yes
            }
            Err(TrySendError::Full(_)) => Taken::Later,
            Err(TrySendError::Disconnected(_)) => {
                self.stop();
                Taken::Never
            }
        }
    }

    /// Whether a glyph is under way.
    pub(super) const fn is_waiting(&self) -> bool {
        self.count > 0
    }

    /// What was drawn since, so many at most; says whether there is more.
    pub(super) fn take(&mut self, most: usize) -> (Vec<Drawing>, bool) {
        let mut done = self.done.lock();
        let first = done.len().min(most);
        let taken: Vec<_> = done.drain(..first).collect();
        self.count = self.count.saturating_sub(taken.len());
        (taken, !done.is_empty())
    }

    /// Lets the drawer end.
    pub(super) fn stop(&mut self) {
        (self.to_drawer, self.count) = (None, 0);
    }
}

/// Draws what is ordered.
pub(super) struct Drawer {
    orders: Receiver<Order>,
    done: Arc<Mutex<Vec<Drawing>>>,
    wake: Context,
}

impl Drawer {
    pub(super) fn new(ctx: &Context) -> (Self, Orders) {
        let (to_drawer, orders) = std::sync::mpsc::sync_channel(QUEUE);
        let done = Arc::<Mutex<Vec<Drawing>>>::default();
        let window = Orders { to_drawer: Some(to_drawer), done: Arc::clone(&done), count: 0 };
        (Self { orders, done, wake: ctx.clone() }, window)
    }

    /// Draws as long as the window is there.
    pub(super) fn run(self) {
        let mut raster = Raster::default();
        while let Ok(order) = self.orders.recv() {
            let bitmap = raster.draw(&order.request());
            let mut done = self.done.lock();
            done.push((order.key, bitmap));
            let is_first = done.len() == 1;
            drop(done);
            // The window takes all that is there, so it is woken once for each time it looks.
            if is_first {
                self.wake.request_repaint();
            }
        }
    }
}
