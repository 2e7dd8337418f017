//! The columns of the table: which there are, which are chosen, what stands in them.

use egui::{Popup, Ui};
use waxwing_protocol::{contact::DetailKind, directory::DirectoryEntry};

use super::super::{View, icon, rules, widgets::button};
use crate::desk::phones;

/// A column beside the name, which is always there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Column {
    Phone,
    UserName,
    Email,
    Company,
    LastAt,
    /// An attribute, by its key.
    Attribute(String),
}

const PREFIX: &str = "attribute:";

impl Column {
    const FIXED: [Self; 5] = [Self::Phone, Self::UserName, Self::Email, Self::Company, Self::LastAt];

    /// As it is kept.
    fn kept(&self) -> String {
        match self {
            Self::Phone => "phone".to_owned(),
            Self::UserName => "user_name".to_owned(),
            Self::Email => "email".to_owned(),
            Self::Company => "company".to_owned(),
            Self::LastAt => "last".to_owned(),
            Self::Attribute(key) => format!("{PREFIX}{key}"),
        }
    }

    fn restored(kept: &str) -> Option<Self> {
        if let Some(key) = kept.strip_prefix(PREFIX) {
            return Some(Self::Attribute(key.to_owned()));
        }
        Self::FIXED.into_iter().find(|column| column.kept() == kept)
    }

    /// What it is called.
    pub(super) fn name(&self, view: View<'_>) -> String {
        match self {
            Self::Phone => "Phone".to_owned(),
            Self::UserName => "User name".to_owned(),
            Self::Email => "E-mail".to_owned(),
            Self::Company => "Company".to_owned(),
            Self::LastAt => "Last in touch".to_owned(),
            Self::Attribute(key) => {
                let field = rules(view).contact_fields.iter().find(|field| field.key == *key);
                field.map_or_else(|| key.clone(), |field| field.name.clone())
            }
        }
    }

    /// How wide it is, in points.
    pub(super) const fn width(&self) -> f32 {
        match self {
            Self::Phone => 150.0,
            Self::UserName | Self::Company => 130.0,
            Self::Email => 190.0,
            Self::LastAt => 112.0,
            Self::Attribute(_) => 110.0,
        }
    }

    /// What stands in it.
    pub(super) fn value(&self, view: View<'_>, entry: &DirectoryEntry) -> String {
        let contact = &entry.contact;
        let detail = |kind| {
            let held = contact.details.iter().find(|detail| detail.kind == kind && detail.name.is_none());
            held.or_else(|| contact.details.iter().find(|detail| detail.kind == kind))
                .map(|detail| detail.value.clone())
        };
        let value = match self {
            Self::Phone => contact
                .whatsapp
                .phone
                .as_ref()
                .map(|phone| format!("+{phone}"))
                .or_else(|| detail(DetailKind::Phone))
                .map(|phone| phones::grouped(&phone)),
            Self::UserName => contact.user_name.as_ref().map(|name| format!("@{name}")),
            Self::Email => detail(DetailKind::Email),
            Self::Company => detail(DetailKind::Company),
            Self::LastAt => entry.last_at.map(|at| view.ago(at)),
            Self::Attribute(key) => contact.attribute(key).map(str::to_owned),
        };
        value.unwrap_or_else(|| "—".to_owned())
    }
}

/// The columns that are chosen, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns(Vec<Column>);

impl Default for Columns {
    fn default() -> Self {
        Self(vec![Column::Phone, Column::Email, Column::Attribute("Segment".to_owned()), Column::LastAt])
    }
}

impl Columns {
    /// As they were kept; as usual where none were.
    pub(super) fn restored(kept: &[String]) -> Self {
        let columns: Vec<_> = kept.iter().filter_map(|kept| Column::restored(kept)).collect();
        if columns.is_empty() { Self::default() } else { Self(columns) }
    }

    /// As they are to be kept; nothing where they are as usual.
    pub(super) fn kept(&self) -> Vec<String> {
        if *self == Self::default() { Vec::new() } else { self.0.iter().map(Column::kept).collect() }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Column> {
        self.0.iter()
    }

    /// Lets the agent choose.
    pub(super) fn menu(&mut self, ui: &mut Ui, view: View<'_>) {
        let button = button::icon(ui, view.theme, icon::SETTINGS, "Choose columns");
        let popup = Popup::menu(&button).close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside);
        popup.show(|ui| {
            for column in offered(view, self) {
                let mut is_on = self.0.contains(&column);
                if ui.checkbox(&mut is_on, column.name(view)).changed() {
                    if is_on {
                        self.0.push(column);
                    } else if self.0.len() > 1 {
                        self.0.retain(|held| *held != column);
                    }
                }
            }
        });
    }
}

/// All that can be chosen: what there is for everybody, the fields of the house, and attributes of those who were found.
fn offered(view: View<'_>, chosen: &Columns) -> Vec<Column> {
    const MOST: usize = 30;
    let fields = rules(view).contact_fields.iter().map(|field| field.key.clone());
    let entries = view.desk.directory().list().items();
    let met =
        entries.iter().take(200).flat_map(|entry| &entry.contact.attributes).map(|held| held.key.clone());
    let mut columns = Column::FIXED.to_vec();
    let attributes = fields.chain(met).map(Column::Attribute);
    for column in chosen.0.iter().cloned().chain(attributes) {
        if columns.len() < MOST && !columns.contains(&column) {
            columns.push(column);
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_come_back_as_they_were_kept() {
        assert!(Columns::default().kept().is_empty());
        let columns = Columns(vec![Column::LastAt, Column::Attribute("VIP: yes".to_owned())]);
        assert_eq!(Columns::restored(&columns.kept()), columns);
        assert_eq!(Columns::restored(&["of a newer version".to_owned()]), Columns::default());
    }
}
