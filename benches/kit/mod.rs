//! What measuring and torturing have in common: the real programs as processes of their own, and ways to call them.
//!
//! * [`programs`]: builds them; [`house`]: a gateway with its folder, started and killed; [`agent`]: somebody signed in.
//! * [`webhook`]: signed bodies as WhatsApp posts them; [`http`]: how they are posted; [`database`]: what became of them.
//! * [`process`]: how much memory they take.
//! * [`wait`]: the only place that lets time pass.

pub(crate) mod agent;
pub(crate) mod database;
pub(crate) mod house;
pub(crate) mod http;
pub(crate) mod process;
pub(crate) mod programs;
pub(crate) mod wait;
pub(crate) mod webhook;
