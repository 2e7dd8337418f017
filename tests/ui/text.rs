//! Text as it is painted: what has ink and where, what is sent to the graphics card, and what strangers cannot do.

use std::sync::{Arc, LazyLock};

use egui::{Color32, Context, RawInput, Rect, Vec2, pos2, vec2};
use proptest::prelude::*;
use waxwing::{
    gallery::canvas::{Canvas, Frame},
    ui::{
        text::{self, Galley, Ink, Label, Look, Span, Style, Words, Wrap},
        theme::Theme,
    },
};

const SIZE: Vec2 = vec2(320.0, 240.0);

/// One for all texts, because it reads the fonts.
static CONTEXT: LazyLock<Context> = LazyLock::new(Context::default);

/// A window in which text is painted, frame after frame.
struct Window {
    ctx: Context,
    canvas: Canvas,
    scale: f32,
}

impl Window {
    fn open() -> Self {
        Self { ctx: Context::default(), canvas: Canvas::default(), scale: 1.0 }
    }

    fn show(&mut self, draw: impl FnMut(&mut egui::Ui)) -> Frame {
        let screen_rect = Some(Rect::from_min_size(pos2(0.0, 0.0), SIZE));
        let mut input = RawInput { screen_rect, ..RawInput::default() };
        if let Some(viewport) = input.viewports.get_mut(&input.viewport_id) {
            viewport.native_pixels_per_point = Some(self.scale);
        }
        let output = self.ctx.run_ui(input, draw);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small picture")]
        let size = [SIZE.x * self.scale, SIZE.y * self.scale].map(|side| side as usize);
        self.canvas.paint(&self.ctx, output, size)
    }

    /// Paints a text in the middle of the window.
    fn paint(&mut self, text: &str, wrap: Wrap) -> (Frame, Arc<Galley>) {
        let mut galley = None;
        let frame = self.show(|ui| {
            let words = Words::plain(text, Style::new(14.0));
            let laid_out = text::layout(ui.ctx(), &words, wrap);
            laid_out.paint(ui.painter(), pos2(20.0, 100.0), &ink());
            galley = Some(laid_out);
        });
        (frame, galley.expect("was laid out"))
    }
}

/// The rows of pixels, from and to, that are not all white.
fn inked_rows(frame: &Frame) -> Option<(usize, usize)> {
    let inked = |y: &usize| (0..frame.width).any(|x| frame.at(x, *y) != Color32::WHITE);
    Some(((0..frame.height).find(inked)?, (0..frame.height).rfind(inked)?))
}

/// How many pixels have a colour in them that is not a grey.
fn coloured(frame: &Frame) -> usize {
    let spread = |c: &&Color32| c.r().abs_diff(c.g()).max(c.g().abs_diff(c.b())) > 24;
    frame.pixels.iter().filter(spread).count()
}

fn ink() -> Ink {
    Ink::of(&Theme::shipped(egui::Theme::Light))
}

fn lay_out(text: &str, wrap: Wrap) -> Arc<Galley> {
    text::layout(&CONTEXT, &Words::plain(text, Style::new(14.0)), wrap)
}

#[test]
fn each_letter_is_drawn_and_sent_once() {
    let mut window = Window::open();
    window.paint("hello", Wrap::at(200.0));
    let once = window.canvas.uploaded();
    window.paint("hello", Wrap::at(200.0));
    assert_eq!(window.canvas.uploaded(), once, "nothing new");
    window.paint("hello 😀", Wrap::at(200.0));
    let new = window.canvas.uploaded() - once;
    assert!(new > 0 && new < 32 * 32, "one emoji alone: {new} pixels");
}

#[test]
fn emoji_have_their_colours_and_letters_the_ink() {
    let mut window = Window::open();
    let (frame, _galley) = window.paint("plain", Wrap::at(200.0));
    assert_eq!(coloured(&frame), 0);
    assert!(inked_rows(&frame).is_some());
    let (frame, _galley) = window.paint("❤️ 1️⃣", Wrap::at(200.0));
    assert!(coloured(&frame) > 60, "{}", coloured(&frame));
}

