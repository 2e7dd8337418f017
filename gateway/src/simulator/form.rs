//! Forms, as files are uploaded in them.

use axum::body::Bytes;

/// One field of a form.
pub(super) struct Part {
    pub(super) name: String,
    pub(super) mime: Option<String>,
    pub(super) bytes: Bytes,
}

/// Reads a `multipart/form-data` body (RFC 7578); what has no name is passed over.
pub(super) fn read_form(body: &Bytes, boundary: &str) -> Vec<Part> {
    let find = |from: usize, what: &[u8]| {
        body.get(from..)?.windows(what.len()).position(|window| window == what).map(|at| from + at)
    };
    let delimiter = format!("--{boundary}");
    let closing = format!("\r\n{delimiter}");
    let mut parts = Vec::new();
    let mut at = find(0, delimiter.as_bytes());
    while let Some(start) = at {
        let head = start + delimiter.len();
        let Some(content) = find(head, b"\r\n\r\n").map(|end| end + 4) else { break };
        let Some(end) = find(content, closing.as_bytes()) else { break };
        let lines = String::from_utf8_lossy(&body[head..content]).into_owned();
        let mime = lines.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case("content-type").then(|| value.trim().to_owned())
        });
        let name = lines.split("; name=\"").nth(1).and_then(|rest| rest.split('"').next());
        if let Some(name) = name {
            parts.push(Part { name: name.to_owned(), mime, bytes: body.slice(content..end) });
        }
        at = Some(end + 2);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_field_by_field() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n\
                    --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\
                    Content-Type: image/png\r\n\r\n\u{1}\r\n\u{2}\r\n--b--\r\n";
        let parts = read_form(&Bytes::from_static(body.as_bytes()), "b");
        assert_eq!(parts.len(), 2);
        assert_eq!((parts[0].name.as_str(), &parts[0].bytes[..]), ("messaging_product", &b"whatsapp"[..]));
        assert_eq!(parts[1].mime.as_deref(), Some("image/png"));
        assert_eq!(&parts[1].bytes[..], b"\x01\r\n\x02");
        assert!(read_form(&Bytes::from_static(b"nothing"), "b").is_empty());
    }
}
