//! The panels, driven by their labels: a desk in, labels and actions out, the time fixed.

mod attachments;
mod bar;
mod bodies;
mod composer;
mod composer_more;
mod conversation;
mod deeds;
mod emoji;
mod finding;
mod fixture;
mod hand;
mod own_windows;
mod selecting;
mod sign_in;
mod snapshots;
mod sound;
mod sticker;
mod strip;
mod text;
mod text_editor;
mod text_unicode;
mod transcript;
mod transcript_edges;
mod unicode_data;
mod viewer;
