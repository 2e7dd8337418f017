//! The calls with which the library is looked after.

use std::time::Duration;

use reqwest::{Method, header::CONTENT_TYPE};
use serde::Serialize;
use waxwing_protocol::{
    id::{CategoryId, ResponseId},
    library::{
        self, ExportQuery, Favourites, ImportQuery, ImportReport, LibraryForm, PutCategory, PutResponse,
        Usage, Versions,
    },
    response::{Category, StandardResponse},
};

use super::{CALL_LIMIT, GatewayClient, exchange, read_json};
use crate::desk::{
    input::CallError,
    library::manage::{ImportStep, ManageCall, Managed},
};

/// Longest time for a whole library, in or out.
const WHOLE_LIMIT: Duration = Duration::from_mins(2);

impl GatewayClient {
    /// Makes a call of those who look after the library; none if it is about a file, which others do.
    pub(in crate::service) async fn manage(&self, call: ManageCall) -> Option<Managed> {
        Some(match call {
            ManageCall::Favourites(responses) => {
                let favourites = Favourites { responses };
                Managed::Favourites(self.put_only(library::FAVOURITES, &favourites).await)
            }
            ManageCall::PutResponse { response, put } => Managed::ResponsePut {
                response,
                result: self.put_response(response, &put).await.map(Box::new),
            },
            ManageCall::RemoveResponse(response) => {
                Managed::ResponseRemoved { response, result: self.remove(&library::response(response)).await }
            }
            ManageCall::PutCategory { category, put } => {
                Managed::CategoryPut(self.put_category(category, &put).await)
            }
            ManageCall::RemoveCategory(category) => {
                Managed::CategoryRemoved { category, result: self.remove(&library::category(category)).await }
            }
            ManageCall::Versions(response) => {
                let result: Result<Versions, _> = self.read(&library::versions(response)).await;
                Managed::Versions { response, result }
            }
            ManageCall::Usage => {
                let counted: Result<Usage, _> = self.read(library::USAGE).await;
                Managed::Usage(counted)
            }
            ManageCall::Import { form, text, step } => {
                Managed::Imported { step, result: self.import(form, text.to_string(), step).await }
            }
            ManageCall::Export(form) => Managed::Exported { form, result: self.export(form).await },
            ManageCall::Bring { .. } | ManageCall::Drop(_) => return None,
        })
    }

    async fn put_response(
        &self,
        response: ResponseId,
        put: &PutResponse,
    ) -> Result<StandardResponse, CallError> {
        self.tell(Method::PUT, &library::response(response), put).await
    }

    async fn put_category(&self, category: CategoryId, put: &PutCategory) -> Result<Category, CallError> {
        self.tell(Method::PUT, &library::category(category), put).await
    }

    /// Puts something that is answered by nothing.
    pub(super) async fn put_only(&self, path: &str, body: &(impl Serialize + Sync)) -> Result<(), CallError> {
        self.check_protocol().await?;
        exchange(self.request(Method::PUT, path).json(body), CALL_LIMIT).await.map(drop)
    }

    pub(super) async fn remove(&self, path: &str) -> Result<(), CallError> {
        self.check_protocol().await?;
        exchange(self.request(Method::DELETE, path), CALL_LIMIT).await.map(drop)
    }

    pub(super) async fn read<T: serde::de::DeserializeOwned>(&self, path: &str) -> Result<T, CallError> {
        self.check_protocol().await?;
        self.get(path, &(), CALL_LIMIT).await
    }

    async fn import(
        &self,
        form: LibraryForm,
        text: String,
        step: ImportStep,
    ) -> Result<ImportReport, CallError> {
        self.check_protocol().await?;
        let query = ImportQuery {
            form,
            dry_run: step == ImportStep::Try,
            skip_rejected: step == ImportStep::GoodRows,
        };
        let request = self.request(Method::POST, library::IMPORT).query(&query).body(text);
        let request = request.header(CONTENT_TYPE, "text/plain; charset=utf-8");
        read_json(&exchange(request, WHOLE_LIMIT).await?)
    }

    async fn export(&self, form: LibraryForm) -> Result<String, CallError> {
        self.check_protocol().await?;
        let request = self.request(Method::GET, library::EXPORT).query(&ExportQuery { form });
        let text = String::from_utf8(exchange(request, WHOLE_LIMIT).await?);
        text.map_err(|_garbled| CallError::Unreachable("the gateway's answer is not a text".to_owned()))
    }
}
