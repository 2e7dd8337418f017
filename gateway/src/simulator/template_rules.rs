//! What WhatsApp says to a message that is made of a template: whether it may be sent, and whether it is filled in as it has to be.
//! An own reading of the Cloud API's template messages.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    graph::{Refusal, refusal},
    media::StoredFile,
    outgoing, templates,
};

/// The longest body, filled in.
const LONGEST_BODY: usize = 1024;
/// The longest coupon code.
const LONGEST_COUPON: usize = 20;

/// What is there.
pub(super) struct Shelf<'a> {
    pub(super) templates: &'a [Value],
    pub(super) files: &'a BTreeMap<String, StoredFile>,
    pub(super) now: DateTime<Utc>,
}

fn mismatch(details: &str) -> Refusal {
    refusal(132_012, details)
}

impl Shelf<'_> {
    /// Checks the object of the name `template`; `has_phone` says whether it goes to a phone number.
    pub(super) fn check(&self, sent: &Value, has_phone: bool) -> Result<(), Refusal> {
        let name = sent["name"].as_str().ok_or_else(|| refusal(131_008, "The parameter name is missing"))?;
        let language = sent["language"]["code"]
            .as_str()
            .ok_or_else(|| refusal(131_008, "The parameter language is missing"))?;
        let unknown = || refusal(132_001, &format!("template name ({name}) does not exist in {language}"));
        let template = templates::called(self.templates, name, language).ok_or_else(unknown)?;
        match template["status"].as_str() {
            Some("APPROVED") => {}
            Some("PAUSED") => return Err(refusal(132_015, "Template is paused due to low quality")),
            Some("DISABLED") => return Err(refusal(132_016, "Template is disabled")),
            _ => return Err(unknown()),
        }
        let is_code = template["category"] == "AUTHENTICATION";
        if is_code && !has_phone {
            return Err(refusal(131_062, "Authentication templates need a phone number"));
        }
        let filled = list(&sent["components"]);
        let is_named = template["parameter_format"] == "NAMED";
        let checked = Part { shelf: self, filled, is_named, is_code };
        checked.check(list(&template["components"]))
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// What is filled in, of the message itself or of a card.
struct Part<'a> {
    shelf: &'a Shelf<'a>,
    filled: &'a [Value],
    is_named: bool,
    is_code: bool,
}

