//! Reading the layers, and writing what was chosen in the window.
//!
//! The choices go into a file of their own, `settings.toml` in the data folder, and only where they differ from the
//! configuration file: so its comments stay, and what an administrator changes there later still reaches the agent.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use directories::ProjectDirs;
use serde::{Serialize, de::DeserializeOwned};
use toml::{Table, Value};

use super::{Choices, Config, arguments::Arguments};

/// What is wrong with the configuration, in one line.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file can't be read.
    #[error("{path}: {cause}", path = path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// A key does not exist, or its value is not of its kind.
    #[error("{path}, line {line}: {key}: {cause}", path = path.display())]
    BadKey {
        /// In which file.
        path: PathBuf,
        /// Where.
        line: usize,
        /// Which key.
        key: String,
        /// Why.
        cause: String,
    },
    /// A value makes no sense.
    #[error("configuration: {0}")]
    BadValue(String),
    /// This system has no place for settings.
    #[error("no home folder was found: name a folder with --data")]
    NoHome,
    /// The choices could not be written.
    #[error("the settings could not be kept in {path}: {cause}", path = path.display())]
    NotKept {
        /// Where.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
}

/// The settings as they are in force, and where they are kept.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The settings.
    pub config: Config,
    /// Folder for what must survive a restart.
    pub data_folder: PathBuf,
    /// What the configuration file says of the settings that the window can change.
    base: Choices,
}

impl Loaded {
    /// Puts all layers together.
    pub fn load(arguments: &Arguments) -> Result<Self, ConfigError> {
        let folders = ProjectDirs::from("", "", "Waxwing");
        let usual_file = folders.as_ref().map(|folders| folders.config_dir().join("waxwing.toml"));
        let (text, path) = match (&arguments.config, usual_file) {
            (Some(path), _) => (read(path)?, path.clone()),
            (None, Some(path)) => (read_if_there(&path)?, path),
            (None, None) => (String::new(), PathBuf::new()),
        };
        let mut config: Config = parse(&text, &path)?;
        let base = config.choices();
        arguments.apply(&mut config);
        let usual_data = folders.map(|folders| folders.data_local_dir().to_path_buf());
        let data_folder = config.data_folder.clone().or(usual_data).ok_or(ConfigError::NoHome)?;

        let chosen_path = chosen_path(&data_folder);
        let chosen_text = read_if_there(&chosen_path)?;
        parse::<Choices>(&chosen_text, &chosen_path)?;
        let mut layers = table(&base)?;
        merge(&mut layers, parse(&chosen_text, &chosen_path)?);
        let chosen: Choices = layers.try_into().map_err(|error| ConfigError::BadValue(one_line(&error)))?;
        config = config.with(chosen);
        arguments.apply(&mut config);
        config.choices().check().map_err(ConfigError::BadValue)?;
        config.files.check().map_err(ConfigError::BadValue)?;
        Ok(Self { config, data_folder, base })
    }

    /// Keeps what was chosen in the window; on disk, whole or not at all, when this returns.
    pub fn save(&mut self, choices: Choices) -> Result<(), ConfigError> {
        choices.check().map_err(ConfigError::BadValue)?;
        let differing = difference(table(&choices)?, &table(&self.base)?);
        let path = chosen_path(&self.data_folder);
        let text = format!("# Written by Waxwing: what was chosen in its window.\n\n{differing}");
        write_whole(&path, &text).map_err(|cause| ConfigError::NotKept { path, cause })?;
        self.config = self.config.clone().with(choices);
        Ok(())
    }
}

fn chosen_path(data_folder: &Path) -> PathBuf {
    data_folder.join("settings.toml")
}

fn read(path: &Path) -> Result<String, ConfigError> {
    fs::read_to_string(path).map_err(|cause| ConfigError::Unreadable { path: path.to_path_buf(), cause })
}

pub(super) fn read_if_there(path: &Path) -> Result<String, ConfigError> {
    match read(path) {
        Err(ConfigError::Unreadable { cause, .. }) if cause.kind() == io::ErrorKind::NotFound => {
            Ok(String::new())
        }
        result => result,
    }
}

pub(super) fn parse<T: DeserializeOwned>(text: &str, path: &Path) -> Result<T, ConfigError> {
    toml::from_str(text).map_err(|error| {
        let start = error.span().map_or(0, |span| span.start);
        let (line, key) = place(text, start);
        ConfigError::BadKey { path: path.to_path_buf(), line, key, cause: one_line(&error) }
    })
}

/// The line number and the whole key at a place in a TOML text.
fn place(text: &str, start: usize) -> (usize, String) {
    let before = text.get(..start).unwrap_or(text);
    let number = before.matches('\n').count();
    let line = text.lines().nth(number).unwrap_or_default();
    let header = |line: &str| line.trim().strip_prefix('[')?.split_once(']').map(|(name, _)| name.to_owned());
    let table = text.lines().take(number).filter_map(header).last();
    let key = header(line).unwrap_or_else(|| {
        let name = line.split('=').next().unwrap_or_default().trim();
        table.map_or_else(|| name.to_owned(), |table| format!("{table}.{name}"))
    });
    (number + 1, key)
}

fn one_line(error: &toml::de::Error) -> String {
    error.message().lines().collect::<Vec<_>>().join(" ")
}

fn table<T: Serialize>(value: &T) -> Result<Table, ConfigError> {
    Table::try_from(value).map_err(|error| ConfigError::BadValue(error.to_string()))
}

