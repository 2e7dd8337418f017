//! Where the contact came from: an ad (click-to-WhatsApp `referral`), a product (`context.referred_product`), a group.

use serde_json::Value;
use waxwing_protocol::interaction::CaseDatum;

use super::json;

/// The facts that one message brings.
pub(super) fn read(message: &Value) -> Vec<CaseDatum> {
    let mut facts = Vec::new();
    let mut add = |key: &str, value: Option<String>| {
        facts.extend(value.map(|value| CaseDatum { key: key.to_owned(), value }));
    };
    if let Some(referral) = json::object(message, "referral") {
        add("Ad headline", json::text(referral, "headline"));
        add("Ad text", json::text(referral, "body"));
        add("Ad link", json::text(referral, "source_url"));
        add("Ad source", json::text(referral, "source_type"));
        add("Ad id", json::text(referral, "source_id"));
        add("Ad click", json::text(referral, "ctwa_clid"));
    }
    let product =
        json::object(message, "context").and_then(|context| json::object(context, "referred_product"));
    if let Some(product) = product {
        add("Product", json::text(product, "product_retailer_id"));
        add("Catalogue", json::text(product, "catalog_id"));
    }
    add("WhatsApp group", json::text(message, "group_id"));
    facts
}
