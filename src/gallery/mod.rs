//! `waxwing gallery`: every kind of message, state and script as pictures, drawn by the window's own widgets without a
//! screen.
//!
//! A page (`pages`) is a desk put together by hand (`desk`) and what somebody does at it; the `stage` is the window in
//! which that happens, and the [`canvas`] paints its last frame. Time stands still and the time zone is UTC, so with the
//! same fonts the pictures are the same.

use std::{
    fs,
    io::BufWriter,
    path::{Path, PathBuf},
};

use image::{
    ExtendedColorType, ImageEncoder as _, ImageError,
    codecs::png::{CompressionType, FilterType, PngEncoder},
};

pub mod canvas;
mod desk;
mod pages;
mod stage;

use canvas::Frame;
use pages::Page;
pub use stage::Fonts;
use stage::Stage;

use crate::config::arguments::{Gallery, Themes};

/// Why there are no pictures.
#[derive(Debug, thiserror::Error)]
pub enum GalleryError {
    /// There is no page of that name.
    #[error("there is no page {wanted:?} in the gallery; there are {known}")]
    UnknownPage {
        /// What was asked for.
        wanted: String,
        /// All there are, in words.
        known: String,
    },
    /// The folder is not there and can't be made.
    #[error("the folder {} can't be made: {error}", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A picture can't be written.
    #[error("the picture {} can't be written: {error}", path.display())]
    Picture {
        /// Which.
        path: PathBuf,
        /// Why.
        error: ImageError,
    },
}

/// Draws what is wanted, and says on the standard output which pictures there are now.
pub fn draw(wanted: &Gallery) -> Result<(), GalleryError> {
    let mut pages = pages::all();
    if let Some(name) = &wanted.only {
        let known: Vec<_> = pages.iter().map(|page| page.name).collect();
        if !known.contains(&name.as_str()) {
            let (wanted, known) = (name.clone(), known.join(", "));
            return Err(GalleryError::UnknownPage { wanted, known });
        }
        pages.retain(|page| page.name == name);
    }
    let folder = &wanted.out;
    fs::create_dir_all(folder).map_err(|error| GalleryError::Folder { path: folder.clone(), error })?;
    for page in &pages {
        for (theme, suffix) in themes(wanted.theme) {
            let path = folder.join(format!("{}-{suffix}.png", page.name));
            write(&page.drawn(*theme, Fonts::System), &path)?;
            println!("{}", path.display());
        }
    }
    Ok(())
}

/// One page of the gallery as a picture; none if there is none of that name.
#[must_use]
pub fn picture(page: &str, theme: egui::Theme, fonts: Fonts) -> Option<Frame> {
    let page = pages::all().into_iter().find(|held| held.name == page)?;
    Some(page.drawn(theme, fonts))
}

/// Writes a picture as a PNG file, as small as it gets.
pub fn write(frame: &Frame, path: &Path) -> Result<(), GalleryError> {
    let failed = |error| GalleryError::Picture { path: path.to_owned(), error };
    let bytes: Vec<u8> = frame.pixels.iter().flat_map(|pixel| [pixel.r(), pixel.g(), pixel.b()]).collect();
    // A window is not that large.
    let [width, height] = [frame.width, frame.height].map(|side| u32::try_from(side).unwrap_or(u32::MAX));
    let file = fs::File::create(path).map_err(|error| failed(error.into()))?;
    PngEncoder::new_with_quality(BufWriter::new(file), CompressionType::Best, FilterType::Adaptive)
        .write_image(&bytes, width, height, ExtendedColorType::Rgb8)
        .map_err(failed)
}

impl Page {
    fn drawn(&self, theme: egui::Theme, fonts: Fonts) -> Frame {
        let stage = Stage::open(
            (self.desk.clone(), self.album.clone(), self.shelf.clone(), self.booth.clone()),
            (self.size, self.zoom),
            theme,
            fonts,
        );
        stage.play(&self.gestures)
    }
}

const fn themes(wanted: Themes) -> &'static [(egui::Theme, &'static str)] {
    match wanted {
        Themes::Light => &[(egui::Theme::Light, "light")],
        Themes::Dark => &[(egui::Theme::Dark, "dark")],
        Themes::Both => &[(egui::Theme::Light, "light"), (egui::Theme::Dark, "dark")],
    }
}
