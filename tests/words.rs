//! What is written and what is opened: two rooms that may not know each other, and have to agree.

use proptest::prelude::*;
use waxwing::{
    platform::open::may_be_opened,
    ui::text::links::{Verdict, find, judge},
};

fn target(verdict: &Verdict) -> Option<&str> {
    match verdict {
        Verdict::Open(target) | Verdict::Ask(target) => Some(&target.url),
        Verdict::Plain(_) => None,
    }
}

#[test]
fn what_may_be_followed_can_be_opened() {
    for address in [
        "https://example.com/a?b=c#d",
        "example.com",
        "https://münchen.de/ä'`b",
        "https://example.com/a b|c\"",
        "http://[::1]:8080/",
        "mailto:o'first+tag@example.com",
        "mailto:ü?subject=a@münchen.de",
        "tel:+49 (0)30 90 18 20",
    ] {
        let verdict = judge(address);
        if let Some(url) = target(&verdict) {
            assert!(may_be_opened(url), "{address:?} leads to {url:?}");
        }
    }
    assert!(target(&judge("javascript:alert(1)")).is_none() && !may_be_opened("javascript:alert(1)"));
}

proptest! {
    #[test]
    fn every_link_in_a_text_can_be_opened(
        text in "(https?://|mailto:|tel:|www\\.)?[a-zäа0-9'`~!$%&*+=?^_{|}-]{1,9}(\\.|@)[a-z0-9ä-]{1,6}\\.(com|de|рф)(:[0-9]{1,5})?(/\\PC{0,12})?",
    ) {
        for link in find(&text) {
            if let Some(url) = target(&link.verdict) {
                prop_assert!(may_be_opened(url), "{:?} leads to {:?}", text, url);
            }
        }
    }
}
