//! `library`: the response library as a file, out and in. Whoever may run this may touch every agent's own responses, too.

use std::{io::Write as _, path::PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use waxwing_protocol::library::{ImportQuery, ImportReport, LibraryForm};

use super::{Failure, open_store, read_file, say};
use crate::{
    clock::Clock,
    config::Config,
    handling::library::{
        export,
        import::{Importer, import},
    },
};

/// Who is said to have changed what is imported here.
const OPERATOR: &str = "Operator";

#[derive(Debug, Subcommand)]
pub(super) enum Library {
    /// Take responses in from a file, all or none.
    Import(Import),
    /// Write all responses to standard output.
    Export {
        /// In which form.
        #[arg(long, value_enum, default_value = "toml")]
        form: Form,
    },
}

#[derive(Debug, Args)]
pub(super) struct Import {
    /// The file: .csv, .json or .toml.
    file: PathBuf,
    /// In which form it is, if its name does not say so.
    #[arg(long, value_enum)]
    form: Option<Form>,
    /// Say what would happen, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Take the good rows though others are rejected.
    #[arg(long)]
    skip_rejected: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Form {
    Csv,
    Json,
    Toml,
}

impl From<Form> for LibraryForm {
    fn from(form: Form) -> Self {
        match form {
            Form::Csv => Self::Csv,
            Form::Json => Self::Json,
            Form::Toml => Self::Toml,
        }
    }
}

impl Library {
    pub(super) async fn run(self, config: &Config) -> Result<(), Failure> {
        match self {
            Self::Import(import) => import.run(config).await,
            Self::Export { form } => {
                let store = open_store(config).await?;
                let text = export::export(&mut store.read().await?, None, form.into()).await?;
                store.close().await;
                std::io::stdout().write_all(text.as_bytes())?;
                Ok(())
            }
        }
    }
}

impl Import {
    fn form(&self) -> Result<LibraryForm, Failure> {
        let extension = self.file.extension().unwrap_or_default().to_string_lossy();
        let named = self.form.or_else(|| Form::from_str(&extension, true).ok());
        let form = named.ok_or_else(|| Failure::of("form", "say whether it is csv, json or toml"))?;
        Ok(form.into())
    }

    async fn run(self, config: &Config) -> Result<(), Failure> {
        let form = self.form()?;
        let file = read_file("file", &self.file)?;
        let query = ImportQuery { form, dry_run: self.dry_run, skip_rejected: self.skip_rejected };
        let store = open_store(config).await?;
        let mut change = store.begin().await?;
        let house = Importer::House(OPERATOR);
        let report = import(&mut change, house, (query, &file), Clock::system().now()).await?;
        change.commit().await?;
        store.close().await;
        self.tell(&report)
    }

    fn tell(&self, report: &ImportReport) -> Result<(), Failure> {
        for rejected in &report.rejected {
            let name = if rejected.name.is_empty() { String::new() } else { format!(" ({})", rejected.name) };
            match rejected.row {
                0 => say(&rejected.reason),
                row => say(format_args!("Row {row}{name}: {}", rejected.reason)),
            }
        }
        let counts =
            format!("{} new, {} changed, {} as they were", report.added, report.changed, report.unchanged);
        let is_file_unread = report.rejected.iter().any(|rejected| rejected.row == 0);
        if report.done {
            say(format_args!("Imported: {counts}, {} rejected.", report.rejected.len()));
            Ok(())
        } else if self.dry_run && !is_file_unread {
            say(format_args!("Nothing was done. It would be: {counts}, {} rejected.", report.rejected.len()));
            Ok(())
        } else {
            Err(Failure::of("file", format!("{} rejected, so nothing was imported", report.rejected.len())))
        }
    }
}
