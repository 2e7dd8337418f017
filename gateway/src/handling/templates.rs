//! Templates of notifications: what the list of an account, a webhook or a refusal says of them becomes a change of the library,
//! if it is one.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    id::{MessageId, TemplateId},
    message::Body,
    template::{Template, TemplateStatus},
};

use crate::{
    random,
    store::{Bell, Change, StoreError, accounts, interactions, library, messages, template_lists, templates},
    whatsapp::templates::{Listed, TemplateChange, TemplateNews},
};

/// Meta's codes for a template that is not, or not any more, as we have it: gone or not approved; paused; disabled; filled in as it
/// does not want to be.
const NOT_AS_KNOWN: [u32; 5] = [132_000, 132_001, 132_012, PAUSED, DISABLED];
const PAUSED: u32 = 132_015;
const DISABLED: u32 = 132_016;

/// Takes in the whole list of an account, and says how many templates are new, have changed or are gone.
pub async fn take(
    change: &mut Change,
    account: &str,
    listed: &[Listed],
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let numbers = templates::numbers_of(change.db(), account).await?;
    let kept = templates::of_account(change.db(), account).await?;
    let mut known: BTreeMap<_, _> = kept
        .into_iter()
        .map(|kept| ((kept.template.name.clone(), kept.template.language.clone()), kept))
        .collect();
    let mut new: BTreeMap<(&str, &str), &Listed> = BTreeMap::new();
    for one in listed {
        new.entry((&one.name, &one.language)).or_insert(one);
    }
    let mut changes = 0;
    for ((name, language), listed) in new {
        let before = known.remove(&(name.to_owned(), language.to_owned()));
        let id = match &before {
            Some(kept) => kept.template.id,
            None => TemplateId::new(now, random::bytes()),
        };
        let mut template = listed.template(id, numbers.clone());
        if let Some(kept) = &before {
            keep_reason(&kept.template, &mut template);
        }
        if before.is_none_or(|kept| kept.is_removed || kept.template != template) {
            templates::put(change, account, &template).await?;
            changes += 1;
        }
    }
    for kept in known.into_values().filter(|kept| !kept.is_removed) {
        templates::remove(change, kept.template.id).await?;
        changes += 1;
    }
    if changes > 0 {
        library::announce(change, now).await?;
    }
    Ok(changes)
}

/// A webhook gives the reason in a sentence, the list as a word: the sentence stays as long as nothing else has come of it.
fn keep_reason(before: &Template, template: &mut Template) {
    let is_word = |reason: &str| !reason.contains(' ');
    if before.status == template.status
        && template.reason.as_deref().is_none_or(is_word)
        && before.reason.as_deref().is_some_and(|reason| !is_word(reason))
    {
        template.reason.clone_from(&before.reason);
    }
}

/// Takes in what a webhook says of a template, and has the rest looked up. What is said of an account that is not ours is nothing.
pub async fn apply(change: &mut Change, news: &TemplateNews, now: DateTime<Utc>) -> Result<(), StoreError> {
    if templates::numbers_of(change.db(), &news.account).await?.is_empty() {
        tracing::info!("a webhook about a template of an account that is not ours");
        return Ok(());
    }
    let kept = templates::called(change.db(), &news.account, (&news.name, &news.language)).await?;
    if let Some(kept) = kept.filter(|kept| !kept.is_removed) {
        let mut template = kept.template.clone();
        news.change.apply(&mut template);
        if template != kept.template {
            templates::put(change, &news.account, &template).await?;
            library::announce(change, now).await?;
        }
    }
    want(change, &news.account, now).await
}

/// Takes in that WhatsApp refused a message: if that says something of its template, that is stopped at once and looked up.
pub async fn refused(
    change: &mut Change,
    message: MessageId,
    code: u32,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if !NOT_AS_KNOWN.contains(&code) {
        return Ok(());
    }
    let Some(message) = messages::get(change.db(), message).await? else { return Ok(()) };
    let Body::Notification(sent) = &message.body else { return Ok(()) };
    let number = interactions::known(change.db(), message.interaction).await?.business_number.id;
    let account = accounts::account_of(change.db(), number).await?;
    let status = match code {
        PAUSED => Some(TemplateStatus::Paused),
        DISABLED => Some(TemplateStatus::Disabled),
        _ => None,
    };
    if let Some(status) = status {
        let stop = TemplateChange::Status { status, reason: None };
        let (name, language) = (sent.name.clone(), sent.language.clone());
        let news = TemplateNews { account, name, language, change: stop };
        return apply(change, &news, now).await;
    }
    want(change, &account, now).await
}

async fn want(change: &mut Change, account: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    template_lists::want(change.db(), account, now).await?;
    change.ring(Bell::Templates);
    Ok(())
}

/// Has all templates looked up, as far as that is not being done.
pub async fn refresh(change: &mut Change, now: DateTime<Utc>) -> Result<(), StoreError> {
    template_lists::want_idle(change.db(), now).await?;
    change.ring(Bell::Templates);
    Ok(())
}

#[cfg(test)]
mod tests;
