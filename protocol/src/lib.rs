//! The words that the desktop and the gateway both use: ids, interactions, messages, events, calls and refusals.
//!
//! Nothing here does I/O or reads a clock. Read in this order:
//!
//! 1. [`id`]: what everything is called by.
//! 2. [`agent`], [`contact`], [`interaction`]: who talks to whom, and the work that comes of it.
//! 3. [`message`], [`attachment`] and [`delivery`]: what was said, and how far it got; [`draft`]: what is not said yet;
//!    [`upload`] and [`file_rule`]: how a file gets to the gateway, and which may.
//! 4. [`response`] and [`field_code`]: prepared replies; [`template`], [`slot`] and [`notification`]: structured messages;
//!    [`library`]: how both come to a desktop and are looked after.
//! 5. [`workbin`]: where interactions lie that nobody handles just now; [`wrap_up`]: how one comes to its end;
//!    [`history`]: how it is found again, and a new one begun; [`directory`]: everybody who ever wrote.
//! 6. [`event`]: what the gateway says happened, page by page.
//! 7. [`api`] and [`problem`]: each call, and what a refusal looks like.
//!
//! **Compatibility.** A field may be added with a default; a variant may be added where an `Unknown` stands beside it.
//! Everything else is a new [`api::PROTOCOL`] number.

pub mod agent;
pub mod api;
pub mod attachment;
pub mod contact;
pub mod delivery;
pub mod directory;
pub mod draft;
pub mod event;
pub mod field_code;
pub mod file_rule;
pub mod history;
pub mod id;
pub mod interaction;
pub mod library;
pub mod message;
pub mod notification;
pub mod problem;
pub mod response;
pub mod slot;
pub mod template;
pub mod upload;
pub mod workbin;
pub mod wrap_up;
