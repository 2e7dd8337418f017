//! Sound: a button that plays it, its waveform with what was heard of it, how far it is, how fast it is played. AMR, which
//! nobody here decodes, and what may not be opened has a sign and words instead.

use chrono::TimeDelta;
use egui::{
    Align2, Color32, CornerRadius, EventFilter, FontId, Key, Modifiers, Rect, Role, Sense, Stroke, Ui, Vec2,
    WidgetInfo, pos2, vec2,
};

use super::{
    super::super::{
        Action, icon,
        text::{self, Ink, Style, Words, Wrap, isolate},
        theme,
    },
    File, May, Place,
    card::{LINE, Part},
    opening::may_open,
    progress::{self, Doing},
    track::{Track, told_speed},
    words,
};
use crate::desk::sound::{PlayAsk, PlayState, SoundKey};

/// The room of the sign, in points.
pub(super) const SIGN: Vec2 = vec2(40.0, 44.0);
/// Between the sign and the rest, in points.
const GAP: f32 = 10.0;
/// The height of a sound file's name, in points; a voice note has none.
const NAME: f32 = 20.0;
/// The room of the button for the speed, in points.
const SPEED: Vec2 = vec2(38.0, 22.0);
/// A bar of the waveform, and from one to the next, in points.
const BAR: [f32; 2] = [2.5, 4.0];
/// How far an arrow key goes.
const STEP: TimeDelta = TimeDelta::seconds(5);

/// The room of a sound.
pub(super) fn room(file: &File, widest: f32) -> Vec2 {
    vec2((SIGN.x + GAP + LINE.x).min(widest), height(file))
}

fn height(file: &File) -> f32 {
    SIGN.y + if file.voice { 0.0 } else { NAME }
}

/// Why it is not played here; nothing if it can be.
fn hindrance(file: &File) -> Option<&'static str> {
    let mime = file.about.as_ref().map_or(file.mime.as_deref(), |about| Some(about.mime.as_str()));
    if matches!(file.at, Place::Kept(_)) && matches!(may_open(file), May::Save(_)) {
        // The reason stands below it.
        Some(if file.voice { "Voice message" } else { "" })
    } else if mime.is_some_and(|mime| mime.starts_with("audio/amr")) {
        Some("Waxwing can't play AMR")
    } else {
        None
    }
}

/// Draws it.
pub(super) fn show(ui: &Ui, part: &mut Part<'_, '_>) {
    let (laid, view) = (part.laid, part.view());
    let file = &laid.file;
    let body = Rect::from_min_size(part.rect.min, vec2(part.rect.width(), height(file)));
    part.surface(ui, (body.expand(3.0), theme::CARD_RADIUS), None);
    let left = body.left() + SIGN.x + GAP;
    let mut top = body.top();
    if !file.voice {
        let name = file.name.as_deref().map_or_else(|| file.title(), isolate::file_name);
        let words = Words::plain(&name, Style::new(14.0).semibold());
        let name = text::layout(ui.ctx(), &words, Wrap::one_row(body.right() - left));
        name.paint(ui.painter(), pos2(left, top), &Ink::of(view.theme));
        top += NAME;
    }
    let sign = Rect::from_center_size(pos2(body.left() + SIGN.x / 2.0, body.center().y), Vec2::splat(SIGN.x));
    let place = Rect::from_min_max(pos2(left, top), pos2(body.right(), top + SIGN.y - LINE.y - 2.0));
    match hindrance(file) {
        None => playable(ui, part, sign, place),
        Some(why) => {
            let colour = view.theme.muted;
            ui.painter().circle_filled(sign.center(), sign.width() / 2.0, colour.gamma_multiply(0.14));
            let letter = if file.voice { icon::MIC } else { icon::MUSIC };
            let letter = ui.painter().layout_no_wrap(letter.to_string(), icon::font(18.0), colour);
            let at = Align2::CENTER_CENTER.align_size_within_rect(letter.size(), sign);
            ui.painter().galley(at.min, letter, Color32::PLACEHOLDER);
            let words = Words::plain(why, Style::new(13.0));
            let words = text::layout(ui.ctx(), &words, Wrap::one_row(place.width()));
            words.paint(ui.painter(), place.min, &Ink::of(view.theme).with_text(colour));
        }
    }
    part.line(ui, pos2(left, body.bottom() - LINE.y), body.right());
}

/// What a file is called by when it is played.
pub(super) fn key(file: &File) -> SoundKey {
    match file.at {
        Place::Kept(attachment) => SoundKey::Attachment(attachment),
        Place::Ours(client_ref) => SoundKey::Ours(client_ref),
    }
}

/// How the player has it.
fn track(part: &Part<'_, '_>) -> Track {
    let file = &part.laid.file;
    Track::of(part.view(), key(file), (part.scene.conversation.interaction().id, file.voice))
}

/// What plays it; what is asked again when its file did not come.
pub(super) fn play(part: &Part<'_, '_>) -> Action {
    track(part).play()
}

/// What is known of it, with how far it is while it is played: `0:03 / 0:12 · 45 kB`.
pub(super) fn facts(part: &Part<'_, '_>) -> String {
    let (file, track) = (&part.laid.file, track(part));
    if track.position.is_zero() {
        return file.facts();
    }
    let size = words::size(file.size_bytes);
    match file.extent() {
        Some(extent) => format!("{} / {extent} · {size}", track.told()),
        None => format!("{} · {size}", track.told()),
    }
}

