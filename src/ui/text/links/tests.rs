//! What is an address and what isn't, one line each; what may be followed; and what must hold for every text.

use std::cell::Cell;

use super::*;

mod properties;

thread_local! {
    static STEPS: Cell<usize> = const { Cell::new(0) };
}

/// Counts what is looked at: what grows with the text's length alone can't be slow.
pub(super) fn step(steps: usize) {
    STEPS.set(STEPS.get() + steps);
}

/// The text with its links in brackets, by what a click does: `[open]`, `{ask}`, `<plain>`.
fn read(text: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    for link in find(text) {
        out.push_str(&text[at..link.range.start]);
        let address = &text[link.range.clone()];
        let (before, after) = match link.verdict {
            Verdict::Open(_) => ('[', ']'),
            Verdict::Ask(_) => ('{', '}'),
            Verdict::Plain(_) => ('<', '>'),
        };
        out.push(before);
        out.push_str(address);
        out.push(after);
        at = link.range.end;
    }
    out + &text[at..]
}

fn all_read(table: &[(&str, &str)]) {
    for (text, wanted) in table {
        assert_eq!(read(text), *wanted, "{text:?}");
    }
}

#[test]
fn web_addresses_end_where_people_end_them() {
    all_read(&[
        ("https://example.com", "[https://example.com]"),
        ("see https://example.com/a?b=c&d#e now", "see [https://example.com/a?b=c&d#e] now"),
        ("https://example.com#e", "[https://example.com#e]"),
        ("HTTPS://EXAMPLE.COM/A", "[HTTPS://EXAMPLE.COM/A]"),
        ("http://example.com:8080/a", "[http://example.com:8080/a]"),
        ("https://example.com.", "[https://example.com]."),
        ("https://example.com/a, or", "[https://example.com/a], or"),
        ("https://example.com/a?!", "[https://example.com/a]?!"),
        ("(https://example.com/a)", "([https://example.com/a])"),
        ("(see https://example.com/a_(b))", "(see [https://example.com/a_(b)])"),
        ("<https://example.com/a>", "<[https://example.com/a]>"),
        ("\"https://example.com/a\"", "\"[https://example.com/a]\""),
        ("'https://example.com/a'", "'[https://example.com/a]'"),
        ("“https://example.com/a”", "“[https://example.com/a]”"),
        ("«https://example.com/a»", "«[https://example.com/a]»"),
        ("[text](https://example.com/a)", "[text]([https://example.com/a])"),
        ("https://example.com/a…", "[https://example.com/a]…"),
        ("https://example.com/a\nhttps://example.org", "[https://example.com/a]\n[https://example.org]"),
        ("https://example.com,https://example.org", "[https://example.com],[https://example.org]"),
        (
            "https://example.com,and;https://example.org:81/a",
            "[https://example.com],and;[https://example.org:81/a]",
        ),
        ("https://youtu.be/dQw4w9WgXc_", "[https://youtu.be/dQw4w9WgXc_]"),
        // Marks around it.
        ("*https://example.com/a*", "*[https://example.com/a]*"),
        ("_https://example.com/a_b_", "_[https://example.com/a_b]_"),
        (
            "_see https://example.com_, ~https://example.org/a~",
            "_see [https://example.com]_, ~[https://example.org/a]~",
        ),
        ("`https://example.com/a`", "`[https://example.com/a]`"),
        ("*a.example.com*, *b.example.com*", "*[a.example.com]*, *[b.example.com]*"),
        // Punctuation of other scripts, and words without a space.
        ("请看https://example.com/a。谢谢", "请看[https://example.com/a]。谢谢"),
        ("（https://example.com/a）、", "（[https://example.com/a]）、"),
        ("https://example.com谢谢", "[https://example.com]谢谢"),
        ("https://example.com/你好", "[https://example.com/你好]"),
        ("انظر https://example.com/a، شكرا", "انظر [https://example.com/a]، شكرا"),
        ("\u{200f}https://example.com/a\u{200f}", "\u{200f}[https://example.com/a]\u{200f}"),
        ("\u{2068}https://example.com/a\u{2069}", "\u{2068}[https://example.com/a]\u{2069}"),
        ("👉https://example.com/a👈", "👉[https://example.com/a]👈"),
        ("https://example.com😀", "[https://example.com]😀"),
        ("देखें https://example.com/a। धन्यवाद", "देखें [https://example.com/a]। धन्यवाद"),
        ("https://fa.example.org/می\u{200c}خواهم", "[https://fa.example.org/می\u{200c}خواهم]"),
    ]);
}

