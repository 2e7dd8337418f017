//! What hangs on messages: deliveries, quotes, reactions, earlier words, forwarded marks, where the contact came from.

use waxwing_protocol::{
    agent::Agent,
    delivery::{Delivery, DeliveryFailure},
    message::{Author, Body, Earlier, Forwarded, Quote, Reaction, Referral},
    problem::{Problem, ProblemCode},
};

use super::{Page, conversation};
use crate::{
    desk::input::{CallError, Outcome},
    gallery::{
        desk::{Table, Thread, agent, ago, client_ref, end, interaction},
        stage::Gesture,
    },
};

pub(super) fn pages() -> Vec<Page> {
    vec![deliveries(), queued(), blocked(), quotes(), reactions(), edits(), origins(), menu()]
}

fn failed(code: u32, reason: &str, advice: &str, can_retry: bool) -> Delivery {
    let (reason, advice) = (reason.to_owned(), advice.to_owned());
    Delivery::Failed(DeliveryFailure { code: Some(code), reason, advice, can_retry })
}

fn deliveries() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900);
    thread.wrote("Where is my parcel?");
    for (words, delivery) in [
        ("Accepted", Delivery::Accepted),
        ("Uncertain", Delivery::Uncertain),
        ("Sent", Delivery::Sent),
        ("Delivered", Delivery::Delivered),
        ("Read", Delivery::Read),
        ("Played", Delivery::Played),
        ("Of a newer gateway", Delivery::Unknown),
    ] {
        thread.answered(words, delivery);
    }
    let no_number = "The number is not on WhatsApp, or has not accepted its terms.";
    thread.answered("Failed for good", failed(131_026, no_number, "Reach the contact another way.", false));
    let busy = "WhatsApp is overloaded just now.";
    thread.answered("Failed for now", failed(131_016, busy, "Try again in a few minutes.", true));
    thread.answered(
        "Failed, and what was said here is much longer than the reason why it did, so that both take several rows in the window",
        failed(131_047, "More than 24 hours have passed since the contact last wrote, and only a notification may be sent now.", "Send a notification, or wait until the contact writes again, then try again.", true),
    );
    conversation("state-deliveries", [1000.0, 1000.0], thread)
}

fn unreachable() -> CallError {
    CallError::Unreachable("connection refused".to_owned())
}

fn queued() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 600).waiting(75);
    thread.wrote("Where is my parcel?");
    let mut desk = Table::with(vec![thread])
        .with_outgoing(&["I am looking it up.", "It will be there tomorrow.\nBefore noon."])
        .laid();
    end(&mut desk, Outcome::Polled(Err(unreachable())));
    let (interaction, client_ref) = (interaction(1), client_ref(1));
    end(&mut desk, Outcome::Sent { interaction, client_ref, result: Err(unreachable()) });
    Page::new("state-queued-offline", [1000.0, 640.0], desk)
}

fn blocked() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 600).waiting(75);
    thread.wrote("Where is my parcel?");
    let mut desk = Table::with(vec![thread]).with_outgoing(&["I am looking it up.", "It is here."]).laid();
    let problem = Problem {
        code: ProblemCode::WindowClosed,
        detail: "The reply window is closed.".to_owned(),
        retry_after_seconds: None,
    };
    let (interaction, client_ref) = (interaction(1), client_ref(1));
    let result = Err(CallError::Refused(problem));
    end(&mut desk, Outcome::Sent { interaction, client_ref, result });
    Page::new("state-blocked", [1000.0, 640.0], desk)
}

fn quotes() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900);
    let first = thread.wrote("Where is my parcel? The page says *nothing*.").id;
    let quote =
        |message, excerpt: &str, by_contact| Some(Quote { message, excerpt: excerpt.to_owned(), by_contact });
    let answer = thread.answered("It is on its way.", Delivery::Read);
    answer.quote = quote(Some(first), "Where is my parcel? The page says *nothing*.", true);
    let answer = answer.id;
    thread.wrote("Since when?").quote = quote(Some(answer), "It is on its way.", false);
    thread.wrote("And this?").quote = quote(Some(first), &"Where is my parcel? ".repeat(20), true);
    thread.wrote("This answers something that nobody has any more.").quote = quote(None, "", false);
    thread.wrote("ok").quote = quote(Some(first), "مرحبا، أين طلبي؟", true);
    thread.answered("نعم", Delivery::Sent).quote = quote(Some(first), "Where is my parcel?", true);
    conversation("state-quotes", [1000.0, 880.0], thread)
}

