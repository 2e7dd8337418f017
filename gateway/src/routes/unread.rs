//! The rest of a body that was refused is read and thrown away before the answer goes. A connection that is closed with unread
//! bytes is reset, and then whoever still writes meets a broken pipe instead of the reason.

use std::{
    future::poll_fn,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::header::EXPECT,
    middleware::Next,
    response::Response,
};
use http_body::{Frame, SizeHint};

/// So much is read at most: who sends more has to live with the broken pipe.
const MOST_BYTES: usize = 16 * 1024 * 1024;
/// So long it may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// A body of which somebody else may read the rest.
struct Shared(Arc<Mutex<Body>>);

impl HttpBody for Shared {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let mut body = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Pin::new(&mut *body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).size_hint()
    }
}

/// Answers, and reads what is left of a body that was refused.
pub(super) async fn read_refused(request: Request, next: Next) -> Response {
    // Who asks before it sends has not sent anything yet.
    if request.body().is_end_stream() || request.headers().contains_key(EXPECT) {
        return next.run(request).await;
    }
    let (head, body) = request.into_parts();
    let body = Arc::new(Mutex::new(body));
    let response = next.run(Request::from_parts(head, Body::new(Shared(Arc::clone(&body))))).await;
    if !response.status().is_success() {
        // Whether all of it came is of no interest.
        tokio::time::timeout(PATIENCE, throw_away(Shared(body))).await.unwrap_or_default();
    }
    response
}

async fn throw_away(mut body: Shared) {
    let mut read = 0;
    while read < MOST_BYTES {
        let frame = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await;
        let Some(Ok(frame)) = frame else { return };
        read += frame.data_ref().map_or(0, Bytes::len);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use axum::{Router, http::StatusCode, middleware, routing};
    use tower::ServiceExt as _;

    use super::*;

    const PIECE: usize = 16 * 1024;

    /// A body of so many pieces that counts how many were read.
    struct Counted(usize, Arc<AtomicUsize>);

    impl HttpBody for Counted {
        type Data = Bytes;
        type Error = axum::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _context: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
            if self.0 == 0 {
                return Poll::Ready(None);
            }
            self.0 -= 1;
            self.1.fetch_add(1, Ordering::Relaxed);
            Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[0; PIECE])))))
        }
    }

    /// How many of so many pieces are read by an address that answers with this and reads nothing itself.
    async fn read(pieces: usize, status: StatusCode, expects: bool) -> usize {
        let router: Router = Router::new()
            .route("/", routing::post(async move || status))
            .layer(middleware::from_fn(read_refused));
        let read = Arc::new(AtomicUsize::new(0));
        let mut request = Request::post("/");
        if expects {
            request = request.header(EXPECT, "100-continue");
        }
        let body = Body::new(Counted(pieces, Arc::clone(&read)));
        let answer = router.oneshot(request.body(body).expect("a request")).await.expect("answers");
        assert_eq!(answer.status(), status);
        read.load(Ordering::Relaxed)
    }

    #[tokio::test]
    async fn a_refused_body_is_read_to_its_end_but_not_without_end() {
        assert_eq!(read(100, StatusCode::PAYLOAD_TOO_LARGE, false).await, 100);
        assert_eq!(read(4_000, StatusCode::PAYLOAD_TOO_LARGE, false).await, MOST_BYTES / PIECE);
        assert_eq!(read(100, StatusCode::OK, false).await, 0, "that was not refused");
        assert_eq!(read(100, StatusCode::BAD_REQUEST, true).await, 0, "nothing was sent yet");
    }
}
