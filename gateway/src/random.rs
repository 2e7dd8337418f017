//! The one place of the gateway that draws chance: ids, tokens, the epoch.

/// Draws `N` bytes from the operating system's generator.
///
/// # Panics
/// If the operating system has none, which nothing could go on without.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut drawn = [0; N];
    getrandom::fill(&mut drawn).expect("the operating system gives random bytes");
    drawn
}
