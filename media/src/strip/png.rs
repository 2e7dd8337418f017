//! PNG (W3C, third edition): only the chunks stay that change what is seen.

use super::{exif_of, orientation_of};

/// What is kept of the chunks that a reader may pass over.
const KEPT: [&[u8; 4]; 16] = [
    b"acTL", b"bKGD", b"cHRM", b"cICP", b"cLLI", b"fcTL", b"fdAT", b"gAMA", b"hIST", b"iCCP", b"mDCV",
    b"pHYs", b"sBIT", b"sRGB", b"tRNS", b"IEND",
];

/// None if it makes no sense; one that ends early is taken as far as it goes.
pub(super) fn strip(bytes: &[u8]) -> Option<Vec<u8>> {
    let (signature, mut rest) = bytes.split_at_checked(8)?;
    let mut out = signature.to_vec();
    let mut pictures = 0;
    let turned = chunks(rest)
        .find(|(name, _)| *name == b"eXIf")
        .map(|(_, whole)| orientation_of(&whole[8..whole.len() - 4]));
    let mut exif = turned.and_then(exif_of);
    while let Some((name, whole, after)) = chunk(rest) {
        rest = after;
        // It has to stand before the pixels.
        if name == b"IDAT"
            && let Some(exif) = exif.take()
        {
            out.extend(made(*b"eXIf", &exif)?);
        }
        pictures += usize::from(name == b"IDAT");
        // A chunk that no reader may pass over has a capital first letter.
        if name[0].is_ascii_uppercase() || KEPT.contains(&name) {
            out.extend(whole);
        }
        if name == b"IEND" {
            break;
        }
    }
    (pictures > 0).then_some(out)
}

fn chunks(mut rest: &[u8]) -> impl Iterator<Item = (&[u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let (name, whole, after) = chunk(rest)?;
        rest = after;
        Some((name, whole))
    })
}

/// Name, the whole with its length and check sum, and what follows.
fn chunk(bytes: &[u8]) -> Option<(&[u8; 4], &[u8], &[u8])> {
    let length = usize::try_from(u32::from_be_bytes(*bytes.first_chunk()?)).ok()?;
    let name = bytes.get(4..)?.first_chunk()?;
    let (whole, after) = bytes.split_at_checked(length.checked_add(12)?)?;
    Some((name, whole, after))
}

fn made(name: [u8; 4], content: &[u8]) -> Option<Vec<u8>> {
    let length = u32::try_from(content.len()).ok()?.to_be_bytes();
    let named = [name.as_slice(), content].concat();
    Some([length.as_slice(), &named, &check_sum(&named).to_be_bytes()].concat())
}

/// CRC-32 as PNG has it (annex D).
pub(super) fn check_sum(bytes: &[u8]) -> u32 {
    let bit = |sum: u32| if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
    !bytes.iter().fold(!0, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), |sum, _bit| bit(sum)))
}
