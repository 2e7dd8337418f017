//! The field to write in: keys, mouse, clipboard, undo and input methods, in mixed text.

use egui::{
    Event, Id, ImeEvent, Key, Modifiers, OutputCommand, PointerButton, Pos2, Role, Vec2, accesskit, pos2,
    vec2,
};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use waxwing::ui::{
    text::{
        Ink, Style,
        editor::{Editor, EditorState},
    },
    theme::Theme,
};

/// What is written, and where the field was in the last frame.
#[derive(Default)]
struct Written {
    state: EditorState,
    galley: Pos2,
    size: Vec2,
    caret: f32,
    changes: usize,
}

fn open<'a>(text: &str) -> Harness<'a, Written> {
    open_as(text, |editor| editor.min_rows(2).max_height(100.0))
}

fn open_as<'a>(text: &str, made: fn(Editor<'_>) -> Editor<'_>) -> Harness<'a, Written> {
    let written = Written { state: EditorState::new(text), ..Written::default() };
    let mut harness = Harness::builder().with_size([300.0, 200.0]).with_step_dt(0.02).build_ui_state(
        move |ui, written: &mut Written| {
            let ink = Ink::of(&Theme::shipped(egui::Theme::Light));
            let editor = Editor::new(&mut written.state, Id::unique("field"), Style::new(14.0), ink);
            let output = made(editor.label("Message to Ada").hint("Write to Ada")).show(ui);
            written.galley = output.at;
            written.size = output.galley.size();
            written.caret = output.caret.left();
            written.changes += usize::from(output.response.changed());
        },
        written,
    );
    harness.get_by_label("Message to Ada").focus();
    harness.run_steps(2);
    harness
}

fn press(harness: &mut Harness<'_, Written>, modifiers: Modifiers, keys: &[Key]) {
    for key in keys {
        harness.key_press_modifiers(modifiers, *key);
        harness.run_steps(1);
    }
}

fn send(harness: &mut Harness<'_, Written>, events: impl IntoIterator<Item = Event>) {
    for event in events {
        harness.event(event);
        harness.run_steps(1);
    }
}

fn type_in(harness: &mut Harness<'_, Written>, text: &str) {
    send(harness, text.chars().map(|letter| Event::Text(letter.to_string())));
}

/// Where the caret goes on the screen with each press, until it stays.
fn travel(harness: &mut Harness<'_, Written>, key: Key) -> Vec<f32> {
    let mut places = vec![harness.state().caret];
    loop {
        press(harness, Modifiers::NONE, &[key]);
        let place = harness.state().caret;
        if places.last() == Some(&place) || places.len() > 60 {
            return places;
        }
        places.push(place);
    }
}

fn click(harness: &mut Harness<'_, Written>, at: Pos2, times: usize) {
    harness.event(Event::PointerMoved(at));
    for _time in 0..times {
        for pressed in [true, false] {
            let button = PointerButton::Primary;
            harness.event(Event::PointerButton { pos: at, button, pressed, modifiers: Modifiers::NONE });
            harness.run_steps(1);
        }
    }
}

#[test]
fn what_is_typed_stands_there_and_is_heard() {
    let mut harness = open("");
    harness.get_by_label("Message to Ada").type_text("Grüße 😀");
    harness.run_steps(2);
    press(&mut harness, Modifiers::SHIFT, &[Key::Enter]);
    type_in(&mut harness, "عم");
    assert_eq!(harness.state().state.text(), "Grüße 😀\nعم");
    let node = harness.get_by_role_and_label(Role::MultilineTextInput, "Message to Ada");
    assert_eq!(node.value().as_deref(), Some("Grüße 😀\nعم"));
    assert_eq!(harness.state().changes, 4);
}

#[test]
fn the_caret_goes_through_mixed_text_as_it_is_seen() {
    for text in ["abc שלום 12 def", "שלום abc 12 עולם", "ab\u{5d0}\u{5d1}"] {
        let mut harness = open(text);
        press(&mut harness, Modifiers::COMMAND, &[Key::Home]);
        travel(&mut harness, Key::ArrowLeft);
        let right = travel(&mut harness, Key::ArrowRight);
        assert!(right.is_sorted() && right.len() > text.chars().count(), "{text}: {right:?}");
        let mut left = travel(&mut harness, Key::ArrowLeft);
        left.reverse();
        assert_eq!(left.first(), right.first(), "{text}");
        assert_eq!(left.last(), right.last(), "{text}");
    }
}

