//! The program `waxwing`.

fn main() {}
