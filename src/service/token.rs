//! Where the token is kept over a restart: the system's keyring, else memory only, else, if allowed, a file.
//!
//! A keyring may be absent, locked, or hang for ever: each access has a thread of its own and 3 s. A keyring that failed
//! once is left alone; the agent then signs in after every start, and is told so.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::sync::oneshot;

use super::{files, seal::SealKey};

const KEYRING_LIMIT: Duration = Duration::from_secs(3);
const KEYRING_SERVICE: &str = "waxwing";
/// What stands behind the gateway's address in the keyring for the key that seals workbins.
const SEAL: &str = " workbins";

/// Where a token may be kept over a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKeeping {
    /// Nowhere.
    Memory,
    /// In the system's keyring.
    Keyring,
    /// In the keyring, or where there is none in a file that only its owner can read.
    KeyringOrFile,
}

/// A bearer token; never printed.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Token(pub(super) String);

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Keeps the token of one gateway.
#[derive(Debug, Clone)]
pub(super) struct TokenKeeper {
    keeping: TokenKeeping,
    gateway: String,
    file: PathBuf,
    /// Why the keyring can't be used, once it has failed.
    trouble: Option<String>,
}

impl TokenKeeper {
    pub(super) fn new(keeping: TokenKeeping, gateway: &str, folder: &Path) -> Self {
        let file = folder.join(format!("{}.token", files::name_of(gateway)));
        Self { keeping, gateway: gateway.to_owned(), file, trouble: None }
    }

    /// The token of the last time, if there is one.
    pub(super) async fn read(&mut self) -> Option<Token> {
        if self.keeping == TokenKeeping::Memory {
            return None;
        }
        match self.on_keyring("", |entry| entry.get_password()).await {
            Ok(token) => token.map(Token),
            Err(why) => {
                tracing::warn!(why, "the keyring can't be used");
                let text = self.is_file_allowed().then(|| fs::read_to_string(&self.file).ok()).flatten();
                text.map(Token)
            }
        }
    }

    /// Keeps a token. Says why it could not.
    pub(super) async fn write(&mut self, token: Token) -> Result<(), String> {
        let secret = token.0.clone();
        let refused = match self.keeping {
            TokenKeeping::Memory => return Ok(()),
            TokenKeeping::Keyring | TokenKeeping::KeyringOrFile => {
                self.on_keyring("", move |entry| entry.set_password(&secret)).await.err()
            }
        };
        let Some(why) = refused else { return Ok(()) };
        if !self.is_file_allowed() {
            return Err(why);
        }
        files::write_private(&self.file, token.0.as_bytes())
            .map_err(|error| format!("{why}; nor can the file {}: {error}", self.file.display()))
    }

    /// Forgets the token, wherever it is.
    pub(super) async fn forget(&mut self) {
        if self.keeping == TokenKeeping::Memory {
            return;
        }
        if let Err(why) = self.on_keyring("", |entry| entry.delete_credential()).await {
            tracing::warn!(why, "the token could not be taken out of the keyring");
        }
        match fs::remove_file(&self.file) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, "the token file could not be removed");
            }
            _ => {}
        }
    }

    /// The key that seals workbins: that of the last time, else a fresh one, and why that will be forgotten at the end, if so.
    pub(super) async fn seal_key(&mut self) -> (SealKey, Option<String>) {
        let kept = match self.keeping {
            TokenKeeping::Memory => return (SealKey::draw(), None),
            TokenKeeping::Keyring | TokenKeeping::KeyringOrFile => {
                self.on_keyring(SEAL, |entry| entry.get_password()).await
            }
        };
        let text = match kept {
            Ok(text) => text,
            Err(_) => self.is_file_allowed().then(|| fs::read_to_string(self.seal_file()).ok()).flatten(),
        };
        if let Some(key) = text.as_deref().and_then(SealKey::of_text) {
            return (key, None);
        }
        let key = SealKey::draw();
        let trouble = self.write_seal_key(&key).await.err();
        (key, trouble)
    }

    /// Keeps the key that seals workbins instead of the one before. Says why it could not.
    pub(super) async fn write_seal_key(&mut self, key: &SealKey) -> Result<(), String> {
        let text = key.to_text();
        let secret = text.clone();
        let refused = match self.keeping {
            TokenKeeping::Memory => return Ok(()),
            TokenKeeping::Keyring | TokenKeeping::KeyringOrFile => {
                self.on_keyring(SEAL, move |entry| entry.set_password(&secret)).await.err()
            }
        };
        let Some(why) = refused else { return Ok(()) };
        if !self.is_file_allowed() {
            return Err(why);
        }
        let file = self.seal_file();
        files::write_private(&file, text.as_bytes())
            .map_err(|error| format!("{why}; nor can the file {}: {error}", file.display()))
    }

    fn seal_file(&self) -> PathBuf {
        self.file.with_extension("key")
    }

    fn is_file_allowed(&self) -> bool {
        self.keeping == TokenKeeping::KeyringOrFile
    }

    /// Does something with the entry of this gateway, within the time limit; none if there is no such entry.
    async fn on_keyring<T: Send + 'static>(
        &mut self,
        what: &str,
        act: impl FnOnce(keyring::Entry) -> keyring::Result<T> + Send + 'static,
    ) -> Result<Option<T>, String> {
        if let Some(why) = &self.trouble {
            return Err(why.clone());
        }
        let user = format!("{}{what}", self.gateway);
        let told = within_limit(move || keyring::Entry::new(KEYRING_SERVICE, &user).and_then(act)).await;
        self.trouble = told.as_ref().err().cloned();
        told
    }
}

