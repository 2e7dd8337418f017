//! The rules of the marks, one line each, and what must hold for every text.

use std::cell::Cell;

use super::*;

mod properties;

thread_local! {
    static STEPS: Cell<usize> = const { Cell::new(0) };
}

/// Counts one step of reading: what is read in steps that grow with the text's length can't be slow.
pub(super) fn step() {
    STEPS.set(STEPS.get() + 1);
}

/// The blocks as one line: their kind, and in them the spans as `b[…]`, `i[…]`, `s[…]`, `c[…]`.
fn read(text: &str) -> String {
    let document = parse(text);
    let blocks: Vec<String> = document.blocks.iter().map(written_out).collect();
    blocks.join(" | ")
}

fn written_out(block: &Block) -> String {
    let mut out = String::new();
    for (at, letter) in block.text.char_indices().chain([(block.text.len(), '\0')]) {
        let closing = block.spans.iter().filter(|span| span.range.end == at).count();
        out.push_str(&"]".repeat(closing));
        for span in block.spans.iter().filter(|span| span.range.start == at) {
            out.push_str(match span.mark {
                Mark::Bold => "b[",
                Mark::Italic => "i[",
                Mark::Strike => "s[",
                Mark::Code => "c[",
            });
        }
        if letter != '\0' {
            out.push(letter);
        }
    }
    match block.kind {
        BlockKind::Paragraph => out,
        BlockKind::Quote => format!("Quote({out})"),
        BlockKind::Code => format!("Code({out})"),
        BlockKind::Bullet => format!("Bullet({out})"),
        BlockKind::Numbered(number) => format!("{number}({out})"),
    }
}

