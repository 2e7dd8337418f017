//! How often somebody may guess: five failures in 15 minutes for one account from one address, twenty attempts a minute from
//! one address. Counting account and address together means that nobody can lock others out from afar. Whoever has one IPv6
//! address has a whole /64 of them, so that counts as one.

use std::{
    collections::{HashMap, VecDeque},
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};

const ACCOUNT_FAILURES: usize = 5;
const ACCOUNT_WINDOW: TimeDelta = TimeDelta::minutes(15);
const ADDRESS_ATTEMPTS: usize = 20;
const ADDRESS_WINDOW: TimeDelta = TimeDelta::minutes(1);
/// How much of a user name is counted by.
const LONGEST_NAME: usize = 64;
/// How many names are counted before those that have gone quiet are forgotten.
const SWEEP_AT: usize = 10_000;

/// How long to wait before the next attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MustWait {
    /// In whole seconds, at least one.
    pub seconds: u32,
}

/// Counts attempts. The time comes from the caller.
#[derive(Debug, Default)]
pub struct Limiter {
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    accounts: HashMap<(String, IpAddr), VecDeque<DateTime<Utc>>>,
    addresses: HashMap<IpAddr, VecDeque<DateTime<Utc>>>,
}

impl Limiter {
    /// Counts an attempt as a failure until [`Limiter::succeeded`] takes it back, or says how long to wait.
    ///
    /// Counting first means that many attempts at the same instant can't all slip through.
    pub fn admit(&self, account: &str, from: IpAddr, now: DateTime<Utc>) -> Result<(), MustWait> {
        let (account, from) = (key_of(account), network_of(from));
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.sweep(now);
        let address = counts.addresses.entry(from).or_default();
        room(address, ADDRESS_ATTEMPTS, ADDRESS_WINDOW, now)?;
        address.push_back(now);
        let account = counts.accounts.entry((account, from)).or_default();
        room(account, ACCOUNT_FAILURES, ACCOUNT_WINDOW, now)?;
        account.push_back(now);
        Ok(())
    }

    /// Forgets the failures of an account whose password was right; the attempt was none.
    pub fn succeeded(&self, account: &str, from: IpAddr) {
        let from = network_of(from);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.accounts.remove(&(key_of(account), from));
        if let Some(attempts) = counts.addresses.get_mut(&from) {
            attempts.pop_back();
        }
    }
}

impl Counts {
    fn sweep(&mut self, now: DateTime<Utc>) {
        if self.accounts.len() + self.addresses.len() > SWEEP_AT {
            self.accounts.retain(|_, times| times.back().is_some_and(|last| now - *last < ACCOUNT_WINDOW));
            self.addresses.retain(|_, times| times.back().is_some_and(|last| now - *last < ADDRESS_WINDOW));
        }
    }
}

/// Nobody's user name is longer, and nobody's fills the memory.
fn key_of(account: &str) -> String {
    account.chars().take(LONGEST_NAME).collect()
}

fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
    }
}

fn room(
    times: &mut VecDeque<DateTime<Utc>>,
    most: usize,
    window: TimeDelta,
    now: DateTime<Utc>,
) -> Result<(), MustWait> {
    while times.front().is_some_and(|first| now - *first >= window) {
        times.pop_front();
    }
    match times.front() {
        Some(first) if times.len() >= most => {
            let left = window - (now - *first);
            Err(MustWait {
                seconds: u32::try_from(left.num_seconds().max(0)).unwrap_or(u32::MAX).saturating_add(1),
            })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    const THERE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    #[test]
    fn the_sixth_failure_waits_and_others_do_not() {
        let limiter = Limiter::default();
        for second in 0..5 {
            assert_eq!(limiter.admit("masha", HERE, at(second)), Ok(()));
        }
        let refused = limiter.admit("masha", HERE, at(5)).expect_err("waits");
        assert!((890..=900).contains(&refused.seconds), "{refused:?}");
        assert_eq!(limiter.admit("masha", THERE, at(5)), Ok(()), "the account is not locked elsewhere");
        assert_eq!(limiter.admit("pasha", HERE, at(5)), Ok(()), "nor is the address for others");
        assert_eq!(limiter.admit("masha", HERE, at(900)), Ok(()), "it passes");
    }

    #[test]
    fn a_right_password_clears_the_failures() {
        let limiter = Limiter::default();
        for second in 0..4 {
            assert_eq!(limiter.admit("masha", HERE, at(second)), Ok(()));
        }
        limiter.succeeded("masha", HERE);
        for second in 4..9 {
            assert_eq!(limiter.admit("masha", HERE, at(second)), Ok(()));
        }
    }

    #[test]
    fn one_address_has_twenty_attempts_a_minute() {
        let limiter = Limiter::default();
        for n in 0..20 {
            assert_eq!(limiter.admit(&format!("agent{n}"), HERE, at(0)), Ok(()));
        }
        let refused = limiter.admit("another", HERE, at(10)).expect_err("waits");
        assert!((50..=51).contains(&refused.seconds), "{refused:?}");
        assert_eq!(limiter.admit("another", HERE, at(60)), Ok(()));
    }

    #[test]
    fn a_whole_network_of_addresses_counts_as_one_and_a_long_name_fills_nothing() {
        let limiter = Limiter::default();
        let address = |n: u128| IpAddr::V6(Ipv6Addr::from_bits(0x2001_0db8 << 96 | n));
        for n in 0..5 {
            assert_eq!(limiter.admit("masha", address(n), at(0)), Ok(()));
        }
        assert!(limiter.admit("masha", address(9), at(0)).is_err());
        assert_eq!(limiter.admit("masha", address(1 << 64), at(0)), Ok(()), "that is another network");
        assert_eq!(limiter.admit(&"x".repeat(200_000), HERE, at(0)), Ok(()));
        let counts = limiter.counts.lock().expect("no panic");
        assert!(counts.accounts.keys().all(|(name, _)| name.len() <= LONGEST_NAME));
    }
}
