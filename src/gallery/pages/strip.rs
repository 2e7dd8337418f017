//! Files that are about to be sent: the strip in all its states, what is dropped or pasted, and forwarding.

use waxwing_protocol::{attachment::About, message::MediaKind};

use super::{
    Page,
    files::{about, landscape, photo, ready},
};
use crate::{
    desk::{
        Desk,
        file::{StripFile, StripSource, StripState, WayOut},
        input::Command,
        picture::PictureKey,
    },
    gallery::{
        desk::{Table, Thread, ask, client_ref},
        stage::{Album, Gesture},
    },
};

pub(super) fn pages() -> Vec<Page> {
    vec![full(), waiting(), dropped(), dropped_nowhere(), pasted(), forward()]
}

fn thread() -> Thread {
    let mut thread = Thread::new(1, "Marta Szkoła", 600).waiting(40);
    thread.wrote("Do you have a picture of it, and the manual?");
    thread
}

fn on_strip(number: u8, name: &str, caption: &str, state: StripState) -> StripFile {
    let (name, caption) = (name.to_owned(), caption.to_owned());
    StripFile { client_ref: client_ref(number), name, caption, state, source: StripSource::Copy }
}

fn page(name: &'static str, strip: Vec<StripFile>) -> Page {
    let desk = Table::with(vec![thread()]).with_strip(strip).laid();
    let mut page = Page::new(name, [1100.0, 560.0], desk);
    page.album = Album([(PictureKey::Ours(client_ref(1)), landscape([320, 240]))].into());
    page
}

fn full() -> Page {
    let pages = |pages| About { pages: Some(pages), ..about("application/pdf") };
    let picture = StripState::Ready(ready("box.jpg", MediaKind::Image, 1_200_000, photo([1600, 1200])));
    let manual = StripState::Ready(ready("manual.pdf", MediaKind::Document, 3_400_000, pages(12)));
    page(
        "strip-files",
        vec![
            on_strip(1, "box.jpg", "This is the *box*", picture),
            on_strip(2, "a manual with a long name that goes on.pdf", "", manual),
        ],
    )
    .with([Gesture::Click("Message to"), Gesture::Write("Here they are:".to_owned())])
}

fn waiting() -> Page {
    let refused = |reason: &str, ways_out: &[WayOut]| StripState::Refused {
        reason: reason.to_owned(),
        ways_out: ways_out.to_vec(),
    };
    let large = refused(
        "It is a picture of 7.4 MB, and WhatsApp takes 5 MB at most.",
        &[WayOut::MakeSmaller, WayOut::SendAsDocument],
    );
    let huge = refused("It is 212 MB large, and files have to be smaller than 100 MB.", &[]);
    page(
        "strip-states",
        vec![
            on_strip(2, "scan.png", "", large),
            on_strip(3, "holiday.mov", "", huge),
            on_strip(4, "offer.pdf", "", StripState::Checking),
        ],
    )
}

fn dropped() -> Page {
    Page { gestures: vec![Gesture::Drag("Message to")], ..page("drop-target", Vec::new()) }
}

fn dropped_nowhere() -> Page {
    let mut desk: Desk = Table::with(vec![thread()]).laid();
    ask(&mut desk, Command::Activate(None));
    Page::new("drop-nowhere", [1000.0, 560.0], desk).with([Gesture::Drag("One contact")])
}

fn pasted() -> Page {
    page("strip-paste", Vec::new()).with([Gesture::Paste("/home/jana/Pictures/box.jpg".to_owned())])
}

fn forward() -> Page {
    let others = [(2, "Omar Haddad"), (3, "ليلى حداد"), (4, "Priya Sharma")];
    let mut threads = vec![thread()];
    for (number, name) in others {
        let mut other = Thread::new(number, name, 4000);
        other.wrote("Good afternoon");
        threads.push(other);
    }
    Page::new("forward", [1000.0, 640.0], Table::with(threads).laid())
        .with([Gesture::Menu("Do you have a picture"), Gesture::Click("Forward…")])
}
