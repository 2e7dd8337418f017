//! Files and pictures on the clipboard. Words are the window's own affair.
//!
//! Other programs answer for what is on the clipboard, and may take their time: not for a thread that somebody waits for.

use std::{
    io::Cursor,
    path::{Path, PathBuf},
};

use arboard::{Clipboard, Error};
use image::{ImageFormat, RgbaImage};
use thiserror::Error as ThisError;

/// What was on the clipboard.
#[derive(Debug, PartialEq, Eq)]
pub enum Pasted {
    /// Files.
    Files(Vec<PathBuf>),
    /// A picture, as a PNG file.
    Picture(Vec<u8>),
    /// Neither.
    Nothing,
}

/// Why the clipboard can't be used.
#[derive(Debug, ThisError)]
pub enum ClipboardError {
    /// The system has none, or it does not answer.
    #[error("the clipboard can't be used: {0}")]
    Clipboard(#[from] Error),
    /// Its picture makes no sense.
    #[error("the picture on the clipboard can't be used")]
    Picture,
}

/// Reads files or a picture off the clipboard: files first, for a file manager offers their icons besides.
pub fn read() -> Result<Pasted, ClipboardError> {
    let mut clipboard = Clipboard::new()?;
    // Some programs answer with their picture whatever they are asked for (xclip is one), so a failure says nothing yet.
    let no_files = match clipboard.get().file_list() {
        Ok(files) if !files.is_empty() => return Ok(Pasted::Files(files)),
        Ok(_) => None,
        Err(error) => failure(error),
    };
    match clipboard.get_image() {
        Ok(picture) => png(picture.width, picture.height, picture.bytes.into_owned()).map(Pasted::Picture),
        Err(error) => match failure(error).or(no_files) {
            Some(error) => Err(error.into()),
            None => Ok(Pasted::Nothing),
        },
    }
}

/// What went wrong, unless it is only that there is nothing of the kind.
fn failure(error: Error) -> Option<Error> {
    let is_nothing = matches!(error, Error::ContentNotAvailable | Error::ConversionFailure);
    (!is_nothing).then_some(error)
}

fn png(width: usize, height: usize, rgba: Vec<u8>) -> Result<Vec<u8>, ClipboardError> {
    let side = |side| u32::try_from(side).map_err(|_too_long| ClipboardError::Picture);
    let picture = RgbaImage::from_raw(side(width)?, side(height)?, rgba).ok_or(ClipboardError::Picture)?;
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Png).map_err(|_refused| ClipboardError::Picture)?;
    Ok(file.into_inner())
}

/// Puts a file on the clipboard, as file managers do.
pub fn put_file(path: &Path) -> Result<(), ClipboardError> {
    Ok(Clipboard::new()?.set().file_list(&[path])?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_becomes_a_png_file() {
        let file = png(2, 1, vec![1, 2, 3, 255, 4, 5, 6, 0]).unwrap();
        let read = image::load_from_memory(&file).unwrap().into_rgba8();
        assert_eq!((read.dimensions(), read.into_raw()), ((2, 1), vec![1, 2, 3, 255, 4, 5, 6, 0]));
        assert!(png(2, 2, vec![0; 4]).is_err());
        assert!(png(0, 0, Vec::new()).is_err());
    }
}
