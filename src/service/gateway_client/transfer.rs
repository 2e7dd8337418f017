//! The calls that carry files: up in pieces, down as a stream.

use std::time::Duration;

use reqwest::{
    Method, Response, StatusCode,
    header::{CONTENT_RANGE, CONTENT_TYPE, HeaderValue, RANGE},
};
use waxwing_protocol::{
    id::AttachmentId,
    problem::Problem,
    upload::{self, BeginUpload, Upload},
};

use super::{CALL_LIMIT, GatewayClient, exchange, exchange_up_to, read_body, read_json, unreachable};
use crate::desk::input::CallError;

/// Longest time for a file that is read at once.
const FILE_LIMIT: Duration = Duration::from_mins(1);
/// Longest time for a piece: a megabyte at 64 kbit/s, and for the last one what looking into the file takes.
const PIECE_LIMIT: Duration = Duration::from_mins(3);
/// Longest time between two parts of a file.
const SILENCE_LIMIT: Duration = Duration::from_secs(30);
/// The longest refusal that is read, in bytes.
const MAX_REFUSAL_BYTES: usize = 64 * 1024;

/// A file on its way from the gateway, from some byte on.
#[derive(Debug)]
pub(in crate::service) struct Part {
    /// Where it begins.
    pub(in crate::service) from: u64,
    /// How long the whole file is.
    pub(in crate::service) total: u64,
    response: Response,
}

impl Part {
    /// The next bytes; none at the end of what the gateway sends.
    pub(in crate::service) async fn next(&mut self) -> Result<Option<impl AsRef<[u8]> + use<>>, CallError> {
        let chunk = tokio::time::timeout(SILENCE_LIMIT, self.response.chunk()).await;
        chunk.map_err(|_elapsed| silent())?.map_err(|error| unreachable(&error))
    }
}

impl GatewayClient {
    /// What a path holds; none if there are more bytes than `most`.
    pub(in crate::service) async fn bytes(
        &self,
        path: &str,
        most: usize,
    ) -> Result<Option<Vec<u8>>, CallError> {
        self.check_protocol().await?;
        exchange_up_to(self.request(Method::GET, path), FILE_LIMIT, most).await
    }

    /// A file from that byte on, if the gateway goes by that; else from its beginning. None if it ends before.
    pub(in crate::service) async fn download(
        &self,
        path: &str,
        from: u64,
    ) -> Result<Option<Part>, CallError> {
        self.check_protocol().await?;
        let mut request = self.request(Method::GET, path);
        if from > 0 {
            request = request.header(RANGE, format!("bytes={from}-"));
        }
        let answer = tokio::time::timeout(SILENCE_LIMIT, request.send()).await;
        let response = answer.map_err(|_elapsed| silent())?.map_err(|error| unreachable(&error))?;
        let nonsense = || CallError::Unreachable("the gateway's answer makes no sense".to_owned());
        match response.status() {
            StatusCode::OK => {
                let total = response.content_length().ok_or_else(nonsense)?;
                Ok(Some(Part { from: 0, total, response }))
            }
            StatusCode::PARTIAL_CONTENT => {
                let range = response.headers().get(CONTENT_RANGE).and_then(range_of);
                let (begin, total) = range.filter(|(begin, _total)| *begin == from).ok_or_else(nonsense)?;
                Ok(Some(Part { from: begin, total, response }))
            }
            StatusCode::RANGE_NOT_SATISFIABLE if from > 0 => Ok(None),
            status => Err(refusal(response, status).await),
        }
    }

    /// Announces a file at that path, or asks how far it got.
    pub(in crate::service) async fn begin_upload(
        &self,
        path: &str,
        begin: &BeginUpload,
    ) -> Result<Upload, CallError> {
        self.tell(Method::POST, path, begin).await
    }

    /// Hands a piece over.
    pub(in crate::service) async fn upload_piece(
        &self,
        attachment: AttachmentId,
        piece: u32,
        bytes: Vec<u8>,
    ) -> Result<Upload, CallError> {
        self.check_protocol().await?;
        let request = self.request(Method::PUT, &upload::piece(attachment, piece)).body(bytes);
        let request = request.header(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
        read_json(&exchange(request, PIECE_LIMIT).await?)
    }

    /// A file that was announced is not wanted any more.
    pub(in crate::service) async fn drop_upload(&self, attachment: AttachmentId) -> Result<(), CallError> {
        self.check_protocol().await?;
        let request = self.request(Method::DELETE, &upload::upload(attachment));
        exchange(request, CALL_LIMIT).await.map(drop)
    }
}

async fn refusal(response: Response, status: StatusCode) -> CallError {
    let body = match tokio::time::timeout(SILENCE_LIMIT, read_body(response, MAX_REFUSAL_BYTES)).await {
        Ok(Ok(body)) => body.unwrap_or_default(),
        Ok(Err(error)) => return error,
        Err(_elapsed) => return silent(),
    };
    match serde_json::from_slice::<Problem>(&body) {
        Ok(problem) if !status.is_success() => CallError::Refused(problem),
        _ => CallError::Unreachable(format!("the gateway answered {status}")),
    }
}

fn silent() -> CallError {
    CallError::Unreachable("the gateway does not answer in time".to_owned())
}

/// Where a part begins and how long the whole is: `bytes 5-9/10` (RFC 9110, 14.4).
fn range_of(header: &HeaderValue) -> Option<(u64, u64)> {
    let (range, total) = header.to_str().ok()?.strip_prefix("bytes ")?.split_once('/')?;
    let (begin, end) = range.split_once('-')?;
    let (begin, end, total): (u64, u64, u64) = (begin.parse().ok()?, end.parse().ok()?, total.parse().ok()?);
    (begin <= end && end.checked_add(1) == Some(total)).then_some((begin, total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_rest_of_a_file_is_taken_for_it() {
        let read = |header: &'static str| range_of(&HeaderValue::from_static(header));
        assert_eq!(read("bytes 5-9/10"), Some((5, 10)));
        for bad in ["bytes 5-8/10", "bytes 9-5/10", "bytes */10", "bytes 5-9/*", "5-9/10", "bytes 5-/10", ""]
        {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
