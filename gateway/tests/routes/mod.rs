//! One file a resource, as in the gateway itself.

mod access;
mod contacts;
mod conversation;
mod events;
mod files;
mod health;
mod history;
mod library;
mod messages;
mod sign_in;
mod webhook;
mod workbins;