#[test]
fn the_caret_leaves_a_paragraph_where_reading_does() {
    let mut harness = open("ab\nשל\ncd");
    harness.state_mut().state.select(2..2);
    press(&mut harness, Modifiers::NONE, &[Key::ArrowRight]);
    assert_eq!(harness.state().state.caret(), 3, "on to the right-to-left paragraph, at its right edge");
    press(&mut harness, Modifiers::NONE, &[Key::ArrowLeft, Key::ArrowLeft]);
    assert_eq!(harness.state().state.caret(), 7, "through it leftwards");
    press(&mut harness, Modifiers::NONE, &[Key::ArrowLeft]);
    assert_eq!(harness.state().state.caret(), 8, "and out of it");
    press(&mut harness, Modifiers::NONE, &[Key::ArrowLeft]);
    assert_eq!(harness.state().state.caret(), 7);
}

#[test]
fn a_right_to_left_paragraph_stands_at_the_right_edge() {
    let mut harness = open("abc");
    let (left, width) = (harness.state().galley.x, harness.state().size.x);
    assert!(harness.state().caret < left + 60.0);
    press(&mut harness, Modifiers::NONE, &[Key::Enter]);
    type_in(&mut harness, "ש");
    assert!(harness.state().caret > left + width - 20.0 && harness.state().caret <= left + width);
}

#[test]
fn up_and_down_keep_to_their_column() {
    let mut harness = open("a long first row\nb\na long third row");
    press(&mut harness, Modifiers::COMMAND, &[Key::Home]);
    press(&mut harness, Modifiers::NONE, &[Key::ArrowRight; 6]);
    press(&mut harness, Modifiers::NONE, &[Key::ArrowDown, Key::ArrowDown]);
    assert_eq!(harness.state().state.caret(), 19 + 6);
    press(&mut harness, Modifiers::NONE, &[Key::ArrowDown]);
    assert_eq!(harness.state().state.caret(), 35, "below the last row is the end");
    press(&mut harness, Modifiers::NONE, &[Key::Home]);
    assert_eq!(harness.state().state.caret(), 19);
    press(&mut harness, Modifiers::NONE, &[Key::ArrowUp, Key::End]);
    assert_eq!(harness.state().state.caret(), 18);
}

#[test]
fn backspace_takes_what_looks_like_one_letter() {
    for letter in ["e\u{301}", "👨‍👩‍👧‍👦", "🇩🇪", "1️⃣", "👍🏽", "ش", "नि", "각", "\n"]
    {
        let mut harness = open(&format!("a{letter}"));
        press(&mut harness, Modifiers::NONE, &[Key::Backspace]);
        assert_eq!(harness.state().state.text(), "a", "{letter}");
        harness.state_mut().state.set_text(&format!("{letter}b"));
        press(&mut harness, Modifiers::COMMAND, &[Key::Home]);
        press(&mut harness, Modifiers::NONE, &[Key::Delete]);
        assert_eq!(harness.state().state.text(), "b", "{letter}");
    }
}

#[test]
fn words_are_stepped_over_and_deleted() {
    let mut harness = open("one two שלוש four");
    press(&mut harness, Modifiers::CTRL, &[Key::Backspace]);
    assert_eq!(harness.state().state.text(), "one two שלוש ");
    press(&mut harness, Modifiers::CTRL, &[Key::Backspace]);
    assert_eq!(harness.state().state.text(), "one two ");
    press(&mut harness, Modifiers::CTRL, &[Key::ArrowLeft]);
    assert_eq!(harness.state().state.caret(), 4);
    press(&mut harness, Modifiers::CTRL, &[Key::Delete]);
    assert_eq!(harness.state().state.text(), "one ");
    harness.state_mut().state = EditorState::new("a\nb");
    press(&mut harness, Modifiers::COMMAND, &[Key::Home]);
    press(&mut harness, Modifiers::CTRL, &[Key::Delete, Key::Delete]);
    assert_eq!(harness.state().state.text(), "b", "the line break goes as well");
}

