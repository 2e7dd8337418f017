//! Shelves are made, named, moved and removed. No two beside each other have the same name, so that a path of names leads to
//! one of them.

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    id::{AgentId, CategoryId},
    library::PutCategory,
    problem::ProblemCode,
    response::{Category, check_name},
};

use super::{Refusal, lead, tree::Tree, unacceptable};
use crate::store::{Change, StoreError, categories, library, responses};

/// Makes a category, or changes its name or where it stands.
pub async fn put(
    change: &mut Change,
    agent: AgentId,
    (id, wanted): (CategoryId, &PutCategory),
    now: DateTime<Utc>,
) -> Result<Category, Refusal> {
    lead(change, agent).await?;
    check_name(&wanted.name).map_err(|problem| unacceptable(&problem.to_string()))?;
    let category = Category { id, parent: wanted.parent, name: wanted.name.trim().to_owned() };
    let tree = Tree::load(change).await?;
    if tree.get(id) == Some(&category) {
        return Ok(category);
    }
    if categories::is_gone(change.db(), id).await? {
        return Err(Refusal::new(ProblemCode::Conflict, "This category was removed meanwhile."));
    }
    if let Some(parent) = category.parent {
        if tree.get(parent).is_none() {
            return Err(unacceptable("The category in which it is to stand is not there any more."));
        }
        if tree.is_within(parent, id) {
            return Err(unacceptable("A category can't stand in itself."));
        }
    }
    if tree.named(category.parent, &category.name).is_some_and(|other| other != id) {
        return Err(unacceptable("There is a category of this name here already."));
    }
    keep(change, &category).await?;
    library::announce(change, now).await?;
    Ok(category)
}

/// Keeps a category as a change of its own.
pub(super) async fn keep(change: &mut Change, category: &Category) -> Result<(), StoreError> {
    let revision = library::next_revision(change).await?;
    categories::put(change.db(), category, revision).await
}

/// Removes a category. What stands in it moves up to where it stood; where a category of the same name stands there already,
/// the two become one.
pub async fn delete(
    change: &mut Change,
    agent: AgentId,
    id: CategoryId,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    lead(change, agent).await?;
    let mut tree = Tree::load(change).await?;
    let Some(category) = tree.get(id) else {
        return if categories::is_gone(change.db(), id).await? {
            Ok(())
        } else {
            Err(Refusal::new(ProblemCode::NotFound, "There is no such category."))
        };
    };
    let mut to_empty = vec![(id, category.parent)];
    while let Some((from, to)) = to_empty.pop() {
        let revision = library::next_revision(change).await?;
        categories::remove(change.db(), from, revision).await?;
        tree.remove(from);
        for response in responses::in_category(change.db(), from).await? {
            let revision = library::next_revision(change).await?;
            responses::set_category(change.db(), response, to, revision).await?;
        }
        for child in tree.children(from) {
            if let Some(same) = tree.named(to, &child.name) {
                to_empty.push((child.id, Some(same)));
            } else {
                let moved = Category { parent: to, ..child };
                keep(change, &moved).await?;
                tree.put(moved);
            }
        }
    }
    library::announce(change, now).await?;
    Ok(())
}
