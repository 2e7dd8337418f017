//! Gives WhatsApp a file, to be sent by the id that it answers. Nothing of it reaches a contact, so a call whose answer got lost may
//! simply be made again.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use reqwest::{Body, StatusCode, header::CONTENT_TYPE};
use serde::Deserialize;
use tokio::sync::mpsc;

use super::{CloudApi, Credentials, SendFailure, read_answer};
use crate::{random, whatsapp::graph_error::GraphError};

/// The slowest line that a file is sent over, in bytes a second: 64 KB, less than any that calls get through.
const SLOWEST: u64 = 64 * 1024;
/// WhatsApp's code for a file that it does not take.
const REJECTED: u32 = 131_053;

/// A file to be uploaded.
#[derive(Debug)]
pub struct Upload<E> {
    /// Its type, as WhatsApp wants it written.
    pub mime: String,
    /// How long it is.
    pub size_bytes: u64,
    /// Its bytes.
    pub pieces: mpsc::Receiver<Result<Bytes, E>>,
}

/// A type as WhatsApp wants it written: of Ogg it takes Opus alone, and wants to be told so (Cloud API, supported media types).
#[must_use]
pub fn declared(mime: &str) -> String {
    if mime == "audio/ogg" { "audio/ogg; codecs=opus".to_owned() } else { mime.to_owned() }
}

#[derive(Deserialize)]
struct Uploaded {
    id: String,
}

impl CloudApi {
    /// Uploads a file and says what WhatsApp calls it. It may take as long as a slow line needs for it.
    pub async fn upload<E>(&self, from: &Credentials, file: Upload<E>) -> Result<String, SendFailure>
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let at_most = self.request_timeout + Duration::from_secs(file.size_bytes / SLOWEST);
        let boundary = format!("waxwing-{:032x}", u128::from_be_bytes(random::bytes()));
        let answer = self
            .http
            .post(format!("{}/{}/media", self.base, from.phone_number_id))
            .bearer_auth(&from.token)
            .header(CONTENT_TYPE, format!("multipart/form-data; boundary={boundary}"))
            .timeout(at_most)
            .body(Body::wrap(Form::new(&boundary, file)))
            .send()
            .await;
        if answer.as_ref().is_ok_and(|answer| answer.status() == StatusCode::PAYLOAD_TOO_LARGE) {
            let details = "The file is too large.".to_owned();
            return Err(SendFailure::Refused(GraphError {
                code: REJECTED,
                details,
                ..GraphError::default()
            }));
        }
        read_answer(answer).await.map(|uploaded: Uploaded| uploaded.id)
    }
}

/// A form (RFC 7578) with a file in it that is read as it is sent.
struct Form<E> {
    head: Option<Bytes>,
    pieces: mpsc::Receiver<Result<Bytes, E>>,
    tail: Option<Bytes>,
    left: u64,
}

impl<E> Form<E> {
    fn new(boundary: &str, file: Upload<E>) -> Self {
        let Upload { mime, size_bytes, pieces } = file;
        let part = |name: &str| format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"");
        let head = format!(
            "{}\r\n\r\nwhatsapp\r\n{}\r\n\r\n{mime}\r\n{}; filename=\"file\"\r\nContent-Type: {mime}\r\n\r\n",
            part("messaging_product"),
            part("type"),
            part("file"),
        );
        let tail = format!("\r\n--{boundary}--\r\n");
        let left = size_bytes + (head.len() + tail.len()) as u64;
        Self { head: Some(head.into()), pieces, tail: Some(tail.into()), left }
    }
}

impl<E> HttpBody for Form<E> {
    type Data = Bytes;
    type Error = E;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, E>>> {
        let bytes = match self.head.take() {
            Some(head) => Some(Ok(head)),
            None => std::task::ready!(self.pieces.poll_recv(context)).or_else(|| self.tail.take().map(Ok)),
        };
        if let Some(Ok(bytes)) = &bytes {
            self.left = self.left.saturating_sub(bytes.len() as u64);
        }
        Poll::Ready(bytes.map(|bytes| bytes.map(Frame::data)))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use std::{future::poll_fn, io};

    use super::*;

    #[tokio::test]
    async fn a_form_is_as_long_as_it_says_and_holds_what_whatsapp_asks_for() {
        let (sender, pieces) = mpsc::channel::<Result<Bytes, io::Error>>(2);
        for piece in ["he", "llo"] {
            sender.send(Ok(Bytes::from(piece))).await.expect("somebody listens");
        }
        drop(sender);
        let file = Upload { mime: declared("audio/ogg"), size_bytes: 5, pieces };
        let mut form = Form::new("b", file);
        let announced = form.size_hint().exact().expect("is known");
        let mut body = Vec::new();
        while let Some(frame) = poll_fn(|context| Pin::new(&mut form).poll_frame(context)).await {
            body.extend(frame.expect("no failure").into_data().expect("bytes"));
        }
        assert_eq!((body.len() as u64, form.left), (announced, 0));
        let expected = "--b\r\nContent-Disposition: form-data; name=\"messaging_product\"\r\n\r\nwhatsapp\r\n\
            --b\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\naudio/ogg; codecs=opus\r\n\
            --b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"file\"\r\n\
            Content-Type: audio/ogg; codecs=opus\r\n\r\nhello\r\n--b--\r\n";
        assert_eq!(String::from_utf8(body).expect("text"), expected);
    }
}
