//! How a file is cut into pieces: each [`PIECE_BYTES`] long, the last one what is left.

use waxwing_protocol::upload::PIECE_BYTES;

/// How many pieces a file of this size has.
#[must_use]
pub fn count(size_bytes: u64) -> u32 {
    u32::try_from(size_bytes.div_ceil(PIECE_BYTES)).unwrap_or(u32::MAX)
}

/// How long a piece of a file of this size is; 0 beyond its end.
#[must_use]
pub fn length(size_bytes: u64, piece: u32) -> u64 {
    size_bytes.saturating_sub(u64::from(piece).saturating_mul(PIECE_BYTES)).min(PIECE_BYTES)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use waxwing_protocol::upload::FILE_BYTES_BELOW;

    use super::*;

    proptest! {
        #[test]
        fn the_pieces_make_the_file_and_none_is_empty(size in 1..FILE_BYTES_BELOW) {
            let lengths: Vec<u64> = (0..count(size)).map(|piece| length(size, piece)).collect();
            prop_assert_eq!(lengths.iter().sum::<u64>(), size);
            let (last, whole) = lengths.split_last().expect("one at least");
            prop_assert!((1..=PIECE_BYTES).contains(last));
            prop_assert!(whole.iter().all(|length| *length == PIECE_BYTES));
            prop_assert_eq!(length(size, count(size)), 0);
        }

        #[test]
        fn no_number_is_too_large(size: u64, piece: u32) {
            prop_assert!(length(size, piece) <= PIECE_BYTES);
            prop_assert!(u64::from(count(size)) <= size);
        }
    }
}
