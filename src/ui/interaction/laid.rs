//! A bubble laid out: what stands where in it, without any colours, so that it is done once and painted often.

use std::sync::Arc;

use egui::{Context, Vec2, vec2};
use waxwing_protocol::id::AttachmentId;

use super::{
    super::text::{
        self, Direction, Galley, Look, Span, Style, Words, Wrap,
        links::{self, Link, Verdict, Warning},
        markup::{Block, BlockKind, Mark},
    },
    attachment::{self, File, LaidFile, Shape},
    button::{self, LaidButton},
    script::{Item, Line, LineLook, Script},
};

/// How large stickers are, in points (WhatsApp draws them 512 pixels large; this is half of that at twice the density).
const STICKER: Vec2 = vec2(160.0, 160.0);
/// How far lists and quotes stand in, in points.
const INDENT: f32 = 18.0;
/// Between the marker of a list and its words at least, in points.
const AFTER_MARKER: f32 = 6.0;
/// Between paragraphs, in points.
const GAP: f32 = 4.0;
/// The room that code has around it, in points.
const CODE_PADDING: Vec2 = vec2(8.0, 6.0);
/// How many rows of words are shown at most until the agent wants all: more than WhatsApp's longest text takes, and so few
/// that no stranger's text holds up a frame for long.
const ROWS: usize = 400;
/// How wide words below a picture are at least allowed to become, in points.
const CAPTION: f32 = 260.0;
/// How high a button is, in points.
const BUTTON: Vec2 = vec2(128.0, 30.0);

/// What stands in a bubble.
#[derive(Debug)]
pub(super) struct Laid {
    /// How large all of it is, in points.
    pub(super) size: Vec2,
    /// How wide the last line of words is, if words are last: whether the time fits beside it.
    pub(super) last_row: Option<f32>,
    /// From top to bottom.
    pub(super) pieces: Vec<Piece>,
}

/// Something in a bubble.
#[derive(Debug)]
pub(super) struct Piece {
    /// Which item of the script.
    pub(super) item: usize,
    /// From the top left corner of the bubble's inside, in points.
    pub(super) at: Vec2,
    /// How large it is, in points.
    pub(super) size: Vec2,
    /// What it is.
    pub(super) kind: PieceKind,
}

/// What a piece is.
#[derive(Debug)]
pub(super) enum PieceKind {
    /// Words.
    Words(Passage),
    /// What stands before the line of a list that runs this way.
    Marker(Arc<Galley>, Direction),
    /// The line beside a quote, where its words begin.
    Bar(Direction),
    /// The ground of code.
    Ground,
    /// A line across.
    Rule,
    /// A warning of ours about an address in the words above.
    Warning(Arc<Galley>),
    /// A sticker.
    Sticker(AttachmentId),
    /// A file.
    File(Box<LaidFile>),
    /// *Add to contact*, for this card.
    AddCard(u32),
    /// *Show all*, of what is too long.
    ShowAll,
    /// A button of a notification.
    Button(Box<LaidButton>),
}

/// Words of a bubble.
#[derive(Debug)]
pub(super) struct Passage {
    /// The words.
    pub(super) galley: Arc<Galley>,
    /// Whether they step back.
    pub(super) is_muted: bool,
    /// Whether they stand on a ground of their own, as code does.
    pub(super) has_ground: bool,
    /// What addresses are in it: a [`Look::Link`] is a place in this list.
    pub(super) links: Vec<Target>,
}

/// Where an address leads.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Target {
    /// To what was found in the text.
    Found(Link),
    /// To an address of ours.
    Ours(String),
}

/// Lays a script out in `widest` points; all of it if it is to be `whole`, however long.
pub(super) fn lay_out(ctx: &Context, script: &Script, widest: f32, whole: bool) -> Laid {
    let mut bench = Bench {
        ctx,
        widest,
        rows_left: (!whole).then_some(ROWS),
        is_cut: false,
        pieces: Vec::new(),
        size: Vec2::ZERO,
        last_row: None,
    };
    for (item, what) in script.items.iter().enumerate() {
        bench.is_cut |= bench.rows_left == Some(0);
        if bench.is_cut {
            break;
        }
        match what {
            Item::Line(line) => bench.line(item, line, script),
            Item::Sticker(attachment) => bench.put(item, STICKER, PieceKind::Sticker(*attachment)),
            Item::File(file, title) => bench.file(item, file, &title.text),
            Item::AddCard(card) => bench.put(item, BUTTON, PieceKind::AddCard(*card)),
            Item::Rule => bench.put(item, vec2(0.0, 5.0), PieceKind::Rule),
            Item::Button(deed, line) => {
                let laid = button::lay_out(ctx, (deed, &line.text), widest);
                bench.put(item, laid.size, PieceKind::Button(Box::new(laid)));
            }
        }
    }
    if bench.is_cut {
        bench.put(script.items.len(), BUTTON, PieceKind::ShowAll);
    }
    Laid { size: bench.size, last_row: bench.last_row, pieces: bench.pieces }
}

