//! The whole program without a screen: a real gateway on a real database, a WhatsApp network in a box, and the window,
//! driven by its labels.

mod after_work;
mod away;
mod contacts;
mod conversation;
mod drafts;
mod files;
mod history;
mod kinds;
mod library;
mod notification;
mod outage;
mod receive;
mod responses;
mod send;
mod wait;
mod window;
mod workbins;
mod world;
mod wrap_up;
