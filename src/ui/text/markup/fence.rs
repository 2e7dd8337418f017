//! Finds code between ```` ``` ````, which goes before everything else: it may span lines, and nothing is read inside.

use std::ops::Range;

/// What opens code and closes it.
pub(super) const FENCE: &str = "```";

/// Code between two fences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fence {
    /// With its fences; for a block also with the blanks that stand beside them on their lines.
    pub(super) outer: Range<usize>,
    /// The code alone; for a block without the line breaks next to the fences.
    pub(super) inner: Range<usize>,
    /// Whether it is a block of its own, rather than some words in a line.
    pub(super) is_block: bool,
}

/// All code between fences, in order. A fence that is not closed, or with nothing but white space behind it, is none.
pub(super) fn find(text: &str) -> Vec<Fence> {
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    for (at, _fence) in text.match_indices(FENCE) {
        match open {
            Some(start) if !text[start + FENCE.len()..at].trim().is_empty() => {
                found.push(fence(text, start..at + FENCE.len()));
                open = None;
            }
            _ => open = Some(at),
        }
        #[cfg(test)]
        super::tests::step();
    }
    found
}

/// What stands between two fences: `outer` is from the first to behind the last.
fn fence(text: &str, outer: Range<usize>) -> Fence {
    let inner = outer.start + FENCE.len()..outer.end - FENCE.len();
    let before = text[..outer.start].trim_end_matches(is_blank).len();
    let after = text.len() - text[outer.end..].trim_start_matches(is_blank).len();
    let begins_line = before == 0 || text[..before].ends_with('\n');
    let ends_line = after == text.len() || text[after..].starts_with('\n');
    let spans_lines = text[inner.clone()].contains('\n');
    let has_lines_of_its_own = spans_lines || (begins_line && ends_line);
    if !has_lines_of_its_own {
        return Fence { outer, inner, is_block: false };
    }
    let code = &text[inner.clone()];
    let code = code.strip_prefix("\r\n").or_else(|| code.strip_prefix('\n')).unwrap_or(code);
    let start = inner.end - code.len();
    let code = code.strip_suffix("\r\n").or_else(|| code.strip_suffix('\n')).unwrap_or(code);
    Fence {
        outer: if begins_line { before } else { outer.start }..if ends_line { after } else { outer.end },
        inner: start..start + code.len(),
        is_block: true,
    }
}

fn is_blank(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\r')
}
