//! Notifications: filled in, shown at once, their files before them, across a restart, while the reply window is closed.

use waxwing_protocol::{
    api::OutgoingBody,
    attachment::{About, Opening},
    event::Departure,
    id::{AttachmentId, ResponseId, TemplateId},
    library::LibraryPage,
    message::MediaKind,
    slot::{SlotValue, SlotValues},
    template::{
        Marked, ParameterFormat, Template, TemplateCategory, TemplateHeader, TemplateQuality, TemplateStatus,
    },
};

use super::{
    super::{
        conversation::{RowKey, RowKind},
        file::{FileRefused, FileSource, ReadyFile, StripState, WayOut},
        notification::{FilledIn, FormFile},
        outbox::{OutgoingState, asks_for_notification},
    },
    *,
};

fn template(header: Option<TemplateHeader>, status: TemplateStatus) -> Template {
    Template {
        id: TemplateId::from_uuid(uuid(8, 1)),
        name: "order_update".to_owned(),
        language: "en_US".to_owned(),
        status,
        reason: None,
        category: TemplateCategory::Utility,
        quality: TemplateQuality::Green,
        parameter_format: ParameterFormat::Positional,
        header,
        body: Marked { text: "Hello {{1}}, your {{2}} is ready.".to_owned(), examples: Vec::new() },
        footer: None,
        offer: None,
        buttons: Vec::new(),
        cards: Vec::new(),
        unknown_parts: Vec::new(),
        numbers: vec![BusinessNumberId::from_uuid(uuid(7, 0))],
    }
}

const fn picture() -> TemplateHeader {
    TemplateHeader::Media { kind: MediaKind::Image }
}

fn words() -> SlotValues {
    [("body.1", "Masha"), ("body.2", "order")]
        .map(|(slot, text)| (slot.parse().unwrap(), SlotValue::text(text)))
        .into()
}

fn ready(kind: MediaKind) -> ReadyFile {
    let about = About {
        mime: "image/png".to_owned(),
        opening: Opening::Allowed,
        size: Some([4, 3]),
        duration_ms: None,
        waveform: Vec::new(),
        has_sound: false,
        pages: None,
        thumb_hash: None,
        preview: true,
    };
    ReadyFile { name: "box.png".to_owned(), kind, size_bytes: 1000, about: Box::new(about), voice: false }
}

impl Bench {
    /// Two quiet conversations, and one template.
    fn with_template(header: Option<TemplateHeader>, status: TemplateStatus) -> Self {
        let mut bench = Self::quiet();
        bench.give(header, status);
        bench
    }

    fn give(&mut self, header: Option<TemplateHeader>, status: TemplateStatus) {
        let page =
            LibraryPage { templates: vec![template(header, status)], whole: true, ..LibraryPage::default() };
        std::sync::Arc::make_mut(&mut self.desk.library).take(page);
    }

    fn notify(&mut self, number: u32, values: SlotValues, files: &[&str]) -> Vec<Effect> {
        let filled = FilledIn {
            template: TemplateId::from_uuid(uuid(8, 1)),
            values,
            files: files.iter().map(|slot| slot.parse().unwrap()).collect(),
            response: Some(ResponseId::from_uuid(uuid(9, 1))),
        };
        self.command(Command::SendNotification {
            interaction: int(1),
            client_ref: client_ref(number),
            notification: Box::new(filled),
        })
    }

    fn choose(&mut self, number: u32, wanted: MediaKind) -> Vec<Effect> {
        self.command(Command::ChooseForForm {
            interaction: int(1),
            slot: "header.media".parse().unwrap(),
            wanted,
            client_ref: client_ref(number),
            source: FileSource::Bytes { name: "box.png".to_owned(), bytes: [1, 2].into(), voice: false },
        })
    }

    fn looked_into(&mut self, number: u32, result: Result<ReadyFile, FileRefused>) -> Vec<Effect> {
        self.outcome(Outcome::TakenIn { interaction: int(1), client_ref: client_ref(number), result })
    }

    fn form_files(&self) -> Vec<FormFile> {
        self.desk.conversation(int(1)).unwrap().form_files().to_vec()
    }
}

fn sent(effects: &[Effect]) -> Option<waxwing_protocol::api::SendMessage> {
    calls(effects).into_iter().find_map(|call| match call {
        Call::Send { message, .. } => Some(message.clone()),
        _ => None,
    })
}

fn dropped(effects: &[Effect]) -> Vec<ClientRef> {
    let dropped = |call: &&Call| match call {
        Call::DropFile(client_ref) => Some(*client_ref),
        _ => None,
    };
    calls(effects).iter().filter_map(dropped).collect()
}

