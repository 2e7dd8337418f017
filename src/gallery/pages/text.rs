//! Words: marks, links, emoji alone, and a great many of them.

use waxwing_protocol::delivery::Delivery;

use super::{Page, conversation};
use crate::gallery::desk::Thread;

pub(super) fn pages() -> Vec<Page> {
    vec![marks(), links(), jumbo(), long()]
}

fn marks() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 3400);
    for text in [
        "Plain, *bold*, _italic_, ~struck~, `code` and *_~all of them~_* in one line",
        "Marks within words do_not_count, nor * alone *, nor *open",
        "- one\n- two, which is so long that it has to go on in a second row below the first one of its own item, and on\n- *three*",
        "1. first\n2. second\n10. tenth",
        "> a quotation, which is also so long that it has to go on in a second row next to the bar\n> and goes on\nand the answer",
        "```\nfn main() {\n    println!(\"0Oil1\");\n}\n```",
        "Before ```three lines\n  of code``` and after",
        "> *bold* in a quotation\n* a star as a bullet\n* another with `code`",
    ] {
        thread.wrote(text);
        thread.pause(330);
    }
    thread.answered(
        "*Ours* too: _italic_, ~struck~, `code`\n- one\n- two\n> quoted\n```code```",
        Delivery::Read,
    );
    conversation("text-marks", [1000.0, 1250.0], thread)
}

fn links() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900);
    for text in [
        "See https://www.example.com/orders/48213?ref=mail#top and www.example.org, or example.net/help.",
        "Punycode: https://xn--mnchen-3ya.de/ and written out: https://münchen.de/",
        "Mixed script: https://pаypal.com/login and https://аррӏе.com",
        "Credentials: https://www.example.com@evil.example/login",
        "Write to help@example.com or call +44 20 7946 0958, ticket 2026-05-13 is no number",
        "No link: javascript:alert(1) file:///etc/passwd data:text/html,x",
        "https://example.com/a/very/long/address/that/does/not/fit/into/one/row/of/a/bubble/and/has/to/be/broken/somewhere/on/its/way?with=arguments&and=more",
        "*Bold https://example.com/in/bold*, `https://example.com/in/code`",
    ] {
        thread.wrote(text);
        thread.pause(40);
    }
    thread.answered("Ours: https://shop.example.com/returns, help@example.com", Delivery::Delivered);
    conversation("text-links", [1000.0, 880.0], thread)
}

fn jumbo() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900);
    for text in ["❤️", "😀😃", "👩‍👩‍👧‍👦🏳️‍🌈👍🏽", "😀😃😄😁", "😀 and a word"]
    {
        thread.wrote(text);
    }
    thread.answered("👍", Delivery::Read);
    thread.answered("🎉🎉", Delivery::Sent);
    thread.answered("🎉🎉🎉", Delivery::Delivered);
    conversation("text-jumbo", [1000.0, 860.0], thread)
}

fn long() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900);
    let sentence = "The parcel was to come on Tuesday, then on Wednesday, and now the page says that it was handed over to a neighbour whom nobody here knows. ";
    thread.wrote(&sentence.repeat(6));
    thread.wrote(&format!("One word: {}", "Donaudampfschifffahrtsgesellschaft".repeat(8)));
    thread.wrote("One\nrow\nafter\nthe\nother\n\nand\none\nmore");
    thread.wrote("short");
    thread.answered(&sentence.repeat(3), Delivery::Read);
    thread.answered("ok", Delivery::Read);
    conversation("text-long", [1000.0, 1100.0], thread)
}
