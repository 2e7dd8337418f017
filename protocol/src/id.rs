//! Ids: one type for each thing that has one, so that they can't be mixed up.
//!
//! On the wire and in logs an id is a short prefix and a UUID (version 7, RFC 9562: sorts by time of creation), such as
//! `int_0197…`. An id says nothing about the customer, so it may stand in any log line.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text that is not an id of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form {prefix}…")]
pub struct InvalidId {
    /// What the text should have begun with.
    pub prefix: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
        pub struct $name(Uuid);

        impl $name {
            /// What every id of this kind begins with.
            pub const PREFIX: &'static str = $prefix;

            /// Makes a fresh id from the time and ten random bytes; both come from the caller.
            #[must_use]
            pub fn new(at: DateTime<Utc>, random: [u8; 10]) -> Self {
                let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }

            /// Wraps a UUID that is known to belong to this kind of thing.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0.simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                text.strip_prefix($prefix)
                    .and_then(|rest| Uuid::try_parse(rest).ok())
                    .map(Self)
                    .ok_or(InvalidId { prefix: $prefix })
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                text.parse()
            }
        }
    )*};
}

ids! {
    /// Somebody who answers customers.
    AgentId = "agt_";
    /// A customer.
    ContactId = "con_";
    /// One of our WhatsApp numbers.
    BusinessNumberId = "num_";
    /// The exchange with one contact on one business number.
    SessionId = "ses_";
    /// A session as one agent handles it.
    InteractionId = "int_";
    /// One message, whichever way it went.
    MessageId = "msg_";
    /// A store of interactions to be handled later.
    WorkbinId = "wbn_";
    /// Two contacts that were made one.
    MergeId = "mrg_";
    /// A file that the gateway keeps.
    AttachmentId = "att_";
    /// A shelf of the standard response library.
    CategoryId = "cat_";
    /// A prepared reply.
    ResponseId = "rsp_";
    /// An approved WhatsApp template, as the gateway keeps it.
    TemplateId = "tpl_";
    /// The desktop's own name for a message it wants sent: the idempotency key of the call.
    ClientRef = "ref_";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_itself_and_as_no_other_kind() {
        let id = MessageId::new(DateTime::UNIX_EPOCH, [7; 10]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!(id.to_string().starts_with("msg_"));
        assert!(id.to_string().parse::<ContactId>().is_err());
        assert!("msg_".parse::<MessageId>().is_err());
    }

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let early = MessageId::new(DateTime::UNIX_EPOCH, [255; 10]);
        let late = MessageId::new(DateTime::UNIX_EPOCH + chrono::TimeDelta::milliseconds(1), [0; 10]);
        assert!(early < late);
    }
}