#[test]
fn names_without_a_scheme_are_links_if_nothing_else_is_meant() {
    all_read(&[
        ("example.com", "[example.com]"),
        ("www.example.com/a?b", "[www.example.com/a?b]"),
        ("see example.co.uk, or", "see [example.co.uk], or"),
        ("Link:example.com/a.", "Link:[example.com/a]."),
        ("example.com:8443/a", "[example.com:8443/a]"),
        ("wa.me/491234567", "[wa.me/491234567]"),
        ("EXAMPLE.COM", "[EXAMPLE.COM]"),
        ("münchen.de", "[münchen.de]"),
        ("пример.рф", "[пример.рф]"),
        ("例子.中国", "[例子.中国]"),
        ("请看example.com谢谢", "请看[example.com]谢谢"),
        ("example.com에서", "[example.com]에서"),
        ("24h.de and 9gag.com", "[24h.de] and [9gag.com]"),
        ("example.com/?to=https://example.org", "[example.com/?to=https://example.org]"),
        // Files, numbers, sentences, abbreviations, words.
        ("readme.md, run.sh, a.zip", "readme.md, run.sh, a.zip"),
        ("invoice.pdf photo.jpeg main.rs.bak", "invoice.pdf photo.jpeg main.rs.bak"),
        ("That was it.So we went.In the end", "That was it.So we went.In the end"),
        ("1.5 2.de 12.30 10.000 v1.2.3 192.168.0.1", "1.5 2.de 12.30 10.000 v1.2.3 192.168.0.1"),
        ("e.g. i.e. z.B. u.a. a.m. p.s. x.y", "e.g. i.e. z.B. u.a. a.m. p.s. x.y"),
        ("...com .com com. -.com a..com", "...com .com com. -.com a..com"),
        ("co.uk com de", "co.uk com de"),
        ("foo.invalidtld localhost", "foo.invalidtld localhost"),
        ("/etc/example.com @example.com #example.com", "/etc/example.com @example.com #example.com"),
    ]);
}

#[test]
fn e_mail_addresses_are_asked_about() {
    all_read(&[
        ("me@example.com", "{me@example.com}"),
        ("<first.last+tag@mail.example.co.uk>,", "<{first.last+tag@mail.example.co.uk}>,"),
        ("mailto:me@example.com", "mailto:{me@example.com}"),
        ("*me@example.com*", "*{me@example.com}*"),
        ("_me@example.com_", "_{me@example.com}_"),
        ("_me@example.com", "{_me@example.com}"),
        ("me@example.com。", "{me@example.com}。"),
        ("me@münchen.de", "{me@münchen.de}"),
        ("me@localhost me@ @me a@b@c.com", "me@localhost me@ @me a@b@c.com"),
        ("bank.com@evil.com/a", "<bank.com@evil.com/a>"),
        ("me:secret@evil.com", "me:{secret@evil.com}"),
        ("https://a.example/b_`a_b@c.example", "[https://a.example/b_]`{a_b@c.example}"),
        ("me@exa\u{200b}mple.com", "<me@exa\u{200b}mple.com>"),
    ]);
}

#[test]
fn nothing_can_be_added_to_an_e_mail_address() {
    let links = find("a?bcc=b&c%0a@example.com");
    let [Link { verdict: Verdict::Ask(target), .. }] = &links[..] else { panic!("{links:?}") };
    assert_eq!(target.url, "mailto:a%3Fbcc%3Db%26c%250a@example.com");
    assert_eq!(&target.shown[target.owner.clone()], "example.com");
}

