//! The programs that are measured and tortured: built as this one was, and kept where no other build changes them.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

/// The project's folder.
pub(crate) fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder for the time being, on the disk where the project is built: memory would make every commit fast.
pub(crate) fn folder() -> TempDir {
    TempDir::with_prefix_in("waxwing-", env!("CARGO_TARGET_TMPDIR")).expect("a folder can be made")
}

/// Built programs.
pub(crate) struct Programs(TempDir);

impl Programs {
    /// Builds what is asked for: names of programs, and of examples as `examples/name`.
    pub(crate) fn build(names: &[&str]) -> Self {
        let built = built_at();
        let kept = folder();
        for name in names {
            let (kind, plain) = match name.strip_prefix("examples/") {
                Some(example) => ("--example", example),
                None => ("--bin", *name),
            };
            let mut cargo = Command::new(env!("CARGO"));
            cargo.current_dir(project()).args(["build", "--quiet", "--workspace", kind, plain]);
            if !cfg!(debug_assertions) {
                cargo.arg("--release");
            }
            if env::var_os("CI").is_some() {
                cargo.arg("--locked");
            }
            assert!(
                cargo.stdin(Stdio::null()).status().expect("cargo runs").success(),
                "{name} can't be built"
            );
            fs::hard_link(built.join(name), kept.path().join(plain)).expect("the program can be kept");
        }
        Self(kept)
    }

    /// Where one of them is.
    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

/// Where cargo puts programs: two folders above this one's own file.
fn built_at() -> PathBuf {
    let own = env::current_exe().expect("a program has a file");
    own.ancestors().nth(2).expect("is in a folder for programs").to_owned()
}
