//! Which workbins there are beside each agent's own, and who may do what in them.

use serde::{Deserialize, Serialize};

/// Stands for everybody in a list of teams.
pub const EVERYBODY: &str = "*";
/// The longest name, in characters.
const MAX_NAME: usize = 100;

/// Whose a configured workbin is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuledKind {
    /// Everybody's.
    #[default]
    Shared,
    /// A team's.
    Team,
}

/// A workbin as it is configured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkbinRule {
    /// What it is called; it is known by that.
    pub name: String,
    /// Whose it is.
    #[serde(default)]
    pub kind: RuledKind,
    /// Which team's, if it is a team's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// The teams that may see what lies there, beside those that may take it; `*` for everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub see: Option<Vec<String>>,
    /// The teams that may take it; without it, everybody or the team whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub take: Option<Vec<String>>,
    /// How many interactions may lie there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// After how many hours what lies there is shown as too old.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale_after_hours: Option<u32>,
}

impl WorkbinRule {
    fn check(&self) -> Result<(), String> {
        let name = self.name.trim();
        if name.is_empty() || name != self.name || name.chars().count() > MAX_NAME {
            return Err(format!("the name must have 1 to {MAX_NAME} characters and no blanks around it"));
        }
        let is_team = self.team.as_deref().is_some_and(|team| !team.trim().is_empty());
        match self.kind {
            RuledKind::Team if !is_team => Err("a team's workbin names its team".to_owned()),
            RuledKind::Shared if self.team.is_some() => {
                Err("a shared workbin has no team: kind = \"team\"?".to_owned())
            }
            _ if self.limit == Some(0) => Err("limit 0 would let nothing in".to_owned()),
            _ => Ok(()),
        }
    }
}

/// Says which of the workbins makes no sense, and why.
pub fn check(rules: &[WorkbinRule]) -> Result<(), String> {
    for (number, rule) in (1..).zip(rules) {
        rule.check().map_err(|cause| format!("workbin {number}: {cause}"))?;
        if rules.iter().filter(|other| other.name == rule.name).count() > 1 {
            return Err(format!("workbin {number}: there are two of the name {}", rule.name));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workbins_that_make_no_sense_are_told_by_number() {
        let read = |text: &str| toml::from_str::<toml::Table>(text).expect("reads")["workbins"].clone();
        for (rule, told) in [
            ("{ name = \" \" }", "the name"),
            ("{ name = \"Late\", kind = \"team\" }", "names its team"),
            ("{ name = \"Late\", team = \"Support\" }", "no team"),
            ("{ name = \"Late\", limit = 0 }", "limit"),
            ("{ name = \"First\" }", "two of the name"),
        ] {
            let rules: Vec<WorkbinRule> = read(&format!("workbins = [{{ name = \"First\" }}, {rule}]"))
                .try_into()
                .expect("is of the form");
            let cause = check(&rules).expect_err(rule);
            assert!(cause.contains(told), "{cause}");
        }
    }
}
