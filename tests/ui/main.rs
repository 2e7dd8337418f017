//! The panels, driven by their labels: a desk in, labels and actions out, the time fixed.

mod bar;
mod composer;
mod conversation;
mod fixture;
mod sign_in;
mod snapshots;
mod sticker;
mod text;
mod text_editor;
mod text_fonts;
mod text_unicode;
