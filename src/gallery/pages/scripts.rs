//! Scripts: letters of many, in both directions, and what strangers make of them.

use waxwing_protocol::delivery::Delivery;

use super::{Page, conversation};
use crate::gallery::desk::Thread;

/// The name of a page, of somebody who writes so, and what they write.
type Script = (&'static str, &'static str, &'static [&'static str]);

const SCRIPTS: &[Script] = &[
    (
        "script-arabic",
        "ليلى حداد",
        &[
            "مرحبا، أين طلبي؟",
            "الطلب رقم 48213 بتاريخ 13/05/2026 لم يصل بعد، وقد دفعت 120.50 ريال. هل يمكنكم التحقق من ذلك وإخباري متى سيصل؟",
            "*عريض* و _مائل_ و ~مشطوب~ و `رمز`",
            "- أولا\n- ثانيا\n- ثالثا",
            "> اقتباس\nوالجواب",
            "شُكْرًا جَزِيلًا",
        ],
    ),
    (
        "script-hebrew",
        "נועה לוי",
        &[
            "שלום, איפה ההזמנה שלי?",
            "הזמנה 48213 מיום 13.5.2026 (120.50 ₪) עדיין לא הגיעה; אפשר לבדוק?",
            "בְּרֵאשִׁית בָּרָא",
            "1. ראשון\n2. שני",
        ],
    ),
    (
        "script-persian",
        "نیلوفر رضایی",
        &["سلام، سفارش من کجاست؟", "سفارش ۴۸۲۱۳ هنوز نرسیده است؛ می‌خواهم پولم را پس بگیرم.", "کتاب‌ها و گچ‌پژ"],
    ),
    (
        "script-urdu",
        "عائشہ خان",
        &["السلام علیکم، میرا آرڈر کہاں ہے؟", "آرڈر نمبر 48213 ابھی تک نہیں پہنچا، براہ کرم چیک کریں۔"],
    ),
    (
        "script-devanagari",
        "प्रिया शर्मा",
        &["नमस्ते, मेरा ऑर्डर कहाँ है?", "क्षत्रिय, श्रद्धा, ज्ञान, र्‍याचा, स्त्री", "*मोटा* _तिरछा_ ऑर्डर ४८२१३"],
    ),
    ("script-bengali", "সুমিত্রা সেন", &["আমার অর্ডার কোথায়?", "ক্ষমতা, জ্ঞান, স্ত্রী, কোষ্ঠী", "অর্ডার ৪৮২১৩ এখনও আসেনি।"]),
    ("script-tamil", "மீனா குமார்", &["என் ஆர்டர் எங்கே?", "க்ஷேத்திரம், ஸ்ரீ, கொடுங்கள், கௌரவம்"]),
    (
        "script-thai",
        "สมชาย ใจดี",
        &["สวัสดีครับ ออเดอร์ของผมอยู่ที่ไหน", "ผู้ใหญ่หาผ้าใหม่ให้สะใภ้ใช้คล้องคอใฝ่ใจเอาใส่ห่อมิหลงใหลใครขอดู", "น้ำ ที่ ปั้น ก็"],
    ),
    ("script-lao", "ສົມພອນ", &["ສະບາຍດີ, ຄຳສັ່ງຊື້ຂອງຂ້ອຍຢູ່ໃສ?", "ຂໍຂອບໃຈຫຼາຍໆ"]),
    ("script-khmer", "សុខា", &["សួស្តី តើការបញ្ជាទិញរបស់ខ្ញុំនៅឯណា?", "ស្ត្រី ក្រុមហ៊ុន ព្រះរាជាណាចក្រកម្ពុជា"]),
    (
        "script-chinese",
        "王小明",
        &[
            "你好，我的订单在哪里？",
            "訂單編號48213還沒有送到，請幫我查詢一下包裹現在在哪裡，謝謝！我已經等了三天了，如果今天還沒有收到，我就要取消這個訂單。",
            "*粗体* _斜体_ ~删除~",
        ],
    ),
    (
        "script-japanese",
        "山田花子",
        &[
            "こんにちは、注文はどこですか？",
            "注文番号４８２１３がまだ届きません。「確認」していただけますか。カタカナ、ｶﾀｶﾅ、ひらがな、漢字。",
            "東京都渋谷区",
        ],
    ),
    (
        "script-korean",
        "김민지",
        &[
            "안녕하세요, 제 주문은 어디에 있나요?",
            "주문 번호 48213이 아직 도착하지 않았습니다. 확인해 주세요.",
            "한글 ㄱㄴㄷ",
        ],
    ),
    (
        "script-emoji",
        "Emoji 🦜",
        &[
            "Skin: 👍🏻👍🏼👍🏽👍🏾👍🏿 and 👩🏽‍🚀 in words",
            "Families: 👨‍👩‍👧‍👦 👩‍❤️‍💋‍👨 👩‍👩‍👦 in words",
            "Flags: 🇩🇪 🇯🇵 🇧🇷 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🏳️‍🌈 🏴‍☠️ in words",
            "Keycaps: 1️⃣ #️⃣ *️⃣, text ☺︎ and colour ☺️, ©️ ™️ in words",
            "New: 🫠 🫱🏽‍🫲🏿 🐦‍⬛ in words, lone 🇩 and ‍ joiners",
        ],
    ),
    (
        "script-mixed",
        "Dana دانا",
        &[
            "The word שלום and the word مرحبا in one sentence with 123 and 😀.",
            "مرحبا iPhone 15 Pro (256GB) بسعر 4,999.00 ريال 😀",
            "طلبي #48213 في https://example.com/orders/48213 لم يصل",
            "(שלום) [123] {abc} <مرحبا>",
            "שלום\nLatin below\nمرحبا",
            "+972-50-123-4567 הוא המספר שלי",
        ],
    ),
    (
        "script-hostile",
        "Evil\u{202e}gnp.exe",
        &[
            "Bidi override: \u{202e}gpj.exe\u{202c} ends here; isolates \u{2066}\u{2067}abc without an end",
            "\u{202e}\u{202e}\u{202e} everything after this is turned",
            "Z\u{0351}\u{036b}\u{0343}\u{036a}\u{0302}\u{036b}\u{033d}\u{034f}\u{0334}\u{0319}\u{0324}\u{031e}\u{0349}\u{035a}\u{032f}\u{031e}\u{0320}\u{034d}A\u{036b}\u{0357}\u{0334}\u{0362}\u{0335}\u{031c}\u{0330}\u{0354}L\u{0368}\u{0367}\u{0369}\u{0358}\u{0320}G\u{0311}\u{0357}\u{030e}\u{0305}\u{035b}\u{0341}\u{0334}\u{033b}\u{0348}\u{034d}\u{0354}\u{0339}O\u{0342}\u{030c}\u{030c}\u{0358}\u{0328}\u{0335}\u{0339}\u{033b}\u{031d}\u{0333}",
            "zero\u{200b}width\u{200b}spaces, \u{feff}marks, \u{0}nul, \u{7}bell, tab\there, \u{fffd}, \u{e000} private",
            "﷽ and 𒐫 and ꧅ are wide",
            "\u{2028}line\u{2029}paragraph\u{85}next",
        ],
    ),
];

pub(super) fn pages() -> Vec<Page> {
    SCRIPTS.iter().map(page).collect()
}

fn page((name, contact, texts): &Script) -> Page {
    let mut thread = Thread::new(1, contact, 900);
    for text in *texts {
        thread.wrote(text);
    }
    let (first, last) = (texts[0], texts[texts.len() - 1]);
    thread.answered(first, Delivery::Read);
    thread.answered(last, Delivery::Delivered);
    conversation(name, [1000.0, 860.0], thread)
}
