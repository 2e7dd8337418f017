//! Letters that the shipped fonts have, and those that they lack: these are asked for on another thread, and the window wakes
//! with the answer, whether this machine has a font for them or not.

use std::sync::mpsc;

use egui::RawInput;

use super::{jumbo::Jumbo, *};

fn is_lacking(ctx: &Context, text: &str) -> bool {
    layout(ctx, &Words::plain(text, Style::new(14.0)), Wrap::at(300.0)).lacking
}

fn pass(ctx: &Context) {
    let mut output = ctx.run_ui(RawInput::default(), |_ui| {});
    output.textures_delta.clear();
}

#[test]
fn a_text_without_fonts_is_laid_out_again_when_the_finder_has_answered() {
    let ctx = Context::default();
    let (wake, woken) = mpsc::channel();
    let finder = install(&ctx);
    // A new window draws itself some times on its own.
    for _time in 0..4 {
        pass(&ctx);
    }
    assert!(is_lacking(&ctx, "\u{e9b4}"), "nobody has a font for a private letter");
    let before = generation(&ctx);
    ctx.set_request_repaint_callback(move |_request| wake.send(()).expect("the test listens"));
    // When the window has gone, it answers what was asked for, and ends.
    ctx.on_exit();
    finder.run();
    assert!(woken.try_recv().is_ok(), "the window was woken");
    pass(&ctx);
    assert!(generation(&ctx) > before, "what it found was taken in");
}

#[test]
fn what_takes_long_to_draw_is_drawn_elsewhere_and_the_window_is_woken() {
    let ctx = Context::default();
    let (wake, woken) = mpsc::channel();
    let finder = install(&ctx);
    for _time in 0..4 {
        pass(&ctx);
    }
    ctx.set_request_repaint_callback(move |_request| wake.send(()).expect("the test listens"));
    let of = |text: &str| layout(&ctx, &Words::plain(text, Style::new(22.0)), Wrap::at(f32::INFINITY));
    let flag = of("🇪🇨");
    assert!(of("a few letters").prepare(&ctx), "the window draws them itself");
    assert!(!flag.prepare(&ctx) && is_looking(&ctx));
    pass(&ctx);
    assert!(!flag.prepare(&ctx), "it is not ordered twice, and not waited for");
    assert!(woken.try_recv().is_err(), "nothing has come");
    // When the window has gone, what was ordered is still drawn.
    ctx.on_exit();
    finder.run();
    assert!(woken.try_recv().is_ok(), "the window was woken");
    pass(&ctx);
    assert!(flag.prepare(&ctx));
}

#[test]
fn more_letters_than_a_frame_has_time_for_are_drawn_elsewhere() {
    let ctx = Context::default();
    let _finder = install(&ctx);
    let letters: String = ('a'..='z').chain('A'..='Z').chain('А'..='я').collect();
    let sized = |size: f32| layout(&ctx, &Words::plain(&letters, Style::new(size)), Wrap::at(900.0));
    assert!([20.0, 21.0, 22.0].map(sized).iter().all(|galley| galley.prepare(&ctx)), "so many are no harm");
    assert!(!sized(23.0).prepare(&ctx));
    pass(&ctx);
    assert!(layout(&ctx, &Words::plain("another", Style::new(19.0)), Wrap::at(300.0)).prepare(&ctx));
}

#[test]
fn without_a_finder_nothing_is_waited_for() {
    let ctx = Context::default();
    assert!(is_lacking(&ctx, "漢字"));
    assert!(!is_lacking(&ctx, "Zażółć gęślą jaźń 😀 Привет"));
    assert!(layout(&ctx, &Words::plain("🇪🇨", Style::new(22.0)), Wrap::at(300.0)).prepare(&ctx));
    pass(&ctx);
    assert_eq!(generation(&ctx), 0);
}

#[test]
fn every_emoji_is_one_letter_of_the_colour_font() {
    let ctx = Context::default();
    // The shipped font knows Unicode 17.
    let known = emojis::iter().filter(|emoji| emoji.unicode_version().major() <= 17);
    let all = known.flat_map(|emoji| emoji.skin_tones().map_or_else(|| vec![emoji], Iterator::collect));
    let mut count = 0;
    for emoji in all {
        let emoji = emoji.as_str();
        let galley = layout(&ctx, &Words::plain(emoji, Style::new(14.0)), Wrap::at(f32::INFINITY));
        // A family without a picture of its own would be several pictures side by side.
        let rects = galley.rects(0..emoji.len());
        assert!(!galley.lacking, "{emoji}");
        assert_eq!(rects.len(), 1, "{emoji}");
        assert!(rects[0].width() < 20.0, "{emoji} is {} wide", rects[0].width());
        assert_eq!(Jumbo::of(emoji), Some(Jumbo::One), "{emoji}");
        assert_eq!(galley.right(Caret::default()).offset, emoji.len(), "{emoji}");
        count += 1;
    }
    assert!(count > 3500, "{count} only");
}
