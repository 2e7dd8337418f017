//! How a refusal is answered.

use axum::{
    Json,
    extract::rejection::{BytesRejection, JsonRejection},
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    response::{IntoResponse, Response},
};
use waxwing_protocol::problem::{Problem, ProblemCode};

use crate::{handling::Refusal, ingest::IngestError, store::StoreError};

/// A [`Problem`] as an answer.
#[derive(Debug)]
pub(super) struct ProblemReply(Problem);

impl ProblemReply {
    /// One that passes by itself after a while.
    pub(super) fn passing(code: ProblemCode, detail: &str, retry_after_seconds: u32) -> Self {
        Self(Problem { retry_after_seconds: Some(retry_after_seconds), ..Problem::new(code, detail) })
    }
}

/// Why something was refused, in words of ours, for the log.
#[derive(Debug, Clone)]
pub(super) struct Reason(pub(super) String);

const fn status_of(code: ProblemCode) -> StatusCode {
    match code {
        ProblemCode::BadRequest => StatusCode::BAD_REQUEST,
        ProblemCode::WrongCredentials | ProblemCode::SignedOut => StatusCode::UNAUTHORIZED,
        ProblemCode::TooManyAttempts => StatusCode::TOO_MANY_REQUESTS,
        ProblemCode::NotFound => StatusCode::NOT_FOUND,
        ProblemCode::NotAllowed => StatusCode::FORBIDDEN,
        ProblemCode::Conflict
        | ProblemCode::WindowClosed
        | ProblemCode::DispositionMissing
        | ProblemCode::Full => StatusCode::CONFLICT,
        ProblemCode::UnacceptableBody => StatusCode::UNPROCESSABLE_ENTITY,
        ProblemCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ProblemCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ProblemCode::Internal | ProblemCode::Unknown => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl IntoResponse for ProblemReply {
    fn into_response(self) -> Response {
        let wait = self.0.retry_after_seconds;
        let reason = Reason(self.0.detail.clone());
        let mut response = (status_of(self.0.code), Json(self.0)).into_response();
        response.extensions_mut().insert(reason);
        if let Some(seconds) = wait {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<Problem> for ProblemReply {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<StoreError> for ProblemReply {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a call could not be answered");
        match error {
            StoreError::Database(_) => {
                Self::passing(ProblemCode::Unavailable, "The gateway can't do this just now.", 1)
            }
            _ => Self(Problem::new(ProblemCode::Internal, "The gateway met a fault of its own.")),
        }
    }
}

impl From<Refusal> for ProblemReply {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Problem(problem) => Self(problem),
            Refusal::Store(error) => error.into(),
        }
    }
}

impl From<IngestError> for ProblemReply {
    fn from(error: IngestError) -> Self {
        let seconds = match error {
            IngestError::Full => 1,
            IngestError::NotKept => 5,
        };
        Self::passing(ProblemCode::Unavailable, "The gateway can't take this in just now.", seconds)
    }
}

fn unread(status: StatusCode) -> ProblemReply {
    ProblemReply(match status {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(ProblemCode::TooLarge, "This is more than the call takes.")
        }
        _ => Problem::new(ProblemCode::BadRequest, "The body is not of the form that this call takes."),
    })
}

impl From<JsonRejection> for ProblemReply {
    fn from(rejection: JsonRejection) -> Self {
        unread(rejection.status())
    }
}

impl From<BytesRejection> for ProblemReply {
    fn from(rejection: BytesRejection) -> Self {
        unread(rejection.status())
    }
}
