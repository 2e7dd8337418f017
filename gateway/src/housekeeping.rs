//! What is done every so often: signing out desktops that are gone, forgetting what nobody can ask for any more.

use crate::{
    app::App,
    handling::{status, uploads},
    store::{StoreError, events, lying, webhooks, whatsapp_files},
};

/// Does everything that is due. To be called every minute or so.
pub async fn tidy(app: &App) -> Result<(), StoreError> {
    let now = app.clock.now();
    let mut change = app.store.begin().await?;
    status::sign_out_ended(&mut change, app.auth.limits(), now).await?;
    let pruned = events::prune(change.db(), now).await?;
    webhooks::prune(change.db(), now).await?;
    uploads::expire(&mut change, now).await?;
    whatsapp_files::prune(change.db(), now).await?;
    lying::prune(change.db(), now).await?;
    change.commit().await?;
    if pruned > 0 {
        tracing::info!(pruned, "old events were forgotten");
    }
    Ok(())
}
