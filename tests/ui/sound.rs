//! Sounds in bubbles and on the strip, and the recorder: what is seen of them and what is asked for.

use chrono::TimeDelta;
use egui::{Key, Modifiers};
use egui_kittest::{Harness, kittest::Queryable as _};
use waxwing::{
    desk::{
        file::FileState,
        sound::{PlayAsk, PlayState, Playing, RecordAsk, Recording, SoundKey, Speed},
    },
    ui::{Action, FileAsk, FileDeed},
};
use waxwing_protocol::{
    attachment::{About, Opening},
    message::{Media, MediaKind},
};

use crate::{
    attachments::{about, attachment, media, sent},
    fixture::{Window, interaction_id},
    hand::{asked, click, drag, key, open, place},
};

const VOICE: &str = "Voice message, 3.4 MB, 0:12, from Ada";

fn spoken() -> About {
    About { duration_ms: Some(12_000), waveform: vec![128; 64], has_sound: true, ..about("audio/ogg") }
}

fn voice(about: About) -> Media {
    Media { voice: true, ..media(MediaKind::Audio, 1, about) }
}

fn file() -> SoundKey {
    SoundKey::Attachment(attachment(1))
}

fn start(voice: bool) -> Action {
    Action::Play(PlayAsk::Start { key: file(), interaction: interaction_id(1), voice })
}

fn plays(harness: &mut Harness<'_, Window>, millis: i64, state: PlayState) {
    let position = TimeDelta::milliseconds(millis);
    harness.state_mut().sound.playing = Some(Playing { key: file(), position, state });
    harness.run_steps(2);
}

/// What has been asked of the player and the recorder.
fn asked_of_sound(harness: &mut Harness<'_, Window>) -> Vec<Action> {
    let mut asked = asked(harness);
    asked.retain(|action| matches!(action, Action::Play(_) | Action::Record(..)));
    asked
}

fn name(what: &str) -> String {
    format!("{VOICE}, {what}")
}

#[test]
fn a_voice_note_is_played_and_paused_by_mouse_and_keys() {
    let mut harness = open(vec![sent(voice(spoken()))]);
    click(&mut harness, &name("play"));
    assert_eq!(asked_of_sound(&mut harness), [start(true)]);
    plays(&mut harness, 3_900, PlayState::Playing);
    harness.get_by_label("0:03 / 0:12 · 3.4 MB");
    click(&mut harness, &name("pause"));
    assert_eq!(asked_of_sound(&mut harness), [Action::Play(PlayAsk::Pause)]);
    plays(&mut harness, 3_900, PlayState::Paused);
    harness.get_by_label(&name("play")).focus();
    harness.run_steps(1);
    key(&mut harness, Modifiers::NONE, Key::Space);
    assert_eq!(asked_of_sound(&mut harness), [start(true)]);
}

#[test]
fn the_waveform_goes_where_it_is_clicked_dragged_or_moved_by_arrows() {
    let mut harness = open(vec![sent(voice(spoken()))]);
    let wave = format!("Place in {VOICE}");
    let rect = place(&harness, &wave);
    let at = |share: f32| rect.left_center() + (rect.right_center() - rect.left_center()) * share;
    let sought = |harness: &mut Harness<'_, Window>| match asked_of_sound(harness).as_slice() {
        [Action::Play(PlayAsk::Seek { key, position })] if *key == file() => position.num_milliseconds(),
        other => panic!("{other:?}"),
    };
    click(&mut harness, &wave);
    assert!((5_900..6_100).contains(&sought(&mut harness)), "the middle");
    drag(&mut harness, at(0.5), at(0.25));
    assert!((2_800..3_200).contains(&sought(&mut harness)), "once, where it is let go");
    harness.get_by_label(&wave).focus();
    plays(&mut harness, 10_000, PlayState::Playing);
    key(&mut harness, Modifiers::NONE, Key::ArrowRight);
    assert_eq!(sought(&mut harness), 12_000, "not beyond the end");
    key(&mut harness, Modifiers::NONE, Key::ArrowLeft);
    assert_eq!(sought(&mut harness), 5_000);
    key(&mut harness, Modifiers::NONE, Key::Space);
    assert_eq!(asked_of_sound(&mut harness), [Action::Play(PlayAsk::Pause)]);
}

