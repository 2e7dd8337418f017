//! Looking at the window: where a colour of the theme stands, and pictures for people.

use std::{fs, path::Path, process::Command};

use egui::Color32;

use crate::process::run;

/// How far a channel may be off and still count as the colour: of a surface, and of strokes and letters, which are so thin
/// that hardly a pixel is theirs alone.
const SURFACE: u8 = 5;
const STROKE: u8 = 30;

/// A picture of a window.
pub(crate) struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 3]>,
    file: Vec<u8>,
}

/// A part of the window, in pixels: from (inclusive) and to (exclusive).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Area {
    pub(crate) x: (usize, usize),
    pub(crate) y: (usize, usize),
}

/// Where a colour stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    /// How many pixels have it.
    pub(crate) pixels: usize,
    /// The smallest part of the window around them.
    pub(crate) area: Area,
    /// Its middle.
    pub(crate) middle: (usize, usize),
}

impl Picture {
    /// Reads the binary form of PPM.
    pub(crate) fn read(file: &[u8]) -> Self {
        let (mut fields, mut at) = (Vec::new(), 0);
        while fields.len() < 4 {
            let rest = &file[at..];
            let length = rest.iter().position(u8::is_ascii_whitespace).expect("a head of four words");
            if length > 0 {
                fields.push(String::from_utf8_lossy(&rest[..length]).into_owned());
            }
            at += length + 1;
        }
        assert_eq!((fields[0].as_str(), fields[3].as_str()), ("P6", "255"), "another form than expected");
        let number = |field: &String| field.parse().expect("a number");
        let (width, height) = (number(&fields[1]), number(&fields[2]));
        let pixels: Vec<[u8; 3]> = file[at..].as_chunks::<3>().0.to_vec();
        assert_eq!(pixels.len(), width * height, "the picture is cut off");
        Self { width, height, pixels, file: file.to_owned() }
    }

    /// A part of the window.
    pub(crate) fn part(&self, area: Area) -> Vec<[u8; 3]> {
        let rows = area.y.0..area.y.1.min(self.height);
        let (left, right) = (area.x.0.min(self.width), area.x.1.min(self.width));
        rows.flat_map(|y| &self.pixels[y * self.width + left..y * self.width + right]).copied().collect()
    }

    /// Where a colour stands in a part of the window, if at least `least` pixels have it.
    pub(crate) fn find(&self, colour: Color32, area: Area, least: usize) -> Option<Spot> {
        self.find_within(SURFACE, colour, area).filter(|spot| spot.pixels >= least)
    }

    /// How many pixels of a part of the window have a colour.
    pub(crate) fn count(&self, colour: Color32, area: Area) -> usize {
        self.find_within(SURFACE, colour, area).map_or(0, |spot| spot.pixels)
    }

    /// The same for letters and other thin strokes.
    pub(crate) fn count_strokes(&self, colour: Color32, area: Area) -> usize {
        self.find_within(STROKE, colour, area).map_or(0, |spot| spot.pixels)
    }

    /// Where letters of a colour stand in a part of the window, if they make a word.
    pub(crate) fn find_strokes(&self, colour: Color32, area: Area, least: usize) -> Option<Spot> {
        self.find_within(STROKE, colour, area).filter(|spot| spot.pixels >= least)
    }

    fn find_within(&self, off: u8, colour: Color32, area: Area) -> Option<Spot> {
        let wanted = [colour.r(), colour.g(), colour.b()];
        let is_it = |pixel: &[u8; 3]| pixel.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) <= off);
        let (left, right) = (area.x.0.min(self.width), area.x.1.min(self.width));
        let mut found = Vec::new();
        for y in area.y.0..area.y.1.min(self.height) {
            let row = &self.pixels[y * self.width..(y + 1) * self.width];
            found.extend((left..right).filter(|x| is_it(&row[*x])).map(|x| (x, y)));
        }
        let reach = |of: fn(&(usize, usize)) -> usize| {
            Some((found.iter().map(of).min()?, found.iter().map(of).max()? + 1))
        };
        let area = Area { x: reach(|at| at.0)?, y: reach(|at| at.1)? };
        let middle_of = |(low, high): (usize, usize)| usize::midpoint(low, high - 1);
        Some(Spot { pixels: found.len(), area, middle: (middle_of(area.x), middle_of(area.y)) })
    }

    /// Keeps the picture for people to look at.
    pub(crate) fn keep(&self, file: &Path) {
        fs::create_dir_all(file.parent().expect("lies in a folder")).expect("a folder can be made");
        run(Command::new("convert").arg("ppm:-").arg(file), &self.file).expect("a picture can be kept");
    }
}
