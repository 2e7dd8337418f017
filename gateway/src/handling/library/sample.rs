//! The sample with which a new library begins: `config/responses.toml`, once.

use chrono::{DateTime, Utc};
use waxwing_protocol::library::{ImportQuery, LibraryForm};

use super::{
    Refusal,
    import::{Importer, import},
};
use crate::store::{Store, library};

const SAMPLE: &str = include_str!("../../../../config/responses.toml");

/// Who is said to have written it.
const AUTHOR: &str = "Waxwing";

/// Puts the sample into a library that has never had anything in it. One that was emptied stays empty.
pub async fn begin(store: &Store, now: DateTime<Utc>) -> Result<(), Refusal> {
    let mut change = store.begin().await?;
    if !library::has_begun(change.db()).await? {
        let query = ImportQuery { form: LibraryForm::Toml, dry_run: false, skip_rejected: true };
        let report = import(&mut change, Importer::House(AUTHOR), (query, SAMPLE.as_bytes()), now).await?;
        tracing::info!(responses = report.added, "the library begins with a sample");
    }
    library::begin(change.db()).await?;
    Ok(change.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handling::stage::{Stage, at};

    #[tokio::test]
    async fn a_new_library_begins_with_the_sample_once() {
        let stage = Stage::new().await;
        begin(&stage.store, at(0)).await.expect("begins");
        let there = "SELECT COUNT(*) FROM responses WHERE deleted = 0";
        let count = stage.count(there).await;
        assert!(count >= 15, "{count}");
        assert!(stage.count("SELECT COUNT(*) FROM categories").await >= 4);
        let mut change = stage.store.begin().await.expect("begins");
        sqlx::query("DELETE FROM responses").execute(change.db()).await.expect("empties");
        sqlx::query("DELETE FROM categories").execute(change.db()).await.expect("empties");
        change.commit().await.expect("commits");
        begin(&stage.store, at(1)).await.expect("begins");
        assert_eq!(stage.count(there).await, 0);
    }

    #[tokio::test]
    async fn nothing_of_the_sample_is_rejected_and_it_speaks_three_languages() {
        let stage = Stage::new().await;
        let mut change = stage.store.begin().await.expect("begins");
        let query = ImportQuery { form: LibraryForm::Toml, dry_run: false, skip_rejected: false };
        let house = Importer::House(AUTHOR);
        let report = import(&mut change, house, (query, SAMPLE.as_bytes()), at(0)).await.expect("imports");
        assert_eq!(report.rejected, []);
        assert!(report.done);
        change.commit().await.expect("commits");
        let bodies: Vec<String> = sqlx::query_scalar("SELECT content FROM responses")
            .fetch_all(stage.store.reader())
            .await
            .expect("reads");
        for part in
            ["<$Contact.FirstName$>", "<$Interaction.AttachedData(", "{{", "\"es\"", "\"de\"", "\"en\""]
        {
            assert!(bodies.iter().any(|body| body.replace("\\\"", "\"").contains(part)), "{part}");
        }
    }
}
