//! Words in several scripts, put together by chance that is the same in each run.

use waxwing_protocol::{
    attachment::{About, Attachment, AttachmentState, Opening},
    id::AttachmentId,
    message::{Body, ContactCard, Media, MediaKind, OrderItem},
};

const LATIN: &str = "the parcel order yesterday please address invoice refund colour waiting for Tuesday morning size blue \
    shoes is it possible to change number delivery driver street garden thank you very much have not received anything \
    yet could somebody look into this still says in transit since last week Größe für Straße señor mañana façade déjà \
    voilà Čeština żółty İstanbul phone charger broken inside box photograph receipt attached card payment twice returned";
const ARABIC: &str = "مرحبا الطلب وصل متأخر شكرا جزيلا أريد تغيير العنوان إلى شارع النيل رقم المنزل غدا صباحا هل يمكن \
    التوصيل يوم الخميس المبلغ مدفوع بالبطاقة الحذاء المقاس صغير أرجو الرد سريعا الفاتورة باسم الشركة";
const HINDI: &str = "नमस्ते मेरा ऑर्डर अभी तक नहीं आया कृपया पता बदल दीजिए धन्यवाद क्या आप बता सकते हैं कि डिलीवरी कब \
    होगी पैसे वापस चाहिए साइज़ छोटा है रसीद भेज रहा हूँ कल सुबह फ़ोन कीजिए राजमार्ग क्षेत्र ज्ञान श्रीमती";
const EMOJI: [&str; 12] = ["👍", "❤️", "😂", "🙏🏽", "😮", "🎉", "👩🏾‍🚀", "🇧🇷", "🔥", "1️⃣", "🥳", "👨‍👩‍👧‍👦"];
/// Where the common ideographs begin, and how many of them are used.
const IDEOGRAPHS: (u32, u64) = (0x4E00, 1500);

/// A number from a number, as if by chance (`SplitMix64`).
pub(super) fn mixed(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// One of these.
fn one<'a, T: ?Sized>(of: &[&'a T], chance: u64) -> &'a T {
    of[usize::try_from(chance % of.len() as u64).expect("is small")]
}

pub(super) fn emoji(chance: u64) -> &'static str {
    one(&EMOJI, chance >> 7)
}

fn some(words: &str, chance: u64, count: u64) -> String {
    let all: Vec<&str> = words.split_whitespace().collect();
    let chosen: Vec<_> = (0..count).map(|n| one(&all, mixed(chance.wrapping_add(n)))).collect();
    chosen.join(" ")
}

fn ideographs(chance: u64, count: u64) -> String {
    let (first, many) = IDEOGRAPHS;
    let letter = |n: u64| {
        let nth = u32::try_from(mixed(chance.wrapping_add(n)) % many).expect("is small");
        char::from_u32(first + nth).expect("is a letter")
    };
    (0..count).map(letter).collect()
}

/// Words in one of the scripts: 60 % Latin, 10 % Arabic, 10 % Hindi, 5 % Chinese, the rest with marks, links and emoji.
pub(super) fn sentence(chance: u64, most: u64) -> String {
    let count = 2 + (chance >> 20) % most;
    match (chance >> 8) % 100 {
        0..60 => some(LATIN, chance, count),
        60..70 => some(ARABIC, chance, count),
        70..80 => some(HINDI, chance, count),
        80..85 => ideographs(chance, count * 2),
        85..88 => emoji(chance).repeat(usize::try_from(1 + chance % 3).expect("is small")),
        88..91 => format!("{} {} {}", some(LATIN, chance, count), emoji(chance), some(ARABIC, chance, 3)),
        91..94 => format!(
            "See https://shop.example/orders/{} or write to help@shop.example, {}",
            chance % 100_000,
            some(LATIN, chance, count)
        ),
        94..97 => format!("*{}* _{}_ ~{}~", some(LATIN, chance, 2), some(LATIN, chance >> 3, count), "no"),
        97 => format!("> {}\n{}", some(LATIN, chance, 8), some(LATIN, chance >> 3, count)),
        98 => format!("* {}\n* {}\n1. {}", some(LATIN, chance, 3), some(HINDI, chance, 4), "one"),
        _ => format!("```\nerror: {}\n```\ncall +1 650 555 0123", some(LATIN, chance, count)),
    }
}

/// What a message says: 1 in 20 is no words.
pub(super) fn body(back: i64, chance: u64) -> Body {
    if back.rem_euclid(20) == 7 {
        return other(chance);
    }
    let most = match (chance >> 32) % 10 {
        0 => 90,
        1..4 => 30,
        _ => 12,
    };
    Body::Text { text: sentence(chance, most) }
}

/// A picture that the gateway has, upright or lying, now and then with words under it.
pub(super) fn picture(id: AttachmentId, back: i64) -> Body {
    let size = if back.rem_euclid(2) == 0 { [1600, 1200] } else { [1200, 1600] };
    let about = About {
        mime: "image/jpeg".to_owned(),
        opening: Opening::Allowed,
        size: Some(size),
        duration_ms: None,
        waveform: Vec::new(),
        has_sound: false,
        pages: None,
        thumb_hash: None,
        preview: true,
    };
    let chance = mixed(back.unsigned_abs());
    Body::Media(Media {
        kind: MediaKind::Image,
        mime: Some(about.mime.clone()),
        caption: chance.is_multiple_of(4).then(|| sentence(chance, 12)),
        file_name: None,
        voice: false,
        animated: false,
        attachment: Some(Attachment {
            id,
            state: AttachmentState::Ready { size_bytes: 250_000, about: Some(Box::new(about)) },
        }),
    })
}

fn other(chance: u64) -> Body {
    match (chance >> 40) % 8 {
        0 => Body::Location {
            latitude: 52.520_008,
            longitude: 13.404_954,
            name: Some("Alexanderplatz".to_owned()),
            address: Some("10178 Berlin".to_owned()),
            url: None,
        },
        1 => Body::Contacts {
            cards: vec![ContactCard {
                name: "Amadou Diallo".to_owned(),
                phones: vec!["+221 33 123 45 67".to_owned()],
                emails: vec!["amadou@example.com".to_owned()],
                company: None,
                addresses: Vec::new(),
                urls: Vec::new(),
            }],
        },
        2 => Body::Reply {
            title: "Tomorrow".to_owned(),
            description: Some("9:00 to 12:00".to_owned()),
            answers: vec![("Street".to_owned(), "Rua Augusta 12".to_owned())],
        },
        3 => Body::Order {
            text: Some(some(LATIN, chance, 4)),
            items: vec![OrderItem {
                product: "SKU-7".to_owned(),
                quantity: 2.0,
                price: 19.5,
                currency: "EUR".to_owned(),
            }],
        },
        4 => Body::Deleted,
        5 => Body::Unsupported { kind: Some("poll_creation".to_owned()), reason: None },
        6 => Body::Media(Media {
            kind: MediaKind::Image,
            mime: Some("image/jpeg".to_owned()),
            caption: Some(some(LATIN, chance, 6)),
            file_name: None,
            voice: false,
            animated: false,
            attachment: None,
        }),
        _ => Body::Unknown,
    }
}

/// A body as plain text.
pub(super) fn fallback(body: &Body) -> String {
    match body {
        Body::Text { text } => text.clone(),
        Body::Deleted => "This message was taken back.".to_owned(),
        Body::Media(_) => "Picture".to_owned(),
        _ => "A message of another kind".to_owned(),
    }
}