fn uploads(effects: &[Effect]) -> Vec<ClientRef> {
    let up = |call: &&Call| match call {
        Call::Upload { client_ref, .. } => Some(*client_ref),
        _ => None,
    };
    calls(effects).iter().filter_map(up).collect()
}

#[test]
fn it_is_written_down_shown_and_sent_also_while_the_window_is_closed() {
    let mut bench = Bench::with(vec![held(pending(1, 90), vec![said(1, int(1), 90)])]);
    bench.give(None, TemplateStatus::Approved);
    bench.draft(int(1), "half a thought");
    let effects = bench.notify(1, words(), &[]);
    assert!(matches!(entries(&effects)[..], [Entry::Outgoing(..)]), "what is typed is left alone");
    let message = sent(&effects).unwrap();
    assert_eq!(message.responses.len(), 1);
    let OutgoingBody::Notification { values, .. } = message.body else { panic!("{message:?}") };
    assert_eq!(values, words());
    assert_eq!(bench.drafted(int(1)), "half a thought");
    let held = bench.desk.conversation(int(1)).unwrap();
    let RowKind::Outgoing { outgoing, .. } = &held.rows().last().unwrap().kind else { panic!("no row") };
    assert_eq!(outgoing.text(), "Hello Masha, your order is ready.");
    assert!(held.pending().waiting_since().is_none(), "the indicator is out");
    assert!(bench.notify(1, words(), &[]).is_empty(), "the same name changes nothing");
    bench.sent(int(1), 1, Ok(answered(2, int(1), 101, 1)));
    assert_eq!(bench.desk.unsent(), 0);
    assert!(bench.notify(1, words(), &[]).is_empty(), "nor does it later");
}

#[test]
fn what_is_not_filled_in_or_can_not_be_sent_never_leaves() {
    let mut bench = Bench::with_template(None, TemplateStatus::Approved);
    let mut half = words();
    half.pop_last();
    assert!(bench.notify(1, half, &[]).is_empty());
    assert!(bench.desk.notices().last().unwrap().text.contains("needed before you can send"));
    bench.give(None, TemplateStatus::Paused);
    assert!(bench.notify(1, words(), &[]).is_empty());
    assert!(bench.desk.notices().last().unwrap().text.contains("paused"));
    bench.give(Some(picture()), TemplateStatus::Approved);
    assert!(bench.notify(1, words(), &["header.media"]).is_empty());
    assert!(bench.desk.notices().last().unwrap().text.contains("not ready"));
    assert_eq!(bench.desk.unsent(), 0);
}

#[test]
fn its_files_are_brought_first_and_stand_in_its_slots() {
    let mut bench = Bench::with_template(Some(picture()), TemplateStatus::Approved);
    bench.choose(11, MediaKind::Image);
    bench.looked_into(11, Ok(ready(MediaKind::Image)));
    let effects = bench.notify(1, words(), &["header.media"]);
    assert_eq!((uploads(&effects), sent(&effects)), (vec![client_ref(11)], None));
    assert!(dropped(&effects).is_empty() && bench.form_files().is_empty(), "it goes with the message");
    assert_eq!(bench.desk.copies_of(int(1), client_ref(1)), [client_ref(11)]);

    let attachment = AttachmentId::new(at(0), [1; 10]);
    let up = |result| Outcome::Uploaded { interaction: int(1), client_ref: client_ref(11), result };
    bench.outcome(Outcome::UploadMoved { interaction: int(1), client_ref: client_ref(11), sent_bytes: 400 });
    let head = bench.desk.conversation(int(1)).unwrap().last_outgoing().unwrap().state.clone();
    assert_eq!(head, OutgoingState::Uploading { tries: 0, sent_bytes: 400 });
    bench.outcome(up(Err(unreachable())));
    bench.now = bench.desk.next_deadline().unwrap();
    assert_eq!(uploads(&bench.step(Input::Clock)), [client_ref(11)], "tried again under the same name");
    let effects = bench.outcome(up(Ok(Ok(attachment))));
    assert!(matches!(entries(&effects)[..], [Entry::Outgoing(..)]), "that it is there is remembered");
    let OutgoingBody::Notification { values, .. } = sent(&effects).unwrap().body else { panic!("sent") };
    let media = SlotValue::Media { attachment, file_name: Some("box.png".to_owned()) };
    assert_eq!(values.get(&"header.media".parse().unwrap()), Some(&media));
    let effects = bench.sent(int(1), 1, Ok(answered(2, int(1), 101, 1)));
    assert_eq!(dropped(&effects), [client_ref(11)]);
}

