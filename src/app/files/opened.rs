//! The copies that other programs are given: one for each time a file is opened, named as people expect it, and gone when
//! Waxwing ends. So no program ever writes into what Waxwing keeps.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use waxwing_media::name::CleanName;

use crate::platform::save;

/// Where these copies are.
#[derive(Clone)]
pub(in crate::app) struct Opened {
    folder: PathBuf,
}

impl Opened {
    pub(super) fn new(data_folder: &Path) -> Self {
        let folder = data_folder.join("opened");
        // Another program is given whole paths only.
        Self { folder: std::path::absolute(&folder).unwrap_or(folder) }
    }

    /// A copy that can only be read, in a folder of its own.
    pub(in crate::app) fn copy(&self, file: &Path, name: &CleanName) -> io::Result<PathBuf> {
        private_folder(&self.folder)?;
        // Left where it is until everything goes.
        let own = tempfile::Builder::new().prefix("").tempdir_in(&self.folder)?.keep();
        private_folder(&own)?;
        let path = save::save_in(&own, (name.stem(), name.extension()), file)?;
        let mut rights = fs::metadata(&path)?.permissions();
        rights.set_readonly(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            rights.set_mode(0o400);
        }
        fs::set_permissions(&path, rights)?;
        Ok(path)
    }

    /// Removes all of them, as far as no program holds them.
    pub(super) fn wipe(&self) {
        if let Err(error) = fs::remove_dir_all(&self.folder)
            && error.kind() != io::ErrorKind::NotFound
        {
            tracing::warn!(%error, "copies of files that were opened can't be removed");
        }
    }
}

/// Makes a folder that only its owner can enter, or makes an existing one so.
fn private_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use waxwing_media::kind::FileType;

    use super::*;

    #[test]
    fn each_opening_has_a_copy_of_its_own_that_goes_with_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let (opened, source) = (Opened::new(folder.path()), folder.path().join("att_1"));
        fs::write(&source, "text").unwrap();
        let name = CleanName::new(Some("../a\u{202e}txt.exe"), "File", FileType::Text);
        let copies = [(); 2].map(|()| opened.copy(&source, &name).unwrap());
        assert_ne!(copies[0], copies[1]);
        for copy in &copies {
            assert!(copy.is_absolute() && copy.starts_with(&opened.folder));
            assert_eq!(copy.file_name().unwrap(), "atxt.exe.txt");
            assert_eq!(fs::read_to_string(copy).unwrap(), "text");
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
                assert_eq!((mode(copy), mode(copy.parent().unwrap())), (0o400, 0o700));
            }
        }
        opened.wipe();
        assert!(!opened.folder.exists());
        opened.wipe();
    }
}
