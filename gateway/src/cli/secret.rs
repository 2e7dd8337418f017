//! Secrets come from a file, from a hidden prompt or from standard input; never from the command line, where every
//! program on the machine can read them.

use std::{
    io::{IsTerminal as _, stdin},
    path::Path,
};

use super::{Failure, read_file};

/// Reads a secret: from `file` if there is one, else from whoever is asked.
pub(super) fn read(name: &str, file: Option<&Path>) -> Result<String, Failure> {
    let text = match file {
        Some(path) => String::from_utf8(read_file(name, path)?)
            .map_err(|_not_text| Failure::of(name, "the file holds no text"))?,
        None if stdin().is_terminal() => rpassword::prompt_password(format!("{name}: "))?,
        None => {
            let mut line = String::new();
            stdin().read_line(&mut line)?;
            line
        }
    };
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        return Err(Failure::of(name, "nothing was given"));
    }
    Ok(secret.to_owned())
}