#[test]
fn marks_are_read_at_word_borders() {
    let table = [
        ("*bold*", "b[bold]"),
        ("_italic_ ~strike~ `code`", "i[italic] s[strike] c[code]"),
        ("a *b c* d", "a b[b c] d"),
        ("*_x_*", "b[i[x]]"),
        ("*_~x~_*", "b[i[s[x]]]"),
        ("_*a* b_", "i[b[a] b]"),
        ("*bold*_italic_", "b[bold]i[italic]"),
        ("(*a*), *b*!", "(b[a]), b[b]!"),
        ("*a.*", "b[a.]"),
        ("\"*a*\"", "\"b[a]\""),
        // No word border outside.
        ("2*3*4", "2*3*4"),
        ("2**3**4", "2**3**4"),
        ("snake_case_name", "snake_case_name"),
        ("*bold*s", "*bold*s"),
        ("a*b*", "a*b*"),
        ("*a*1", "*a*1"),
        ("~/a/b~c", "~/a/b~c"),
        // White space inside.
        ("* a*", "Bullet(a*)"),
        ("x * a*", "x * a*"),
        ("*a *", "*a *"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("*\u{a0}a*", "*\u{a0}a*"),
        // The first that can open does, the first that can close it does.
        ("*a* b*", "b[a] b*"),
        ("*a *b*", "b[a *b]"),
        ("*a b", "*a b"),
        ("a b*", "a b*"),
        ("*a _b* c_", "b[a _b] c_"),
        ("_a *b c_ d", "i[a *b c] d"),
        ("_a *b* c", "_a b[b] c"),
        // Runs.
        ("**a**", "*b[a]*"),
        ("***a***", "**b[a]**"),
        ("__init__", "_i[init]_"),
        ("*a**", "b[a]*"),
        ("**", "**"),
        ("***", "***"),
        ("~~~", "~~~"),
        ("~~~~", "~~~~"),
        ("____", "____"),
        ("* * *", "Bullet(* *)"),
        ("*", "*"),
        // A line ends everything.
        ("*a\nb*", "*a\nb*"),
        ("*a*\n*b*", "b[a]\nb[b]"),
        ("*a*\r\n_b_", "b[a]\r\ni[b]"),
    ];
    for (text, wanted) in table {
        assert_eq!(read(text), wanted, "{text:?}");
    }
}

#[test]
fn letters_of_every_script_are_letters() {
    let table = [
        // Emoji and symbols are borders, a keycap's asterisk is no mark.
        ("😀*a*😀", "😀b[a]😀"),
        ("*😀*", "b[😀]"),
        ("👨‍👩‍👧*x*🇩🇪", "👨‍👩‍👧b[x]🇩🇪"),
        ("*️⃣ a *️⃣", "*️⃣ a *️⃣"),
        ("*️⃣*a*", "*️⃣b[a]"),
        ("*\u{301}a*", "*\u{301}a*"),
        // Arabic and Hebrew.
        ("*مرحبا* بك", "b[مرحبا] بك"),
        ("مر*حبا*", "مر*حبا*"),
        ("،*مرحبا*؟", "،b[مرحبا]؟"),
        ("שלום *עולם*", "שלום b[עולם]"),
        ("\u{200f}*مهم*\u{200f}", "\u{200f}b[مهم]\u{200f}"),
        // A vowel sign or a virama belongs to its letter.
        ("हिन्दी*क*", "हिन्दी*क*"),
        ("क्*क*", "क्*क*"),
        ("*नमस्ते* जी", "b[नमस्ते] जी"),
        // Scripts without spaces between words: a letter is a letter, full stops and brackets are borders.
        ("长*宽*高", "长*宽*高"),
        ("请 *务必* 带上", "请 b[务必] 带上"),
        ("「*重要*」。", "「b[重要]」。"),
        ("ราคา*พิเศษ*", "ราคา*พิเศษ*"),
        ("*중요*합니다", "*중요*합니다"),
        // Umlauts, made of one or of two.
        ("ü*a*", "ü*a*"),
        ("u\u{308}*a*", "u\u{308}*a*"),
    ];
    for (text, wanted) in table {
        assert_eq!(read(text), wanted, "{text:?}");
    }
}

#[test]
fn nothing_is_read_inside_code() {
    let table = [
        ("`*a*`", "c[*a*]"),
        ("*`a*`*", "b[c[a*]]"),
        ("`a` `b`", "c[a] c[b]"),
        ("`a", "`a"),
        ("``a``", "`c[a]`"),
        ("``", "``"),
        ("` a`", "` a`"),
        ("see ```*a* b``` there", "see c[*a* b] there"),
        ("x```a```y", "xc[a]y"),
        ("*```a```*", "b[c[a]]"),
        ("```*a*```", "Code(*a*)"),
        ("  ```a```  ", "Code(a)"),
        ("```\nfn a() {}\n> b\n```", "Code(fn a() {}\n> b)"),
        ("```\r\na\r\n```\r\nb", "Code(a) | b"),
        ("a\n```b\nc```\nd", "a | Code(b\nc) | d"),
        ("a ```b\nc``` d", "a  | Code(b\nc) |  d"),
        ("a\n\n```b```\n\nc", "a\n | Code(b) | \nc"),
        ("```a```\n", "Code(a) | "),
        ("```a```\n```b```", "Code(a) | Code(b)"),
        // Not closed, or with nothing inside.
        ("```a *b*", "```a b[b]"),
        ("``` ```", "``` ```"),
        ("``````", "``````"),
        ("``` ```a```", "``` c[a]"),
        ("```a```b```", "c[a]b```"),
    ];
    for (text, wanted) in table {
        assert_eq!(read(text), wanted, "{text:?}");
    }
}

#[test]
fn nothing_is_read_inside_addresses() {
    let table = [
        ("https://a.example/_b_/*c*", "https://a.example/_b_/*c*"),
        ("*https://a.example/b_c*", "b[https://a.example/b_c]"),
        ("_https://a.example/b_c_", "i[https://a.example/b_c]"),
        ("_see https://a.example/b_c_.", "i[see https://a.example/b_c]."),
        ("_first_@example.com_", "i[first_@example.com]"),
        ("https://a.example/b_ _c_", "https://a.example/b_ i[c]"),
        ("*a*https://a.example", "*a*https://a.example"),
        ("```https://a.example/_b_```", "Code(https://a.example/_b_)"),
        ("see `https://a.example/_b_`", "see c[https://a.example/_b_]"),
    ];
    for (text, wanted) in table {
        assert_eq!(read(text), wanted, "{text:?}");
    }
}

#[test]
fn lines_are_quotes_and_lists_by_how_they_begin() {
    let table = [
        ("> a", "Quote(a)"),
        ("> a\n> *b*\nc", "Quote(a\nb[b]) | c"),
        (">a", ">a"),
        ("> ", "> "),
        ("> > a", "Quote(> a)"),
        (" > a", " > a"),
        ("a > b", "a > b"),
        ("* a\n* b", "Bullet(a) | Bullet(b)"),
        ("- a\n- *b*", "Bullet(a) | Bullet(b[b])"),
        ("*a", "*a"),
        ("-", "-"),
        ("- ", "- "),
        ("- - a", "Bullet(- a)"),
        ("1. a\n2. b\n999. c", "1(a) | 2(b) | 999(c)"),
        ("2026. a", "2026. a"),
        ("0. a\n01. b", "0. a\n01. b"),
        ("1.a\n1) b\n1.", "1.a\n1) b\n1."),
        ("٣. a", "٣. a"),
        ("a\n\n- b\n\nc", "a\n | Bullet(b) | \nc"),
        ("> ```a```", "Quote(c[a])"),
        ("- ```a\nb```", "-  | Code(a\nb)"),
        ("", ""),
        ("\n", "\n"),
        ("a\n", "a\n"),
    ];
    for (text, wanted) in table {
        assert_eq!(read(text), wanted, "{text:?}");
    }
}

#[test]
fn a_selection_gives_what_was_written() {
    let copied = |text: &str, shown: &str| {
        let document = parse(text);
        let block = &document.blocks[0];
        let at = block.text.find(shown).expect("is shown");
        text[block.source_range(at..at + shown.len())].to_owned()
    };
    assert_eq!(copied("an *old* house", "old"), "*old*");
    assert_eq!(copied("an *old* house", "ol"), "ol");
    assert_eq!(copied("an *old* house", "ld"), "ld");
    assert_eq!(copied("an *old* house", "old house"), "*old* house");
    assert_eq!(copied("an *old* house", "ld house"), "ld* house");
    assert_eq!(copied("an *old* house", "an old"), "an *old*");
    assert_eq!(copied("an *_old_* house", "old"), "*_old_*");
    assert_eq!(copied("an *_old_ and grey* house", "old"), "_old_");
    assert_eq!(copied("a ```b c``` d", "b c"), "```b c```");
    assert_eq!(copied("a ```b c``` d", "a b"), "a ```b");
    assert_eq!(copied("> a\n> *b*", "a\nb"), "> a\n> *b*", "a whole block is all of it");
    assert_eq!(copied("> a\n> *b*", "b"), "*b*");
    assert_eq!(copied("12. twelve", "twelve"), "12. twelve");
    assert_eq!(copied("```\na\n```", "a"), "```\na\n```");
}

#[test]
fn a_selection_across_blocks_takes_the_ones_between_whole() {
    let text = "see *this*:\n> a quote\n- *one*\n- two";
    let document = parse(text);
    let copied = |from: (usize, usize), to: (usize, usize)| {
        let place = |(block, offset)| Place { block, offset };
        &text[document.source_range(place(from), place(to))]
    };
    assert_eq!(copied((0, 4), (2, 3)), "*this*:\n> a quote\n- *one*");
    assert_eq!(copied((0, 4), (3, 2)), "*this*:\n> a quote\n- *one*\n- tw");
    assert_eq!(copied((1, 0), (3, 3)), "> a quote\n- *one*\n- two");
    assert_eq!(copied((1, 2), (2, 2)), "quote\n- *on");
    assert_eq!(copied((0, 4), (2, 0)), "*this*:\n> a quote\n");
    assert_eq!(copied((0, 0), (9, 9)), text);
    assert_eq!(copied((2, 1), (2, 1)), "");
    assert_eq!(copied((3, 0), (1, 0)), "");
    assert_eq!(parse("").source_range(Place { block: 0, offset: 0 }, Place { block: 5, offset: 5 }), 0..0);
}

#[test]
fn reading_takes_steps_in_proportion_to_the_length() {
    let steps = |text: &str| {
        STEPS.set(0);
        std::hint::black_box(parse(text));
        STEPS.get()
    };
    let pieces = [
        "*_", "*", "_", "~*_`", "*a ", "*a _b ", "_*a", "`", "` ", "`a ", "```", "``` ", "```a", "```a\n",
        "> *", "- `a", "*a* _", "**_a", "\u{301}*", "a\u{301}", "1. ", "\n", "* ", "*️⃣",
    ];
    for piece in pieces {
        let text = piece.repeat(65_536 / piece.len());
        assert!(steps(&text) <= 4 * text.len(), "{piece:?}: {} steps", steps(&text));
        let half = steps(&text[..text.len() / 2 / piece.len() * piece.len()]);
        assert!(steps(&text) <= 2 * half + 64, "{piece:?}: {} steps, half of it {half}", steps(&text));
    }
}
