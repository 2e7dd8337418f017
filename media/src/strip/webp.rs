//! WebP (RFC 9649): the chunks of EXIF and XMP go, with all that a reader would not know.

use super::{exif_of, orientation_of};

/// What is kept.
const KEPT: [&[u8; 4]; 7] = [b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];
/// The bits of VP8X that say that there is EXIF or XMP.
const EXIF: u8 = 0x08;
const XMP: u8 = 0x04;

/// None if it makes no sense.
pub(super) fn strip(bytes: &[u8]) -> Option<Vec<u8>> {
    let said = usize::try_from(u32::from_le_bytes(*bytes.get(4..)?.first_chunk()?)).ok()?;
    let mut rest = bytes.get(12..said.checked_add(8)?)?;
    let mut body = b"WEBP".to_vec();
    let mut exif = None;
    while let Some(name) = rest.first_chunk::<4>() {
        let length = usize::try_from(u32::from_le_bytes(*rest.get(4..)?.first_chunk()?)).ok()?;
        let content = rest.get(8..length.checked_add(8)?)?;
        if name == b"EXIF" {
            let tiff = content.strip_prefix(b"Exif\0\0").unwrap_or(content);
            exif = exif_of(orientation_of(tiff));
        }
        if KEPT.contains(&name) {
            push(&mut body, *name, content)?;
        }
        rest = rest.get(8 + length + length % 2..).unwrap_or_default();
    }
    if let Some(flags) = body.get_mut(12).filter(|_| bytes.get(12..16) == Some(b"VP8X")) {
        *flags = (*flags & !(EXIF | XMP)) | if exif.is_some() { EXIF } else { 0 };
        if let Some(exif) = exif {
            push(&mut body, *b"EXIF", &exif)?;
        }
    }
    let length = u32::try_from(body.len()).ok()?.to_le_bytes();
    Some([b"RIFF".as_slice(), &length, &body].concat())
}

fn push(body: &mut Vec<u8>, name: [u8; 4], content: &[u8]) -> Option<()> {
    body.extend(name);
    body.extend(u32::try_from(content.len()).ok()?.to_le_bytes());
    body.extend(content);
    body.extend(vec![0; content.len() % 2]);
    Some(())
}
