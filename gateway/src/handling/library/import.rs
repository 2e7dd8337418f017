//! Responses come out of a file: all that is wrong is told, row by row, and what is done is done at once.
//!
//! A row is known by its id or, without one, by its category, name and language. Everything is decided before anything is
//! written, and what has to be free of each other (shortcuts) is looked at as it will be, so two responses can swap theirs.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    id::{AgentId, CategoryId, ResponseId},
    library::{ImportQuery, ImportReport, RejectedRow},
    response::{Category, ResponseContent, StandardResponse, check_name},
};

use super::{
    Refusal, categories,
    files::{self, Needed},
    form, lead, paths,
    responses::{keep, settle, taken, tidy},
    row::{Numbered, Row},
    tree::Tree,
};
use crate::{
    random,
    store::{
        Change, StoreError, agents, library,
        responses::{self, Kept},
    },
};

/// Who imports.
#[derive(Debug, Clone, Copy)]
pub enum Importer {
    /// Somebody who leads a team: for everybody and for themselves.
    Agent(AgentId),
    /// Whoever runs the gateway, under this name: for everybody and for every agent.
    House(&'static str),
}

impl Importer {
    const fn agent(self) -> Option<AgentId> {
        match self {
            Self::Agent(agent) => Some(agent),
            Self::House(_) => None,
        }
    }
}

/// Imports a file, or says what would come of it. Commit the change whatever the report says: nothing is in it unless it was done.
pub async fn import(
    change: &mut Change,
    who: Importer,
    (query, file): (ImportQuery, &[u8]),
    now: DateTime<Utc>,
) -> Result<ImportReport, Refusal> {
    let changed_by = match who {
        Importer::Agent(agent) => lead(change, agent).await?.display_name,
        Importer::House(name) => name.to_owned(),
    };
    let rows = match form::read(query.form, file) {
        Ok(rows) => rows,
        Err(reason) => {
            let rejected = vec![RejectedRow { row: 0, name: String::new(), reason }];
            return Ok(ImportReport { rejected, ..ImportReport::default() });
        }
    };
    let mut plan = Plan::begin(change, who, now).await?;
    for numbered in rows {
        plan.take(change, numbered).await?;
    }
    plan.settle_shortcuts();
    let mut report = plan.report();
    if query.dry_run || (!report.rejected.is_empty() && !query.skip_rejected) {
        return Ok(report);
    }
    if plan.carry_out(change, &changed_by, now).await? {
        settle(change).await?;
        library::announce(change, now).await?;
    }
    report.done = true;
    Ok(report)
}

/// By what a row without an id is known: whose, where, name, language.
type Key = (Option<AgentId>, Vec<String>, String, Option<String>);

/// A row that is taken.
struct Taken {
    number: u32,
    id: ResponseId,
    /// Where it is to stand.
    path: Vec<String>,
    content: ResponseContent,
    needed: Vec<Needed>,
}

/// What an import would make of the library.
struct Plan {
    who: Importer,
    now: DateTime<Utc>,
    tree: Tree,
    people: BTreeMap<String, AgentId>,
    known: BTreeMap<ResponseId, Kept>,
    by_key: BTreeMap<Key, Vec<ResponseId>>,
    taken: Vec<Taken>,
    /// In which row each response stands, and each key.
    rows: BTreeMap<ResponseId, u32>,
    keys: BTreeMap<Key, u32>,
    rejected: Vec<RejectedRow>,
}

impl Plan {
    async fn begin(change: &mut Change, who: Importer, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let tree = Tree::load(change).await?;
        let people = agents::list_agents(change.db()).await?.into_iter();
        let all = responses::all(change.db()).await?;
        let mut by_key: BTreeMap<Key, Vec<ResponseId>> = BTreeMap::new();
        for Kept { response, .. } in all.iter().filter(|kept| !kept.deleted) {
            let content = &response.content;
            let path = content.category.map(|category| tree.path(category)).unwrap_or_default();
            let key = (content.owner, path, content.name.clone(), content.language.clone());
            by_key.entry(key).or_default().push(response.id);
        }
        Ok(Self {
            who,
            now,
            tree,
            people: people.map(|record| (record.agent.user_name, record.agent.id)).collect(),
            known: all.into_iter().map(|kept| (kept.response.id, kept)).collect(),
            by_key,
            taken: Vec::new(),
            rows: BTreeMap::new(),
            keys: BTreeMap::new(),
            rejected: Vec::new(),
        })
    }

