//! The calls about contacts.

use std::time::Duration;

use reqwest::{Method, header::CONTENT_TYPE};
use waxwing_protocol::{
    directory::{
        self, Block, ContactsForm, ContactsFormat, DirectoryPage, DirectoryQuery, FavouriteContacts,
        MAX_DIRECTORY_PAGE, Shelf,
    },
    id::ContactId,
    library::ImportReport,
};

use super::{CALL_LIMIT, GatewayClient, exchange, read_json};
use crate::desk::{
    directory::{DirectoryCall, DirectoryTold, ImportStep},
    input::CallError,
};

/// Longest time for all contacts, in or out.
const WHOLE_LIMIT: Duration = Duration::from_mins(2);
/// More favourites than these are nobody's.
const MOST_FAVOURITES: u32 = 10_000;

impl GatewayClient {
    /// Makes a call about contacts.
    pub(in crate::service) async fn directory(&self, call: DirectoryCall) -> DirectoryTold {
        match call {
            DirectoryCall::Look { number, query } => {
                DirectoryTold::Found { number, result: self.contacts(&query).await }
            }
            DirectoryCall::Record(contact) => {
                let result = self.read(&directory::contact(contact)).await.map(Box::new);
                DirectoryTold::Record { contact, result }
            }
            DirectoryCall::Favourites => DirectoryTold::Favourites(self.favourite_contacts().await),
            DirectoryCall::PutFavourites(contacts) => {
                let favourites = FavouriteContacts { contacts };
                let put = self.put_only(directory::FAVOURITE_CONTACTS, &favourites).await;
                DirectoryTold::FavouritesPut(put)
            }
            DirectoryCall::Block { contact, blocked } => {
                let (path, block) = (directory::block(contact), Block { blocked });
                DirectoryTold::Blocked(self.tell(Method::PUT, &path, &block).await.map(Box::new))
            }
            DirectoryCall::Put { contact, put } => {
                let path = directory::contact(contact);
                let result = self.tell(Method::PUT, &path, &*put).await.map(Box::new);
                DirectoryTold::Saved { contact: Some(contact), result }
            }
            DirectoryCall::Create(new) => {
                let result = self.tell(Method::POST, directory::CONTACTS, &*new).await.map(Box::new);
                DirectoryTold::Saved { contact: None, result }
            }
            DirectoryCall::Merge(merge) => {
                let result = self.tell(Method::POST, directory::MERGES, &merge).await.map(Box::new);
                DirectoryTold::Merged { merge, result }
            }
            DirectoryCall::Unmerge(merge) => {
                DirectoryTold::Unmerged { merge, result: self.remove(&directory::merge(merge)).await }
            }
            DirectoryCall::Import { form, text, step } => {
                DirectoryTold::Imported { step, result: self.import_contacts(form, &text, step).await }
            }
            DirectoryCall::Export(form) => {
                DirectoryTold::Exported { form, result: self.export_contacts(form).await }
            }
        }
    }

    async fn contacts(&self, query: &DirectoryQuery) -> Result<DirectoryPage, CallError> {
        self.check_protocol().await?;
        self.get(directory::CONTACTS, query, CALL_LIMIT).await
    }

    /// All favourites in their order, page after page.
    async fn favourite_contacts(&self) -> Result<Vec<ContactId>, CallError> {
        let mut contacts = Vec::new();
        loop {
            let offset = u32::try_from(contacts.len()).unwrap_or(u32::MAX);
            let (shelf, limit) = (Shelf::Favourites, MAX_DIRECTORY_PAGE);
            let page = self.contacts(&DirectoryQuery { shelf, offset, limit, ..Default::default() }).await?;
            let more = page.more && !page.entries.is_empty() && offset < MOST_FAVOURITES;
            contacts.extend(page.entries.into_iter().map(|entry| entry.contact.id));
            if !more {
                return Ok(contacts);
            }
        }
    }

    async fn import_contacts(
        &self,
        form: ContactsFormat,
        text: &str,
        step: ImportStep,
    ) -> Result<ImportReport, CallError> {
        self.check_protocol().await?;
        let query = ContactsForm { form, dry_run: step == ImportStep::Try };
        let request = self.request(Method::POST, directory::IMPORT_CONTACTS).query(&query);
        let request = request.body(text.to_owned()).header(CONTENT_TYPE, "text/plain; charset=utf-8");
        read_json(&exchange(request, WHOLE_LIMIT).await?)
    }

    async fn export_contacts(&self, form: ContactsFormat) -> Result<String, CallError> {
        self.check_protocol().await?;
        let query = ContactsForm { form, dry_run: false };
        let request = self.request(Method::GET, directory::EXPORT_CONTACTS).query(&query);
        let text = String::from_utf8(exchange(request, WHOLE_LIMIT).await?);
        text.map_err(|_garbled| CallError::Unreachable("the gateway's answer is not a text".to_owned()))
    }
}
