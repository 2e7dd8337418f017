//! The gateway from outside: real calls over a real socket, with a time of the test's own.

mod routes;
mod support;
