//! The fonts in the file: the parts that are used, and what their codes mean (PDF 32000-1:2008, 9.6 to 9.10).

use std::collections::HashMap;

use pdf_writer::{
    Content, Filter, Finish as _, Name, Pdf, Rect, Ref, Str,
    types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap},
};

use super::{
    fonts::{DRAWINGS, Drawing, Fonts, Holder, Source},
    packed,
};
use crate::ui::text::print::{Font, Picture, Step, table};

/// Codes are the numbers of glyphs.
const IDENTITY: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
/// What maps of codes to letters are called.
const TO_LETTERS: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"UCS"), supplement: 0 };

/// A rectangle around nothing.
const NOWHERE: [f32; 4] = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];

/// Writes all fonts; says what pages call them. An error is one that can't be written.
pub(super) fn fonts(pdf: &mut Pdf, next: &mut Ref, fonts: &Fonts) -> Result<Vec<(String, Ref)>, Font> {
    let mut held = Vec::new();
    for (number, source) in fonts.sources.iter().enumerate().filter(|(_, source)| source.widths.len() > 1) {
        let font = embedded(pdf, next, (number, source)).ok_or_else(|| source.font.clone())?;
        held.push((Holder::Font(number).name(), font));
    }
    for (number, drawings) in fonts.drawings.chunks(DRAWINGS).enumerate() {
        held.push((Holder::Drawn(number).name(), drawn(pdf, next, fonts, drawings)));
    }
    Ok(held)
}

/// The part of a font that is used.
fn embedded(pdf: &mut Pdf, next: &mut Ref, (number, source): (usize, &Source)) -> Option<Ref> {
    let part = subsetter::subset(source.font.file(), source.font.index(), &source.codes).ok()?;
    // Of OpenType with PostScript outlines the file holds these alone.
    let cff = table(&part, b"CFF ");
    let [font, inside, descriptor, file, letters] = [(); 5].map(|()| next.bump());
    let name = format!("{}+{}", tag(number), source.font.name());
    let base = if cff.is_some() { format!("{name}-Identity-H") } else { name.clone() };
    pdf.type0_font(font)
        .base_font(Name(base.as_bytes()))
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(inside)
        .to_unicode(letters);
    let mut cid = pdf.cid_font(inside);
    cid.subtype(if cff.is_some() { CidFontType::Type0 } else { CidFontType::Type2 });
    cid.base_font(Name(name.as_bytes())).system_info(IDENTITY).font_descriptor(descriptor).default_width(0.0);
    if cff.is_none() {
        cid.cid_to_gid_map_predefined(Name(b"Identity"));
    }
    cid.widths().consecutive(0, source.widths.iter().copied());
    cid.finish();
    let metrics = source.font.metrics();
    let [left, bottom, right, top] = metrics.bounds;
    let mut about = pdf.font_descriptor(descriptor);
    about
        .name(Name(name.as_bytes()))
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(left, bottom, right, top))
        .italic_angle(metrics.italic_angle)
        .ascent(metrics.ascent)
        .descent(metrics.descent)
        .cap_height(metrics.cap_height)
        .stem_v(80.0);
    if cff.is_some() {
        about.font_file3(file)
    } else {
        about.font_file2(file)
    };
    about.finish();
    let bytes = packed(cff.unwrap_or(&part));
    let mut stream = pdf.stream(file, &bytes);
    stream.filter(Filter::FlateDecode);
    if cff.is_some() {
        stream.pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
    } else {
        stream.pair(Name(b"Length1"), i32::try_from(part.len()).unwrap_or(i32::MAX));
    }
    stream.finish();
    let map = packed(&meanings(source));
    pdf.cmap(letters, &map).filter(Filter::FlateDecode);
    Some(font)
}

/// Six letters that tell parts of one font from each other.
fn tag(number: usize) -> String {
    let letter =
        |place: u32| char::from(b'A' + u8::try_from(number / 26_usize.pow(place) % 26).unwrap_or_default());
    (0..6).rev().map(letter).collect()
}

/// What the codes of a font stand for. Glyphs that are only seen together with others stand for what the font itself says.
fn meanings(source: &Source) -> Vec<u8> {
    let mut map = UnicodeCmap::<u16>::new(Name(b"Letters"), TO_LETTERS);
    let is_open = source.meanings.iter().skip(1).any(|(_glyph, meaning)| meaning.is_none());
    let own: HashMap<u32, char> = if is_open { source.font.letters() } else { HashMap::new() };
    for (code, (glyph, meaning)) in (0..).zip(&source.meanings) {
        match (meaning, own.get(glyph)) {
            (Some(letters), _) => map.pair_with_multiple(code, letters.chars()),
            (None, Some(letter)) if !letter.is_control() => map.pair(code, *letter),
            (None, _) => {}
        }
    }
    map.finish().into_vec()
}

