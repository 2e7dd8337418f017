//! Somebody else was quicker: who that was is read, whatever is heard of first, the refusal or that the row has gone.

use super::*;

fn open() -> Command {
    Command::InWorkbins { interactions: vec![int(7)], deed: Deed::Open }
}

fn refused_by(bench: &mut Bench, code: ProblemCode) {
    let problem = Problem::new(code, "Jana Roth has it.");
    let call = DeedCall { interaction: int(7), deed: Deed::Open };
    bench.outcome(Outcome::WorkbinDeed { call, result: Err(CallError::Refused(problem)) });
}

/// The gateway tells that it lies there no more.
fn taken(bench: &mut Bench) {
    bench.hear(2);
    bench.outcome(told(Changes { gone: vec![int(7)], places: None, ..changes(2, Vec::new()) }));
}

fn notices(bench: &Bench) -> Vec<&str> {
    bench.desk.notices().iter().map(|notice| notice.text.as_str()).collect()
}

#[test]
fn whoever_was_quicker_is_told_at_the_row_until_the_next_try() {
    let mut bench = Bench::with_lying(vec![lying(7, 1, 10)]);
    bench.command(open());
    refused_by(&mut bench, ProblemCode::Conflict);
    assert_eq!(bench.desk.deed_trouble(int(7)), Some("Not opened: Jana Roth has it."));
    assert!(!bench.desk.is_busy(int(7)));
    bench.command(open());
    assert_eq!(bench.desk.deed_trouble(int(7)), None);
}

#[test]
fn whoever_was_quicker_is_told_when_the_row_has_gone_whatever_came_first() {
    let title = Bench::with_lying(vec![lying(7, 1, 10)]).desk.workbins().item(int(7)).unwrap().title.clone();
    let wanted = format!("{title}. Not opened: Jana Roth has it.");
    for refusal_comes_first in [true, false] {
        let mut bench = Bench::with_lying(vec![lying(7, 1, 10)]);
        bench.command(open());
        if refusal_comes_first {
            refused_by(&mut bench, ProblemCode::Conflict);
            assert!(notices(&bench).is_empty(), "it is told at the row");
            taken(&mut bench);
        } else {
            taken(&mut bench);
            refused_by(&mut bench, ProblemCode::Conflict);
        }
        assert_eq!(notices(&bench), [wanted.as_str()]);
        assert_eq!(bench.desk.deed_troubles(), 0, "there is no row at which it could be read");
    }
}

#[test]
fn what_could_be_read_at_the_row_is_not_said_again_when_that_goes() {
    let mut bench = Bench::with_lying(vec![lying(7, 1, 10)]);
    bench.command(open());
    refused_by(&mut bench, ProblemCode::NotAllowed);
    taken(&mut bench);
    assert!(notices(&bench).is_empty());
    assert_eq!(bench.desk.deed_troubles(), 0);
}