/// Runs `act` on a thread of its own and waits for it no longer than the limit.
async fn within_limit<T: Send + 'static>(
    act: impl FnOnce() -> keyring::Result<T> + Send + 'static,
) -> Result<Option<T>, String> {
    let (told, tell) = oneshot::channel();
    let run = move || {
        if told.send(act()).is_err() {
            tracing::debug!("the keyring answered too late");
        }
    };
    std::thread::Builder::new()
        .name("waxwing-keyring".to_owned())
        .spawn(run)
        .map_err(|error| format!("no thread for the keyring: {error}"))?;
    match tokio::time::timeout(KEYRING_LIMIT, tell).await {
        Ok(Ok(Ok(value))) => Ok(Some(value)),
        Ok(Ok(Err(keyring::Error::NoEntry))) => Ok(None),
        Ok(Ok(Err(error))) => Err(sentence(&error)),
        Ok(Err(_)) | Err(_) => Err("the keyring of this system does not answer".to_owned()),
    }
}

fn sentence(error: &keyring::Error) -> String {
    match error {
        keyring::Error::NoStorageAccess(_) => "the keyring of this system is locked".to_owned(),
        keyring::Error::NoDefaultStore | keyring::Error::PlatformFailure(_) => {
            "this system has no keyring that can be used".to_owned()
        }
        _ => "the keyring of this system did not take it".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without_keyring(keeping: TokenKeeping, folder: &Path) -> TokenKeeper {
        let mut keeper = TokenKeeper::new(keeping, "https://gateway", folder);
        keeper.trouble = Some("there is none".to_owned());
        keeper
    }

    #[tokio::test]
    async fn without_a_keyring_it_is_kept_in_memory_only_and_that_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let mut keeper = without_keyring(TokenKeeping::Keyring, folder.path());
        let why = keeper.write(Token("secret".to_owned())).await.unwrap_err();
        assert!(!why.contains("secret"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "no silent file");
    }

    #[tokio::test]
    async fn a_file_is_its_owner_s_only_and_only_where_allowed() {
        let folder = tempfile::tempdir().unwrap();
        let mut keeper = without_keyring(TokenKeeping::KeyringOrFile, folder.path());
        keeper.write(Token("secret".to_owned())).await.unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&keeper.file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(keeper.read().await, Some(Token("secret".to_owned())));
        keeper.forget().await;
        assert_eq!(keeper.read().await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_keyring_that_hangs_is_given_three_seconds() {
        let (_keep, wait) = std::sync::mpsc::channel::<()>();
        let before = tokio::time::Instant::now();
        let told = within_limit(move || wait.recv().map_err(|_closed| keyring::Error::NoEntry));
        assert!(told.await.unwrap_err().contains("does not answer"));
        assert_eq!(before.elapsed(), KEYRING_LIMIT);
    }

    #[tokio::test]
    async fn the_key_of_workbins_stays_where_it_may_and_is_another_one_where_it_may_not() {
        let folder = tempfile::tempdir().unwrap();
        let mut keeper = without_keyring(TokenKeeping::KeyringOrFile, folder.path());
        let (key, trouble) = keeper.seal_key().await;
        assert_eq!((trouble, keeper.seal_key().await.0), (None, key.clone()));
        keeper.write_seal_key(&SealKey::draw()).await.unwrap();
        assert_ne!(keeper.seal_key().await.0, key, "another one was drawn at log-off");
        let mut forgetful = without_keyring(TokenKeeping::Keyring, tempfile::tempdir().unwrap().path());
        let (key, trouble) = forgetful.seal_key().await;
        assert!(trouble.is_some());
        assert_ne!(forgetful.seal_key().await.0, key);
    }

    #[test]
    fn it_is_never_printed() {
        assert_eq!(format!("{:?}", Token("secret".to_owned())), "Token(…)");
    }
}