#[test]
fn the_speed_goes_round() {
    let mut harness = open(vec![sent(voice(spoken()))]);
    let rounds = [
        (Speed::Normal, "Speed 1×. Click for 1.5×", Speed::OneAndAHalf),
        (Speed::OneAndAHalf, "Speed 1.5×. Click for 2×", Speed::Double),
        (Speed::Double, "Speed 2×. Click for 1×", Speed::Normal),
    ];
    for (now, label, next) in rounds {
        harness.state_mut().sound.speed = now;
        harness.run_steps(1);
        click(&mut harness, label);
        assert_eq!(asked_of_sound(&mut harness), [Action::Play(PlayAsk::Speed(next))]);
    }
}

#[test]
fn where_it_was_left_is_shown_and_its_frames_end_when_it_stands() {
    let mut harness = open(vec![sent(voice(spoken()))]);
    harness.state_mut().sound.left.insert(file(), TimeDelta::seconds(7));
    harness.run_steps(2);
    harness.get_by_label("0:07 / 0:12 · 3.4 MB");
    let pause = |harness: &Harness<'_, Window>| {
        harness.output().viewport_output[&egui::ViewportId::ROOT].repaint_delay.as_millis()
    };
    plays(&mut harness, 7_000, PlayState::Playing);
    assert!((1..=40).contains(&pause(&harness)), "{}", pause(&harness));
    plays(&mut harness, 7_000, PlayState::Paused);
    harness.run_steps(4);
    assert!(pause(&harness) > 400, "nothing moves: {}", pause(&harness));
}

#[test]
fn a_sound_file_has_its_name_and_nothing_follows_it() {
    let about = About { mime: "audio/mpeg".to_owned(), duration_ms: None, waveform: Vec::new(), ..spoken() };
    let song = Media { file_name: Some("bell.mp3".to_owned()), ..media(MediaKind::Audio, 1, about) };
    let mut harness = open(vec![sent(song)]);
    click(&mut harness, "Sound file, 3.4 MB, from Ada, play");
    assert_eq!(asked_of_sound(&mut harness), [start(false)]);
    assert!(harness.query_by_label_contains("Place in").is_none(), "how long it is isn't known");
    plays(&mut harness, 61_000, PlayState::Playing);
    harness.get_by_label("1:01 · 3.4 MB");
}

#[test]
fn what_is_on_its_way_or_did_not_come_says_so() {
    let mut harness = open(vec![sent(voice(spoken()))]);
    harness.state_mut().shelf.0.insert(attachment(1), FileState::Coming { got_bytes: 1_000_000 });
    plays(&mut harness, 0, PlayState::Coming);
    harness.get_by_label("1.0 of 3.4 MB");
    click(&mut harness, &name("pause"));
    assert_eq!(asked_of_sound(&mut harness), [Action::Play(PlayAsk::Pause)]);
    let why = "The gateway was not reached.";
    harness.state_mut().shelf.0.insert(attachment(1), FileState::Failed { why: why.into() });
    harness.state_mut().sound.playing = None;
    harness.run_steps(2);
    harness.get_by_label(why);
    click(&mut harness, "Try again");
    assert_eq!(asked_of_sound(&mut harness), [start(true)], "it is played, and not by another program");
}

#[test]
fn what_can_t_be_played_here_is_left_to_the_default_program() {
    let amr = About { duration_ms: None, waveform: Vec::new(), ..about("audio/amr") };
    let mut harness = open(vec![sent(voice(amr))]);
    assert!(harness.query_by_label_contains(", play").is_none());
    click(&mut harness, "Open");
    let ask = FileAsk { attachment: attachment(1), name: None, mime: None, deed: FileDeed::Open };
    assert!(asked(&mut harness).contains(&Action::File(ask.clone())));

    let mut harness = open(vec![sent(voice(spoken()))]);
    harness.state_mut().sound.trouble = Some((file(), "It can't be played: its file is damaged."));
    harness.run_steps(2);
    harness.get_by_label("It can't be played: its file is damaged.");
    click(&mut harness, "Open");
    assert!(asked(&mut harness).contains(&Action::File(ask)));

    let opening = Opening::SaveOnly { reason: "It is a program.".to_owned() };
    let harness = open(vec![sent(voice(About { opening, ..spoken() }))]);
    assert!(
        harness.query_by_label_contains(", play").is_none(),
        "what may not be opened is not decoded either"
    );
    harness.get_by_label("It is a program.");
}