#[test]
fn shift_selects_and_typing_replaces() {
    let mut harness = open("one two three");
    press(&mut harness, Modifiers::SHIFT | Modifiers::CTRL, &[Key::ArrowLeft]);
    assert_eq!(harness.state().state.selected(), "three");
    type_in(&mut harness, "3");
    assert_eq!(harness.state().state.text(), "one two 3");
    press(&mut harness, Modifiers::SHIFT, &[Key::Home]);
    press(&mut harness, Modifiers::NONE, &[Key::ArrowLeft]);
    assert_eq!((harness.state().state.caret(), harness.state().state.selected()), (0, ""));
    press(&mut harness, Modifiers::COMMAND, &[Key::A]);
    press(&mut harness, Modifiers::NONE, &[Key::Backspace]);
    assert_eq!(harness.state().state.text(), "");
}

#[test]
fn undo_goes_back_word_by_word_and_forth_again() {
    let mut harness = open("");
    type_in(&mut harness, "hello big world");
    send(&mut harness, [Event::Paste("\r\npasted".to_owned())]);
    let undo = |harness: &mut Harness<'_, Written>| {
        press(harness, Modifiers::COMMAND, &[Key::Z]);
        harness.state().state.text().to_owned()
    };
    assert_eq!(undo(&mut harness), "hello big world");
    assert_eq!(undo(&mut harness), "hello big ");
    assert_eq!(undo(&mut harness), "hello ");
    press(&mut harness, Modifiers::COMMAND | Modifiers::SHIFT, &[Key::Z]);
    press(&mut harness, Modifiers::COMMAND, &[Key::Y]);
    assert_eq!(harness.state().state.text(), "hello big world");
    press(&mut harness, Modifiers::NONE, &[Key::Backspace, Key::Backspace]);
    assert_eq!(undo(&mut harness), "hello big world", "deletions in a row are one step");
    assert_eq!((undo(&mut harness), undo(&mut harness), undo(&mut harness)).2, "");
    assert_eq!(undo(&mut harness), "", "nothing is left to undo");
}

#[test]
fn copy_and_cut_give_the_logical_text() {
    let mut harness = open("abc שלום def");
    harness.state_mut().state.select(2..9);
    for (event, left) in [(Event::Copy, "abc שלום def"), (Event::Cut, "abום def")] {
        harness.event(event);
        harness.step();
        let copied = harness.output().platform_output.commands.iter().find_map(|command| match command {
            OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        });
        assert_eq!(copied.as_deref(), Some("c של"));
        assert_eq!(harness.state().state.text(), left);
    }
}

#[test]
fn an_input_method_composes_and_decides() {
    let mut harness = open("a b");
    harness.state_mut().state.select(1..1);
    let preedit = |text: &str| {
        let active_range_chars = Some(1..1);
        Event::Ime(ImeEvent::Preedit { text: text.to_owned(), active_range_chars })
    };
    send(&mut harness, [preedit("に"), preedit("にほ")]);
    assert_eq!(harness.state().state.text(), "aにほ b");
    assert_eq!(harness.state().state.caret(), 4);
    let output = harness.output().platform_output.ime.expect("the place of the caret is told");
    assert!(output.rect.contains(output.cursor_rect.center()));
    send(&mut harness, [Event::Ime(ImeEvent::Commit("日本".to_owned()))]);
    assert_eq!(harness.state().state.text(), "a日本 b");
    send(&mut harness, [preedit("x"), preedit("")]);
    assert_eq!(harness.state().state.text(), "a日本 b", "given up");
    send(&mut harness, [Event::Ime(ImeEvent::DeleteSurrounding { before_chars: 1, after_chars: 1 })]);
    assert_eq!(harness.state().state.text(), "a日b");
    press(&mut harness, Modifiers::COMMAND, &[Key::Z, Key::Z, Key::Z]);
    assert_eq!(harness.state().state.text(), "a b");
}

