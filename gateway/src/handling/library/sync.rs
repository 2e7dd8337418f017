//! What came after what a desktop holds.

use waxwing_protocol::{
    id::AgentId,
    library::{LibraryPage, LibraryQuery},
};

use crate::store::{Read, StoreError, categories, library, response_uses, responses, templates};

/// A page of what an agent may see of the library and does not hold yet. `epoch` is that of this store, and `things` how many
/// things the page may hold.
pub async fn page(
    read: &mut Read,
    agent: AgentId,
    query: LibraryQuery,
    (epoch, things): (u32, u32),
) -> Result<LibraryPage, StoreError> {
    let newest = library::revision(read.db()).await?;
    let whole = query.after == 0 || query.epoch != Some(epoch) || query.after > newest;
    let after = if whole { 0 } else { query.after };
    let (span, more) = library::span(read.db(), agent, after, things).await?;
    let mut page = LibraryPage { epoch, whole, more, ..LibraryPage::default() };
    (page.categories, page.categories_removed) = categories::changed(read.db(), span).await?;
    (page.responses, page.responses_removed) = responses::changed(read.db(), agent, span).await?;
    (page.templates, page.templates_removed) = templates::changed(read.db(), span).await?;
    if whole {
        // What is not told is not there.
        page.categories_removed.clear();
        page.responses_removed.clear();
        page.templates_removed.clear();
    }
    page.favourites = response_uses::favourites(read.db(), agent).await?;
    page.recent = response_uses::recent(read.db(), agent).await?;
    page.next = u64::try_from(span.up_to).unwrap_or(0);
    Ok(page)
}