/// A bubble in the making.
struct Bench<'a> {
    ctx: &'a Context,
    widest: f32,
    /// How many more rows of words are shown, where there is a limit.
    rows_left: Option<usize>,
    /// Whether there was more than that.
    is_cut: bool,
    pieces: Vec<Piece>,
    size: Vec2,
    last_row: Option<f32>,
}

impl Bench<'_> {
    /// Puts something below what is there.
    fn put(&mut self, item: usize, size: Vec2, kind: PieceKind) {
        self.begin();
        self.pieces.push(Piece { item, at: vec2(0.0, self.size.y), size, kind });
        self.size = vec2(self.size.x.max(size.x), self.size.y + size.y);
        self.last_row = None;
    }

    /// A file, with its name beside its sign. What is said about a picture is no wider than that.
    fn file(&mut self, item: usize, file: &File, title: &str) {
        let is_card = file.shape() == Shape::Card;
        let words = Words::plain(title, Style::new(14.0).semibold());
        let beside = (self.widest - attachment::BESIDE_SIGN).max(40.0);
        let galley = is_card.then(|| self.galley(&words, beside));
        let room = galley.as_ref().map_or(Vec2::ZERO, |galley| galley.size());
        let laid = attachment::lay_out(self.ctx, file, self.widest, room);
        if matches!(file.shape(), Shape::Picture | Shape::Film) {
            self.widest = self.widest.min(laid.size.x.max(CAPTION));
        }
        self.put(item, laid.size, PieceKind::File(Box::new(laid)));
        if let (Some(galley), Some(Piece { at, .. })) = (galley, self.pieces.last()) {
            let (at, size) = (*at + vec2(attachment::BESIDE_SIGN, 0.0), galley.size());
            let passage = Passage { galley, is_muted: false, has_ground: false, links: Vec::new() };
            self.pieces.push(Piece { item, at, size, kind: PieceKind::Words(passage) });
        }
    }

    fn begin(&mut self) {
        if self.size.y > 0.0 {
            self.size.y += GAP;
        }
    }

    fn line(&mut self, item: usize, line: &Line, script: &Script) {
        let body = Style::new(14.0);
        match &line.look {
            LineLook::Block { text, block } => self.block(item, script, (*text, *block)),
            LineLook::Jumbo(jumbo) => {
                let large = Style::new(body.size * jumbo.scale());
                self.words(item, Words::plain(&line.text, large), 0.0);
            }
            LineLook::Title => self.words(item, Words::plain(&line.text, body.semibold()), 0.0),
            LineLook::Plain | LineLook::Item => self.words(item, Words::plain(&line.text, body), 0.0),
            LineLook::Note => {
                self.words(item, Words::plain(&line.text, Style::new(12.0)), 0.0);
                self.step_back();
            }
            LineLook::Pair(name) => {
                let name = Span { range: 0..*name, look: Look::Muted };
                self.words(item, Words { text: &line.text, spans: &[name], style: body }, 0.0);
            }
            LineLook::Link(address) => {
                let whole = Span { range: 0..line.text.len(), look: Look::Link(0) };
                self.lay(item, Words { text: &line.text, spans: &[whole], style: body }, 0.0);
                if let Some(Piece { kind: PieceKind::Words(passage), .. }) = self.pieces.last_mut() {
                    passage.links.push(Target::Ours(address.clone()));
                }
            }
        }
    }

    /// A part of the marked text.
    fn block(&mut self, item: usize, script: &Script, (text, block): (usize, usize)) {
        let Some(block) = script.block(text, block) else { return };
        let style = Style::new(14.0);
        let spans: Vec<_> = block
            .spans
            .iter()
            .map(|span| Span { range: span.range.clone(), look: look_of(span.mark) })
            .collect();
        let words = Words { text: &block.text, spans: &spans, style };
        match block.kind {
            BlockKind::Paragraph => self.words(item, words, 0.0),
            BlockKind::Quote => {
                self.words(item, words, 12.0);
                self.step_back();
                self.beside_last(item, PieceKind::Bar);
            }
            BlockKind::Code => self.code(item, &block.text),
            BlockKind::Bullet => {
                self.listed(item, block, &spans, "•");
            }
            BlockKind::Numbered(number) => {
                self.listed(item, block, &spans, &format!("{number}."));
            }
        }
    }

    fn code(&mut self, item: usize, text: &str) {
        self.begin();
        let span = Span { range: 0..text.len(), look: Look::Code };
        let words = Words { text, spans: &[span], style: Style::new(13.0) };
        let galley = self.galley(&words, self.widest - 2.0 * CODE_PADDING.x);
        let (at, inner) = (vec2(0.0, self.size.y), galley.size());
        let size = inner + 2.0 * CODE_PADDING;
        self.pieces.push(Piece { item, at, size, kind: PieceKind::Ground });
        let passage = Passage { galley, is_muted: false, has_ground: true, links: Vec::new() };
        self.pieces.push(Piece { item, at: at + CODE_PADDING, size: inner, kind: PieceKind::Words(passage) });
        self.size = vec2(self.size.x.max(size.x), self.size.y + size.y);
        self.last_row = None;
    }

    /// Words with what can be found in them: links, and what is searched for.
    fn words(&mut self, item: usize, words: Words<'_>, indent: f32) {
        let links = links::find(words.text);
        let mut spans = words.spans.to_vec();
        let followed = (0..).zip(&links).filter(|(_, link)| !matches!(link.verdict, Verdict::Plain(_)));
        spans.extend(followed.map(|(n, link)| Span { range: link.range.clone(), look: Look::Link(n) }));
        self.lay(item, Words { spans: &spans, ..words }, indent);
        let warnings: Vec<String> = links.iter().filter_map(warning).collect();
        if let Some(Piece { kind: PieceKind::Words(passage), .. }) = self.pieces.last_mut() {
            passage.links = links.into_iter().map(Target::Found).collect();
        }
        for warning in warnings {
            let words = Words::plain(&warning, Style::new(12.0));
            let galley = text::layout(self.ctx, &words, Wrap::at(self.widest));
            self.put(item, galley.size(), PieceKind::Warning(galley));
        }
    }

    fn lay(&mut self, item: usize, words: Words<'_>, indent: f32) {
        self.begin();
        let galley = self.galley(&words, (self.widest - indent).max(40.0));
        let size = galley.size();
        let runs_right = galley.direction() == Direction::LeftToRight;
        self.last_row = runs_right.then(|| indent + galley.last_row_width());
        let passage = Passage { galley, is_muted: false, has_ground: false, links: Vec::new() };
        self.pieces.push(Piece {
            item,
            at: vec2(indent, self.size.y),
            size,
            kind: PieceKind::Words(passage),
        });
        self.size = vec2(self.size.x.max(indent + size.x), self.size.y + size.y);
    }

    /// Words in as many rows as are left.
    fn galley(&mut self, words: &Words<'_>, max_width: f32) -> Arc<Galley> {
        let galley = text::layout(self.ctx, words, Wrap { max_width, max_rows: self.rows_left });
        self.rows_left = self.rows_left.map(|left| left.saturating_sub(galley.rows().len()));
        self.is_cut |= galley.is_cut();
        galley
    }

    /// Lets the words just laid out step back.
    fn step_back(&mut self) {
        if let Some(Piece { kind: PieceKind::Words(passage), .. }) = self.pieces.last_mut() {
            passage.is_muted = true;
        }
    }

    /// Puts something where the rows of the words just laid out begin.
    fn beside_last(&mut self, item: usize, kind: impl FnOnce(Direction) -> PieceKind) {
        if let Some(Piece { at, size, kind: PieceKind::Words(passage), .. }) = self.pieces.last() {
            let (at, size) = (vec2(0.0, at.y), vec2(3.0, size.y));
            let kind = kind(passage.galley.direction());
            self.pieces.push(Piece { item, at, size, kind });
        }
    }

    /// A line of a list, as far in as its marker wants it.
    fn listed(&mut self, item: usize, block: &Block, spans: &[Span], marker: &str) {
        let style = Style::new(14.0);
        let marker = text::layout(self.ctx, &Words::plain(marker, style), Wrap::one_row(self.widest));
        let indent = INDENT.max(marker.size().x + AFTER_MARKER);
        self.words(item, Words { text: &block.text, spans, style }, indent);
        self.beside_last(item, |direction| PieceKind::Marker(marker, direction));
    }
}

/// What must be seen of an address without pointing at it: that its name may deceive.
fn warning(link: &Link) -> Option<String> {
    let Verdict::Open(target) = &link.verdict else { return None };
    let deceives = |warning: &&Warning| {
        matches!(warning, Warning::International(_) | Warning::MixedScripts | Warning::LooksLike(_))
    };
    let sentences: Vec<_> = target.warnings.iter().filter(deceives).map(Warning::sentence).collect();
    (!sentences.is_empty()).then(|| format!("{}: {}", target.shown, sentences.join(" ")))
}

const fn look_of(mark: Mark) -> Look {
    match mark {
        Mark::Bold => Look::Bold,
        Mark::Italic => Look::Italic,
        Mark::Strike => Look::Strike,
        Mark::Code => Look::Code,
    }
}
