//! Sealing what is kept of other people's work: XChaCha20-Poly1305 with a key that is kept elsewhere. What was changed, or put
//! in another's place, does not open.

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};

/// How many bytes a key has.
const KEY_BYTES: usize = 32;
/// How many bytes of chance stand before what is sealed: enough to draw them for each.
const NONCE_BYTES: usize = 24;

/// What something is sealed with; never printed.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct SealKey([u8; KEY_BYTES]);

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealKey(…)")
    }
}

impl SealKey {
    /// A fresh one.
    ///
    /// # Panics
    /// If the system gives no random bytes, which no system does that the rest could run on.
    pub(super) fn draw() -> Self {
        Self(draw())
    }

    /// As it is kept as text.
    pub(super) fn to_text(&self) -> String {
        BASE64.encode(self.0)
    }

    /// The key of a text; none if it is none.
    pub(super) fn of_text(text: &str) -> Option<Self> {
        BASE64.decode(text.trim()).ok()?.try_into().ok().map(Self)
    }
}

fn draw<const LENGTH: usize>() -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes).expect("every system gives random bytes");
    bytes
}

/// What could not be sealed; there is nothing to say about it.
#[derive(Debug, thiserror::Error)]
#[error("it could not be sealed")]
pub(super) struct NotSealed;

/// Seals and opens.
pub(super) struct Seal(XChaCha20Poly1305);

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal(…)")
    }
}

impl Seal {
    pub(super) fn new(key: &SealKey) -> Self {
        Self(XChaCha20Poly1305::new(&key.0.into()))
    }

    /// Seals something for one place, where alone it opens.
    pub(super) fn close(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>, NotSealed> {
        let nonce: [u8; NONCE_BYTES] = draw();
        let payload = Payload { msg: plain, aad: place.as_bytes() };
        let sealed = self.0.encrypt(&XNonce::from(nonce), payload).map_err(|_opaque| NotSealed)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed for this place; none if it was not, or was changed.
    pub(super) fn open(&self, place: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>()?;
        let payload = Payload { msg: sealed, aad: place.as_bytes() };
        self.0.decrypt(&XNonce::from(*nonce), payload).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_with_its_key_in_its_place_unchanged_and_else_not() {
        let key = SealKey::draw();
        let seal = Seal::new(&SealKey::of_text(&key.to_text()).unwrap());
        let closed = seal.close("item 1", b"Elena Petrova").unwrap();
        assert_eq!(seal.open("item 1", &closed).as_deref(), Some(b"Elena Petrova".as_slice()));
        assert_eq!(seal.open("item 2", &closed), None);
        assert_eq!(Seal::new(&SealKey::draw()).open("item 1", &closed), None);
        for at in 0..closed.len() {
            let mut changed = closed.clone();
            changed[at] ^= 1;
            assert_eq!(seal.open("item 1", &changed), None, "byte {at}");
            assert_eq!(seal.open("item 1", &closed[..at]), None);
        }
        assert_ne!(closed, seal.close("item 1", b"Elena Petrova").unwrap(), "chance is drawn anew");
        assert!(!closed.windows(5).any(|part| part == b"Elena"));
        assert_eq!(SealKey::of_text("short"), None);
        assert_eq!(format!("{key:?} {seal:?}"), "SealKey(…) Seal(…)");
    }
}
