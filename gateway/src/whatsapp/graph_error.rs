//! What WhatsApp's error codes mean, in words for the agent.

use waxwing_protocol::delivery::DeliveryFailure;

/// The failure that a code and WhatsApp's own details make.
#[must_use]
pub fn failure_of(code: Option<u32>, details: &str) -> DeliveryFailure {
    let reason = if details.is_empty() {
        "WhatsApp did not deliver the message.".to_owned()
    } else {
        format!("WhatsApp did not deliver the message: {details}")
    };
    DeliveryFailure { code, reason, advice: "Try again later.".to_owned(), can_retry: true }
}
