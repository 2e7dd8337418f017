//! What part of a file a `Range` asks for (RFC 9110, 14.1 and 14.2): one part, in bytes. What is not understood, or asks for several
//! parts, is answered with all of it, as the standard lets a server do.

use std::ops::Range;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// All of it.
    Whole,
    /// From the first of these bytes up to, not including, the last.
    Part(Range<u64>),
    /// Nothing that there is.
    Nothing,
}

/// Reads the header for a file of this size.
pub(super) fn read(header: &str, size_bytes: u64) -> Asked {
    let Some((unit, set)) = header.split_once('=') else { return Asked::Whole };
    let Some((first, last)) = set.trim().split_once('-') else { return Asked::Whole };
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return Asked::Whole;
    }
    let part = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => first..last.saturating_add(1).min(size_bytes),
        (Some(first), None) if last.is_empty() => first..size_bytes,
        (None, Some(last)) if first.is_empty() => size_bytes.saturating_sub(last)..size_bytes,
        _ => return Asked::Whole,
    };
    if part.is_empty() { Asked::Nothing } else { Asked::Part(part) }
}

/// Digits alone; a number beyond all files is as large as one can be.
fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn parts_are_read_as_the_standard_says() {
        for (header, expected) in [
            ("bytes=0-0", Asked::Part(0..1)),
            ("bytes=0-499", Asked::Part(0..500)),
            ("bytes=500-999", Asked::Part(500..1000)),
            ("bytes=500-5000", Asked::Part(500..1000)),
            ("bytes=500-99999999999999999999999", Asked::Part(500..1000)),
            ("BYTES = 999-", Asked::Part(999..1000)),
            ("bytes=-1", Asked::Part(999..1000)),
            ("bytes=-5000", Asked::Part(0..1000)),
            ("bytes=1000-", Asked::Nothing),
            ("bytes=1000-2000", Asked::Nothing),
            ("bytes=-0", Asked::Nothing),
            ("bytes=5-4", Asked::Whole),
            ("bytes=-", Asked::Whole),
            ("bytes=a-b", Asked::Whole),
            ("bytes=+1-2", Asked::Whole),
            ("bytes=0-1,5-6", Asked::Whole),
            ("bytes=0-1-2", Asked::Whole),
            ("lines=0-1", Asked::Whole),
            ("bytes 0-1", Asked::Whole),
            ("", Asked::Whole),
        ] {
            assert_eq!(read(header, 1000), expected, "{header}");
        }
    }

    proptest! {
        #[test]
        fn a_part_lies_within_the_file(header in "(bytes=)?[0-9]{0,21}-?[0-9]{0,21}|.*", size: u64) {
            if let Asked::Part(part) = read(&header, size) {
                prop_assert!(part.start < part.end && part.end <= size);
            }
        }
    }
}