    /// Takes a row, or notes why not.
    async fn take(&mut self, change: &mut Change, numbered: Numbered) -> Result<(), StoreError> {
        let Numbered { number, name, row } = numbered;
        let found = match row.and_then(|row| self.read(number, *row)) {
            Ok(found) => found,
            Err(reason) => {
                self.reject(number, &name, reason);
                return Ok(());
            }
        };
        let (id, path, mut content) = found;
        match files::find(change, self.who.agent(), &mut content).await {
            Ok(needed) => self.taken.push(Taken { number, id, path, content, needed }),
            Err(Refusal::Problem(problem)) => self.reject(number, &name, problem.detail),
            Err(Refusal::Store(error)) => return Err(error),
        }
        Ok(())
    }

    fn reject(&mut self, row: u32, name: &str, reason: String) {
        let name = name.chars().filter(|c| !c.is_control()).take(200).collect();
        self.rejected.push(RejectedRow { row, name, reason });
    }

    /// Which response a row is about, where that is to stand, and what it is to be.
    fn read(&mut self, number: u32, row: Row) -> Result<(ResponseId, Vec<String>, ResponseContent), String> {
        let (id, path) = (row.id, paths::split(&row.category));
        for name in &path {
            check_name(name).map_err(|_problem| {
                "Each name in the category has to be one line of 1 to 200 characters.".to_owned()
            })?;
        }
        let owner = row.owner.as_deref().map(|name| self.owner(name)).transpose()?;
        let mut content = tidy(ResponseContent { owner, ..row.into_content() });
        content.check().map_err(|problem| problem.to_string())?;
        let key = (owner, path.clone(), content.name.clone(), content.language.clone());
        let id = match id {
            Some(id) => self.known_as(id)?,
            None => self.known_by(number, &key)?,
        };
        if let Some(earlier) = self.rows.insert(id, number) {
            return Err(format!("The same response stands in row {earlier} already."));
        }
        content.category = self.place(&path);
        Ok((id, path, content))
    }

    fn owner(&self, name: &str) -> Result<AgentId, String> {
        let nobody = || format!("Nobody signs in as “{}”.", name.chars().take(60).collect::<String>());
        let owner = *self.people.get(&agents::plain_user_name(name)).ok_or_else(nobody)?;
        match self.who {
            Importer::Agent(agent) if agent != owner => {
                Err("A response can be everybody's or your own, not somebody else's.".to_owned())
            }
            Importer::Agent(_) | Importer::House(_) => Ok(owner),
        }
    }

    fn known_as(&self, id: ResponseId) -> Result<ResponseId, String> {
        let is_seen = match (self.who.agent(), self.known.get(&id)) {
            (Some(agent), Some(kept)) => kept.is_seen_by(agent),
            _ => true,
        };
        if is_seen { Ok(id) } else { Err("Its id belongs to something that is not yours.".to_owned()) }
    }

    fn known_by(&mut self, number: u32, key: &Key) -> Result<ResponseId, String> {
        if let Some(earlier) = self.keys.insert(key.clone(), number) {
            return Err(format!("Row {earlier} has the same category, name and language. Give both an id."));
        }
        match self.by_key.get(key).map(Vec::as_slice) {
            None | Some([]) => Ok(ResponseId::new(self.now, random::bytes())),
            Some([only]) => Ok(*only),
            Some(_) => {
                Err("Several responses have this category, name and language. Give it an id.".to_owned())
            }
        }
    }

    /// The category at a path, if it is there already.
    fn place(&self, path: &[String]) -> Option<CategoryId> {
        path.iter().try_fold(None, |parent, name| self.tree.named(parent, name).map(Some)).flatten()
    }