fn reactions() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900);
    let Agent { id, display_name, .. } = agent();
    let ours = Author::Agent { agent: id, name: display_name };
    let reaction = |author: &Author, emoji: &str, sending: Option<Delivery>| Reaction {
        author: author.clone(),
        emoji: emoji.to_owned(),
        sending,
    };
    let why = "The message is too old to react to.";
    thread.wrote("Theirs alone").reactions = vec![reaction(&Author::Contact, "👍", None)];
    thread.wrote("Ours, sent").reactions = vec![reaction(&ours, "❤️", Some(Delivery::Sent))];
    thread.wrote("Ours, on its way").reactions = vec![reaction(&ours, "😂", Some(Delivery::Accepted))];
    thread.wrote("Ours, failed").reactions =
        vec![reaction(&ours, "🙏", Some(failed(131_009, why, "", false)))];
    thread.wrote("ok").reactions =
        vec![reaction(&Author::Contact, "👩🏽‍🚀", None), reaction(&ours, "👍🏽", Some(Delivery::Sent))];
    thread.answered("Theirs on ours", Delivery::Read).reactions =
        vec![reaction(&Author::Contact, "😮", None)];
    thread.answered("Two on ours", Delivery::Read).reactions =
        vec![reaction(&Author::Contact, "😢", None), reaction(&ours, "👍", Some(Delivery::Sent))];
    thread
        .answered("Failed, with one", failed(131_016, "WhatsApp is overloaded just now.", "Try again.", true))
        .reactions = vec![reaction(&Author::Contact, "😮", None)];
    conversation("state-reactions", [1000.0, 860.0], thread)
}

fn edits() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900);
    let earlier = |text: &str, seconds| Earlier { text: text.to_owned(), until: ago(seconds) };
    thread.wrote("Changed once, and folded").earlier = vec![earlier("Written once", 700)];
    thread.wrote("Order 48213, please").earlier = vec![
        earlier("Order 4821", 800),
        earlier("Order 48212, I think, or was it 48213? I can't find it", 700),
    ];
    thread.told(Body::Deleted).earlier = Vec::new();
    let gestures = [Gesture::Menu("Order 48213"), Gesture::Click("Earlier words")];
    conversation("state-edits", [1000.0, 640.0], thread).with(gestures)
}

fn origins() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900);
    let referral = |kind: &str, headline: Option<&str>, text: Option<&str>, url: Option<&str>| {
        let owned = |it: Option<&str>| it.map(str::to_owned);
        Some(Referral {
            kind: kind.to_owned(),
            headline: owned(headline),
            text: owned(text),
            url: owned(url),
        })
    };
    thread.wrote("Is this still to be had?").referral = referral(
        "ad",
        Some("Tea of the month"),
        Some("Green, black and white, in tins of 250 g: only this week."),
        Some("https://fb.me/1a2b3c"),
    );
    thread.wrote("And this?").referral = referral("post", None, None, Some("https://fb.me/4d5e6f"));
    thread.wrote("How large is it?").referral = referral("product", None, Some("kettle-17"), None);
    thread.wrote("Look at this").forwarded = Some(Forwarded::Forwarded);
    thread.wrote("Everybody says so").forwarded = Some(Forwarded::Frequently);
    conversation("state-origins", [1000.0, 820.0], thread)
}

fn menu() -> Page {
    let mut thread = Thread::new(1, "Marta Szkoła", 900);
    thread.wrote("Where is my parcel?");
    thread.answered("On its way", Delivery::Read);
    let other = Thread::new(2, "Omar Haddad", 400);
    let desk = Table::with(vec![thread, other]).laid();
    Page::new("state-menu", [1000.0, 640.0], desk).with([Gesture::Menu("Where is my parcel?")])
}
