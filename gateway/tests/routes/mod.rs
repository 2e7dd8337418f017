//! One file a resource, as in the gateway itself.

mod events;
mod health;
mod history;
mod messages;
mod sign_in;
mod webhook;
