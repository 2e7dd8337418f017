//! How long to wait before trying again: longer each time, and different on each desktop.

use chrono::TimeDelta;

const FIRST_MS: i64 = 500;
const LONGEST_MS: i64 = 20_000;
const GROWTH: i64 = 3;

/// How long to wait before the next try after `failures` in a row.
///
/// Half a second at first, three times as long each time, up to 20 s, and to each up to half of it on top: so half a
/// second to half a minute, never more than three tries in any five seconds, and after an outage a thousand desktops don't
/// come back at once. The part on top comes from `seed`, which is this desktop's own.
pub(super) fn delay(failures: u32, seed: u64) -> TimeDelta {
    let mut base = FIRST_MS;
    for _ in 1..failures.clamp(1, 8) {
        base = (base * GROWTH).min(LONGEST_MS);
    }
    let share = i64::try_from(scatter(seed, failures) % 1000).unwrap_or(0);
    TimeDelta::milliseconds(base + base * share / 2000)
}

/// Mixes a seed and a number into a number that looks random (`SplitMix64`, Steele and others 2014).
fn scatter(seed: u64, number: u32) -> u64 {
    let mut z = seed.wrapping_add(u64::from(number).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_stays_between_half_a_second_and_half_a_minute(failures: u32, seed: u64) {
            let delay = delay(failures, seed);
            prop_assert!(delay >= TimeDelta::milliseconds(500));
            prop_assert!(delay <= TimeDelta::seconds(30));
        }

        #[test]
        fn there_are_at_most_three_tries_in_five_seconds(seed: u64) {
            let fourth: TimeDelta = (1..=3).map(|failures| delay(failures, seed)).sum();
            prop_assert!(fourth > TimeDelta::seconds(5));
        }
    }

    #[test]
    fn two_desktops_don_t_come_back_at_once() {
        assert_ne!(delay(4, 1), delay(4, 2));
    }
}
