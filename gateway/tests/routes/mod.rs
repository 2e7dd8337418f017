//! One file a resource, as in the gateway itself.

mod conversation;
mod events;
mod health;
mod history;
mod messages;
mod sign_in;
mod webhook;
