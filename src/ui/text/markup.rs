//! `WhatsApp`'s text marks: what of a message is bold, code, a quote or a list, and which letters were only marks.
//!
//! The marks are those of `WhatsApp`'s help page on formatting: `*bold*`, `_italic_`, `~strike~`, `` `code` ``,
//! ```` ```code``` ````, and at the start of a line `> quote`, `* ` or `- ` for a bullet and `1. ` for a number.
//! Where it is silent, this is how they are read here:
//!
//! * A mark touches something other than white space on its inner side, and no letter or digit on its outer side:
//!   `2*3*4` and `snake_case_name` stay as they are. Letters of scripts without spaces between words are letters too
//!   (`长*宽*高` is a product): whoever wants bold there puts a space or punctuation around it.
//! * The same mark several times in a row is one mark, the innermost: `**a**` is a bold `a` between asterisks.
//! * The first mark that can open does, and the first that can close it does; marks nest, they don't overlap.
//! * Nothing is read inside code, and nothing inside a web or e-mail address.
//! * A mark in an emoji (the asterisk of a keycap) or under an accent is none.
//!
//! What is shown and what was written are mapped to each other, so that copying a selection gives what was written.

use std::ops::Range;

mod fence;
mod inline;
#[cfg(test)]
mod tests;

/// A message, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// Its parts, from top to bottom. Empty for an empty text.
    pub blocks: Vec<Block>,
}

/// One part of a message: some lines that are laid out together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// What is shown: the text without its marks. Lines are separated by `\n`.
    pub text: String,
    /// What is marked in [`Block::text`], outer marks before inner ones; ranges nest or are apart, never overlap in part.
    pub spans: Vec<Span>,
    /// Where it stands in the written text, in bytes: with its marks, without the line break after it.
    pub source: Range<usize>,
    /// The stretches that are shown as they were written, in order.
    kept: Vec<Kept>,
}

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// Lines of plain text, empty ones included.
    Paragraph,
    /// Lines that began with `> `.
    Quote,
    /// Lines between ```` ``` ````.
    Code,
    /// A line that began with `* ` or `- `.
    Bullet,
    /// A line that began with this number, from 1 to 999, and `. `.
    Numbered(u16),
}

/// How a stretch of text is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// `*bold*`
    Bold,
    /// `_italic_`
    Italic,
    /// `~strike~`
    Strike,
    /// `` `code` ``, or ```` ```code``` ```` within a line.
    Code,
}

/// A marked stretch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Where in [`Block::text`], in bytes.
    pub range: Range<usize>,
    /// How it is marked.
    pub mark: Mark,
    /// Where in the written text, in bytes, its marks included.
    pub source: Range<usize>,
}

/// A place in what is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Which block.
    pub block: usize,
    /// Which byte of its text.
    pub offset: usize,
}

/// A stretch that is shown as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kept {
    /// Where it begins in the shown text.
    shown: usize,
    /// Where it begins in the written text.
    written: usize,
    /// How many bytes it has.
    length: usize,
}

/// Takes a message apart. Every text can be taken apart, in time that grows with its length alone.
#[must_use]
pub fn parse(text: &str) -> Document {
    let mut blocks = Vec::new();
    let fences = fence::find(text);
    let whole = inline::whole(&fences, &super::links::find_addresses(text));
    let mut reader = inline::Reader::new(text, &whole);
    let mut at = 0;
    for fence in fences.into_iter().filter(|fence| fence.is_block) {
        if at < fence.outer.start {
            read_lines(text, at..without_line_break(text, at..fence.outer.start), &mut reader, &mut blocks);
        }
        let mut code = Block::new(BlockKind::Code, fence.outer.clone());
        code.keep(text, fence.inner);
        blocks.push(code);
        at = fence.outer.end;
        if text[at..].starts_with('\n') {
            at += 1;
        }
    }
    if at < text.len() || text[..at].ends_with('\n') {
        read_lines(text, at..text.len(), &mut reader, &mut blocks);
    }
    Document { blocks }
}

/// The end of a stretch, before the line break that ends it.
fn without_line_break(text: &str, stretch: Range<usize>) -> usize {
    stretch.end - usize::from(text[stretch].ends_with('\n'))
}

/// Reads the lines in `stretch` and adds a block for each list item and for each run of quotes or of plain lines.
fn read_lines(text: &str, stretch: Range<usize>, reader: &mut inline::Reader<'_>, blocks: &mut Vec<Block>) {
    let first = blocks.len();
    let mut start = stretch.start;
    for line in text[stretch].split('\n') {
        let end = start + line.len();
        let (kind, mark_length) = classify(line);
        let goes_on = matches!(kind, BlockKind::Paragraph | BlockKind::Quote)
            && blocks.len() > first
            && blocks.last().is_some_and(|block| block.kind == kind);
        if goes_on {
            let block = blocks.last_mut().expect("there is a last one, it has just been looked at");
            block.source.end = end;
            block.keep(text, start - 1..start);
        } else {
            blocks.push(Block::new(kind, start..end));
        }
        let block = blocks.last_mut().expect("there is a last one, it was there or has just been added");
        reader.read_line(start + mark_length..end, block);
        start = end + 1;
    }
}

