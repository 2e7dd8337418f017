//! The program `waxwing-gateway`.

fn main() {}
