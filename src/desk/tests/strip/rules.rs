//! What an administrator does not let out is told while it stands on the strip.

use waxwing_protocol::file_rule::{FileRule, FileRules};

use super::*;

fn rule(types: &str, allow: bool, max_mb: u64) -> FileRule {
    FileRule { types: vec![types.to_owned()], allow, max_bytes: max_mb * 1024 * 1024 }
}

fn file(mime: &str, kind: MediaKind, megabytes: u64) -> ReadyFile {
    let about = Box::new(About { mime: mime.to_owned(), ..*about() });
    ReadyFile { kind, size_bytes: megabytes * 1024 * 1024, about, ..ready("file") }
}

impl Bench {
    fn told(&mut self, outgoing: Vec<FileRule>) -> Vec<Effect> {
        self.outcome(Outcome::FileRules(Ok(FileRules { outgoing })))
    }

    /// Why file 11 can't be sent, and what helps.
    fn refused(&self) -> Option<(&str, &[WayOut])> {
        match &self.strip()[0].state {
            StripState::Refused { reason, ways_out } => Some((reason, ways_out)),
            _ => None,
        }
    }
}

#[test]
fn a_picture_that_is_too_large_for_the_rules_can_be_made_smaller_by_them() {
    let mut bench = Bench::quiet();
    bench.told(vec![rule("image/*", true, 2), rule("*", false, 100)]);
    bench.attach(1, 0);
    assert_eq!(kept_strip(&bench.taken_in(11, Ok(file("image/png", MediaKind::Image, 3)))), Some(1));
    let (reason, ways_out) = bench.refused().expect("it may not be sent");
    assert!(reason.contains("administrator") && reason.contains("2 MB"), "{reason}");
    assert_eq!(ways_out, [WayOut::MakeSmaller]);
    assert!(moves(&bench.send_all("")).is_empty(), "nothing goes");
    let way = WayOut::MakeSmaller;
    let effects = bench.command(Command::Rework { interaction: int(1), client_ref: client_ref(11), way });
    let most = Some(2 * 1024 * 1024);
    let rework = Call::Rework { interaction: int(1), client_ref: client_ref(11), way, most };
    assert_eq!(calls(&effects), [&rework]);
    bench.taken_in(11, Ok(file("image/jpeg", MediaKind::Image, 2)));
    assert_eq!(bench.refused(), None);
    assert_eq!(moves(&bench.send_all("")), ["up 11"]);
}

#[test]
fn a_type_that_may_not_go_is_refused_pasted_or_recorded_alike() {
    for (mime, kind, voice) in [
        ("audio/ogg", MediaKind::Audio, true),
        ("image/png", MediaKind::Image, false),
        ("text/plain", MediaKind::Document, false),
    ] {
        let mut bench = Bench::quiet();
        bench.told(vec![rule("video/*", true, 100), rule("*", false, 100)]);
        let source = FileSource::Bytes { name: "a".to_owned(), bytes: [1].into(), voice };
        bench.command(Command::Attach { interaction: int(1), files: vec![(client_ref(11), source)] });
        bench.taken_in(11, Ok(ReadyFile { voice, ..file(mime, kind, 1) }));
        let (reason, ways_out) = bench.refused().expect("it may not be sent");
        assert!(reason.contains(mime), "{reason}");
        assert!(ways_out.is_empty());
    }
}

#[test]
fn rules_that_come_later_stop_what_stands_on_a_strip_already() {
    let mut bench = Bench::quiet();
    bench.attach(2, 1);
    assert_eq!(kept_strip(&bench.told(vec![rule("video/*", false, 100)])), None, "nothing is a film");
    let effects = bench.told(vec![rule("image/png", false, 100)]);
    assert_eq!(kept_strip(&effects), Some(1));
    assert!(bench.refused().is_some());
    assert_eq!(bench.strip()[1].state, StripState::Checking);
    // A gateway that has no rules to tell, or does not answer, changes nothing.
    bench.outcome(Outcome::FileRules(Err(refused(ProblemCode::NotFound))));
    bench.taken_in(12, Ok(ready("12.png")));
    assert!(matches!(bench.strip()[1].state, StripState::Refused { .. }));
}

#[test]
fn what_may_not_go_is_not_passed_on_either() {
    let state = AttachmentState::Ready { size_bytes: 9, about: Some(about()) };
    let media = Media {
        kind: MediaKind::Image,
        mime: Some("image/png".to_owned()),
        caption: None,
        file_name: None,
        voice: false,
        animated: false,
        attachment: Some(Attachment { id: attachment(1), state }),
    };
    let picture = Message { body: Body::Media(media), ..said(1, int(1), 90) };
    let mut bench = Bench::with(vec![held(interaction(1), vec![picture]), held(interaction(2), vec![])]);
    bench.told(vec![rule("image/*", false, 100)]);
    let (from, to, client_ref) = (int(1), int(2), client_ref(1));
    assert!(calls(&bench.command(Command::Forward { from, message: msg(1), to, client_ref })).is_empty());
    assert!(bench.desk.notices().last().unwrap().text.contains("administrator"));
}
