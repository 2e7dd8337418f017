//! Opens addresses in the programs this system has for them: http and https in the browser, mailto and tel in theirs.
//!
//! Addresses come from strangers. Whoever asks has judged them already; all the same nothing leaves here that isn't
//! plainly one of these four, since what is handed over ends up on another program's command line.

#[cfg(not(windows))]
use std::process::Stdio;
use std::{io, path::Path};

use thiserror::Error;
use url::Url;

/// The longest address that is opened, in bytes: what command lines of all systems take.
const LONGEST: usize = 8 * 1024;

/// Why an address isn't opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// It isn't an address that is opened, or not written as the URL standard writes it.
    #[error("this address isn't opened")]
    Refused,
    /// The system has no program for it, or can't start it.
    #[error("no program of this system opens it: {0}")]
    Failed(#[from] io::Error),
}

/// Opens `address` without waiting for it, on a thread of its own: some systems' openers stay until the browser ends.
/// What is refused is refused at once; `failed` is told, on that thread, if the system can't open it.
///
/// The address is a complete http, https, mailto (with nothing but the recipient) or tel address in the form of the URL
/// standard (WHATWG), in ASCII.
pub fn open(address: &str, failed: impl FnOnce(OpenError) + Send + 'static) -> Result<(), OpenError> {
    open_with(address, |address| open::that_detached(address), failed)
}

fn open_with(
    address: &str,
    launch: impl FnOnce(&str) -> io::Result<()> + Send + 'static,
    failed: impl FnOnce(OpenError) + Send + 'static,
) -> Result<(), OpenError> {
    if !may_be_opened(address) {
        return Err(OpenError::Refused);
    }
    let address = address.to_owned();
    std::thread::Builder::new().name("open".to_owned()).spawn(move || {
        if let Err(error) = launch(&address) {
            failed(error.into());
        }
    })?;
    Ok(())
}

/// Whether [`open()`] takes an address.
#[must_use]
pub fn may_be_opened(address: &str) -> bool {
    // No control characters, no white space, no letters that could be taken for others; no `-` in front.
    if address.len() > LONGEST || !address.bytes().all(|byte| byte.is_ascii_graphic()) {
        return false;
    }
    let Ok(url) = Url::parse(address) else { return false };
    let is_as_written = url.as_str() == address;
    let rest = url.path();
    is_as_written
        && match url.scheme() {
            "http" | "https" => url.has_host() && url.username().is_empty() && url.password().is_none(),
            "mailto" => {
                // Anything more would be headers, which can attach files.
                let recipient = rest.split('@').filter(|part| !part.is_empty()).count() == 2;
                recipient && !rest.starts_with('-') && url.query().is_none() && url.fragment().is_none()
            }
            "tel" => {
                let digits = rest.strip_prefix('+').unwrap_or(rest);
                let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
                is_number && url.query().is_none() && url.fragment().is_none()
            }
            _ => false,
        }
}

/// Opens a file or a folder, given by its whole path, in the program it belongs to, without waiting for it; `failed` is told,
/// on another thread, if the system can't. Whoever asks has judged that opening it is harmless.
pub fn open_path(path: &Path, failed: impl FnOnce(OpenError) + Send + 'static) -> Result<(), OpenError> {
    if !path.is_absolute() {
        return Err(OpenError::Refused);
    }
    let path = path.to_owned();
    std::thread::Builder::new().name("open".to_owned()).spawn(move || {
        if let Err(error) = launch(&path) {
            failed(error.into());
        }
    })?;
    Ok(())
}

#[cfg(windows)]
fn launch(path: &Path) -> io::Result<()> {
    open::that_detached(path)
}

/// The opener gets no libraries slipped in by our environment, and does not look for any in the folder of a stranger's file.
#[cfg(not(windows))]
fn launch(path: &Path) -> io::Result<()> {
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for mut command in open::commands(path) {
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_none_or(|name| name.starts_with("LD_") || name.starts_with("DYLD_")) {
                command.env_remove(name);
            }
        }
        command.current_dir("/").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // It starts the program and does not wait for it: what it says is about that alone.
        let is_gio = command.get_program() == "gio";
        match command.status() {
            // No tool, or none that could do it (xdg-open, exit codes); any other code may be that of the program itself.
            Ok(status) if matches!(status.code(), Some(3 | 4)) || is_gio && !status.success() => {
                last = io::Error::other(status.to_string());
            }
            Ok(_) => return Ok(()),
            Err(error) => last = error,
        }
    }
    Err(last)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn web_mail_and_phone_addresses_are_opened() {
        for address in [
            "https://example.com/",
            "http://example.com:8080/a?b=c&d#e",
            "https://xn--mnchen-3ya.de/",
            "http://[::1]/",
            "https://example.com/%C3%A4;(a)$HOME",
            "mailto:me@example.com",
            "mailto:first.last%2Btag@example.com",
            "tel:+4930901820",
            "tel:110",
        ] {
            assert!(may_be_opened(address), "{address:?}");
        }
    }

    #[test]
    fn everything_else_is_refused() {
        for address in [
            "",
            "-",
            "--help",
            "-https://example.com/",
            "example.com",
            "//example.com/",
            "/etc/passwd",
            "https://",
            "https:example.com",
            "https:///",
            "HTTPS://example.com/",
            "https://example.com",
            " https://example.com/",
            "https://example.com/ a",
            "https://example.com/\n",
            "https://example.com/\0",
            "https://example.com/\u{202e}a",
            "https://münchen.de/",
            "https://me@example.com/",
            "https://me:secret@example.com/",
            "https://example.com\\@evil.com/",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:text/html,a",
            "ftp://example.com/",
            "smb://example.com/",
            "intent://example.com/",
            "ms-msdt:/id",
            "vscode://a/b",
            "blob:https://example.com/a",
            "view-source:https://example.com/",
            "mailto:",
            "mailto:me",
            "mailto:@example.com",
            "mailto:-a@example.com",
            "mailto:me@example.com?attach=/etc/passwd",
            "mailto:me@example.com?subject=a",
            "mailto:me@example.com#a",
            "mailto:a@b@example.com",
            "tel:",
            "tel:+",
            "tel:*21*1%23",
            "tel:110;ext=1",
            "tel:110?a",
        ] {
            assert!(!may_be_opened(address), "{address:?}");
            let opened = open_with(address, |_| panic!("is opened"), |_| panic!("is tried"));
            assert!(matches!(opened, Err(OpenError::Refused)), "{address:?}");
        }
        assert!(!may_be_opened(&format!("https://example.com/{}", "a".repeat(LONGEST))));
    }

    #[test]
    fn it_is_opened_on_another_thread_and_a_failure_is_told() {
        let (tell, told) = mpsc::channel();
        let launch = move |address: &str| {
            let name = std::thread::current().name().map(str::to_owned);
            tell.send((address.to_owned(), name)).map_err(io::Error::other)?;
            Err(io::Error::other("no browser"))
        };
        let (fail, failure) = mpsc::channel();
        let failed = move |error: OpenError| fail.send(error.to_string()).expect("is waited for");
        open_with("https://example.com/", launch, failed).expect("is not refused");
        assert_eq!(told.recv(), Ok(("https://example.com/".to_owned(), Some("open".to_owned()))));
        assert_eq!(failure.recv(), Ok("no program of this system opens it: no browser".to_owned()));
    }
}
