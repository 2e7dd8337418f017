//! That what is filled in wrong is refused as WhatsApp refuses it.

use serde_json::json;

use super::*;

fn code_of(sent: &Value, has_phone: bool) -> Option<u32> {
    let (templates, files) = (templates::samples(), BTreeMap::new());
    let shelf = Shelf { templates: &templates, files: &files, now: DateTime::UNIX_EPOCH };
    shelf.check(sent, has_phone).err().map(|refusal| refusal.code)
}

fn texts(words: &[&str]) -> Vec<Value> {
    words.iter().map(|text| json!({"type": "text", "text": text})).collect()
}

fn sent(name: &str, language: &str, components: &Value) -> Value {
    json!({"name": name, "language": {"code": language}, "components": components})
}

#[test]
fn the_example_of_the_help_page_has_to_be_filled_in_whole() {
    let with = |words: &[&str]| {
        let body = json!([{"type": "body", "parameters": texts(words)}]);
        code_of(&sent("HSM_payment_confirmation", "en_US", &body), true)
    };
    assert_eq!(with(&["Ana", "a jacket", "bill 7", "Visa", "today"]), None);
    assert_eq!(with(&["Ana", "a jacket", "bill 7", "Visa"]), Some(132_000));
    assert_eq!(with(&["Ana", "a jacket", "bill 7", "Visa", ""]), Some(131_008));
    assert_eq!(with(&["Ana", "a\njacket", "bill 7", "Visa", "today"]), Some(132_018));
    assert_eq!(with(&["Ana", "a     jacket", "bill 7", "Visa", "today"]), Some(132_018));
    assert_eq!(with(&["Ana", &"a".repeat(1_000), "bill 7", "Visa", "today"]), Some(132_005));
}

#[test]
fn what_is_not_approved_or_not_there_is_not_sent() {
    let none = json!([]);
    assert_eq!(code_of(&sent("hello_world", "en_US", &none), true), None);
    assert_eq!(code_of(&sent("hello_world", "de", &none), true), Some(132_001));
    assert_eq!(code_of(&sent("clearance", "en_US", &none), true), Some(132_001));
    assert_eq!(code_of(&sent("feedback_request", "en_US", &none), true), Some(132_015));
    assert_eq!(code_of(&json!({"name": "hello_world"}), true), Some(131_008));
    let surplus = json!([{"type": "header", "parameters": texts(&["x"])}]);
    assert_eq!(code_of(&sent("hello_world", "en_US", &surplus), true), Some(132_000));
}

#[test]
fn names_buttons_and_headers_are_checked() {
    let named = |name: &str| {
        let header = json!({"type": "text", "parameter_name": "order_number", "text": "7"});
        let body = json!([
            {"type": "text", "parameter_name": name, "text": "Ana"},
            {"type": "text", "parameter_name": "delivery_day", "text": "today"},
        ]);
        let button = json!({"type": "button", "sub_type": "url", "index": "0", "parameters": texts(&["7"])});
        json!([{"type": "header", "parameters": [header]}, {"type": "body", "parameters": body}, button])
    };
    assert_eq!(code_of(&sent("order_shipped", "en", &named("first_name")), true), None);
    assert_eq!(code_of(&sent("order_shipped", "en", &named("name")), true), Some(132_012));
    let mut without = named("first_name");
    without.as_array_mut().expect("a list").pop();
    assert_eq!(code_of(&sent("order_shipped", "en", &without), true), Some(131_008));
    let code = |code: &str| {
        json!([{"type": "body", "parameters": texts(&["123456"])},
            {"type": "button", "sub_type": "url", "index": "0", "parameters": texts(&[code])}])
    };
    assert_eq!(code_of(&sent("sign_in_code", "en_US", &code("123456")), true), None);
    assert_eq!(code_of(&sent("sign_in_code", "en_US", &code("654321")), true), Some(132_012));
    assert_eq!(code_of(&sent("sign_in_code", "en_US", &code("123456")), false), Some(131_062));
    let header = |parameter: Value| {
        json!([{"type": "header", "parameters": [parameter]},
            {"type": "body", "parameters": texts(&["rain jacket"])}])
    };
    let unknown = json!({"type": "video", "video": {"id": "1"}});
    assert_eq!(code_of(&sent("how_to_care", "en_US", &header(unknown)), true), Some(100));
    let other = json!({"type": "image", "image": {"id": "1"}});
    assert_eq!(code_of(&sent("how_to_care", "en_US", &header(other)), true), Some(132_012));
}
