//! A place on the map as it is typed: name, address, degrees; or pasted, as two numbers or as the link of a map.

use waxwing_protocol::slot::SlotValue;

use super::super::text::editor::EditorState;

/// What is typed of a place.
#[derive(Debug, Default)]
pub(in crate::ui) struct PlaceField {
    pub(in crate::ui) name: EditorState,
    pub(in crate::ui) address: EditorState,
    pub(in crate::ui) latitude: EditorState,
    pub(in crate::ui) longitude: EditorState,
}

impl PlaceField {
    /// Puts a place in.
    pub(in crate::ui) fn put(&mut self, (latitude, longitude): (f64, f64), name: &str, address: &str) {
        self.name.set_text(name);
        self.address.set_text(address);
        self.latitude.set_text(&latitude.to_string());
        self.longitude.set_text(&longitude.to_string());
    }

    /// Takes degrees out of whichever of its fields they were pasted into.
    pub(in crate::ui) fn spread(&mut self) {
        let fields = [&self.name, &self.address, &self.latitude, &self.longitude];
        let Some(number) = fields.iter().position(|field| pasted(field.text()).is_some()) else { return };
        let Some((latitude, longitude)) = pasted(fields[number].text()) else { return };
        match number {
            0 => self.name.set_text(""),
            1 => self.address.set_text(""),
            _ => {}
        }
        self.latitude.set_text(&latitude.to_string());
        self.longitude.set_text(&longitude.to_string());
    }

    /// The value; none where nothing was typed. Degrees that are none lie nowhere on the map, and the check says so.
    pub(in crate::ui) fn value(&self) -> Option<SlotValue> {
        let texts = [&self.name, &self.address, &self.latitude, &self.longitude].map(EditorState::text);
        if texts.iter().all(|text| text.trim().is_empty()) {
            return None;
        }
        let [name, address, latitude, longitude] = texts.map(str::trim);
        let degrees = |text: &str| text.replace(',', ".").parse().unwrap_or(f64::NAN);
        Some(SlotValue::Location {
            latitude: degrees(latitude),
            longitude: degrees(longitude),
            name: name.to_owned(),
            address: address.to_owned(),
        })
    }
}

/// Degrees in what was pasted: `52.37, 4.89`, or the link of a map that holds them.
fn pasted(text: &str) -> Option<(f64, f64)> {
    let text = text.trim();
    let Some((_, rest)) = text.split_once("://") else { return pair(text) };
    // `…/@52.37,4.89,15z`, `…?q=52.37,4.89`, `…#map=15/52.37/4.89`.
    let behind = ["@", "q=", "query=", "ll=", "destination=", "center="];
    let in_link = behind.iter().find_map(|mark| rest.split(mark).skip(1).find_map(beginning));
    in_link.or_else(|| {
        let mut parts = rest.split_once("map=")?.1.splitn(3, '/').skip(1);
        let (latitude, longitude) = (parts.next()?, parts.next()?);
        pair(&format!("{latitude},{}", number_at_the_start(longitude)))
    })
}

/// Two numbers with a comma between them, and whatever stands behind.
fn beginning(text: &str) -> Option<(f64, f64)> {
    let text = text.replace("%2C", ",").replace("%20", " ");
    let (latitude, rest) = text.split_once(',')?;
    pair(&format!("{latitude},{}", number_at_the_start(rest.trim_start())))
}

fn number_at_the_start(text: &str) -> &str {
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '-' | '+')).unwrap_or(text.len());
    &text[..end]
}

/// Two numbers that are degrees, and nothing else.
fn pair(text: &str) -> Option<(f64, f64)> {
    let (latitude, longitude) = text.split_once([',', ';'])?;
    let (latitude, longitude): (f64, f64) = (latitude.trim().parse().ok()?, longitude.trim().parse().ok()?);
    let is_on_map = (-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude);
    is_on_map.then_some((latitude, longitude))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn degrees_are_found_in_what_people_paste() {
        for text in [
            "52.3731, 4.8926",
            "https://www.google.com/maps/place/Dam/@52.3731,4.8926,17z/data=abc",
            "https://maps.google.com/?q=52.3731,4.8926",
            "https://www.google.com/maps/search/?api=1&query=52.3731%2C4.8926",
            "https://maps.apple.com/?ll=52.3731,4.8926&z=12",
            "https://www.openstreetmap.org/#map=17/52.3731/4.8926",
        ] {
            assert_eq!(pasted(text), Some((52.3731, 4.8926)), "{text}");
        }
        for text in ["Dam 1, 1012 Amsterdam", "91, 4", "52.3731", "https://example.org/?q=shoes", "1,2,3"] {
            assert_eq!(pasted(text), None, "{text}");
        }
    }

    #[test]
    fn degrees_go_where_they_belong() {
        let mut place = PlaceField { address: EditorState::new("52.37,4.89"), ..PlaceField::default() };
        place.spread();
        assert_eq!(
            [place.address.text(), place.latitude.text(), place.longitude.text()],
            ["", "52.37", "4.89"]
        );
    }

    proptest! {
        #[test]
        fn nothing_that_is_pasted_panics(text in "(https://)?\\PC{0,30}(@|q=|map=)?[0-9.,/%-]{0,20}") {
            pasted(&text);
        }
    }
}
