//! The program looks into files for itself: `waxwing decode`, as a process of its own.

use std::{fs::File, path::Path, process::Command};

use waxwing_media::{
    child::{Trouble, Workshop},
    picture::Fit,
    verdict::{Claim, Policy},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_waxwing");

fn fixture(name: &str) -> File {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("media/tests/fixtures");
    File::open(folder.join(name)).expect("a sample")
}

#[test]
fn the_program_looks_into_files_as_this_process_would() {
    let (child, here) = (Workshop::of_program(PROGRAM.into()), Workshop::here());
    for name in ["still.png", "turned.jpg", "moving.webp"] {
        assert_eq!(
            child.picture(fixture(name), Fit::BUBBLE),
            here.picture(fixture(name), Fit::BUBBLE),
            "{name}"
        );
        let described = child.describe(fixture(name), &Claim::default(), Policy::default()).unwrap();
        let expected = here.describe(fixture(name), &Claim::default(), Policy::default()).unwrap();
        assert_eq!(described, expected, "{name}");
    }
    assert_eq!(child.picture(fixture("PICTURES.md"), Fit::BUBBLE), Err(Trouble::NotAPicture));
}

#[test]
fn it_is_not_offered_to_people_and_says_nothing_about_nonsense() {
    let help = Command::new(PROGRAM).arg("--help").output().unwrap();
    assert!(!String::from_utf8(help.stdout).unwrap().contains("decode"));
    let nonsense = Command::new(PROGRAM).args(["decode", "nonsense"]).output().unwrap();
    assert!(!nonsense.status.success());
    assert_eq!((nonsense.stdout, nonsense.stderr), (Vec::new(), Vec::new()));
}
