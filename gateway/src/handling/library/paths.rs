//! Where a response stands, as text: `Orders > Delivery`. In a name, `>` is written `\>` and `\` is written `\\`.

/// A path of names as text.
pub(super) fn join(names: &[String]) -> String {
    let escaped: Vec<_> = names.iter().map(|name| name.replace('\\', "\\\\").replace('>', "\\>")).collect();
    escaped.join(" > ")
}

/// The names of a path; none at the top.
pub(super) fn split(text: &str) -> Vec<String> {
    if text.trim().is_empty() {
        return Vec::new();
    }
    let (mut names, mut name) = (Vec::new(), String::new());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => name.push(letters.next_if(|next| matches!(next, '\\' | '>')).unwrap_or('\\')),
            '>' => names.push(std::mem::take(&mut name)),
            other => name.push(other),
        }
    }
    names.push(name);
    names.iter().map(|name| name.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_path_is_read_with_and_without_blanks() {
        for text in ["Orders > Delivery", "Orders>Delivery", " Orders  >  Delivery "] {
            assert_eq!(split(text), ["Orders", "Delivery"], "{text}");
        }
        assert_eq!(split("a \\> b > c\\\\ > d\\e"), ["a > b", "c\\", "d\\e"]);
        assert_eq!(split(" "), [""; 0]);
        assert_eq!(split("a > > b"), ["a", "", "b"]);
    }

    proptest! {
        #[test]
        fn a_path_reads_back_as_itself(names in prop::collection::vec("[a-z>\\\\]{1}([ a-z>\\\\]{0,4}[a-z>\\\\])?", 0..4)) {
            prop_assert_eq!(split(&join(&names)), names);
        }

        #[test]
        fn no_text_panics(text: String) {
            split(&text);
        }
    }
}