impl Part<'_> {
    fn check(&self, components: &[Value]) -> Result<(), Refusal> {
        for filled in self.filled {
            let kind = filled["type"].as_str().unwrap_or_default();
            let wanted = if kind.eq_ignore_ascii_case("button") { "BUTTONS" } else { kind };
            let is_there = components
                .iter()
                .any(|part| part["type"].as_str().is_some_and(|of| of.eq_ignore_ascii_case(wanted)));
            if !is_there {
                return Err(refusal(132_000, &format!("the template has no {kind} to fill in")));
            }
        }
        for component in components {
            match component["type"].as_str() {
                Some("HEADER") => self.header(component)?,
                Some("BODY") => self.body(component)?,
                Some("LIMITED_TIME_OFFER") => self.offer(&component["limited_time_offer"])?,
                Some("BUTTONS") => {
                    for (at, button) in list(&component["buttons"]).iter().enumerate() {
                        self.button(at, button)?;
                    }
                }
                Some("CAROUSEL") => self.cards(list(&component["cards"]))?,
                _ => {}
            }
        }
        Ok(())
    }

    fn parameters(&self, kind: &str) -> &[Value] {
        self.filled.iter().find(|part| part["type"] == kind).map_or(&[], |part| list(&part["parameters"]))
    }

    fn header(&self, component: &Value) -> Result<(), Refusal> {
        let given = self.parameters("header");
        let format = component["format"].as_str().unwrap_or("TEXT");
        if format == "TEXT" {
            return self.marks(component["text"].as_str().unwrap_or_default(), given).map(drop);
        }
        let kind = format.to_ascii_lowercase();
        let [parameter] = given else {
            return Err(mismatch(&format!("header: Format mismatch, expected {format}, received UNKNOWN")));
        };
        let part = &parameter[&kind];
        if parameter["type"] != kind.as_str() || !part.is_object() {
            return Err(mismatch(&format!("header: Format mismatch, expected {format}")));
        }
        match kind.as_str() {
            "location" => {
                let has = |key: &str| part[key].as_str().is_some_and(|text| !text.is_empty());
                let all = ["latitude", "longitude", "name", "address"].into_iter().all(has);
                if all { Ok(()) } else { Err(refusal(131_008, "header: the location is not complete")) }
            }
            "product" if part["product_retailer_id"].is_string() => Ok(()),
            "product" => Err(refusal(131_008, "header: product_retailer_id is missing")),
            _ if part["link"].is_string() => Ok(()),
            _ => outgoing::check(self.shelf.files, &kind, part, self.shelf.now),
        }
    }

    fn body(&self, component: &Value) -> Result<(), Refusal> {
        let text = match component["text"].as_str() {
            Some(text) => text,
            None if self.is_code => "*{{1}}* is your verification code.",
            None => "",
        };
        let made = self.marks(text, self.parameters("body"))?;
        if made.chars().count() > LONGEST_BODY {
            return Err(refusal(132_005, "Translated text too long"));
        }
        Ok(())
    }

    /// Checks what stands in place of marks and gives the text that comes of it.
    fn marks(&self, text: &str, given: &[Value]) -> Result<String, Refusal> {
        let marks = marks_of(text);
        if marks.len() != given.len() {
            let details = format!(
                "body: number of localizable_params ({}) does not match the expected number of params ({})",
                given.len(),
                marks.len()
            );
            return Err(refusal(132_000, &details));
        }
        let mut made = text.to_owned();
        for (at, mark) in marks.iter().enumerate() {
            let parameter = if self.is_named {
                let named = given.iter().find(|one| one["parameter_name"] == mark.as_str());
                named.ok_or_else(|| mismatch(&format!("Parameter name {mark} is missing")))?
            } else {
                &given[at]
            };
            let words = match parameter["type"].as_str() {
                Some("text") => &parameter["text"],
                Some("currency")
                    if parameter["currency"]["code"].is_string()
                        && parameter["currency"]["amount_1000"].is_i64() =>
                {
                    &parameter["currency"]["fallback_value"]
                }
                Some("date_time") => &parameter["date_time"]["fallback_value"],
                _ => return Err(mismatch("Parameter of an invalid type")),
            };
            let words = words.as_str().filter(|words| !words.is_empty());
            let words =
                words.ok_or_else(|| refusal(131_008, "Parameter of type text is missing text value"))?;
            if words.contains(['\n', '\t']) || words.contains("     ") {
                let details =
                    "Param text cannot have new-line/tab characters or more than 4 consecutive spaces";
                return Err(refusal(132_018, details));
            }
            made = made.replace(&format!("{{{{{mark}}}}}"), words);
        }
        Ok(made)
    }

    fn offer(&self, offer: &Value) -> Result<(), Refusal> {
        let given = self.parameters("limited_time_offer");
        let ends = given.first().and_then(|one| one["limited_time_offer"]["expiration_time_ms"].as_i64());
        match (offer["has_expiration"] == true, ends) {
            (true, Some(at)) if at > self.shelf.now.timestamp_millis() => Ok(()),
            (true, Some(_)) => Err(mismatch("limited_time_offer: the expiration is in the past")),
            (true, None) => Err(refusal(131_008, "limited_time_offer: expiration_time_ms is missing")),
            (false, None) => Ok(()),
            (false, Some(_)) => Err(mismatch("limited_time_offer: takes no parameter")),
        }
    }

    fn button(&self, at: usize, button: &Value) -> Result<(), Refusal> {
        let filled = self.filled.iter().find(|part| part["type"] == "button" && templates::is_at(part, at));
        let missing = || refusal(131_008, &format!("buttons: Button at index {at} requires a parameter"));
        let wanted = match button["type"].as_str().unwrap_or_default() {
            "URL" if button["url"].as_str().is_some_and(|url| url.contains("{{")) => "url",
            "OTP" => "url",
            "COPY_CODE" => "copy_code",
            "MPM" => "mpm",
            kind => {
                let may_have = matches!(kind, "QUICK_REPLY" | "FLOW" | "CATALOG");
                return match filled {
                    Some(part) if !may_have || part["sub_type"] != kind.to_ascii_lowercase().as_str() => {
                        Err(mismatch(&format!("buttons: Button at index {at} takes no parameter")))
                    }
                    _ => Ok(()),
                };
            }
        };
        let filled = filled.ok_or_else(missing)?;
        if filled["sub_type"] != wanted {
            return Err(mismatch(&format!("buttons: Button at index {at} is of type {wanted}")));
        }
        let [parameter] = list(&filled["parameters"]) else { return Err(missing()) };
        let has_text = |text: &Value| text.as_str().is_some_and(|text| !text.is_empty());
        match wanted {
            "url" if parameter["type"] == "text" && has_text(&parameter["text"]) => {
                let code = &self.parameters("body").first().map_or(Value::Null, |one| one["text"].clone());
                if button["type"] == "OTP" && parameter["text"] != *code {
                    return Err(mismatch("buttons: the code is not that of the body"));
                }
                Ok(())
            }
            "copy_code" if parameter["type"] == "coupon_code" && has_text(&parameter["coupon_code"]) => {
                let length = parameter["coupon_code"].as_str().map_or(0, |code| code.chars().count());
                if length > LONGEST_COUPON {
                    Err(mismatch("buttons: the coupon code is too long"))
                } else {
                    Ok(())
                }
            }
            "mpm" if !list(&parameter["action"]["sections"]).is_empty() => Ok(()),
            _ => Err(missing()),
        }
    }

    fn cards(&self, cards: &[Value]) -> Result<(), Refusal> {
        let carousel = self.filled.iter().find(|part| part["type"] == "carousel");
        let filled = carousel.map_or(&[][..], |part| list(&part["cards"]));
        if filled.len() != cards.len() {
            return Err(refusal(132_000, "carousel: number of cards does not match"));
        }
        for (at, card) in cards.iter().enumerate() {
            let one = filled.iter().find(|one| one["card_index"] == at);
            let one = one.ok_or_else(|| mismatch(&format!("carousel: card {at} is missing")))?;
            let part = Part { filled: list(&one["components"]), ..*self };
            part.check(list(&card["components"]))?;
        }
        Ok(())
    }
}

/// The marks of a text, each once, numbers in their order.
fn marks_of(text: &str) -> Vec<String> {
    let mut marks: Vec<String> = Vec::new();
    for part in text.split("{{").skip(1) {
        if let Some((mark, _)) = part.split_once("}}")
            && !marks.iter().any(|known| known == mark)
        {
            marks.push(mark.to_owned());
        }
    }
    if marks.iter().all(|mark| mark.parse::<u32>().is_ok()) {
        marks.sort_by_key(|mark| mark.parse::<u32>().unwrap_or_default());
    }
    marks
}

#[cfg(test)]
mod tests;