/// A font of drawings.
fn drawn(pdf: &mut Pdf, next: &mut Ref, fonts: &Fonts, drawings: &[Drawing]) -> Ref {
    let (mut glyphs, mut pictures, mut around) = (Vec::new(), Vec::new(), NOWHERE);
    for (number, drawing) in drawings.iter().enumerate() {
        let (id, font) = (next.bump(), &fonts.sources[drawing.source].font);
        let mut content = Content::new();
        if let Some(picture) = font.is_coloured(drawing.glyph).then(|| font.picture(drawing.glyph)).flatten()
        {
            let name = format!("P{number}");
            let [x, y, width, height] = picture.rect;
            content.start_color_glyph(drawing.width).transform([width, 0.0, 0.0, height, x, y]);
            content.x_object(Name(name.as_bytes()));
            pictures.push((name, image(pdf, next, &picture)));
            around = both(around, [x, y, x + width, y + height]);
        } else {
            around = both(around, outline(&mut content, drawing.width, &font.outline(drawing.glyph)));
        }
        pdf.stream(id, &packed(&content.finish())).filter(Filter::FlateDecode);
        glyphs.push((format!("g{number}"), id));
    }
    let [font, letters] = [next.bump(), next.bump()];
    let mut written = pdf.type3_font(font);
    // Readers tell rows by it.
    let [left, bottom, right, top] = around;
    written.bbox(Rect::new(left, bottom, right, top)).matrix([0.001, 0.0, 0.0, 0.001, 0.0, 0.0]);
    written.char_procs().pairs(glyphs.iter().map(|(name, id)| (Name(name.as_bytes()), *id)));
    let names = glyphs.iter().map(|(name, _id)| Name(name.as_bytes()));
    written.encoding_custom().differences().consecutive(0, names);
    let last = u8::try_from(drawings.len() - 1).unwrap_or(u8::MAX);
    written.first_char(0).last_char(last).widths(drawings.iter().map(|drawing| drawing.width));
    written.resources().x_objects().pairs(pictures.iter().map(|(name, id)| (Name(name.as_bytes()), *id)));
    written.to_unicode(letters);
    written.finish();
    let mut map = UnicodeCmap::<u8>::new(Name(b"Letters"), TO_LETTERS);
    for (code, drawing) in (0..=u8::MAX).zip(drawings) {
        if let Some(meaning) = &drawing.meaning {
            map.pair_with_multiple(code, meaning.chars());
        }
    }
    pdf.cmap(letters, &packed(&map.finish())).filter(Filter::FlateDecode);
    font
}

/// A picture, and what of it can be seen through.
fn image(pdf: &mut Pdf, next: &mut Ref, picture: &Picture) -> Ref {
    let [image, mask] = [next.bump(), next.bump()];
    let side = |length: usize| i32::try_from(length).unwrap_or(i32::MAX);
    let (width, height) = (side(picture.width), side(picture.height));
    let bytes = packed(&picture.colours);
    let mut written = pdf.image_xobject(image, &bytes);
    written.filter(Filter::FlateDecode);
    written.width(width).height(height).bits_per_component(8).s_mask(mask);
    written.color_space().device_rgb();
    written.finish();
    let bytes = packed(&picture.cover);
    let mut written = pdf.image_xobject(mask, &bytes);
    written.filter(Filter::FlateDecode);
    written.width(width).height(height).bits_per_component(8);
    written.color_space().device_gray();
    written.finish();
    image
}

/// A glyph as lines, in the colour of the text; says where it has ink.
fn outline(content: &mut Content, width: f32, steps: &[Step]) -> [f32; 4] {
    let points = steps.iter().flat_map(|step| match step {
        Step::Move(to) | Step::Line(to) => vec![*to],
        Step::Curve(first, second, to) => vec![*first, *second, *to],
        Step::Close => Vec::new(),
    });
    let around = points.fold(NOWHERE, |around, [x, y]| both(around, [x, y, x, y]));
    let around = if steps.is_empty() { [0.0; 4] } else { around };
    let [left, bottom, right, top] = around;
    content.start_shape_glyph(width, left, bottom, right, top);
    for step in steps {
        match step {
            Step::Move([x, y]) => content.move_to(*x, *y),
            Step::Line([x, y]) => content.line_to(*x, *y),
            Step::Curve([ax, ay], [bx, by], [x, y]) => content.cubic_to(*ax, *ay, *bx, *by, *x, *y),
            Step::Close => content.close_path(),
        };
    }
    if !steps.is_empty() {
        content.fill_nonzero();
    }
    around
}

/// A rectangle, by left, bottom, right and top, around both.
fn both(one: [f32; 4], other: [f32; 4]) -> [f32; 4] {
    [one[0].min(other[0]), one[1].min(other[1]), one[2].max(other[2]), one[3].max(other[3])]
}
