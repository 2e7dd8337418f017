//! Letters that the shipped fonts lack: they are asked for on another thread, and the window wakes with the answer,
//! whether this machine has a font for them or not.

use std::sync::mpsc;

use egui::{Context, RawInput};
use waxwing::ui::text::{self, Style, Words, Wrap};

fn is_lacking(ctx: &Context, text: &str) -> bool {
    text::layout(ctx, &Words::plain(text, Style::new(14.0)), Wrap::at(300.0)).is_lacking()
}

fn pass(ctx: &Context) {
    let mut output = ctx.run_ui(RawInput::default(), |_ui| {});
    output.textures_delta.clear();
}

#[test]
fn a_text_without_fonts_is_laid_out_again_when_the_finder_has_answered() {
    let ctx = Context::default();
    let (wake, woken) = mpsc::channel();
    let finder = text::install(&ctx);
    // A new window draws itself some times on its own.
    for _time in 0..4 {
        pass(&ctx);
    }
    assert!(is_lacking(&ctx, "\u{e9b4}"), "nobody has a font for a private letter");
    let before = text::generation(&ctx);
    ctx.set_request_repaint_callback(move |_request| wake.send(()).expect("the test listens"));
    // When the window has gone, it answers what was asked for, and ends.
    ctx.on_exit();
    finder.run();
    assert!(woken.try_recv().is_ok(), "the window was woken");
    pass(&ctx);
    assert!(text::generation(&ctx) > before, "what it found was taken in");
}

#[test]
fn without_a_finder_nothing_is_waited_for() {
    let ctx = Context::default();
    assert!(is_lacking(&ctx, "漢字"));
    assert!(!is_lacking(&ctx, "Zażółć gęślą jaźń 😀 Привет"));
    pass(&ctx);
    assert_eq!(text::generation(&ctx), 0);
}