#[test]
fn the_mouse_sets_the_caret_and_selects() {
    let mut harness = open("one two three\nfour five");
    let at = harness.state().galley + vec2(1.0, 8.0);
    click(&mut harness, at, 1);
    assert_eq!(harness.state().state.caret(), 0);
    let two = harness.state().galley + vec2(40.0, 8.0);
    // Long after the first click, which would count.
    harness.run_steps(40);
    click(&mut harness, two, 2);
    assert_eq!(harness.state().state.selected(), "two");
    click(&mut harness, two, 1);
    assert_eq!(harness.state().state.selected(), "one two three", "the third click takes the paragraph");
    let end = harness.state().galley + vec2(200.0, 30.0);
    harness.drag_at(at);
    harness.run_steps(1);
    harness.hover_at(end);
    harness.run_steps(1);
    harness.drop_at(end);
    harness.run_steps(1);
    assert_eq!(harness.state().state.selected(), "one two three\nfour five");
}

#[test]
fn a_long_text_scrolls_to_the_caret() {
    let mut harness = open(&"row\n".repeat(30));
    type_in(&mut harness, "x");
    harness.run_steps(2);
    let field = harness.state().galley.y + harness.state().size.y;
    assert!(harness.state().size.y > 500.0 && field < 120.0, "the last row is seen: {field}");
    press(&mut harness, Modifiers::COMMAND, &[Key::Home]);
    harness.run_steps(20);
    assert!(harness.state().galley.y >= 0.0);
}

#[test]
fn a_field_of_one_row_stays_one_and_moves_sideways() {
    for (words, from_the_right) in [
        ("zora.magdalena.zaunkoenig-hohenstein@department.of.examples.example.com", false),
        ("السلام عليكم ورحمة الله وبركاته وأهلا وسهلا بكم في متجرنا الصغير على الإنترنت", true),
    ] {
        let mut harness = open_as("", |editor| editor.min_rows(1).one_row());
        type_in(&mut harness, words);
        let rect = harness.get_by_label("Message to Ada").rect();
        assert!(rect.height() < 25.0, "one row: {rect:?}");
        assert_eq!(harness.get_by_label("Message to Ada").accesskit_node().role(), Role::TextInput);
        let inside = |harness: &Harness<'_, Written>| {
            let caret = harness.state().caret;
            assert!((rect.left() - 1.0..=rect.right() + 1.0).contains(&caret), "{caret} within {rect:?}");
        };
        inside(&harness);
        let at_end = harness.state().galley.x;
        press(&mut harness, Modifiers::NONE, &[Key::Home]);
        inside(&harness);
        let at_start = harness.state().galley.x;
        assert!(
            (at_start < at_end) == from_the_right && (at_start - at_end).abs() > 50.0,
            "{at_start} {at_end}"
        );
        press(&mut harness, Modifiers::NONE, &[Key::End]);
        inside(&harness);
        press(&mut harness, Modifiers::NONE, &[Key::Enter]);
        send(&mut harness, [Event::Paste("\r\nx\ny".to_owned())]);
        assert_eq!(harness.state().state.text(), format!("{words} x y"), "no line breaks");
    }
}

#[test]
fn marks_are_put_around_and_taken_away() {
    let mut state = EditorState::new("some words here");
    state.select(4..11);
    state.wrap("*");
    assert_eq!(state.text(), "some *words* here");
    assert_eq!(state.selected(), "words");
    state.wrap("*");
    assert_eq!(state.text(), "some words here");
    state.select(2..2);
    state.wrap("```");
    assert_eq!((state.text(), state.caret()), ("so``````me words here", 5));
    assert!(state.undo() && state.undo() && state.undo() && !state.undo());
    assert_eq!(state.text(), "some words here");
    assert_eq!(state.take(), "some words here");
    assert!(!state.undo(), "what was sent is gone");
}

#[test]
fn a_screen_reader_hears_the_caret_and_can_write() {
    let mut harness = open("one\ntwo");
    let node = harness.get_by_role(Role::MultilineTextInput);
    let node = node.accesskit_node();
    let selection = node.text_selection().expect("a selection");
    assert!(selection.is_degenerate());
    let id = node.locate().0;
    let request = accesskit::ActionRequest {
        action: accesskit::Action::ReplaceSelectedText,
        target_node: id,
        target_tree: accesskit::TreeId::ROOT,
        data: Some(accesskit::ActionData::Value("!".into())),
    };
    send(&mut harness, [Event::AccessKitActionRequest(request)]);
    assert_eq!(harness.state().state.text(), "one\ntwo!");
    assert!(harness.state().galley.distance(pos2(0.0, 0.0)) < 30.0);
}
