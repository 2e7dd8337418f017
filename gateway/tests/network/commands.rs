//! The command line: what it does, and that it ends with code 2 and one line when it can't.

use std::{
    path::Path,
    process::{Command, Output},
};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_waxwing-gateway"))
        .args(arguments)
        .env_remove("WAXWING_GATEWAY_CONFIG")
        .env("WAXWING_GATEWAY_DATA_FOLDER", folder)
        .output()
        .expect("runs")
}

/// Runs a command that must fail; gives its one line.
fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    let told = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert_eq!(told.lines().count(), 1, "{told}");
    told
}

fn done(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    let told = String::from_utf8(output.stderr).expect("text");
    assert_eq!(output.status.code(), Some(0), "{told}");
    String::from_utf8(output.stdout).expect("text")
}

fn written(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("writes");
    path.to_str().expect("text").to_owned()
}

#[test]
fn what_is_wrong_is_said_in_one_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let bad = written(folder, "bad.toml", "poll_wait_secs = 3\n");
    assert!(
        refused(folder, &["serve", "--config", &bad]).contains("poll_wait_secs: there is no such option")
    );
    let range = written(folder, "range.toml", "outbox_in_flight = 0\n");
    assert!(refused(folder, &["check", "--config", &range]).contains("outbox_in_flight: 0 is not between"));
    assert!(refused(folder, &["check", "--config", "/nowhere.toml"]).contains("/nowhere.toml"));
    assert!(refused(folder, &["check", "--graph-url", "http://example.org"]).contains("graph_url"));
    let misspelt = Command::new(env!("CARGO_BIN_EXE_waxwing-gateway"))
        .args(["agent", "list"])
        .env("WAXWING_GATEWAY_DATA_FOLDER", folder)
        .env("WAXWING_GATEWAY_LISSTEN", "127.0.0.1:1")
        .output()
        .expect("runs");
    assert_eq!(misspelt.status.code(), Some(2));
    let told = String::from_utf8(misspelt.stderr).expect("text");
    assert_eq!(told, "waxwing-gateway: WAXWING_GATEWAY_LISSTEN: there is no such option\n");
    assert!(!folder.join("waxwing.db").exists(), "nothing is half done");

    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let told = refused(folder, &["serve", "--listen", &address]);
    assert!(told.contains("listen") && told.contains(&address), "{told}");
    assert!(!folder.join("waxwing.db").exists(), "nothing is half done");

    let file = written(folder, "file", "");
    assert!(refused(Path::new(&file), &["agent", "list"]).contains("data_folder"));
    assert!(refused(folder, &["agent", "disable", "nobody"]).contains("nobody signs in as nobody"));
    let short = written(folder, "short", "short\n");
    assert!(refused(folder, &["agent", "add", "ana", "--password-file", &short]).contains("password"));
    let body = written(folder, "body.json", "{}");
    assert!(refused(folder, &["import-webhook", &body]).contains("not a WhatsApp envelope"));
}

#[test]
fn agents_and_numbers_are_added_shown_and_changed() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let password = written(folder, "password", "a long walk on a grey beach\n");
    let add =
        ["agent", "add", "ana", "--name", "Ana Silva", "--role", "team-lead", "--password-file", &password];
    assert!(done(folder, &add).contains("Added ana"));
    assert!(refused(folder, &add).contains("ana is taken"));
    assert!(done(folder, &["agent", "list"]).contains("Ana Silva\tteam lead"));
    done(folder, &["agent", "password", "ana", "--password-file", &password]);
    done(folder, &["agent", "disable", "ana"]);
    assert!(done(folder, &["agent", "list"]).contains("disabled"));

    let secret = written(folder, "secret", "s3cret\n");
    let mut number = vec!["number", "add", "--display-number", "+1 555 078 3881", "--account-id", "1"];
    number.extend(["--token-file", &secret, "--app-secret-file", &secret, "--verify-token-file", &secret]);
    number.extend(["--phone-number-id", "106540352242922"]);
    let early = r#"{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"106540352242922"},"messages":[{"from":"15550000001","id":"wamid.1","type":"text","text":{"body":"too early"}}]}}]}]}"#;
    let early = written(folder, "early.json", early);
    assert!(refused(folder, &["import-webhook", &early]).contains("not ours"));
    let added = done(folder, &number);
    assert!(added.starts_with("Added") && added.contains("taken in now: 1"), "{added}");
    assert!(done(folder, &number).starts_with("Changed"));
    let listed = done(folder, &["number", "list"]);
    assert!(listed.contains("106540352242922") && listed.contains("can send") && !listed.contains("s3cret"));
    let check = run(folder, &["check", "--graph-url", "http://127.0.0.1:1"]);
    assert_eq!(check.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&check.stdout).contains("could not be reached"));

    let copy = folder.join("copy.db");
    let copy = copy.to_str().expect("text");
    assert!(done(folder, &["backup", copy]).contains("Copied"));
    assert!(refused(folder, &["backup", copy]).contains("not overwritten"));
}

#[test]
fn the_library_goes_into_a_file_and_comes_out_of_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let file = written(
        folder,
        "responses.csv",
        "category,name,shortcut,body\nOrders,Late,late,Sorry\n,Thanks,,=Thanks\n",
    );
    let import = ["library", "import", &file];
    let told = done(folder, &["library", "import", &file, "--dry-run"]);
    assert!(told.contains("Nothing was done") && told.contains("2 new"), "{told}");
    assert!(done(folder, &import).contains("Imported: 2 new, 0 changed, 0 as they were, 0 rejected."));
    assert!(done(folder, &import).contains("Imported: 0 new, 0 changed, 2 as they were, 0 rejected."));
    for form in ["csv", "json", "toml"] {
        let exported = done(folder, &["library", "export", "--form", form]);
        assert!(exported.contains("Sorry") && exported.contains("rsp_"), "{exported}");
        let again = written(folder, &format!("again.{form}"), &exported);
        assert!(done(folder, &["library", "import", &again]).contains("2 as they were"), "{form}");
    }
    let bad = written(folder, "bad.csv", "name,shortcut,body\nMore,more,Yes\nOther,late,No\n");
    let output = run(folder, &["library", "import", &bad]);
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stdout).expect("text");
    assert!(told.contains("Row 3 (Other): The shortcut /late belongs to “Late” already."), "{told}");
    assert!(!done(folder, &["library", "export"]).contains("Yes"), "nothing is half done");
    let told = done(folder, &["library", "import", &bad, "--skip-rejected"]);
    assert!(told.contains("1 new") && told.contains("1 rejected"), "{told}");
    let garbage = written(folder, "garbage", "{");
    assert!(refused(folder, &["library", "import", &garbage]).contains("csv, json or toml"));
    assert!(
        refused(folder, &["library", "import", &garbage, "--form", "json"]).contains("nothing was imported")
    );
}
