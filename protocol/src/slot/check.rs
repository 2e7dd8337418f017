//! Whether a value will do for its slot.

use chrono::{DateTime, Utc};

use super::{SlotKind, SlotValue, SlotWanted};

/// The longest address of a button, in characters (Cloud API, template URL: 2,000).
pub const MAX_URL_CHARS: usize = 2000;
/// The longest coupon code, in characters (Cloud API, copy code button: 20).
pub const MAX_COUPON_CHARS: usize = 20;
/// The most products that a message shows (Cloud API, multi-product messages: 30).
pub const MAX_PRODUCTS: usize = 30;

/// Why a value will not do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SlotProblem {
    /// There is none.
    #[error("Needed before you can send")]
    Missing,
    /// It is of another kind.
    #[error("This can't stand here")]
    WrongKind,
    /// Something is still to be filled in.
    #[error("Fill in what stands in {{{{ }}}} first")]
    Blank,
    /// WhatsApp takes no line break, tab or more than four spaces in a row in a value (error 132018).
    #[error("WhatsApp takes no line break, tab or more than four spaces in a row here")]
    Spacing,
    /// Too long.
    #[error("{over} characters too long")]
    TooLong {
        /// By how many characters.
        over: usize,
    },
    /// An address with blanks or with signs that don't belong into one.
    #[error("Only what may stand in a web address, without blanks")]
    Url,
    /// A coupon code takes letters and digits alone.
    #[error("Letters and digits only")]
    Coupon,
    /// Not a place on the map.
    #[error("Latitude from −90 to 90, longitude from −180 to 180, with name and address")]
    Location,
    /// No product, an empty one, or too many.
    #[error("1 to 30 product numbers")]
    Products,
    /// The number of the catalogue is missing.
    #[error("The number of the catalogue is needed")]
    Catalog,
    /// The moment is over.
    #[error("This moment is over")]
    Over,
}

/// Whether a value will do for a slot, for itself; what it makes of the whole text is seen when it is filled in.
pub fn check(wanted: &SlotWanted, value: Option<&SlotValue>, now: DateTime<Utc>) -> Result<(), SlotProblem> {
    let value = value.ok_or(SlotProblem::Missing)?;
    match (&wanted.kind, value) {
        (
            SlotKind::Text,
            SlotValue::Text { text: words }
            | SlotValue::Currency { fallback: words, .. }
            | SlotValue::DateTime { fallback: words },
        ) => check_words(words),
        (SlotKind::UrlSuffix { before }, SlotValue::Text { text }) => {
            check_words(text)?;
            if !text.chars().all(is_url_char) {
                return Err(SlotProblem::Url);
            }
            check_length(before.chars().count() + text.chars().count(), MAX_URL_CHARS)
        }
        (SlotKind::Coupon, SlotValue::Text { text }) => {
            check_words(text)?;
            if !text.chars().all(|c| c.is_ascii_alphanumeric()) {
                return Err(SlotProblem::Coupon);
            }
            check_length(text.chars().count(), MAX_COUPON_CHARS)
        }
        (SlotKind::Media(_), SlotValue::Media { .. }) => Ok(()),
        (SlotKind::Location, SlotValue::Location { latitude, longitude, name, address }) => {
            let is_place = (-90.0..=90.0).contains(latitude)
                && (-180.0..=180.0).contains(longitude)
                && !name.trim().is_empty()
                && !address.trim().is_empty();
            if is_place { Ok(()) } else { Err(SlotProblem::Location) }
        }
        (SlotKind::Product, SlotValue::Products { catalog, products }) => {
            check_products(products, 1)?;
            let is_named = catalog.as_deref().is_some_and(|catalog| !catalog.trim().is_empty());
            if is_named { Ok(()) } else { Err(SlotProblem::Catalog) }
        }
        (SlotKind::Products, SlotValue::Products { products, .. }) => check_products(products, MAX_PRODUCTS),
        (SlotKind::Expires, SlotValue::Expires { at }) => {
            if *at > now {
                Ok(())
            } else {
                Err(SlotProblem::Over)
            }
        }
        _ => Err(SlotProblem::WrongKind),
    }
}

fn check_words(words: &str) -> Result<(), SlotProblem> {
    if words.trim().is_empty() {
        return Err(SlotProblem::Missing);
    }
    if words.contains("{{") || words.contains("}}") || words.contains("<$") {
        return Err(SlotProblem::Blank);
    }
    if words.contains(['\n', '\r', '\t']) || words.contains("     ") {
        return Err(SlotProblem::Spacing);
    }
    Ok(())
}

/// Whether a text is at most so long.
///
/// # Errors
/// Says by how much it is too long.
pub fn check_length(chars: usize, most: usize) -> Result<(), SlotProblem> {
    match chars.checked_sub(most) {
        None | Some(0) => Ok(()),
        Some(over) => Err(SlotProblem::TooLong { over }),
    }
}

fn check_products(products: &[String], most: usize) -> Result<(), SlotProblem> {
    let is_fine = (1..=most).contains(&products.len())
        && products.iter().all(|product| !product.trim().is_empty() && product.chars().count() <= 100);
    if is_fine { Ok(()) } else { Err(SlotProblem::Products) }
}

/// Letters of every script (they are percent-encoded on the way), and what RFC 3986 lets stand in a path and a query.
fn is_url_char(c: char) -> bool {
    c.is_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c)
}
