//! The languages this system is set to.

/// Their IETF tags (RFC 5646), the preferred one first; none if the system doesn't say.
#[must_use]
pub fn languages() -> Vec<String> {
    sys_locale::get_locales().collect()
}