    /// Rejects rows whose shortcuts would be there twice. A row that is not taken keeps the shortcut it had, so that is looked
    /// at until nothing changes.
    fn settle_shortcuts(&mut self) {
        loop {
            let changing: BTreeSet<_> = self.taken.iter().map(|taken| taken.id).collect();
            let staying =
                self.known.values().filter(|kept| !kept.deleted && !changing.contains(&kept.response.id));
            let mut held = Held::default();
            for kept in staying {
                held.hold(&kept.response.content);
            }
            let (mut stay, mut go) = (Vec::new(), Vec::new());
            // What is everybody's comes first: an agent's own has to look out for it wherever it stands.
            let mut order: Vec<_> = std::mem::take(&mut self.taken);
            order.sort_by_key(|taken| (taken.content.owner.is_some(), taken.number));
            for taken in order {
                if let Some(name) = held.holder(&taken.content) {
                    go.push((taken, name));
                } else {
                    held.hold(&taken.content);
                    stay.push(taken);
                }
            }
            self.taken = stay;
            if go.is_empty() {
                break;
            }
            for (gone, holder) in go {
                let reason = taken(gone.content.shortcut.as_deref().unwrap_or_default(), &holder);
                self.reject(gone.number, &gone.content.name, reason);
            }
        }
        self.taken.sort_by_key(|taken| taken.number);
        self.rejected.sort_by_key(|rejected| rejected.row);
    }

    fn before(&self, id: ResponseId) -> Option<&StandardResponse> {
        self.known.get(&id).filter(|kept| !kept.deleted).map(|kept| &kept.response)
    }

    fn is_unchanged(&self, taken: &Taken) -> bool {
        let stands = taken.content.category.is_some() || taken.path.is_empty();
        stands && self.before(taken.id).is_some_and(|before| before.content == taken.content)
    }

    fn report(&self) -> ImportReport {
        let mut report = ImportReport { rejected: self.rejected.clone(), ..ImportReport::default() };
        for taken in &self.taken {
            let count = match self.before(taken.id) {
                None => &mut report.added,
                Some(_) if self.is_unchanged(taken) => &mut report.unchanged,
                Some(_) => &mut report.changed,
            };
            *count += 1;
        }
        report
    }

    /// Writes what has changed; says whether anything had.
    async fn carry_out(
        mut self,
        change: &mut Change,
        changed_by: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let all = std::mem::take(&mut self.taken);
        let changing: Vec<_> = all.into_iter().filter(|taken| !self.is_unchanged(taken)).collect();
        for taken in &changing {
            responses::free_shortcut(change.db(), taken.id).await?;
        }
        let is_any = !changing.is_empty();
        for Taken { id, path, mut content, needed, .. } in changing {
            content.category = self.make(change, &path).await?;
            let version = self.known.get(&id).map_or(0, |kept| kept.response.version) + 1;
            let changed_at = responses::kept_time(now);
            let response =
                StandardResponse { id, content, version, changed_at, changed_by: changed_by.to_owned() };
            keep(change, &response, needed).await?;
        }
        Ok(is_any)
    }

    /// The category at a path; what is missing of it is made.
    async fn make(&mut self, change: &mut Change, path: &[String]) -> Result<Option<CategoryId>, StoreError> {
        let mut parent = None;
        for name in path {
            let id = if let Some(id) = self.tree.named(parent, name) {
                id
            } else {
                let id = CategoryId::new(self.now, random::bytes());
                let category = Category { id, parent, name: name.clone() };
                categories::keep(change, &category).await?;
                self.tree.put(category);
                id
            };
            parent = Some(id);
        }
        Ok(parent)
    }
}

/// Which shortcuts are held by what.
#[derive(Default)]
struct Held(BTreeMap<(Option<AgentId>, String), String>);

impl Held {
    fn key(content: &ResponseContent, owner: Option<AgentId>) -> Option<(Option<AgentId>, String)> {
        Some((owner, responses::plain_shortcut(content.shortcut.as_deref()?)))
    }

    fn hold(&mut self, content: &ResponseContent) {
        if let Some(key) = Self::key(content, content.owner) {
            self.0.entry(key).or_insert_with(|| content.name.clone());
        }
    }

    /// What has this one's shortcut already, of what its agents see.
    fn holder(&self, content: &ResponseContent) -> Option<String> {
        let own = Self::key(content, content.owner)?;
        let shared = Self::key(content, None)?;
        self.0.get(&shared).or_else(|| self.0.get(&own)).cloned()
    }
}
