//! Proof that a webhook body is WhatsApp's: HMAC-SHA256 over the bytes as received, keyed with the app secret
//! (`X-Hub-Signature-256: sha256=<64 hex digits>`).
//!
//! The comparison takes the same time wherever two signatures differ. Upper-case hex digits are read like lower-case ones:
//! they say the same bytes. Everything else that is not exactly the documented form is refused.

use bytes::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The header that carries the signature.
pub const HEADER: &str = "x-hub-signature-256";

/// Something whose signature was checked. Only [`verify`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified<T>(T);

impl<T> Verified<T> {
    /// What was checked.
    pub fn into_inner(self) -> T {
        self.0
    }
}

/// There is no signature, or not one of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the body is not signed with an app secret of ours")]
pub struct BadSignature;

/// Checks a body against its signature headers (there must be exactly one) and every app secret we have: that of each
/// number, and the one before it while it is being changed.
pub fn verify<'a>(
    body: Bytes,
    headers: &[&[u8]],
    secrets: impl IntoIterator<Item = &'a str>,
) -> Result<Verified<Bytes>, BadSignature> {
    let &[header] = headers else { return Err(BadSignature) };
    let signature = signature_of(header).ok_or(BadSignature)?;
    let is_ours = secrets.into_iter().filter(|secret| !secret.is_empty()).any(|secret| {
        Hmac::<Sha256>::new_from_slice(secret.as_bytes())
            .is_ok_and(|mac| mac.chain_update(&body).verify_slice(&signature).is_ok())
    });
    if is_ours { Ok(Verified(body)) } else { Err(BadSignature) }
}

fn signature_of(header: &[u8]) -> Option<[u8; 32]> {
    let digits: &[u8; 64] = header.strip_prefix(b"sha256=")?.try_into().ok()?;
    let mut signature = [0; 32];
    for (byte, pair) in signature.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Some(signature)
}

const fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const EMPTY: &str = r#"{"object":"whatsapp_business_account","entry":[]}"#;
    const EMPTY_SIGNED: &str = "sha256=76d7cf0d41b1c62907ab63a2ffb509a14ebd4bfe05b33a2e8c6960459868a174";

    fn check(body: &str, headers: &[&str], secrets: &[&str]) -> bool {
        let headers: Vec<&[u8]> = headers.iter().map(|header| header.as_bytes()).collect();
        verify(Bytes::copy_from_slice(body.as_bytes()), &headers, secrets.iter().copied()).is_ok()
    }

    #[test]
    fn known_bodies_verify_byte_for_byte() {
        let vectors = [
            (EMPTY, EMPTY_SIGNED),
            (
                r#"{"body":"h\u00e9 \ud83d\udc4b"}"#,
                "sha256=aa97f079b962e411cde862d53cd4354b3621192f65383e7be2ba63c996700016",
            ),
            (
                r#"{"body":"hé 👋"}"#,
                "sha256=8ed6f1694c5a9520cc9cf8d1f8b5f2af8cdfa9482714cbba67091e3ef275bbdb",
            ),
        ];
        for (body, header) in vectors {
            assert!(check(body, &[header], &["s3cret"]), "{body}");
            for (other, _) in vectors.iter().filter(|(other, _)| *other != body) {
                assert!(!check(other, &[header], &["s3cret"]), "{other}");
            }
        }
    }

    #[test]
    fn any_configured_secret_verifies_and_an_empty_one_never_does() {
        assert!(check(EMPTY, &[EMPTY_SIGNED], &["another", "", "s3cret"]));
        assert!(!check(EMPTY, &[EMPTY_SIGNED], &["another"]));
        assert!(!check(EMPTY, &[EMPTY_SIGNED], &[]));
        let mac = Hmac::<Sha256>::new_from_slice(b"").expect("a key").chain_update(EMPTY);
        let hex: Vec<String> = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let signed_with_nothing = format!("sha256={}", hex.concat());
        assert!(!check(EMPTY, &[&signed_with_nothing], &[""]));
    }

    #[test]
    fn every_other_form_of_header_is_refused() {
        let hex = &EMPTY_SIGNED["sha256=".len()..];
        let longer = format!("{EMPTY_SIGNED}00");
        let not_hex = format!("sha256=zz{}", &hex[2..]);
        let sha1 = format!("sha1={}", &hex[..40]);
        let spaced = format!("sha256= {}", &hex[1..]);
        let padded = format!("{EMPTY_SIGNED} ");
        let upper_prefix = format!("SHA256={hex}");
        let two_in_one = format!("{EMPTY_SIGNED},{EMPTY_SIGNED}");
        let refused: &[&[&str]] = &[
            &[],
            &[""],
            &["sha256="],
            &[hex],
            &[&EMPTY_SIGNED[..EMPTY_SIGNED.len() - 1]],
            &[&longer],
            &[&not_hex],
            &[&sha1],
            &[&spaced],
            &[&padded],
            &[&upper_prefix],
            &[&two_in_one],
            &[EMPTY_SIGNED, EMPTY_SIGNED],
        ];
        for headers in refused {
            assert!(!check(EMPTY, headers, &["s3cret"]), "{headers:?}");
        }
    }

    #[test]
    fn upper_case_digits_say_the_same_bytes() {
        let upper = format!("sha256={}", EMPTY_SIGNED["sha256=".len()..].to_uppercase());
        assert!(check(EMPTY, &[&upper], &["s3cret"]));
    }

    proptest! {
        #[test]
        fn no_header_panics(header in prop::collection::vec(any::<u8>(), 0..90)) {
            prop_assert!(verify(Bytes::new(), &[&header], ["s3cret"]).is_err());
        }
    }
}
