//! What the desk makes of what is wanted of past interactions, and of how the calls ended.

use std::sync::Arc;

use waxwing_protocol::{
    history::{HistoryPage, HistoryQuery, MAX_HISTORY_PAGE},
    id::InteractionId,
};

use super::{
    super::{
        Desk,
        directory::{ENDED, give_up},
        effect::Call,
        input::CallError,
        inquiries::Inquiry,
        library::manage::Answer,
        listing::PAUSE,
        turn::Turn,
    },
    PAGE, Paper, PaperForm, Past, PastCall, PastList, PastTold, PastWish, Whole,
};

impl Desk {
    /// Past interactions.
    #[must_use]
    pub const fn past(&self) -> &Past {
        &self.past
    }

    /// The agent wants something of past interactions.
    pub(in crate::desk) fn wish_of_past(&mut self, wish: PastWish, turn: &mut Turn) {
        match wish {
            PastWish::Look { list, wanted } => self.look_back(list, *wanted, turn),
            PastWish::LookAgain(list) => self.past.pages(list).list.look_again(turn.now),
            PastWish::More(list) => {
                let pages = self.past.pages(list);
                let after = pages.next;
                if let Some((number, wanted)) = pages.list.more(turn.now) {
                    ask(list, number, HistoryQuery { after, ..wanted }, turn);
                }
            }
            PastWish::AskNumbers => self.inquire_of(Inquiry::Numbers, turn.now),
            PastWish::Write { interaction, form } => {
                if self.past.paper != Answer::UnderWay {
                    self.past.paper = Answer::UnderWay;
                    turn.call(Call::Past(PastCall::Whole { interaction, form }));
                }
            }
            PastWish::PaperTaken => self.past.paper = Answer::NotAsked,
        }
    }

    /// A call about past interactions ended.
    pub(in crate::desk) fn past_told(&mut self, told: PastTold, turn: &mut Turn) {
        match told {
            PastTold::Found { list, number, result } => self.found_back(list, number, result, turn),
            PastTold::Numbers(result) => {
                if let Some(numbers) = self.inquired(Inquiry::Numbers, result, turn) {
                    self.past.chats.numbers = numbers.into();
                }
            }
            PastTold::Whole { form, result } => self.gathered(form, result, turn),
        }
    }

    /// Asks for the lists that are wanted, if it is time.
    pub(in crate::desk) fn look_back_if_due(&mut self, turn: &mut Turn) {
        if !self.is_signed_in() {
            return;
        }
        for (list, pages) in &mut self.past.lists {
            if let Some((number, wanted)) = pages.list.start(turn.now) {
                pages.next = None;
                ask(*list, number, wanted, turn);
            }
        }
    }

    /// Asks once more for what a list holds.
    pub(in crate::desk) fn renew_past(&mut self, list: PastList, turn: &mut Turn) {
        let Some(pages) = self.past.lists.get_mut(&list) else { return };
        if let Some((number, wanted, limit)) = pages.list.renew(turn.now, (PAGE, MAX_HISTORY_PAGE)) {
            ask(list, number, HistoryQuery { limit, ..wanted }, turn);
        }
    }

    /// What is under way will not be answered any more.
    pub(in crate::desk) fn give_up_past(&mut self) {
        for pages in self.past.lists.values_mut() {
            pages.list.give_up(ENDED);
        }
        give_up(&mut self.past.paper);
        self.past.chats.give_up();
    }

    fn look_back(&mut self, list: PastList, wanted: HistoryQuery, turn: &Turn) {
        let mut wanted = HistoryQuery { after: None, limit: PAGE, ..wanted };
        match list {
            PastList::Mine => wanted.agent = self.agent,
            PastList::All => {}
            PastList::Of(contact) => wanted.contact = Some(contact),
        }
        let held = &mut self.past.pages(list).list;
        if held.wanted() == Some(&wanted) {
            // Whoever comes back to a list wants it as it is now.
            held.look_again(turn.now);
            return;
        }
        // What is typed waits for a pause; what is chosen is looked for at once.
        let is_typed = held.wanted().is_some_and(|held| typed(held) != typed(&wanted));
        held.want(wanted, if is_typed { turn.now + PAUSE } else { turn.now });
    }

    fn found_back(
        &mut self,
        list: PastList,
        number: u64,
        result: Result<HistoryPage, CallError>,
        turn: &mut Turn,
    ) {
        let (answer, next) = match result {
            Ok(page) => (Ok((page.entries, page.next.is_some())), page.next),
            Err(error) => (Err(self.reason(&error, turn)), None),
        };
        let Some(pages) = self.past.lists.get_mut(&list) else { return };
        if pages.list.take(number, answer) {
            pages.next = next;
        }
    }

    fn gathered(&mut self, form: PaperForm, result: Result<Box<Whole>, CallError>, turn: &mut Turn) {
        self.past.paper = match result {
            Ok(whole) => {
                self.past.papers += 1;
                Answer::Here(Paper { number: self.past.papers, form, whole: Arc::from(whole) })
            }
            Err(error) => {
                self.tell("The interaction could not be written down", &error, turn);
                Answer::NotAsked
            }
        };
    }
}

/// What of a question is typed letter by letter.
fn typed(query: &HistoryQuery) -> [Option<&String>; 4] {
    [query.words.as_ref(), query.who.as_ref(), query.case_key.as_ref(), query.case_value.as_ref()]
}

/// Asks which interactions were there.
fn ask(list: PastList, number: u64, query: HistoryQuery, turn: &mut Turn) {
    let query = Box::new(query);
    turn.call(Call::Past(PastCall::Look { list, number, query }));
}

impl Past {
    /// The entry of an interaction, in whichever list.
    #[must_use]
    pub fn entry(&self, interaction: InteractionId) -> Option<&waxwing_protocol::history::HistoryEntry> {
        let all = self.lists.values().flat_map(|pages| pages.list.items());
        all.into_iter().find(|entry| entry.interaction.id == interaction)
    }
}
