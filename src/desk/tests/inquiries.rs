//! What is asked anew when the gateway is there again is asked once, and never in a hurry if the answer makes no sense.

use waxwing_protocol::file_rule::FileRules;

use super::*;
use crate::desk::link::Link;

/// How often the rules for files are asked for by these effects.
fn asks(effects: &[Effect]) -> usize {
    calls(effects).iter().filter(|call| ***call == Call::FileRules).count()
}

impl Bench {
    fn told_rules(&mut self, result: Result<FileRules, CallError>) -> Vec<Effect> {
        self.outcome(Outcome::FileRules(result))
    }

    /// The gateway was away for a minute and answers again.
    fn away_and_back(&mut self) -> Vec<Effect> {
        self.wait(5);
        self.polled(Err(unreachable()));
        self.wait(60);
        self.events(vec![])
    }
}

#[test]
fn it_is_asked_once_whenever_the_gateway_answers_again() {
    let mut bench = Bench::quiet();
    assert_eq!(asks(&bench.events(vec![])), 0, "it is online already");
    assert_eq!(asks(&bench.away_and_back()), 1);
    bench.told_rules(Ok(FileRules::default()));
    assert_eq!(asks(&bench.wait(3600)), 0);
    assert_eq!(asks(&bench.away_and_back()), 1);
}

#[test]
fn an_answer_that_makes_no_sense_is_asked_for_ever_more_slowly_while_the_feed_goes_on() {
    let mut bench = Bench::quiet();
    bench.away_and_back();
    bench.wait(1);
    let mut pauses = Vec::new();
    for _ in 0..4 {
        bench.told_rules(Err(unreachable()));
        assert_ne!(*bench.desk.link(), Link::Online, "it is doubted");
        assert_eq!(asks(&bench.events(vec![])), 0, "the feed goes on and does not hurry it");
        assert_eq!(*bench.desk.link(), Link::Online);
        let due = bench.desk.inquiries.due_at().expect("it is tried again");
        pauses.push((due - bench.now).num_milliseconds());
        bench.now = due;
        assert_eq!(asks(&bench.step(Input::Clock)), 1);
    }
    assert!(pauses.is_sorted() && pauses[3] > 2 * pauses[0], "{pauses:?}");
}

#[test]
fn a_gateway_that_does_not_know_it_is_not_asked_again_before_it_was_away() {
    let mut bench = Bench::quiet();
    bench.away_and_back();
    bench.told_rules(Err(refused(ProblemCode::NotFound)));
    assert_eq!(*bench.desk.link(), Link::Online);
    assert_eq!(asks(&bench.wait(3600)), 0);
    assert_eq!(asks(&bench.away_and_back()), 1);
}