/// Writes `over` over `under`, key by key.
fn merge(under: &mut Table, over: Table) {
    for (key, value) in over {
        match (under.get_mut(&key), value) {
            (Some(Value::Table(under)), Value::Table(over)) => merge(under, over),
            (_, value) => {
                under.insert(key, value);
            }
        }
    }
}

/// What of `chosen` is not the same in `base`.
fn difference(chosen: Table, base: &Table) -> Table {
    let differs = |(key, value): (String, Value)| match (value, base.get(&key)) {
        (Value::Table(chosen), Some(Value::Table(base))) => {
            let inner = difference(chosen, base);
            (!inner.is_empty()).then_some((key, Value::Table(inner)))
        }
        (value, base) => (base != Some(&value)).then_some((key, value)),
    };
    chosen.into_iter().filter_map(differs).collect()
}

/// Replaces a file so that a power cut leaves the old one or the new one.
pub(super) fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(folder)?;
    let aside = path.with_extension("toml.new");
    let mut file = fs::File::create(&aside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&aside, path)?;
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{super::Theme, *};

    /// A folder with a configuration file, loaded with these further arguments.
    fn load(folder: &Path, text: &str, further: &[&str]) -> Result<Loaded, ConfigError> {
        let file = folder.join("waxwing.toml");
        fs::write(&file, text).unwrap();
        let (file, folder) = (file.to_str().unwrap(), folder.to_str().unwrap());
        let arguments = ["waxwing", "--config", file, "--data", folder];
        Loaded::load(&Arguments::parse_from(arguments.iter().chain(further)))
    }

    fn refusal(text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let told = load(folder.path(), text, &[]).unwrap_err().to_string();
        assert_eq!(told.lines().count(), 1, "{told}");
        told
    }

    #[test]
    fn an_empty_file_means_the_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let loaded = load(folder.path(), "", &[]).unwrap();
        let expected = Config { data_folder: Some(folder.path().to_path_buf()), ..Config::default() };
        assert_eq!(loaded.config, expected);
    }

    #[test]
    fn what_makes_no_sense_is_named_in_one_line() {
        for (text, key) in [
            ("[window]\ntheme = \"light\"\nfont = 3", "line 3: window.font"),
            ("[pending]\n\nlate_after_seconds = \"soon\"", "line 3: pending.late_after_seconds"),
            ("[pending]\nlate_after_seconds = 0", "pending.late_after_seconds"),
            ("[pending]\nlate_after_seconds = 60", "pending.overdue_after_seconds"),
            ("[pending]\noverdue_after_seconds = 3601", "pending.overdue_after_seconds"),
            ("[window]\ntext_scale = 5.0", "window.text_scale"),
            ("[window]\ntext_scale = nan", "window.text_scale"),
            ("[window]\ntheme = \"pink\"", "line 2: window.theme"),
            ("[sounds.new_message]\nvolume = 2.0\nrepeat = 1", "sounds.new_message.volume"),
            ("[sound]", "line 1: sound"),
            ("[emoji]\ngroups = [\"smileys\", \"cats\"]", "line 2: emoji.groups"),
            ("[emoji]\ngroups = [\"flags\", \"flags\"]", "line 2: emoji.groups: names a group twice"),
            ("[emoji]\ngroups = []", "line 2: emoji.groups: must name a group"),
            ("[emoji]\n\nonly = [\"👍\", \"ok\"]", "line 3: emoji.only: \"ok\" is not an emoji"),
            ("[emoji]\nquick = []", "line 2: emoji.quick: names 0 emoji, must be 1 to 8"),
            ("[emoji]\nall = true", "line 2: emoji.all"),
            ("[gateway\n", "line 1"),
        ] {
            let told = refusal(text);
            assert!(told.contains(key), "{told}");
        }
    }

    #[test]
    fn a_named_file_must_be_there() {
        let arguments = Arguments::parse_from(["waxwing", "--config", "/nowhere/waxwing.toml"]);
        assert!(Loaded::load(&arguments).unwrap_err().to_string().contains("/nowhere/waxwing.toml"));
    }

    #[test]
    fn choices_go_over_the_file_and_the_command_line_over_both() {
        let folder = tempfile::tempdir().unwrap();
        let text = "[pending]\nlate_after_seconds = 20\n[gateway]\nurl = \"https://one\"";
        let mut loaded = load(folder.path(), text, &[]).unwrap();
        let mut choices = loaded.config.choices();
        choices.window.theme = Theme::Dark;
        choices.sounds.new_message.volume = 0.25;
        loaded.save(choices.clone()).unwrap();
        assert_eq!(loaded.config.choices(), choices);
        let kept = fs::read_to_string(folder.path().join("settings.toml")).unwrap();
        assert!(kept.contains("dark") && !kept.contains("late_after"), "only what differs: {kept}");

        let text = text.replace("20", "25");
        let loaded = load(folder.path(), &text, &["--theme", "light", "--gateway", "https://two"]).unwrap();
        assert_eq!(loaded.config.pending.late_after_seconds, 25, "the administrator's change arrives");
        assert_eq!(loaded.config.window.theme, Theme::Light);
        assert!((loaded.config.sounds.new_message.volume - 0.25).abs() < f32::EPSILON);
        assert_eq!(loaded.config.gateway.url, "https://two");
    }

    #[test]
    fn what_makes_no_sense_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let mut loaded = load(folder.path(), "", &[]).unwrap();
        let mut choices = loaded.config.choices();
        choices.pending.late_after_seconds = 3600;
        assert!(loaded.save(choices).is_err());
        assert!(!folder.path().join("settings.toml").exists());
    }
}
