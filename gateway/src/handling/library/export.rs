//! Responses go into a file, to be looked after elsewhere and imported again.

use std::collections::BTreeMap;

use waxwing_protocol::{id::AgentId, library::LibraryForm, problem::ProblemCode};

use super::{Refusal, form, paths, row::Row, tree::Tree};
use crate::store::{Read, agents, categories, responses};

/// The text of a file with everything that an agent may see; with everything there is, if it is for no agent.
pub async fn export(read: &mut Read, agent: Option<AgentId>, form: LibraryForm) -> Result<String, Refusal> {
    let tree = Tree::new(categories::all(read.db()).await?);
    let people = agents::list_agents(read.db()).await?.into_iter();
    let people: BTreeMap<_, _> = people.map(|record| (record.agent.id, record.agent.user_name)).collect();
    let mut rows = Vec::new();
    for kept in responses::all(read.db()).await? {
        if kept.deleted || agent.is_some_and(|agent| !kept.is_seen_by(agent)) {
            continue;
        }
        let content = &kept.response.content;
        let path = content.category.map(|category| tree.path(category)).unwrap_or_default();
        let owner = content.owner.and_then(|owner| people.get(&owner).cloned());
        rows.push((path.clone(), Row::of(kept.response.id, content, (paths::join(&path), owner))));
    }
    rows.sort_by(|(one_path, one), (other_path, other)| {
        (one_path, &one.name, &one.language, one.id).cmp(&(
            other_path,
            &other.name,
            &other.language,
            other.id,
        ))
    });
    let rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
    form::write(form, &rows).map_err(|error| {
        tracing::error!(%error, "the library can't be written as a file");
        Refusal::new(ProblemCode::Internal, "The gateway met a fault of its own.")
    })
}