/// What a line is by its first letters, and how many bytes of it are the mark of that.
fn classify(line: &str) -> (BlockKind, usize) {
    let digits = line.bytes().take(4).take_while(u8::is_ascii_digit).count();
    let (kind, mark_length) = if line.starts_with("> ") {
        (BlockKind::Quote, 2)
    } else if line.starts_with("* ") || line.starts_with("- ") {
        (BlockKind::Bullet, 2)
    } else if (1..=3).contains(&digits) && !line.starts_with('0') && line[digits..].starts_with(". ") {
        let number = line[..digits].parse().expect("up to three digits fit");
        (BlockKind::Numbered(number), digits + 2)
    } else {
        (BlockKind::Paragraph, 0)
    };
    // A mark with nothing behind it is something that was written.
    if line[mark_length..].trim().is_empty() { (BlockKind::Paragraph, 0) } else { (kind, mark_length) }
}

/// What is shown of a message in one line: its words without their marks.
#[must_use]
pub fn plain(text: &str) -> String {
    let words: Vec<String> = parse(text).blocks.into_iter().map(|block| block.text).collect();
    words.join(" ")
}

impl Document {
    /// What was written between two places: the whole source of blocks that lie between them, and of the first and the
    /// last block what [`Block::source_range`] gives for their part. An empty range if `to` isn't behind `from`.
    ///
    /// Places behind the end of a block, or of the document, count as that end.
    #[must_use]
    pub fn source_range(&self, from: Place, to: Place) -> Range<usize> {
        let Some(last) = self.blocks.len().checked_sub(1) else { return 0..0 };
        let end = Place { block: last, offset: self.blocks[last].text.len() };
        let (from, to) = (from.min(end), to.min(end));
        let (first, last) = (&self.blocks[from.block], &self.blocks[to.block]);
        if to <= from {
            let at = first.source_of(from.offset);
            return at..at;
        }
        if from.block == to.block {
            return first.source_range(from.offset..to.offset);
        }
        let start = first.source_range(from.offset..first.text.len()).start;
        // Up to the start of a block is up to its mark.
        let end = if to.offset == 0 { last.source.start } else { last.source_range(0..to.offset).end };
        start..end
    }
}

impl Block {
    fn new(kind: BlockKind, source: Range<usize>) -> Self {
        Self { kind, text: String::new(), spans: Vec::new(), source, kept: Vec::new() }
    }

    /// Shows a stretch of the written text.
    fn keep(&mut self, text: &str, written: Range<usize>) {
        if written.is_empty() {
            return;
        }
        let shown = self.text.len();
        self.text.push_str(&text[written.clone()]);
        match self.kept.last_mut() {
            Some(last) if last.written + last.length == written.start => last.length += written.len(),
            _ => self.kept.push(Kept { shown, written: written.start, length: written.len() }),
        }
    }

    /// What was written for a selection of [`Block::text`], in bytes of the written text.
    ///
    /// A marked word that is selected whole comes with its marks, a block that is selected whole with all that makes it
    /// one. An empty selection gives an empty range.
    #[must_use]
    pub fn source_range(&self, shown: Range<usize>) -> Range<usize> {
        let (from, to) = (shown.start.min(self.text.len()), shown.end.min(self.text.len()));
        if to <= from {
            let at = self.source_of(from);
            return at..at;
        }
        if from == 0 && to == self.text.len() {
            return self.source.clone();
        }
        let mut source = self.source_of(from)..self.end_of(to);
        for span in &self.spans {
            if from <= span.range.start && span.range.end <= to {
                source = source.start.min(span.source.start)..source.end.max(span.source.end);
            }
        }
        source
    }

    /// Where the letter at this byte of [`Block::text`] was written, in bytes of the written text. Never falls when
    /// `shown` grows. The end of the text is the end of its last letter.
    #[must_use]
    pub fn source_of(&self, shown: usize) -> usize {
        if shown >= self.text.len() {
            return self.end_of(shown);
        }
        let kept = self.kept[self.kept.partition_point(|kept| kept.shown <= shown) - 1];
        kept.written + (shown - kept.shown)
    }

    /// Where the letter before this byte of [`Block::text`] ends in the written text.
    fn end_of(&self, shown: usize) -> usize {
        let at = self.kept.partition_point(|kept| kept.shown < shown);
        match at.checked_sub(1).map(|at| self.kept[at]) {
            Some(kept) => kept.written + (shown - kept.shown).min(kept.length),
            None => self.kept.first().map_or(self.source.start, |kept| kept.written),
        }
    }

    /// Where a byte of the written text is shown in [`Block::text`]; a mark is where the next shown letter is. Never
    /// falls when `written` grows.
    #[must_use]
    pub fn shown_of(&self, written: usize) -> usize {
        let at = self.kept.partition_point(|kept| kept.written + kept.length <= written);
        self.kept.get(at).map_or(self.text.len(), |kept| kept.shown + written.saturating_sub(kept.written))
    }
}