#[test]
fn a_refused_one_is_tried_again_from_its_files_on_or_removed_with_them() {
    let mut bench = Bench::with_template(Some(picture()), TemplateStatus::Approved);
    bench.choose(11, MediaKind::Image);
    bench.looked_into(11, Ok(ready(MediaKind::Image)));
    bench.notify(1, words(), &["header.media"]);
    let attachment = AttachmentId::new(at(0), [1; 10]);
    let taken =
        Outcome::Uploaded { interaction: int(1), client_ref: client_ref(11), result: Ok(Ok(attachment)) };
    bench.outcome(taken);
    bench.sent(int(1), 1, Err(refused(ProblemCode::UnacceptableBody)));
    assert!(bench.desk.conversation(int(1)).unwrap().blocked_by().is_some());
    let retry = Command::Retry { interaction: int(1), row: RowKey::Ours(client_ref(1)) };
    assert_eq!(uploads(&bench.command(retry)), [client_ref(11)]);
    let effects = bench.command(Command::Discard { interaction: int(1), client_ref: client_ref(1) });
    assert_eq!(dropped(&effects), [client_ref(11)]);
    assert!(entries(&effects).contains(&&Entry::OutgoingGone(client_ref(1))));
}

#[test]
fn only_the_right_kind_of_file_stands_in_a_slot() {
    let mut bench = Bench::with_template(Some(picture()), TemplateStatus::Approved);
    bench.choose(11, MediaKind::Image);
    assert_eq!(dropped(&bench.choose(12, MediaKind::Image)), [client_ref(11)], "one at a time");
    assert_eq!(dropped(&bench.looked_into(11, Ok(ready(MediaKind::Image)))), [client_ref(11)]);
    bench.looked_into(12, Ok(ready(MediaKind::Document)));
    let StripState::Refused { reason, .. } = &bench.form_files()[0].file.state else { panic!("taken") };
    assert!(reason.contains("picture"));
    let large = FileRefused {
        reason: "Too large.".to_owned(),
        ways_out: vec![WayOut::MakeSmaller, WayOut::SendAsDocument],
    };
    bench.looked_into(12, Err(large));
    let StripState::Refused { ways_out, .. } = &bench.form_files()[0].file.state else { panic!("taken") };
    assert_eq!(ways_out, &[WayOut::MakeSmaller]);
    let smaller =
        Command::Rework { interaction: int(1), client_ref: client_ref(12), way: WayOut::MakeSmaller };
    assert!(matches!(calls(&bench.command(smaller))[..], [Call::Rework { .. }]));

    bench.choose(13, MediaKind::Document);
    let effects = bench.looked_into(13, Ok(ready(MediaKind::Image)));
    assert!(matches!(calls(&effects)[..], [Call::Rework { way: WayOut::SendAsDocument, .. }]));
    bench.looked_into(13, Ok(ready(MediaKind::Document)));
    assert!(matches!(bench.form_files()[0].file.state, StripState::Ready(_)));
    let cancel = Command::DropFormFiles { interaction: int(1), slot: None };
    assert_eq!(dropped(&bench.command(cancel)), [client_ref(13)]);
    bench.choose(14, MediaKind::Image);
    let effects = bench.events(vec![Event::InteractionRemoved { interaction: int(1), why: Departure::Done }]);
    assert_eq!(dropped(&effects), [client_ref(14)], "nor does it outlive its conversation");
}

#[test]
fn words_refused_for_the_closed_window_ask_for_a_notification() {
    let mut bench = Bench::quiet();
    bench.send(int(1), 1);
    bench.sent(int(1), 1, Err(refused(ProblemCode::WindowClosed)));
    let held = bench.desk.conversation(int(1)).unwrap();
    let OutgoingState::Refused(failure) = &held.blocked_by().unwrap().state else { panic!("not refused") };
    assert!(asks_for_notification(failure) && failure.advice.contains("Send a notification"));
}

#[test]
fn whatsapp_is_asked_for_the_templates_once_at_a_time() {
    let mut bench = Bench::quiet();
    assert!(matches!(calls(&bench.command(Command::RefreshTemplates))[..], [Call::RefreshTemplates]));
    assert!(calls(&bench.command(Command::RefreshTemplates)).is_empty());
    bench.outcome(Outcome::TemplatesRefreshed(Err(refused(ProblemCode::Unavailable))));
    assert!(bench.desk.notices().last().unwrap().text.contains("templates"));
    assert!(matches!(calls(&bench.command(Command::RefreshTemplates))[..], [Call::RefreshTemplates]));
}
