//! The shipped file, what wins over what, and complaints.

use super::*;

const SHIPPED: &str = include_str!("../../../config/gateway.toml");

fn load(text: &str) -> Result<Config, ConfigError> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("gateway.toml");
    std::fs::write(&path, text).expect("writes");
    Config::load(Some(&path), |_| None, &[])
}

#[test]
fn the_shipped_file_names_every_option_with_its_default() {
    let options: String = SHIPPED
        .lines()
        .filter_map(|line| line.strip_prefix("# "))
        .filter(|line| line.split_once(" = ").is_some_and(|(key, _)| Config::defaults().contains_key(key)))
        .fold(String::new(), |all, line| all + line + "\n");
    let table: Table = options.parse().expect("reads");
    assert_eq!(table, Config::defaults());
    assert_eq!(load(SHIPPED), Ok(Config::default()));
}

#[test]
fn variables_win_over_the_file_and_flags_over_both() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("gateway.toml");
    std::fs::write(&path, "poll_wait_seconds = 5\nlog_level = \"warn\"\ngraph_version = \"v25.0\"")
        .expect("writes");
    let variable = |key: &str| match key {
        "WAXWING_GATEWAY_POLL_WAIT_SECONDS" => Some("6".to_owned()),
        "WAXWING_GATEWAY_LOG_LEVEL" => Some("debug".to_owned()),
        "WAXWING_GATEWAY_ATTACHMENTS" => Some(r#"{ archives = "warn" }"#.to_owned()),
        _ => None,
    };
    let config =
        Config::load(Some(&path), variable, &[("log_level", Some("trace".to_owned()))]).expect("loads");
    assert_eq!(config.poll_wait_seconds, 6);
    assert_eq!(config.attachments.archives, waxwing_media::verdict::Handling::Warn);
    assert_eq!(config.log_level, LogLevel::Trace);
    assert_eq!(config.graph_version, "v25.0");
}

#[test]
fn each_complaint_is_one_line_that_names_the_option() {
    for (text, key) in [
        ("lissten = 1", "lissten"),
        ("listen = \"here\"", "listen"),
        ("listen = 5", "listen"),
        ("poll_wait_seconds = 0", "poll_wait_seconds"),
        ("poll_wait_seconds = -4", "poll_wait_seconds"),
        ("outbox_in_flight = 1000", "outbox_in_flight"),
        ("default_country = \"Germany\"", "default_country"),
        ("templates_refresh_minutes = 0", "templates_refresh_minutes"),
        ("graph_url = \"http://graph.facebook.com\"", "graph_url"),
        ("graph_url = \"ftp://127.0.0.1\"", "graph_url"),
        ("graph_url = \"\"", "graph_url"),
        ("graph_version = \"26\"", "graph_version"),
        ("public_url = \"http://example.org\"", "public_url"),
        ("metrics_listen = \"yes\"", "metrics_listen"),
        ("trusted_proxies = \"127.0.0.1, proxy.example.org\"", "trusted_proxies"),
        ("media_hosts = \"*.fbcdn.net, 10.0.0.1\"", "media_hosts"),
        ("media_folder = 5", "media_folder"),
        ("attachments = \"none\"", "attachments"),
        ("[attachments]\narchives = \"perhaps\"", "attachments"),
        ("[attachments]\nincomming = []", "attachments"),
        ("[attachments]\nincoming = [{ type = \"image\" }]", "attachments"),
        ("[attachments]\noutgoing = [{ type = \"*\", max_mb = 200 }]", "attachments"),
        ("[attachments]\noutgoing = [{ type = \"*\", max_mb = -1 }]", "attachments"),
        ("[attachments]\noutgoing = [{ allow = false }]", "attachments"),
        ("[sessions]\naway_seconds = 1", "sessions"),
        ("[wrap_up]\nrequired = true", "wrap_up"),
        ("[[workbins]]\nkind = \"shared\"", "workbins"),
        ("[[workbins]]\nname = \"Late\"\nkind = \"team\"", "workbins"),
        ("log_level = \"loud\"", "log_level"),
    ] {
        let error = load(text).expect_err(text);
        assert_eq!(error.key, key, "{error}");
        assert!(!error.to_string().contains('\n'), "{error}");
    }
    assert_eq!(load("graph_url = \"http://127.0.0.1:9\"").map(|_| ()), Ok(()));
    let broken = load("listen = \"127.0.0.1:1\"\nnot toml").expect_err("no toml");
    assert!(broken.cause.starts_with("line 2"), "{broken}");
}

#[test]
fn a_variable_of_ours_that_says_nothing_is_refused() {
    let check = |name: &str| Config::check_variables(std::iter::once((name.into(), "1".into())));
    for fine in
        ["WAXWING_GATEWAY_LISTEN", "WAXWING_GATEWAY_CONFIG", "WAXWING_GATEWAY", "WAXWING_THEME", "PATH"]
    {
        assert_eq!(check(fine), Ok(()), "{fine}");
    }
    let error = check("WAXWING_GATEWAY_LISSTEN").expect_err("refused");
    assert_eq!(error.to_string(), "WAXWING_GATEWAY_LISSTEN: there is no such option");
}
