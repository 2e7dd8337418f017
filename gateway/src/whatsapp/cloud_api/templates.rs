//! Asks for the list of templates, page by page.

use serde::Deserialize;
use serde_json::Value;

use super::{CloudApi, SendFailure, read_answer_up_to};
use crate::whatsapp::templates::Listed;

/// What is asked for of each template.
const FIELDS: &str =
    "id,name,language,status,category,parameter_format,components,quality_score,rejected_reason";
/// How many templates a page holds.
const PAGE: u32 = 100;
/// The most pages: WhatsApp lets an account have 6,000 templates.
const MOST_PAGES: u32 = 200;
/// How much of a page is read: a template with ten cards takes some 10 KB.
const PAGE_BYTES: u64 = 8 * 1024 * 1024;
/// Meta's code for a cursor that is no longer good (v24.0 and later).
const BAD_CURSOR: u32 = 131_059;

#[derive(Deserialize)]
struct Page {
    data: Vec<Value>,
    #[serde(default)]
    paging: Paging,
}

#[derive(Default, Deserialize)]
struct Paging {
    #[serde(default)]
    cursors: Cursors,
    #[serde(default)]
    next: Option<String>,
}

#[derive(Default, Deserialize)]
struct Cursors {
    #[serde(default)]
    after: Option<String>,
}

impl CloudApi {
    /// All templates of an account. A cursor that WhatsApp has forgotten meanwhile lets the list begin again, once.
    pub async fn templates(&self, account: &str, token: &str) -> Result<Vec<Listed>, SendFailure> {
        match self.all_templates(account, token).await {
            Err(SendFailure::Refused(error)) if error.code == BAD_CURSOR => {
                self.all_templates(account, token).await
            }
            listed => listed,
        }
    }

    async fn all_templates(&self, account: &str, token: &str) -> Result<Vec<Listed>, SendFailure> {
        let mut listed = Vec::new();
        let mut after: Option<String> = None;
        for _page in 0..MOST_PAGES {
            let page = self.template_page(account, token, after.as_deref()).await?;
            listed.extend(page.data.into_iter().filter_map(Listed::new));
            let next = page.paging.next.and(page.paging.cursors.after);
            if next.is_none() || next == after {
                return Ok(listed);
            }
            after = next;
        }
        Err(SendFailure::Ambiguous { cause: "the list of templates has no end".to_owned() })
    }

    async fn template_page(
        &self,
        account: &str,
        token: &str,
        after: Option<&str>,
    ) -> Result<Page, SendFailure> {
        let limit = PAGE.to_string();
        let mut query = vec![("fields", FIELDS), ("limit", &limit)];
        query.extend(after.map(|after| ("after", after)));
        let url = format!("{}/{account}/message_templates", self.base);
        let answer = self.http.get(url).query(&query).bearer_auth(token).send().await;
        read_answer_up_to(answer, PAGE_BYTES).await
    }
}
