//! An interaction as a page: who, when, what was said and by whom, what happened. Everything that people wrote is escaped, and
//! the page loads nothing from anywhere.

use std::fmt::Write as _;

use chrono::{DateTime, FixedOffset, Utc};
use waxwing_protocol::{
    delivery::Delivery,
    message::{Author, Body, Message},
};

use crate::desk::phones;
use crate::{
    desk::past::Whole,
    ui::{language::Language, life_sentence},
};

/// How it looks, on a screen and on paper.
const STYLE: &str = "body{font:14px/1.45 system-ui,sans-serif;max-width:46em;margin:2em auto;padding:0 1em;color:#1b1f2a}\
h1{font-size:1.3em;margin:0}h2{font-size:1em;margin:2em 0 .5em}.meta,.by{color:#5b6375;font-size:.9em}\
.m{border:1px solid #dfe2ea;border-radius:10px;padding:.5em .8em;margin:.5em 20% .5em 0;break-inside:avoid}\
.m.us{margin:.5em 0 .5em 20%;background:#e6e8fc}.m.note{margin:.5em 10%;border:0;text-align:center;color:#5b6375}\
.t{white-space:pre-wrap;overflow-wrap:anywhere}.q{border-left:3px solid #4a4fcb;padding-left:.6em;color:#5b6375}\
table{border-collapse:collapse}td{padding:.15em 1.2em .15em 0;vertical-align:top}\
@media print{body{margin:0;max-width:none}.m.us{background:none}}";

/// Tells a moment in the agent's time zone.
type Local<'a> = &'a dyn Fn(DateTime<Utc>) -> DateTime<FixedOffset>;

/// Writes it.
pub(super) fn write(whole: &Whole, language: &Language, local: Local<'_>) -> String {
    let interaction = &whole.record.interaction;
    let title = phones::title(&interaction.contact);
    let exact = |at| language.exact(at, local(at).offset());
    let mut page = String::new();
    let out = &mut page;
    put(
        out,
        format_args!(
            "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n",
            Escaped(language.tag())
        ),
    );
    put(
        out,
        format_args!(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        ),
    );
    put(out, format_args!("<title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n", Escaped(&title)));
    put(out, format_args!("<h1 dir=\"auto\">{}</h1>\n", Escaped(&title)));
    let address = phones::address(&interaction.contact);
    let number = &interaction.business_number;
    put(
        out,
        format_args!(
            "<p class=\"meta\">{} · {} {} · {}</p>\n",
            Escaped(&address),
            Escaped(&number.name),
            Escaped(&number.display_number),
            Escaped(&exact(interaction.created_at)),
        ),
    );
    facts(out, whole);
    for message in &whole.messages {
        said(out, message, &title, &exact);
    }
    if !whole.record.steps.is_empty() {
        put(out, format_args!("<h2>What happened</h2>\n<table>\n"));
        for step in &whole.record.steps {
            let (at, words) = (exact(step.at), life_sentence(step));
            put(
                out,
                format_args!("<tr><td class=\"by\">{}</td><td>{}</td></tr>\n", Escaped(&at), Escaped(&words)),
            );
        }
        put(out, format_args!("</table>\n"));
    }
    put(out, format_args!("</body>\n</html>\n"));
    page
}

fn put(out: &mut String, words: std::fmt::Arguments<'_>) {
    // Writing to a text never fails.
    out.write_fmt(words).unwrap_or_default();
}

fn facts(out: &mut String, whole: &Whole) {
    let interaction = &whole.record.interaction;
    let note = interaction.note.as_ref().map(|note| ("Note", note.text.as_str()));
    let outcome = interaction.disposition.as_ref().map(|code| ("What came of it", code.as_str()));
    let data = interaction.case_data.iter().map(|datum| (datum.key.as_str(), datum.value.as_str()));
    let rows: Vec<_> = data.chain(outcome).chain(note).collect();
    if rows.is_empty() {
        return;
    }
    put(out, format_args!("<table>\n"));
    for (name, value) in rows {
        put(
            out,
            format_args!(
                "<tr><td class=\"by\">{}</td><td class=\"t\" dir=\"auto\">{}</td></tr>\n",
                Escaped(name),
                Escaped(value)
            ),
        );
    }
    put(out, format_args!("</table>\n"));
}

