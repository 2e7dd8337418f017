//! An interaction as a page that every browser shows. Everything that people wrote is escaped, and the page loads nothing
//! from anywhere.

use std::fmt::Write as _;

use super::sheet::{Pair, Said, Sheet, Side};

/// How it looks, on a screen and on paper.
const STYLE: &str = "body{font:14px/1.45 system-ui,sans-serif;max-width:46em;margin:2em auto;padding:0 1em;color:#1b1f2a}\
h1{font-size:1.3em;margin:0 0 .5em}h2{font-size:1em;margin:2em 0 .5em}.by{color:#5b6375;font-size:.9em}\
.m{border:1px solid #dfe2ea;border-radius:10px;padding:.5em .8em;margin:.5em 20% .5em 0;break-inside:avoid}\
.m.us{margin:.5em 0 .5em 20%;background:#e6e8fc}.m.note{margin:.5em 10%;border:0;text-align:center;color:#5b6375}\
.t{white-space:pre-wrap;overflow-wrap:anywhere}.q{border-left:3px solid #4a4fcb;padding-left:.6em;color:#5b6375}\
table{border-collapse:collapse}td{padding:.15em 1.2em .15em 0;vertical-align:top}\
@media print{body{margin:0;max-width:none}.m.us{background:none}}";

/// Writes it.
pub(super) fn write(sheet: &Sheet<'_>) -> String {
    let mut page = String::new();
    let out = &mut page;
    let (language, title) = (Escaped(sheet.language), Escaped(&sheet.title));
    put(out, format_args!("<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n"));
    put(
        out,
        format_args!(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        ),
    );
    put(out, format_args!("<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"));
    put(out, format_args!("<h1 dir=\"auto\">{title}</h1>\n"));
    table(out, sheet.about.iter().chain(&sheet.facts));
    for day in &sheet.days {
        put(out, format_args!("<h2>{}</h2>\n", Escaped(&day.day)));
        for message in &day.said {
            said(out, message);
        }
    }
    if !sheet.happened.is_empty() {
        put(out, format_args!("<h2>What happened</h2>\n"));
        table(out, sheet.happened.iter());
    }
    put(out, format_args!("</body>\n</html>\n"));
    page
}

fn put(out: &mut String, words: std::fmt::Arguments<'_>) {
    // Writing to a text never fails.
    out.write_fmt(words).unwrap_or_default();
}

fn table<'a>(out: &mut String, rows: impl Iterator<Item = &'a Pair<'a>>) {
    put(out, format_args!("<table>\n"));
    for (name, value) in rows {
        let (name, value) = (Escaped(name), Escaped(value));
        put(
            out,
            format_args!("<tr><td class=\"by\">{name}</td><td class=\"t\" dir=\"auto\">{value}</td></tr>\n"),
        );
    }
    put(out, format_args!("</table>\n"));
}

fn said(out: &mut String, said: &Said<'_>) {
    let class = match said.side {
        Side::Theirs => "m",
        Side::Ours => "m us",
        Side::Between => "m note",
    };
    put(out, format_args!("<div class=\"{class}\">\n"));
    for words in &said.origin {
        put(out, format_args!("<div class=\"by t\" dir=\"auto\">{}</div>\n", Escaped(words)));
    }
    if let Some(quote) = said.quote {
        put(out, format_args!("<div class=\"q\" dir=\"auto\">{}</div>\n", Escaped(quote)));
    }
    put(out, format_args!("<div class=\"t\" dir=\"auto\">{}</div>\n", Escaped(said.text)));
    for (until, words) in &said.earlier {
        let (until, words) = (Escaped(until), Escaped(words));
        put(out, format_args!("<div class=\"by\">Until {until}:</div>\n"));
        put(out, format_args!("<div class=\"q t\" dir=\"auto\">{words}</div>\n"));
    }
    let at = said.at.to_rfc3339();
    put(out, format_args!("<div class=\"by\">"));
    if !said.by.is_empty() {
        put(out, format_args!("<bdi>{}</bdi> · ", Escaped(&said.by)));
    }
    put(out, format_args!("<time datetime=\"{at}\">{}</time>", Escaped(&said.time)));
    for words in &said.became {
        put(out, format_args!(" · <bdi>{}</bdi>", Escaped(words)));
    }
    put(out, format_args!("</div>\n</div>\n"));
}

/// A text of whomever, as it may stand in a page. What turns the direction of others is left out.
struct Escaped<'a>(&'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                '\n' | '\t' => f.write_char(c)?,
                '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
                c if c.is_control() => f.write_char(' ')?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{super::tests::sheet, *};

    #[test]
    fn what_people_wrote_is_never_a_part_of_the_page() {
        let page = sheet(write);
        assert!(!page.contains("<script>") && !page.contains("<b>") && !page.contains("<i>"), "{page}");
        assert!(!page.contains('\u{202e}') && !page.contains('\u{0}'));
        assert!(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quoted&quot;"));
        assert!(page.contains("default-src 'none'"), "it loads nothing");
    }

    #[test]
    fn who_said_what_and_when_is_told_and_what_happened() {
        let page = sheet(write);
        assert!(page.contains("مرحبا 🌷\nsecond line"));
        assert!(page.contains("O&#39;Neil &lt;b&gt;") && page.contains(" · <bdi>read</bdi>"), "{page}");
        assert!(page.contains("marked it done."), "{page}");
        assert!(page.contains("<title>&lt;i&gt;Masha&lt;/i&gt;</title>"));
        assert!(page.contains("<h2>Monday, 21 September 2026</h2>"), "{page}");
        assert!(page.contains("Until Monday") && page.contains("marhaba"), "what it said before");
        assert!(page.contains("<bdi>👍 &lt;i&gt;Masha&lt;/i&gt;</bdi>"), "{page}");
    }
}
