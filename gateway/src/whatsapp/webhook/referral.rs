//! What brought a contact here, told on the message they came with: an ad or a post (click-to-WhatsApp `referral`), else a
//! product (`context.referred_product`).

use serde_json::Value;
use waxwing_protocol::message::Referral;

use super::json;

/// Reads it; none where the contact came by themselves.
pub(super) fn read(message: &Value) -> Option<Referral> {
    if let Some(referral) = json::object(message, "referral") {
        return Some(Referral {
            kind: json::text(referral, "source_type").unwrap_or_else(|| "ad".to_owned()),
            headline: json::text(referral, "headline"),
            text: json::text(referral, "body"),
            url: json::text(referral, "source_url"),
        });
    }
    let context = json::object(message, "context")?;
    let product = json::object(context, "referred_product")?;
    Some(Referral {
        kind: "product".to_owned(),
        headline: None,
        text: json::text(product, "product_retailer_id"),
        url: None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ads_posts_and_products_are_told_apart() {
        let ad = json!({"referral": {"source_url": "https://fb.me/x", "source_type": "ad", "body": "Summer!",
            "headline": "Chat with us", "media_type": "image", "ctwa_clid": "A"}});
        let expected = Referral {
            kind: "ad".to_owned(),
            headline: Some("Chat with us".to_owned()),
            text: Some("Summer!".to_owned()),
            url: Some("https://fb.me/x".to_owned()),
        };
        assert_eq!(read(&ad), Some(expected));
        assert_eq!(
            read(&json!({"referral": {"source_type": "post"}})).map(|one| one.kind),
            Some("post".to_owned())
        );
        let product =
            json!({"context": {"referred_product": {"catalog_id": "1", "product_retailer_id": "bell-2"}}});
        let found = read(&product).expect("a product");
        assert_eq!((&*found.kind, found.text.as_deref()), ("product", Some("bell-2")));
        for none in [json!({}), json!({"context": {"id": "wamid.1"}}), json!({"referral": "ad"})] {
            assert_eq!(read(&none), None);
        }
    }
}
