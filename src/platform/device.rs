//! Why a sound device can't be used, in words for people; the sound system's own go to the log.

use rodio::{CpalError, CpalErrorKind, DeviceSinkError};

/// Whether it goes on all the same.
pub(super) fn is_passing(error: &CpalError) -> bool {
    matches!(error.kind(), CpalErrorKind::Xrun | CpalErrorKind::DeviceChanged | CpalErrorKind::RealtimeDenied)
}

/// Why a device can't be used, to stand in a sentence.
pub(super) fn why(error: &CpalError) -> &'static str {
    tracing::info!(%error, "a sound device can't be used");
    match error.kind() {
        CpalErrorKind::DeviceBusy => "another program uses it",
        CpalErrorKind::PermissionDenied => "the system does not allow it",
        CpalErrorKind::UnsupportedConfig => "it works in a way that Waxwing doesn't know",
        _ => "the system finds none that works",
    }
}

/// Why nothing can be played.
pub(super) fn why_silent(error: &DeviceSinkError) -> &'static str {
    match error {
        DeviceSinkError::PlayError(error)
        | DeviceSinkError::DefaultSinkConfigError(error)
        | DeviceSinkError::BuildError(error)
        | DeviceSinkError::SupportedConfigsError(error) => why(error),
        DeviceSinkError::NoDevice => "the system knows of none",
        DeviceSinkError::UnsupportedSampleFormat => "it works in a way that Waxwing doesn't know",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passes_is_no_reason_to_stop_and_what_stays_is_said_in_words() {
        assert!(is_passing(&CpalErrorKind::Xrun.into()));
        assert!(!is_passing(&CpalErrorKind::DeviceNotAvailable.into()));
        let busy = DeviceSinkError::BuildError(CpalErrorKind::DeviceBusy.into());
        assert_eq!(why_silent(&busy), "another program uses it");
    }
}