fn records(harness: &mut Harness<'_, Window>, seconds: i64, paused: bool) {
    let (length, most) = (TimeDelta::seconds(seconds), TimeDelta::seconds(164));
    let recording = Recording::On { length, level: 0.5, paused, most, trouble: None };
    harness.state_mut().sound.recording = (Some(interaction_id(1)), recording);
    harness.run_steps(2);
}

fn ask(ask: RecordAsk) -> [Action; 1] {
    [Action::Record(interaction_id(1), ask)]
}

const RECORD: (Modifiers, Key) = (Modifiers { shift: true, ..Modifiers::COMMAND }, Key::M);

#[test]
fn a_voice_note_is_recorded_paused_and_finished() {
    let mut harness = open(Vec::new());
    click(&mut harness, "Record a voice message");
    assert_eq!(asked_of_sound(&mut harness), ask(RecordAsk::Start));
    key(&mut harness, RECORD.0, RECORD.1);
    assert_eq!(asked_of_sound(&mut harness), ask(RecordAsk::Start));
    records(&mut harness, 42, false);
    harness.get_by_label("0:42 / 2:44");
    click(&mut harness, "Pause");
    assert_eq!(asked_of_sound(&mut harness), ask(RecordAsk::Pause));
    records(&mut harness, 42, true);
    click(&mut harness, "Resume");
    assert_eq!(asked_of_sound(&mut harness), ask(RecordAsk::Resume));
    for finish in ["Finish", "Finish the voice message"] {
        click(&mut harness, finish);
        assert_eq!(asked_of_sound(&mut harness), ask(RecordAsk::Finish));
    }
    key(&mut harness, RECORD.0, RECORD.1);
    assert_eq!(asked_of_sound(&mut harness), ask(RecordAsk::Finish));
    assert!(harness.query_by_label_contains("as a file to be downloaded").is_none());
    records(&mut harness, 165, false);
    harness.get_by_label("It will be shown as a file to be downloaded.");
}

#[test]
fn what_is_longer_than_a_moment_is_not_thrown_away_without_a_question() {
    let mut harness = open(Vec::new());
    records(&mut harness, 2, false);
    key(&mut harness, Modifiers::NONE, Key::Escape);
    assert_eq!(asked_of_sound(&mut harness), ask(RecordAsk::Discard));
    records(&mut harness, 42, false);
    key(&mut harness, Modifiers::NONE, Key::Escape);
    assert_eq!(asked_of_sound(&mut harness), []);
    harness.get_by_label("Discard the recording of 0:42?");
    key(&mut harness, Modifiers::NONE, Key::Escape);
    assert!(harness.query_by_label_contains("Discard the recording").is_none(), "it goes on");
    click(&mut harness, "Discard");
    click(&mut harness, "Keep it");
    assert_eq!(asked_of_sound(&mut harness), []);
    click(&mut harness, "Discard");
    click(&mut harness, "Discard it");
    assert_eq!(asked_of_sound(&mut harness), ask(RecordAsk::Discard));
}

#[test]
fn without_a_microphone_the_button_says_so_and_tries_again() {
    let mut harness = open(Vec::new());
    let recording = Recording::NoMicrophone { why: "the system knows of none".into() };
    harness.state_mut().sound.recording = (Some(interaction_id(1)), recording);
    harness.run_steps(2);
    click(&mut harness, "Record a voice message: no microphone");
    assert_eq!(asked_of_sound(&mut harness), ask(RecordAsk::Start));
}

#[test]
fn one_voice_note_is_recorded_at_a_time() {
    let mut harness = open(Vec::new());
    records(&mut harness, 42, false);
    harness.state_mut().sound.recording.0 = Some(interaction_id(2));
    harness.run_steps(2);
    assert!(harness.query_by_label("Finish").is_none());
    click(&mut harness, "Record a voice message");
    key(&mut harness, RECORD.0, RECORD.1);
    assert_eq!(asked_of_sound(&mut harness), []);
}