#[test]
fn a_finer_screen_gets_finer_letters_in_the_same_place() {
    let mut window = Window::open();
    let (frame, galley) = window.paint("Hg", Wrap::at(200.0));
    let (top, bottom) = inked_rows(&frame).expect("ink");
    window.scale = 2.0;
    let (fine, fine_galley) = window.paint("Hg", Wrap::at(200.0));
    let (fine_top, fine_bottom) = inked_rows(&fine).expect("ink");
    assert!((galley.size() - fine_galley.size()).length() < 2.0);
    assert!(fine_top.abs_diff(top * 2) <= 2 && fine_bottom.abs_diff(bottom * 2) <= 2);
}

#[test]
fn piles_of_accents_stay_in_their_row() {
    let mut window = Window::open();
    let zalgo = format!("Z{}a{}", "\u{301}".repeat(3000), "\u{325}".repeat(3000));
    let (frame, galley) = window.paint(&zalgo, Wrap::at(200.0));
    let (top, bottom) = inked_rows(&frame).expect("ink");
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small picture")]
    let end = (100.0 + galley.size().y) as usize;
    assert!(top >= 95 && bottom <= end + 5, "ink from {top} to {bottom}, rows end at {end}");
}

#[test]
fn hostile_text_is_laid_out_and_painted() {
    let long = "x".repeat(64 * 1024);
    let unassigned: String =
        ('\u{378}'..'\u{37a}').chain('\u{e0080}'..'\u{e00f0}').chain("\u{10ffff}".chars()).collect();
    let texts = [
        "\0\u{1}\u{7f}\u{80}\u{9f}\r\n\u{b}\u{c}\u{1c}\u{85}\u{2028}\u{2029}",
        "\u{fffe}\u{ffff}\u{fffd}\u{feff}",
        &unassigned,
        &long,
        &"\u{202e}\u{2067}".repeat(500),
        &"ن\u{200d}".repeat(2000),
        "\u{1f1e6}\u{1f1e6}\u{1f1e6}\u{20e3}\u{fe0f}\u{fe0e}\u{200d}",
        "",
        "\n\n\n",
    ];
    let mut window = Window::open();
    for text in texts {
        for wrap in [Wrap::at(0.0), Wrap::at(200.0), Wrap::one_row(60.0), Wrap::rows(100.0, 3)] {
            let (_frame, galley) = window.paint(text, wrap);
            assert_eq!(galley.text(), text);
            let size = galley.size();
            assert!(size.x.is_finite() && size.y.is_finite() && size.y > 0.0, "{size} for {wrap:?}");
            assert!(wrap.max_rows.is_none_or(|most| galley.rows().len() <= most));
            let mut caret = text::Caret::default();
            for _step in 0..40 {
                caret = galley.right(caret);
                assert!(text.is_char_boundary(caret.offset), "{caret:?} in {text:?}");
            }
            assert!(galley.hit(pos2(30.0, 5.0)) <= text.len());
            let _somewhere =
                (galley.word_at(text.len() / 2), galley.rects(0..text.len()), galley.link_at(pos2(3.0, 3.0)));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn no_text_upsets_a_galley(
        text in "([a-z \u{5d0}-\u{5d4}\u{627}-\u{630}\u{300}-\u{303}1-3\r\n\t\u{200b}-\u{200f}\u{2028}-\u{202e}\u{2066}-\u{2069}\u{fe0f}\u{20e3}👍🏽👩🇩🇪नि각]|\\PC){0,40}",
        width in 0.0_f32..120.0,
        rows in prop::option::of(1_usize..4),
        at in 0_usize..60,
    ) {
        let galley = text::layout(
            &CONTEXT,
            &Words::plain(&text, Style::new(14.0)),
            Wrap { max_width: width, max_rows: rows },
        );
        prop_assert!(galley.size().is_finite());
        prop_assert!(rows.is_none_or(|most| galley.rows().len() <= most));
        let at = text.floor_char_boundary(at.min(text.len()));
        let _places = (galley.rects(at..text.len()), galley.rects(0..at), galley.word_at(at));
        for upstream in [false, true] {
            let caret = text::Caret { offset: at, upstream };
            prop_assert!(galley.caret_rect(caret, 1.0).is_finite());
            let next = [
                galley.left(caret), galley.right(caret), galley.word_left(caret), galley.word_right(caret),
                galley.row_start(caret), galley.row_end(caret), galley.rows_down(caret, 1, 9.0), galley.rows_down(caret, -1, 9.0),
                galley.caret_at(pos2(width / 2.0, 30.0)),
            ];
            for caret in next {
                prop_assert!(text.is_char_boundary(caret.offset), "{caret:?} from {at} in {text:?}");
            }
            prop_assert!(text.is_char_boundary(galley.word_before(at)) && galley.word_before(at) <= at);
            prop_assert!(text.is_char_boundary(galley.word_after(at)) && galley.word_after(at) >= at);
        }
    }
}

#[test]
fn what_does_not_fit_is_cut_with_an_ellipsis() {
    let text = "The quick brown fox jumps over the lazy dog\nand again";
    let galley = lay_out(text, Wrap::one_row(100.0));
    assert!(galley.is_cut() && galley.rows().len() == 1 && galley.size().x <= 100.0);
    assert!(galley.size().x > 88.0, "a word is cut where the room ends: {}", galley.size().x);
    assert_eq!(galley.text(), text, "what is copied is whole");
    let galley = lay_out(text, Wrap::rows(100.0, 2));
    assert!(galley.is_cut() && galley.rows().len() == 2 && galley.size().x <= 100.0);
    assert!(galley.last_row_width() > 88.0, "in the last of several rows, too: {}", galley.last_row_width());
    assert!(!lay_out("short", Wrap::one_row(100.0)).is_cut());
    assert!(lay_out("a\nb\nc", Wrap::rows(100.0, 2)).is_cut());
    assert!(!lay_out("a\nb", Wrap::rows(100.0, 2)).is_cut());
    assert_eq!(lay_out("a\nb", Wrap::one_row(100.0)).rows().len(), 1, "breaks are spaces in one row");
}

#[test]
fn positions_and_offsets_lead_to_each_other() {
    let text = "Hello שלום 123 world\nsecond row";
    let galley = lay_out(text, Wrap::at(90.0));
    for (at, letter) in text.char_indices().filter(|(_at, letter)| !letter.is_whitespace()) {
        let rects = galley.rects(at..at + letter.len_utf8());
        assert_eq!(rects.len(), 1, "{letter} at {at}");
        let range = galley.word_under(rects[0].center());
        assert!(range.contains(&at), "{letter} at {at}: {range:?}");
        let hit = galley.hit(rects[0].center() - vec2(1.0, 0.0));
        assert!(hit == at || hit == at + letter.len_utf8(), "{letter} at {at}: {hit}");
    }
    assert_eq!(&text[galley.word_at(7)], "שלום");
    assert_eq!(galley.paragraph_range(25), 25..35);
}

#[test]
fn a_link_is_found_where_its_letters_are() {
    let text = "see example.com now";
    let spans = [Span { range: 4..15, look: Look::Link(7) }];
    let words = Words { text, spans: &spans, style: Style::new(14.0) };
    let galley = text::layout(&Context::default(), &words, Wrap::at(300.0));
    let on = galley.rects(4..15)[0];
    assert_eq!(galley.link_at(on.center()), Some(7));
    assert_eq!(galley.link_at(on.left_center() - vec2(6.0, 0.0)), None);
    assert_eq!(galley.link_at(pos2(290.0, on.center().y)), None);
    assert_eq!(galley.link_at(on.center() + vec2(0.0, 100.0)), None);
}

#[test]
fn looks_add_up_and_careless_spans_do_no_harm() {
    let text = "añb";
    let all = [Look::Bold, Look::Italic, Look::Strike, Look::Underline, Look::Code, Look::Muted, Look::Match];
    let ranges = [0..4, 1..3, 2..2, 2..3, 3..1000, 5..9];
    let spans: Vec<Span> = all
        .iter()
        .flat_map(|look| ranges.iter().map(|range| Span { range: range.clone(), look: *look }))
        .collect();
    let mut window = Window::open();
    let frame = window.show(|ui| {
        let words = Words { text, spans: &spans, style: Style::new(14.0) };
        text::layout(ui.ctx(), &words, Wrap::at(100.0)).paint(ui.painter(), pos2(20.0, 20.0), &ink());
    });
    assert!(inked_rows(&frame).is_some());
}

#[test]
fn a_label_is_heard_as_it_was_written() {
    use egui_kittest::{Harness, kittest::Queryable as _};
    let name = "نورة العتيبي 😀 who has quite a long name";
    let mut harness = Harness::new_ui(|ui| {
        ui.set_max_width(120.0);
        ui.add(Label::new(name, Style::new(14.0), ink()).one_row());
    });
    harness.run();
    let label = harness.get_by_label(name);
    assert!(label.rect().width() <= 120.0 && label.rect().height() <= 24.0);
}
