//! What came after what a desktop holds of workbins and queues.

use sha2::{Digest as _, Sha256};
use waxwing_protocol::{
    id::{AgentId, InteractionId},
    workbin::{Changes, ChangesQuery, MAX_CHANGES, Place, Places, WorkbinItem},
};

use super::places;
use crate::store::{Db, Read, StoreError, interactions, lying};

/// How many rows are gone through for a page: what is nothing for this agent costs them a little, too.
const SCANNED: u32 = 4 * MAX_CHANGES;
/// The part of a view that tells how often what went was forgotten.
const PRUNES: u64 = 0xffff;

/// A page of what an agent may see and does not hold yet. `epoch` is that of this store, and `most` how many items it may hold.
pub async fn page(
    read: &mut Read,
    agent: AgentId,
    query: ChangesQuery,
    (epoch, most): (u32, u32),
) -> Result<Changes, StoreError> {
    let places = places::of(read.db(), agent).await?;
    let visible = places::visible(&places);
    let newest = lying::newest(read.db()).await?;
    let prunes = u64::from(lying::prunes(read.db()).await?);
    let view = (view_of(epoch, &places)? & !PRUNES) | prunes;
    let floor = lying::floor(read.db()).await?;
    let whole = match query.view {
        _ if query.after == 0 || query.after > newest => true,
        None => true,
        // Whoever is being told everything holds nothing yet of what was forgotten before that began.
        Some(held) => held & !PRUNES != view & !PRUNES || (held != view && query.after < floor),
    };
    let after = if whole { 0 } else { query.after };
    let rows = lying::after(read.db(), after, SCANNED).await?;
    let mut changes = Changes { view, whole, next: newest, ..Changes::default() };
    let (mut room, mut lie) = (most, Vec::new());
    for (number, row) in (1..).zip(&rows) {
        match row.place.filter(|place| visible.contains_key(place)) {
            Some(place) => lie.push((row.interaction, place)),
            None if !whole && row.lain.iter().any(|place| visible.contains_key(place)) => {
                changes.gone.push(row.interaction);
            }
            None => continue,
        }
        room -= 1;
        if room == 0 && number < rows.len() {
            (changes.next, changes.more) = (row.change, true);
            break;
        }
    }
    if let Some(last) = rows.last().filter(|_last| !changes.more && u32::try_from(rows.len()) == Ok(SCANNED))
    {
        (changes.next, changes.more) = (last.change, true);
    }
    changes.items = items(read.db(), &lie).await?;
    // The places go with the first page of a telling.
    changes.places = whole.then_some(places);
    Ok(changes)
}

async fn items(db: &mut Db, lie: &[(InteractionId, Place)]) -> Result<Vec<WorkbinItem>, StoreError> {
    let ids = || lie.iter().map(|(id, _)| *id);
    let mut interactions = interactions::each(db, ids()).await?;
    let mut beside = lying::beside(db, ids()).await?;
    let item = |(id, place): &(InteractionId, Place)| {
        let (interaction, beside) = interactions.remove(id).zip(beside.remove(id))?;
        Some(WorkbinItem {
            interaction,
            place: *place,
            last: beside.last,
            unread: beside.unread,
            last_agent: beside.last_agent,
        })
    };
    Ok(lie.iter().filter_map(item).collect())
}

/// A number for what an agent sees: another one whenever that is something else.
fn view_of(epoch: u32, places: &Places) -> Result<u64, StoreError> {
    let seen = serde_json::to_vec(&(epoch, places))
        .map_err(|_unwritable| StoreError::Unreadable { what: "places to be told" })?;
    let digest = Sha256::digest(&seen);
    let first = digest.first_chunk::<8>().copied();
    Ok(first.map_or(0, u64::from_be_bytes))
}
