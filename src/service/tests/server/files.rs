//! Files, as that gateway takes them in and gives them out.

use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpStream};
use waxwing_protocol::{
    attachment::{About, Opening},
    id::AttachmentId,
    problem::{Problem, ProblemCode},
    upload::{BeginUpload, PIECE_BYTES, Upload, UploadState},
};

use super::{Request, Server};
use crate::desk::tests::at;

/// A file that was announced.
#[derive(Debug, Clone)]
pub(in crate::service::tests) struct Uploaded {
    pub(in crate::service::tests) begin: BeginUpload,
    pub(in crate::service::tests) attachment: AttachmentId,
    pub(in crate::service::tests) bytes: Vec<u8>,
    /// Says that it can't be sent.
    pub(in crate::service::tests) refused: bool,
}

pub(in crate::service::tests) fn about() -> About {
    About {
        mime: "text/plain".to_owned(),
        opening: Opening::Allowed,
        size: None,
        duration_ms: None,
        waveform: Vec::new(),
        has_sound: false,
        pages: None,
        thumb_hash: None,
        preview: false,
    }
}

impl Uploaded {
    fn told(&self) -> Upload {
        let done = u64::try_from(self.bytes.len()).unwrap();
        let state = match (done == self.begin.size_bytes, self.refused) {
            (false, _) => UploadState::Receiving { next_piece: u32::try_from(done / PIECE_BYTES).unwrap() },
            (true, true) => UploadState::Refused { reason: "No such files here.".to_owned() },
            (true, false) => UploadState::Ready { about: Box::new(about()) },
        };
        Upload { attachment: self.attachment, state }
    }
}

impl Server {
    /// Gives out the bytes of a file, from the one on that is asked for.
    pub(super) async fn give_file(&self, request: &Request, mut stream: TcpStream) -> Option<()> {
        let path = request.line.split(' ').nth(1).unwrap();
        let Some(bytes) = self.held(|held| held.files.get(path).cloned()) else {
            let problem = json!(Problem::new(ProblemCode::NotFound, "There is no such file.")).to_string();
            let head =
                format!("HTTP/1.1 404 X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", problem.len());
            return stream.write_all((head + &problem).as_bytes()).await.ok();
        };
        let (from, total) = (request.from, bytes.len());
        let status = match from {
            0 => "200 X".to_owned(),
            from if from >= total => format!("416 X\r\ncontent-range: bytes */{total}"),
            from => format!("206 X\r\ncontent-range: bytes {from}-{}/{total}", total - 1),
        };
        let body = &bytes[from.min(total)..];
        let head =
            format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).await.ok()?;
        let cut = self.held(|held| held.cuts.pop_front()).unwrap_or(body.len());
        stream.write_all(&body[..cut.min(body.len())]).await.ok()
    }

    /// Takes a file in, as the protocol says.
    pub(super) fn take_file(&self, path: &str, request: &Request) -> Option<(u16, String)> {
        if request.line.starts_with("POST") {
            let begin: BeginUpload = serde_json::from_slice(&request.body).unwrap();
            let told = self.held(|held| {
                let number = u8::try_from(held.uploads.len()).unwrap();
                let attachment = AttachmentId::new(at(0), [100 + number; 10]);
                let fresh = Uploaded { begin: begin.clone(), attachment, bytes: Vec::new(), refused: false };
                held.uploads.entry(begin.client_ref).or_insert(fresh).told()
            });
            return Some((200, json!(told).to_string()));
        }
        let mut parts = path.trim_start_matches("/v1/uploads/").split('/');
        let attachment: AttachmentId = parts.next()?.parse().unwrap();
        if request.line.starts_with("DELETE") {
            self.held(|held| held.uploads.retain(|_, upload| upload.attachment != attachment));
            return Some((204, String::new()));
        }
        let piece: u64 = parts.next()?.parse().unwrap();
        self.held(|held| {
            if held.pieces_left == Some(0) {
                return Some((500, "oops".to_owned()));
            }
            held.pieces_left = held.pieces_left.map(|left| left - 1);
            let upload = held.uploads.values_mut().find(|upload| upload.attachment == attachment)?;
            if piece * PIECE_BYTES == u64::try_from(upload.bytes.len()).unwrap() {
                upload.bytes.extend_from_slice(&request.body);
            }
            Some((200, json!(upload.told()).to_string()))
        })
    }
}
