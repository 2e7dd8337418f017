//! How the library comes to the desk: one call at a time, page after page, until everything is held that the gateway told of.
//!
//! **All goes well.** The snapshot or the feed says that there is news → asked for what comes after what is held → each page is
//! taken in and written down → nothing more: done.
//!
//! **If not.** No answer: asked again, ever more slowly, and at once when the link is back. A gateway that knows no library
//! says so once and is not asked again until it speaks of one. Killed: what was told of is known from the journal, and asked
//! for again.

use std::sync::Arc;

use waxwing_protocol::{
    library::{LibraryPage, LibraryQuery},
    problem::ProblemCode,
};

use super::super::{
    Desk,
    courier::Courier,
    effect::{Call, Entry},
    input::CallError,
    turn::Turn,
};

/// How many responses are put into the index in one step after a start.
pub(super) const AT_ONCE: usize = 500;

/// How the asking stands.
#[derive(Debug, Clone, Copy, Default)]
pub(in super::super) struct Librarian {
    pub(in super::super) courier: Courier,
    /// The newest change that the gateway told of; 0 if it never told of one.
    pub(in super::super) news: u64,
    /// The newest change that was told of when it was asked last.
    asked_for: u64,
}

impl Desk {
    /// The gateway tells of the newest change of the library.
    pub(in super::super) fn hear_of_library(&mut self, newest: u64, turn: &mut Turn) {
        if newest == 0 {
            return;
        }
        self.librarian.news = newest;
        turn.journal(Entry::LibraryNews(newest));
        let (epoch, held) = self.library.held();
        if epoch.is_none() || held < newest {
            self.librarian.courier.want(turn.now);
        }
    }

    /// Looks for news after the gateway was away, or may have become another one.
    pub(in super::super) fn look_for_library(&mut self, turn: &Turn) {
        if self.librarian.news > 0 {
            self.librarian.courier.want(turn.now);
        }
    }

    /// Asks for what comes next if it is time.
    pub(in super::super) fn ask_library_if_due(&mut self, turn: &mut Turn) {
        let is_due = self.librarian.courier.due_at().is_some_and(|at| at <= turn.now);
        if !self.is_signed_in() || !is_due || !self.librarian.courier.start() {
            return;
        }
        self.librarian.asked_for = self.librarian.news;
        let (epoch, after) = self.library.held();
        turn.call(Call::Library(LibraryQuery { after, epoch }));
    }

    /// What came, or why nothing did.
    pub(in super::super) fn library_told(
        &mut self,
        result: Result<Box<LibraryPage>, CallError>,
        turn: &mut Turn,
    ) {
        if !matches!(self.librarian.courier, Courier::UnderWay { .. }) {
            return;
        }
        match result {
            Ok(page) => {
                self.librarian.courier.rest();
                let goes_on = page.more && (page.whole || page.next > self.library.held().1);
                if goes_on || self.librarian.news > self.librarian.asked_for {
                    self.librarian.courier.want(turn.now);
                }
                turn.journal(Entry::Library(page.clone()));
                Arc::make_mut(&mut self.library).take(*page);
            }
            Err(error) => {
                let refused =
                    matches!(&error, CallError::Refused(problem) if problem.code == ProblemCode::NotFound);
                if refused {
                    self.librarian.news = 0;
                }
                self.librarian.courier.fail(&error, turn.now, self.seed);
                self.doubt_result(Some(&error), turn);
            }
        }
    }

    /// Lays out the library of the last time; it is put into the index bit by bit, so that the first picture does not wait.
    pub(in super::super) fn restore_library(&mut self, page: Option<Box<LibraryPage>>, news: u64) {
        self.librarian.news = news;
        if let Some(page) = page {
            Arc::make_mut(&mut self.library).lay_out(*page);
        }
    }

    /// Puts more of the library into the index.
    pub(in super::super) fn index_library(&mut self) {
        if !self.library.is_indexed() {
            Arc::make_mut(&mut self.library).index_some(AT_ONCE);
        }
    }
}
