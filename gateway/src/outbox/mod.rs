//! Sends what is stored: in order, from the disk, at most once by itself.
//!
//! # Rationale
//!
//! WhatsApp's send call has no idempotency key. When its answer gets lost, nobody can tell a message that arrived from
//! one that did not; sending it again may show the customer the same words twice, leaving it may lose them. So the
//! outbox promises what can be kept: **no message leaves twice unless a person says so, and none is lost in silence.**
//! Everything here follows from one rule: *that a request leaves is on disk before it leaves.* Whatever happens to the
//! process afterwards, the row tells that the message may have arrived.
//!
//! The second promise is order. What an agent writes to one contact arrives in the order in which it was written, so a
//! recipient (one business number and one contact) has at most one request under way, and only the first of its rows may
//! leave. Recipients do not wait for one another.
//!
//! # States of a row
//!
//! ```text
//!              ┌──────────── provably not arrived, or WhatsApp says "later" ───────────┐
//!              ▼                                                                       │
//!  accepted ─ waiting ── the request leaves ──► in_flight ── WhatsApp took it ──► (gone: Sent)
//!              ▲                                 │  │  └──── WhatsApp said no ──► (gone: Failed)
//!              │                                 │  └── the answer got lost ──► uncertain
//!   the number can send again                    │                              │      │
//!              └──────────── held ◄── the number is stopped        a status came│      │ none in time
//!                                                                               ▼      ▼
//!                                                                  (gone: Sent …)   (gone: Failed)
//! ```
//!
//! * `waiting`: not tried yet, or it may be tried again at `next_try_at`.
//! * `in_flight`: its request has left, at `left_at`; no answer is known.
//! * `uncertain`: its answer got lost. Only a status with our correlation (`<message id>:<attempt>`, of a reaction `<message id>:r<attempt>`) or the end of
//!   the wait resolves it. It blocks what waits behind it for the same recipient.
//! * `held`: the number can't send: token, permission, payment, restriction.
//!
//! Our reactions to messages wait in the same order and under the same rules. WhatsApp keeps one of them a message, so a
//! newer one takes the place of one that has not left, and says nothing of one that has.
//!
//! A row goes when WhatsApp has answered for good. What becomes of it is decided by the pure function
//! [`decide::decide`]; the worker only does what it says.
//!
//! # If all goes well
//!
//! Accepting a message stores a row and rings [`Bell::Outbox`](crate::store::Bell::Outbox). The worker takes
//! the due heads, marks them `in_flight` in one commit, and sends them side by side. An answer stores WhatsApp's id with
//! the message, tells its owner `Sent`, removes the row, and the next row of that recipient is a head.
//!
//! # What if not
//!
//! * *No connection could be made:* the request did not arrive. It is tried again after a pause that doubles from a
//!   second to a minute; after about an hour it fails and the agent may try again.
//! * *The connection was cut, timed out, or the answer can't be read:* `uncertain`.
//! * *The process dies:* rows that are found `in_flight` at the start become `uncertain`.
//! * *A status comes before the answer, or instead of it:* statuses move the message on by themselves; a row that they
//!   have resolved is gone when the answer wants to, and nothing is done twice.
//! * *No status comes in time (ten minutes):* the message fails and says that it may have arrived. A later status wins.
//! * *Too many messages to one contact:* that recipient alone waits. *Too many messages at all:* the number waits.
//! * *The number is stopped:* its rows are held, the alert is stored and shown to everybody. One message is tried every
//!   five minutes, and at once when the number has got another token; when that works, all rows go on.
//! * *A message fails for good:* the agent sees it marked at its place; what was written after it goes on.
//!
//! # Files
//!
//! The file of a message is given to WhatsApp first, while its row still waits: an upload reaches no contact, so it may be made again
//! whatever happened to it. What WhatsApp calls the file is kept for as long as WhatsApp keeps the file, so a message that is
//! tried again, or a file that is forwarded, is not uploaded twice. Uploads are counted apart from requests: a long one holds up
//! its own recipient and nobody else.
//!
//! Beside it, and never in its way: [`ReadMarks`] tells how far conversations were read, [`Typing`] that somebody writes.

pub mod decide;
mod files;
mod reads;
mod record;
mod request;
mod typing;
mod worker;

pub use self::{
    reads::ReadMarks,
    typing::Typing,
    worker::{Outbox, OutboxOptions},
};
