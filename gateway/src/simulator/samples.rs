//! Files that contacts can send without anybody having uploaded them.

/// A still sticker.
pub const STICKER: &str = "700000000000001";
/// A sticker that moves.
pub const ANIMATED_STICKER: &str = "700000000000002";
/// A voice note: two seconds of silence.
pub const VOICE: &str = "700000000000003";
/// A picture of a parcel.
pub const PICTURE: &str = "1003383421387256";

/// A film of a second.
pub const FILM: &str = "700000000000005";
/// The bill of an order, a page long.
pub const BILL: &str = "700000000000006";

/// Each by its media id, with its type.
pub(super) const ALL: [(&str, &str, &[u8]); 6] = [
    (STICKER, "image/webp", include_bytes!("../../assets/media/sticker.webp")),
    (ANIMATED_STICKER, "image/webp", include_bytes!("../../assets/media/sticker_animated.webp")),
    (VOICE, "audio/ogg; codecs=opus", include_bytes!("../../assets/media/voice.ogg")),
    (PICTURE, "image/jpeg", include_bytes!("../../assets/media/picture.jpg")),
    (FILM, "video/mp4", include_bytes!("../../assets/media/film.mp4")),
    (BILL, "application/pdf", include_bytes!("../../assets/media/order.pdf")),
];
