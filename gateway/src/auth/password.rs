//! What a password must be like, and how it is hashed (Argon2id, 19 MiB, two passes, one lane; OWASP's floor).

use std::sync::LazyLock;

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher as _, PasswordVerifier as _, Version};

use crate::random;

const MIN_CHARS: usize = 12;
const MAX_CHARS: usize = 128;

/// Passwords that are long enough and still among the first to be tried, in lower case, without digits at their end.
const COMMON: &[&str] = &[
    "abcdefghijkl",
    "administrator",
    "changemeplease",
    "correcthorsebatterystaple",
    "iloveyouforever",
    "letmeinletmein",
    "passwordpassword",
    "passwortpasswort",
    "qwertyqwerty",
    "qwertyuiop",
    "qwertyuiopasdfghjkl",
    "welcomewelcome",
    "whatsappwhatsapp",
    "waxwingwaxwing",
];

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordProblem {
    /// Too easily guessed.
    #[error("a password needs at least {MIN_CHARS} characters")]
    TooShort,
    /// Longer than anybody types.
    #[error("a password has at most {MAX_CHARS} characters")]
    TooLong,
    /// Among the first to be tried.
    #[error("this password is among the first that anybody would try; take another one")]
    Common,
}

/// Says whether a password may be used.
pub fn acceptable(password: &str) -> Result<(), PasswordProblem> {
    let chars = password.chars().count();
    if chars < MIN_CHARS {
        return Err(PasswordProblem::TooShort);
    }
    if chars > MAX_CHARS {
        return Err(PasswordProblem::TooLong);
    }
    let lower = password.to_lowercase();
    let stem = lower.trim_end_matches(|c: char| !c.is_alphabetic());
    let first = lower.chars().next();
    let monotonous = lower.chars().all(|c| Some(c) == first) || stem.is_empty();
    let stretched = matches!(stem, "password" | "passwort" | "welcome" | "letmein" | "qwerty" | "admin");
    if monotonous || stretched || COMMON.contains(&stem) { Err(PasswordProblem::Common) } else { Ok(()) }
}

fn params() -> Params {
    Params::new(19_456, 2, 1, None).expect("these parameters are within Argon2's bounds")
}

fn argon2() -> Argon2<'static> {
    let params = params();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// Hashes a password with a salt of its own. Takes tens of milliseconds: not to be called where somebody waits.
#[must_use]
pub fn hash_password(password: &str) -> String {
    let salt: [u8; 16] = random::bytes();
    argon2()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .expect("a salt of 16 bytes and a password under 4 GiB are within Argon2's bounds")
        .to_string()
}

/// Says whether the password belongs to the hash. Takes as long when there is no hash.
pub(super) fn verify(password: &str, hash: Option<&str>) -> bool {
    static NOBODY: LazyLock<String> = LazyLock::new(|| hash_password("nobody has this password"));
    let known = hash.and_then(|hash| PasswordHash::new(hash).ok());
    let is_known = known.is_some();
    let Some(tried) = known.or_else(|| PasswordHash::new(&NOBODY).ok()) else { return false };
    argon2().verify_password(password.as_bytes(), &tried).is_ok() && is_known
}

/// Whether a hash was made with less than is asked for today. One that can't be read is no use to anybody, and stays.
pub(super) fn is_outdated(hash: &str) -> bool {
    let Ok(hash) = PasswordHash::new(hash) else { return false };
    let Ok(used) = Params::try_from(&hash) else { return true };
    let wanted = params();
    used.m_cost() < wanted.m_cost()
        || used.t_cost() < wanted.t_cost()
        || hash.algorithm.as_str() != "argon2id"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_long_and_common_passwords_are_refused() {
        assert_eq!(acceptable("elevenchars"), Err(PasswordProblem::TooShort));
        assert_eq!(acceptable(&"ab".repeat(65)), Err(PasswordProblem::TooLong));
        for common in ["Password12345", "qwertyuiop123", "aaaaaaaaaaaaaaaa", "123456789012", "Welcome2026!!!"]
        {
            assert_eq!(acceptable(common), Err(PasswordProblem::Common), "{common}");
        }
        assert_eq!(acceptable("a cold bright day"), Ok(()));
        assert_eq!(acceptable("пароль с длиной"), Ok(()));
    }

    #[test]
    fn a_hash_knows_its_password_and_no_other() {
        let hash = hash_password("a cold bright day");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify("a cold bright day", Some(&hash)));
        assert!(!verify("a cold bright night", Some(&hash)));
        assert!(!verify("nobody has this password", None));
        assert!(!verify("a cold bright day", Some("not a hash")));
    }
}
