//! An interaction as a PDF: pages for people who read or print them, with letters that can be searched and copied in every
//! script.
//!
//! The [`press`](crate::ui::text::print) lays words out with the window's own fonts, [`paper`] breaks them into pages,
//! [`ink`] writes glyphs with what they stand for, [`fonts`] remembers which were used, and [`embed`] puts these, and no
//! more of their fonts, into the file. A glyph whose font can't be put in is drawn instead.

use std::{collections::HashSet, io::Write as _};

use flate2::{Compression, write::ZlibEncoder};
use pdf_writer::{Filter, Finish as _, Name, Pdf, Rect, Ref, TextStr};

use super::sheet::{Pair, Said, Sheet, Side};
use crate::ui::text::{
    Style, isolate,
    print::{Font, Press},
};

mod embed;
mod fonts;
mod ink;
mod paper;

use fonts::Fonts;
use paper::{Block, Flow, GREY, INK, OURS, Page, Size};

/// Writes it.
pub(super) fn write(sheet: &Sheet<'_>, press: &mut Press) -> Vec<u8> {
    let mut unfit: HashSet<Font> = HashSet::new();
    loop {
        match attempt(sheet, press, Fonts::without(unfit.clone())) {
            Ok(file) => return file,
            // Each time it is another one, and there are few.
            Err(font) => {
                tracing::warn!(font = font.name(), "a font can't be put into a PDF: its glyphs are drawn");
                unfit.insert(font);
            }
        }
    }
}

/// Writes it; an error is a font that can't be put in.
fn attempt(sheet: &Sheet<'_>, press: &mut Press, fonts: Fonts) -> Result<Vec<u8>, Font> {
    let size = Size::of(sheet.language);
    let mut flow = Flow::new(size, press, fonts);
    head(&mut flow, sheet);
    for day in &sheet.days {
        flow.heading(&day.day);
        for message in &day.said {
            said(&mut flow, message);
        }
    }
    if !sheet.happened.is_empty() {
        flow.heading("What happened");
        pairs(&mut flow, sheet.happened.iter());
    }
    let begun = sheet.days.first().map_or("", |day| day.day.as_str());
    let running = format!("{} · {begun}", isolate::isolated(&sheet.title));
    let (pages, fonts) = flow.finish(&running);
    bind(sheet, size, &pages, &fonts)
}

fn head(flow: &mut Flow<'_>, sheet: &Sheet<'_>) {
    let mut title = Block::wide(flow.size());
    title.add(flow.press(), &sheet.title, (Style::new(17.0).semibold(), INK), 0.0);
    flow.place(&title);
    pairs(flow, sheet.about.iter().chain(&sheet.facts));
}

fn pairs<'a>(flow: &mut Flow<'_>, pairs: impl Iterator<Item = &'a Pair<'a>>) {
    for (name, value) in pairs {
        let mut block = Block::wide(flow.size());
        block.pair(flow.press(), name, value);
        flow.place(&block);
    }
}

fn said(flow: &mut Flow<'_>, said: &Said<'_>) {
    let (small, ordinary) = (Style::new(8.5), Style::new(10.5));
    let mut block = match said.side {
        Side::Theirs => Block::aside(flow.size(), (0.0, 0.82), None),
        Side::Ours => Block::aside(flow.size(), (0.18, 0.82), Some(OURS)),
        Side::Between => Block::aside(flow.size(), (0.09, 0.82), None),
    };
    let by = match said.by.as_str() {
        "" => said.time.clone(),
        by => format!("{} · {}", isolate::isolated(by), said.time),
    };
    block.add(flow.press(), &by, (small.medium(), GREY), 0.0);
    for words in &said.origin {
        block.add(flow.press(), words, (small, GREY), 0.0);
    }
    if let Some(quote) = said.quote {
        block.quote(flow.press(), quote, (small, GREY));
    }
    let colour = if said.side == Side::Between { GREY } else { INK };
    block.add(flow.press(), said.text, (ordinary, colour), 0.0);
    for (until, words) in &said.earlier {
        block.add(flow.press(), &format!("Until {until}:"), (small, GREY), 0.0);
        block.quote(flow.press(), words, (small, GREY));
    }
    if !said.became.is_empty() {
        let became: Vec<_> = said.became.iter().map(|words| isolate::isolated(words)).collect();
        block.add(flow.press(), &became.join(" · "), (small, GREY), 0.0);
    }
    flow.place(&block);
}

/// Puts pages and fonts together.
fn bind(sheet: &Sheet<'_>, size: Size, pages: &[Page], fonts: &Fonts) -> Result<Vec<u8>, Font> {
    let (mut pdf, mut next) = (Pdf::with_settings(pdf_writer::Settings { pretty: false }), Ref::new(1));
    let [catalog, info, tree, shared] = [(); 4].map(|()| next.bump());
    let held = embed::fonts(&mut pdf, &mut next, fonts)?;
    let mut resources = pdf.indirect(shared).start::<pdf_writer::writers::Resources<'_>>();
    resources.fonts().pairs(held.iter().map(|(name, font)| (Name(name.as_bytes()), *font)));
    resources.finish();
    let mut leaves = Vec::with_capacity(pages.len());
    for page in pages {
        let [leaf, inside, margin] = [(); 3].map(|()| next.bump());
        for (id, content) in [(inside, &page.inside), (margin, &page.margin)] {
            pdf.stream(id, content).filter(Filter::FlateDecode);
        }
        let mut written = pdf.page(leaf);
        written.parent(tree).contents_array([inside, margin]);
        written.pair(Name(b"Resources"), shared);
        leaves.push(leaf);
    }
    let count = i32::try_from(pages.len()).unwrap_or(i32::MAX);
    let mut written = pdf.pages(tree);
    written.kids(leaves).count(count).media_box(Rect::new(0.0, 0.0, size.width, size.height));
    written.finish();
    pdf.document_info(info).title(TextStr(&sheet.title)).creator(TextStr("Waxwing"));
    let mut written = pdf.catalog(catalog);
    written.pages(tree).lang(TextStr(sheet.language));
    written.viewer_preferences().display_doc_title(true);
    written.finish();
    Ok(pdf.finish())
}

/// Packs what is written for one object.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).expect("memory takes what is written");
    packed.finish().expect("memory takes what is written")
}

#[cfg(test)]
mod tests;
