//! What must hold for the links of every text, however hostile.

use proptest::prelude::*;

use super::super::*;

/// Texts full of what the rules look at.
fn addressed_text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "https://",
        "http://",
        "javascript:",
        "mailto:",
        "tel:",
        "www.",
        "example",
        ".com",
        ".co.uk",
        ".рф",
        "münchen",
        "аpple",
        "xn--",
        "@",
        ":",
        "/",
        "?",
        "#",
        "%",
        "\\",
        "_",
        "*",
        "~",
        "`",
        ".",
        ",",
        "-",
        "+",
        "(",
        ")",
        "[",
        "]",
        "49",
        "030",
        "1234567",
        "80",
        " ",
        "\n",
        "\u{a0}",
        "\u{200b}",
        "\u{200d}",
        "\u{202e}",
        "\u{200f}",
        "\u{7}",
        "\u{ad}",
        "😀",
        "谢谢",
        "。",
        "،",
        "é",
        "e\u{301}",
        "٣",
        "＋",
        "a",
        "Z",
    ]);
    prop::collection::vec(pieces, 0..30).prop_map(|pieces| pieces.concat())
}

fn holds_for(text: &str) -> Result<(), TestCaseError> {
    let mut at = 0;
    for link in find(text) {
        let Some(address) = text.get(link.range.clone()) else {
            return Err(TestCaseError::fail(format!("{link:?} is cut through a letter in {text:?}")));
        };
        prop_assert!(!address.is_empty() && link.range.start >= at, "{:?} in {:?}", link, text);
        prop_assert!(!address.contains('\n'));
        at = link.range.end;
        let (target, schemes): (_, &[_]) = match &link.verdict {
            Verdict::Open(target) => (target, &["https://", "http://"]),
            Verdict::Ask(target) => (target, &["mailto:", "tel:"]),
            Verdict::Plain(_) => continue,
        };
        prop_assert!(schemes.iter().any(|scheme| target.url.starts_with(scheme)), "{:?}", link);
        prop_assert!(target.url.chars().all(|letter| letter.is_ascii_graphic()), "{:?}", link);
        prop_assert!(!target.shown[target.owner.clone()].is_empty());
        if link.kind == LinkKind::Web {
            let url = url::Url::parse(&target.url).map_err(|error| TestCaseError::fail(error.to_string()))?;
            prop_assert!(url.username().is_empty() && url.password().is_none());
            let host = url.host_str().unwrap_or_default().trim_end_matches('.').to_owned();
            prop_assert!(host.ends_with(&target.shown[target.owner.clone()]), "{:?}", link);
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn links_are_apart_and_lead_where_they_say(text in addressed_text()) {
        holds_for(&text)?;
    }

    #[test]
    fn any_text_can_be_searched(text in any::<String>()) {
        holds_for(&text)?;
    }

    #[test]
    fn any_address_can_be_judged(text in addressed_text(), scheme in prop::sample::select(vec!["", "https://", "tel:"])) {
        if let Verdict::Open(target) | Verdict::Ask(target) = judge(&format!("{scheme}{text}")) {
            prop_assert!(target.shown.get(target.owner).is_some());
        }
    }
}
