//! What comes back from the child: frames of a head in JSON and raw bytes. The parent believes no length beyond its limit.
//!
//! A frame is the length of the head (32 bits, low byte first), the length of the raw bytes (64 bits), and both of them.

use std::io::{self, Read, Write};

use serde::{Serialize, de::DeserializeOwned};

use super::Trouble;

/// The longest head, in bytes: what is known of a file, in words.
const MAX_HEAD: u32 = 64 * 1024;

/// Writes one frame.
pub(super) fn write<H: Serialize>(
    out: &mut dyn Write,
    said: &Result<H, Trouble>,
    raw: &[u8],
) -> io::Result<()> {
    let head = serde_json::to_vec(said)?;
    let lengths = (u32::try_from(head.len()), u64::try_from(raw.len()));
    let (Ok(head_length), Ok(raw_length)) = lengths else { return Err(io::ErrorKind::FileTooLarge.into()) };
    out.write_all(&head_length.to_le_bytes())?;
    out.write_all(&raw_length.to_le_bytes())?;
    out.write_all(&head)?;
    out.write_all(raw)?;
    out.flush()
}

/// Reads one frame, with at most so many raw bytes.
pub(super) fn read<H: DeserializeOwned>(from: &mut dyn Read, max_raw: u64) -> Result<(H, Vec<u8>), Trouble> {
    let broken = |_error: io::Error| Trouble::Broken;
    let (mut head_length, mut raw_length) = ([0; 4], [0; 8]);
    from.read_exact(&mut head_length).map_err(broken)?;
    from.read_exact(&mut raw_length).map_err(broken)?;
    let (head_length, raw_length) = (u32::from_le_bytes(head_length), u64::from_le_bytes(raw_length));
    if head_length > MAX_HEAD || raw_length > max_raw {
        return Err(Trouble::Broken);
    }
    let head = exactly(from, head_length.into()).map_err(broken)?;
    let said: Result<H, Trouble> = serde_json::from_slice(&head).map_err(|_error| Trouble::Broken)?;
    Ok((said?, exactly(from, raw_length).map_err(broken)?))
}

/// Reads so many bytes, without making room for those that don't come.
fn exactly(from: &mut dyn Read, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = from.take(length).read_to_end(&mut bytes)?;
    if u64::try_from(read) == Ok(length) { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let mut bytes = Vec::new();
        write(&mut bytes, &Ok([1, 2]), b"raw").unwrap();
        write::<()>(&mut bytes, &Err(Trouble::Damaged), b"").unwrap();
        let mut from = bytes.as_slice();
        assert_eq!(read::<[u32; 2]>(&mut from, 3), Ok(([1, 2], b"raw".to_vec())));
        assert_eq!(read::<[u32; 2]>(&mut from, 3), Err(Trouble::Damaged));
        assert_eq!(read::<[u32; 2]>(&mut from, 3), Err(Trouble::Broken), "nothing left");
    }

    #[test]
    fn no_length_is_believed() {
        let mut bytes = Vec::new();
        write(&mut bytes, &Ok(()), b"raw").unwrap();
        assert_eq!(read::<()>(&mut bytes.as_slice(), 2), Err(Trouble::Broken), "longer than allowed");
        for cut in 0..bytes.len() {
            assert_eq!(read::<()>(&mut &bytes[..cut], 3), Err(Trouble::Broken), "cut at {cut}");
        }
        bytes[..4].copy_from_slice(&[0xff; 4]);
        assert_eq!(read::<()>(&mut bytes.as_slice(), 3), Err(Trouble::Broken), "a head without end");
    }
}