#[test]
fn phone_numbers_are_international_or_have_an_area_in_brackets() {
    all_read(&[
        ("+49 30 901820", "{+49 30 901820}"),
        ("+493090182000.", "{+493090182000}."),
        ("call +1 (415) 555-2671, please", "call {+1 (415) 555-2671}, please"),
        ("(+49) 30 901820", "({+49) 30 901820}"),
        ("+49.30.901820", "{+49.30.901820}"),
        ("+44\u{a0}20\u{a0}7946\u{a0}0958", "{+44\u{a0}20\u{a0}7946\u{a0}0958}"),
        ("+49 (0)30 901820", "{+49 (0)30 901820}"),
        ("(030) 901820", "{(030) 901820}"),
        ("(415) 555-2671", "{(415) 555-2671}"),
        ("电话+8613800138000谢谢", "电话{+8613800138000}谢谢"),
        ("+٩٦٦ ٥٠ ١٢٣ ٤٥٦٧", "{+٩٦٦ ٥٠ ١٢٣ ٤٥٦٧}"),
        ("+49 30 901820. 2 rooms", "{+49 30 901820}. 2 rooms"),
        ("*+49 30 901820*", "*{+49 30 901820}*"),
        ("https://wa.me/+4930901820 +4930901820", "[https://wa.me/+4930901820] {+4930901820}"),
        // Too short, too long, no country, more letters.
        ("+49 30 1", "+49 30 1"),
        ("+1234567890123456", "+1234567890123456"),
        ("+0 123 456 789", "+0 123 456 789"),
        ("+49309018ab a+493090182000 2+1234567=1234569", "+49309018ab a+493090182000 2+1234567=1234569"),
        // Dates, order and account numbers, prices, times, sums.
        ("2026-11-22 22.11.2026 11/22/2026", "2026-11-22 22.11.2026 11/22/2026"),
        ("2026-11-22T10:00+01:00", "2026-11-22T10:00+01:00"),
        ("order 1234567890, No. 000-123-4567", "order 1234567890, No. 000-123-4567"),
        ("DE89 3704 0044 0532 0130 00", "DE89 3704 0044 0532 0130 00"),
        ("4111 1111 1111 1111", "4111 1111 1111 1111"),
        (
            "+1 234 567 €, +1.234.567,89, +1234567.89, +1234567 %",
            "+1 234 567 €, +1.234.567,89, +1234567.89, +1234567 %",
        ),
        ("(2026) 12345678901234 (12) 3", "(2026) 12345678901234 (12) 3"),
        ("C++ +++ + +", "C++ +++ + +"),
    ]);
    let dialled = |text: &str| match &find(text)[..] {
        [Link { kind: LinkKind::Phone, verdict: Verdict::Ask(target), .. }] => target.url.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(dialled("+49 (0)30 90 18-20"), "tel:+4930901820");
    assert_eq!(dialled("(030) 901820"), "tel:030901820");
    assert_eq!(dialled("+٩٦٦ ٥٠ ١٢٣ ٤٥٦٧"), "tel:+966501234567");
    assert_eq!(dialled("＋８１ ３ １２３４ ５６７８"), "tel:+81312345678");
}

/// What `judge` says, in short: the verdict, the target with its owner in brackets, and the warnings.
fn judged(address: &str) -> String {
    match judge(address) {
        Verdict::Open(target) => format!("open {}", told(&target)),
        Verdict::Ask(target) => format!("ask {}", told(&target)),
        Verdict::Plain(reason) => format!("{reason:?}"),
    }
}

fn told(target: &Target) -> String {
    let Target { shown, owner, warnings, .. } = target;
    let (before, owned, after) = (&shown[..owner.start], &shown[owner.clone()], &shown[owner.end..]);
    let warnings: Vec<_> = warnings.iter().map(|warning| format!(" {warning:?}")).collect();
    format!("{before}[{owned}]{after}{}", warnings.concat())
}

#[test]
fn where_an_address_really_leads_is_told() {
    let table = [
        ("https://example.com/a", "open https://[example.com]/a"),
        ("example.com", "open https://[example.com]/"),
        ("example.com:80/a", "open https://[example.com]:80/a Port(80)"),
        ("HTTP://Www.Example.Co.UK", "open http://www.[example.co.uk]/"),
        ("https://paypal.com.evil.com/", "open https://paypal.com.[evil.com]/"),
        ("https://paypal.com-login.evil.co.uk", "open https://paypal.com-login.[evil.co.uk]/"),
        ("https://me.github.io/", "open https://[me.github.io]/"),
        ("https://a.b.unknowntld/", "open https://a.[b.unknowntld]/"),
        ("https://example.com./", "open https://[example.com]./"),
        ("https://example.com/\\@evil.com", "open https://[example.com]//@evil.com"),
        ("https://evil.com\\@example.com", "open https://[evil.com]/@example.com"),
        ("https://example.com:443/", "open https://[example.com]/"),
        ("https://example.com:8443/", "open https://[example.com]:8443/ Port(8443)"),
        ("https://example.com/ä", "open https://[example.com]/%C3%A4"),
        // Numbers and the agent's own network.
        ("http://93.184.216.34/", "open http://[93.184.216.34]/ Number"),
        ("http://0x5db8d822/", "open http://[93.184.216.34]/ Number"),
        ("http://2130706433/", "open http://[127.0.0.1]/ Number LocalNetwork"),
        ("http://192.168.1.1/a", "open http://[192.168.1.1]/a Number LocalNetwork"),
        ("http://[::1]:80/", "open http://[[::1]]/ Number LocalNetwork"),
        ("http://[::ffff:127.0.0.1]/", "open http://[[::ffff:7f00:1]]/ Number LocalNetwork"),
        ("http://[2001:db8::1]/", "open http://[[2001:db8::1]]/ Number"),
        ("http://localhost:3000", "open http://[localhost]:3000/ LocalNetwork Port(3000)"),
        ("http://printer.local", "open http://[printer.local]/ LocalNetwork"),
        // Other letters.
        ("https://münchen.de", "open https://[xn--mnchen-3ya.de]/ International(\"münchen.de\")"),
        ("https://xn--mnchen-3ya.de", "open https://[xn--mnchen-3ya.de]/ International(\"münchen.de\")"),
        ("https://пример.рф", "open https://[xn--e1afmkfd.xn--p1ai]/ International(\"пример.рф\")"),
        (
            "https://аpple.com",
            "open https://[xn--pple-43d.com]/ International(\"аpple.com\") MixedScripts LooksLike(\"apple.com\")",
        ),
        (
            "https://аррӏе.com",
            "open https://[xn--80ak6aa92e.com]/ International(\"аррӏе.com\") LooksLike(\"apple.com\")",
        ),
        ("https://日本abc.jp", "open https://[xn--abc-s08fl0d.jp]/ International(\"日本abc.jp\")"),
        ("https://ｅｘａｍｐｌｅ.com", "open https://[example.com]/"),
        ("https://example。com", "open https://[example.com]/"),
        // Never.
        ("https://bank.com@evil.com/", "Credentials"),
        ("https://me:secret@evil.com/", "Credentials"),
        ("https://@evil.com/", "Credentials"),
        ("https://bank.com%2f@evil.com/", "Credentials"),
        ("https://exa\u{200b}mple.com/", "Hidden"),
        ("https://exa\u{ad}mple.com/", "Hidden"),
        ("https://exa\tmple.com/", "Hidden"),
        ("https://example.com/\u{202e}gpj.exe", "Hidden"),
        ("https://example.com/a\u{0}b", "Hidden"),
        ("java\u{200b}script:alert(1)", "Hidden"),
        ("javascript:alert(1)", "Scheme(\"javascript\")"),
        ("JavaScript:alert(1)", "Scheme(\"javascript\")"),
        ("javascript://example.com/%0aalert(1)", "Scheme(\"javascript\")"),
        ("data:text/html,<script>", "Scheme(\"data\")"),
        ("file:///etc/passwd", "Scheme(\"file\")"),
        ("intent://example.com#Intent;end", "Scheme(\"intent\")"),
        ("ftp://example.com/", "Scheme(\"ftp\")"),
        ("smb://example.com/a", "Scheme(\"smb\")"),
        ("vbscript:a", "Scheme(\"vbscript\")"),
        ("waxwing:a", "Scheme(\"waxwing\")"),
        ("https:example.com", "Invalid"),
        ("https://", "Invalid"),
        ("https://exa mple.com/", "Invalid"),
        ("https://xn--a/", "Invalid"),
        ("", "Invalid"),
        ("tel:+49 30 901820", "ask [+4930901820]"),
        ("tel:110", "ask [110]"),
        ("tel:*21*1#", "Invalid"),
        ("mailto:me@example.com?subject=a", "ask me@[example.com]"),
        ("mailto:", "Invalid"),
    ];
    for (address, wanted) in table {
        assert_eq!(judged(address), wanted, "{address:?}");
    }
}

#[test]
fn hostile_addresses_in_a_text_stay_text() {
    all_read(&[
        ("https://bank.com@evil.com/a", "<https://bank.com@evil.com/a>"),
        ("https://me:secret@evil.com", "<https://me:secret@evil.com>"),
        ("https://bank.com,a@evil_b.com/a", "<https://bank.com,a@evil_b.com>/a"),
        ("https://exa\u{200b}mple.com/a", "<https://exa\u{200b}mple.com/a>"),
        ("https://exa\u{7}mple.com/a", "<https://exa>\u{7}[mple.com/a]"),
        ("exa\u{200b}mple.com", "<exa\u{200b}mple.com>"),
        ("\u{202e}https://example.com/a", "\u{202e}<https://example.com/a>"),
        ("\u{202e}a\nhttps://example.com/a", "\u{202e}a\n[https://example.com/a]"),
        ("a \u{202d}b c +49 30 901820", "a \u{202d}b c <+49 30 901820>"),
        ("https://example.com/\u{202e}gpj.exe", "<https://example.com/\u{202e}gpj.exe>"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("javascript://example.com/%0aalert(1)", "<javascript://example.com/%0aalert(1)>"),
        ("file:///etc/passwd", "<file:///etc/passwd>"),
        ("https://ex%61mple.com", "<https://ex>%61mple.com"),
        ("аpple.com", "[аpple.com]"),
    ]);
}

#[test]
fn what_is_told_is_a_sentence() {
    let reasons = [
        Reason::Scheme("file".to_owned()),
        Reason::Credentials,
        Reason::Hidden,
        Reason::Reordered,
        Reason::Invalid,
    ];
    let warnings = [
        Warning::International("münchen.de".to_owned()),
        Warning::MixedScripts,
        Warning::LooksLike("apple.com".to_owned()),
        Warning::Number,
        Warning::LocalNetwork,
        Warning::Port(81),
    ];
    for sentence in reasons.iter().map(Reason::sentence).chain(warnings.iter().map(Warning::sentence)) {
        assert!(sentence.ends_with('.') && sentence.starts_with(char::is_uppercase), "{sentence}");
    }
}

#[test]
fn finding_takes_steps_in_proportion_to_the_length() {
    let steps = |text: &str| {
        STEPS.set(0);
        std::hint::black_box(find(text));
        STEPS.get()
    };
    let pieces = [
        "a.",
        "a_.",
        "_a.",
        "ab.de,",
        "ab.de:1,",
        "ab.de/",
        "ab.de/,",
        "a@",
        "a@b_",
        "a@b.de/",
        "http://",
        "http://a",
        "http://a.de,",
        "://",
        "https://a.de/((",
        "+1",
        "+1 ",
        "(12) 3",
        "1+",
        "*a.de*",
        "_a.de_ ",
        "_",
        "\u{202e}",
        "ab.de ",
        "ab.de\n",
        "请a.de",
        "\u{200b}a.de",
        "a.de#",
        "+1234567 ",
        "a.de?a.de",
        "http://b.de@",
        "😀a.de",
    ];
    for piece in pieces {
        let text = piece.repeat(65_536 / piece.len());
        let (all, half) = (steps(&text), steps(&piece.repeat(32_768 / piece.len())));
        assert!(
            all <= 24 * text.len() && all <= 2 * half + 2 * detect::LONGEST * 8,
            "{piece:?}: {all}, half {half}"
        );
    }
}
