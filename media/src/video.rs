//! Films: how long, how large, with which sound, and what they begin with.
