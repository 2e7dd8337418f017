//! What goes wrong on demand: a queue of faults, each for the next few requests or webhooks.

use serde::{Deserialize, Serialize};

/// One kind of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub(super) enum Fault {
    /// The message is taken and goes its way, but the connection is cut instead of answered.
    DropAnswer,
    /// A server error without a Graph error; the message is not taken.
    ServerError,
    /// The message is refused with this code.
    FailWith {
        /// A code of the Cloud API.
        code: u32,
        /// And the request to come again after so many seconds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u32>,
    },
    /// The message is not taken and nothing is ever answered.
    Hang,
    /// The answer comes later.
    Delay {
        /// By how many milliseconds.
        delay_ms: u64,
    },
    /// The connection is cut once so much of a file was uploaded.
    Cut {
        /// How many bytes of the request's body are taken before.
        after: u64,
    },
    /// A webhook is posted twice.
    Duplicate,
    /// A webhook is posted after the one that follows it.
    Reorder,
}

impl Fault {
    const fn is_about_webhooks(self) -> bool {
        matches!(self, Self::Duplicate | Self::Reorder)
    }
}

/// Stands for the recipient of the news of what was read.
const READ: &str = "read";
/// Stands for the recipient of files that are uploaded.
const MEDIA: &str = "media";
/// Stands for the recipient of the list of templates.
const TEMPLATES: &str = "templates";

/// A fault and how often it is to happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FaultOrder {
    #[serde(flatten)]
    pub(super) fault: Fault,
    /// For how many requests or webhooks.
    #[serde(default = "once")]
    pub(super) next: u32,
    /// Only messages to this recipient, as written in `to` or `recipient`; `read` for the news of what was read, `media`
    /// for files that are uploaded, `templates` for the list of templates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) to: Option<String>,
}

const fn once() -> u32 {
    1
}

/// The faults that are still to happen, in the order in which they were asked for.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<FaultOrder>);

impl Faults {
    pub(super) fn add(&mut self, order: FaultOrder) {
        self.0.push(order);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The fault that happens to a message to `recipient`.
    pub(super) fn for_message(&mut self, recipient: &str) -> Option<Fault> {
        self.take(|order| {
            !order.fault.is_about_webhooks() && order.to.as_deref().is_none_or(|to| to == recipient)
        })
    }

    /// The fault that happens to the news of what was read: only one that was asked for by name, as such a call has no
    /// recipient.
    pub(super) fn for_read(&mut self) -> Option<Fault> {
        self.take(|order| order.to.as_deref() == Some(READ))
    }

    /// The fault that happens to a file that is uploaded, likewise.
    pub(super) fn for_upload(&mut self) -> Option<Fault> {
        self.take(|order| order.to.as_deref() == Some(MEDIA))
    }

    /// With which code the list of templates is refused, likewise.
    pub(super) fn for_templates(&mut self) -> Option<u32> {
        match self.take(|order| order.to.as_deref() == Some(TEMPLATES))? {
            Fault::FailWith { code, .. } => Some(code),
            _ => Some(2),
        }
    }

    /// The fault that happens to a webhook.
    pub(super) fn for_webhook(&mut self) -> Option<Fault> {
        self.take(|order| order.fault.is_about_webhooks())
    }

    fn take(&mut self, applies: impl Fn(&FaultOrder) -> bool) -> Option<Fault> {
        let at = self.0.iter().position(|order| order.next > 0 && applies(order))?;
        self.0[at].next -= 1;
        let fault = self.0[at].fault;
        self.0.retain(|order| order.next > 0);
        Some(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_happens_as_often_as_asked_and_only_to_whom() {
        let mut faults = Faults::default();
        faults.add(FaultOrder { fault: Fault::Hang, next: 2, to: Some("+1".to_owned()) });
        faults.add(FaultOrder { fault: Fault::Duplicate, next: 1, to: None });
        assert_eq!(faults.for_message("+2"), None);
        assert_eq!(faults.for_message("+1"), Some(Fault::Hang));
        assert_eq!(faults.for_message("+1"), Some(Fault::Hang));
        assert_eq!(faults.for_message("+1"), None);
        assert_eq!(faults.for_webhook(), Some(Fault::Duplicate));
        assert_eq!(faults.for_webhook(), None);
        faults.add(FaultOrder { fault: Fault::ServerError, next: 1, to: None });
        assert_eq!(faults.for_read(), None);
        faults.add(FaultOrder { fault: Fault::Hang, next: 1, to: Some("read".to_owned()) });
        assert_eq!(faults.for_read(), Some(Fault::Hang));
        faults.add(FaultOrder { fault: Fault::Cut { after: 7 }, next: 1, to: Some("media".to_owned()) });
        assert_eq!((faults.for_read(), faults.for_upload()), (None, Some(Fault::Cut { after: 7 })));
    }

    #[test]
    fn an_order_is_read_as_documented() {
        let order: FaultOrder =
            serde_json::from_str(r#"{"fault":"fail_with","code":131056,"next":3}"#).expect("reads");
        assert_eq!(
            order,
            FaultOrder { fault: Fault::FailWith { code: 131_056, retry_after: None }, next: 3, to: None }
        );
    }
}