fn said(out: &mut String, message: &Message, title: &str, exact: &dyn Fn(DateTime<Utc>) -> String) {
    let (class, by) = match &message.author {
        Author::Contact => ("m", title),
        Author::Agent { name, .. } => ("m us", name.as_str()),
        Author::System => ("m note", ""),
    };
    put(out, format_args!("<div class=\"{class}\">\n"));
    if let Some(quote) = &message.quote {
        put(out, format_args!("<div class=\"q\" dir=\"auto\">{}</div>\n", Escaped(&quote.excerpt)));
    }
    put(out, format_args!("<div class=\"t\" dir=\"auto\">{}</div>\n", Escaped(words(message))));
    let mut foot = vec![by.to_owned(), exact(message.sent_at)];
    foot.retain(|part| !part.is_empty());
    foot.extend(message.delivery.as_ref().map(|state| delivery(&state.delivery).to_owned()));
    let emoji: Vec<_> = message.reactions.iter().map(|reaction| reaction.emoji.as_str()).collect();
    foot.extend((!emoji.is_empty()).then(|| emoji.join(" ")));
    put(out, format_args!("<div class=\"by\" dir=\"auto\">{}</div>\n</div>\n", Escaped(&foot.join(" · "))));
}

/// What a message says; of what is not words, what stands for it.
fn words(message: &Message) -> &str {
    match &message.body {
        Body::Text { text } | Body::System { text } => text,
        _ => &message.fallback,
    }
}

const fn delivery(delivery: &Delivery) -> &'static str {
    match delivery {
        Delivery::Read => "read",
        Delivery::Played => "listened to",
        Delivery::Delivered => "delivered",
        Delivery::Sent => "sent",
        Delivery::Failed(_) => "not delivered",
        Delivery::Uncertain => "may have arrived",
        Delivery::Queued | Delivery::Accepted | Delivery::Unknown => "on its way",
    }
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
    use chrono::TimeDelta;
    use waxwing_protocol::{
        agent::Colleague,
        delivery::DeliveryState,
        history::{InteractionRecord, LifeReason, LifeStep},
        id::AgentId,
    };

    use super::*;
    use crate::desk::tests::{at, int, interaction, said};

    const NASTY: &str = "<script>alert('x')</script> & \"quoted\"\u{202e}\u{0}";

    fn page() -> String {
        let agent = AgentId::new(at(0), [1; 10]);
        let mut asked = said(1, int(1), 0);
        asked.body = Body::Text { text: NASTY.to_owned() };
        let mut answered = said(2, int(1), 60);
        answered.author = Author::Agent { agent, name: "O'Neil <b>".to_owned() };
        answered.body = Body::Text { text: "مرحبا 🌷\nsecond line".to_owned() };
        answered.delivery = Some(DeliveryState::new(1, Delivery::Read, at(60)));
        let mut interaction = interaction(1);
        interaction.contact.name = Some("<i>Masha</i>".to_owned());
        let by = Some(Colleague { id: agent, display_name: "Jana".to_owned() });
        let step =
            LifeStep { at: at(90), phase: "done".to_owned(), owner: None, by, why: LifeReason::MarkedDone };
        let record = InteractionRecord { interaction, steps: vec![step] };
        let whole = Whole { record, messages: vec![asked, answered] };
        let local = |at: DateTime<Utc>| (at + TimeDelta::zero()).fixed_offset();
        write(&whole, &Language::first_of(["en-GB"]), &local)
    }

    #[test]
    fn what_people_wrote_is_never_a_part_of_the_page() {
        let page = page();
        assert!(!page.contains("<script>") && !page.contains("<b>") && !page.contains("<i>"), "{page}");
        assert!(!page.contains('\u{202e}') && !page.contains('\u{0}'));
        assert!(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quoted&quot;"));
        assert!(page.contains("default-src 'none'"), "it loads nothing");
    }

    #[test]
    fn who_said_what_and_when_is_told_and_what_happened() {
        let page = page();
        assert!(page.contains("مرحبا 🌷\nsecond line"));
        assert!(page.contains("O&#39;Neil &lt;b&gt;") && page.contains(" · read"), "{page}");
        assert!(page.contains("marked it done."), "{page}");
        assert!(page.contains("<title>&lt;i&gt;Masha&lt;/i&gt;</title>"));
    }
}