/// The button, the waveform and the speed.
fn playable(ui: &Ui, part: &mut Part<'_, '_>, sign: Rect, place: Rect) {
    let (track, view, file) = (track(part), part.view(), &part.laid.file);
    let told = part.told();
    if track.button(ui, view.theme, (sign, part.id.with("play")), &told) {
        part.actions.push(track.toggle());
    }
    if let Doing::Moving { part: done, .. } = Doing::of(part.scene, file)
        && track.state == Some(PlayState::Coming)
    {
        let ring = (view.theme.muted.gamma_multiply(0.25), view.theme.accent);
        progress::ring(ui.painter(), sign.center(), sign.width() / 2.0 + 1.0, done, ring);
    }
    if let Some(why) = view.sound.trouble(track.key) {
        part.words(ui, (&why, true), place.min, place.right());
        return;
    }
    let wave = place.with_max_x(place.right() - SPEED.x - 6.0);
    let position = seek(ui, part, &track, wave);
    let about = part.laid.file.about.as_ref();
    let duration = about.and_then(|about| about.duration_ms);
    let done = duration.map_or(0.0, |duration| share(position, duration));
    let bars = about.map_or(&[][..], |about| &about.waveform);
    waveform(ui, wave, bars, done, (view.theme.muted.gamma_multiply(0.45), view.theme.accent));
    speed(ui, part, place);
    track.keep_moving(ui, view.choices.window.reduced_motion);
}

/// Lets the waveform be clicked, dragged and used by arrow keys; gives the place to show.
fn seek(ui: &Ui, part: &mut Part<'_, '_>, track: &Track, wave: Rect) -> TimeDelta {
    let duration = part.laid.file.about.as_ref().and_then(|about| about.duration_ms);
    let Some(duration) = duration.and_then(|millis| i64::try_from(millis).ok()).filter(|millis| *millis > 0)
    else {
        return track.position;
    };
    let id = part.id.with("waveform");
    let response = ui.interact(wave.expand2(vec2(0.0, 3.0)), id, Sense::click_and_drag());
    let told = format!("Place in {}", part.told());
    #[expect(clippy::cast_precision_loss, reason = "seconds that are read aloud")]
    let seconds = track.position.num_seconds() as f64;
    response.widget_info(|| WidgetInfo::slider(true, seconds, &told));
    let mut asked = None;
    let mut shown = track.position;
    if let Some(pointer) = response.interact_pointer_pos() {
        let share = f64::from(((pointer.x - wave.left()) / wave.width()).clamp(0.0, 1.0));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "milliseconds of a sound"
        )]
        let there = TimeDelta::milliseconds((duration as f64 * share) as i64);
        shown = there;
        if response.clicked() || response.drag_stopped() {
            asked = Some(there);
        }
    }
    if response.has_focus() {
        let arrows = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, arrows));
        ui.painter().rect_stroke(
            wave.expand(3.0),
            CornerRadius::same(4),
            Stroke::new(2.0, part.view().theme.accent),
            egui::StrokeKind::Outside,
        );
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let last = TimeDelta::milliseconds(duration);
        if pressed(Key::ArrowLeft) {
            asked = Some((track.position - STEP).max(TimeDelta::zero()));
        } else if pressed(Key::ArrowRight) {
            asked = Some((track.position + STEP).min(last));
        } else if pressed(Key::Space) {
            part.actions.push(track.toggle());
        }
    }
    if let Some(position) = asked {
        part.actions.push(Action::Play(PlayAsk::Seek { key: track.key, position }));
        shown = position;
    }
    shown
}

/// The button that goes round the speeds.
fn speed(ui: &Ui, part: &mut Part<'_, '_>, place: Rect) {
    let view = part.view();
    let now = view.sound.speed();
    let rect = Align2::RIGHT_CENTER.align_size_within_rect(SPEED, place);
    let response = ui.interact(rect, part.id.with("speed"), Sense::click());
    let told = format!("Speed {}. Click for {}", told_speed(now), told_speed(now.next()));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &told));
    let on = response.hovered() || response.has_focus();
    let fill = view.theme.muted.gamma_multiply(if on { 0.3 } else { 0.16 });
    ui.painter().rect_filled(rect, CornerRadius::same(11), fill);
    if response.has_focus() {
        let stroke = Stroke::new(2.0, view.theme.accent);
        ui.painter().rect_stroke(rect, CornerRadius::same(11), stroke, egui::StrokeKind::Outside);
    }
    let font = FontId::new(12.0, theme::semibold());
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, told_speed(now), font, view.theme.text);
    if response.clicked() {
        part.actions.push(Action::Play(PlayAsk::Speed(now.next())));
    }
}

/// How much of it that is, 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "for a few pixels")]
fn share(position: TimeDelta, duration_ms: u64) -> f32 {
    (position.num_milliseconds() as f32 / duration_ms.max(1) as f32).clamp(0.0, 1.0)
}

/// How loud it is over its length, as bars; those that were heard in another colour. Unknown, it is a row of dots.
fn waveform(ui: &Ui, rect: Rect, loudness: &[u8], done: f32, (rest, heard): (Color32, Color32)) {
    let [wide, step] = BAR;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few dozen bars")]
    let count = ((rect.width() / step) as u16).max(1);
    for bar in 0..count {
        let of = |bar: u16| loudness.len() * usize::from(bar) / usize::from(count);
        let (from, to) = (of(bar), of(bar + 1).max(of(bar) + 1).min(loudness.len()));
        let loudest = loudness.get(from..to).unwrap_or_default().iter().max().copied().unwrap_or_default();
        let high = (rect.height() * f32::from(loudest) / 255.0).max(wide);
        let share = (f32::from(bar) + 0.5) / f32::from(count);
        let centre = pos2(rect.left() + share * rect.width(), rect.center().y);
        let colour = if share <= done { heard } else { rest };
        let bar = Rect::from_center_size(centre, vec2(wide, high));
        ui.painter().rect_filled(bar, CornerRadius::same(1), colour);
    }
}
