//! The shipped configuration says what the code does.

use toml::{Table, Value};
use waxwing::config::Config;

const SHIPPED: &str = include_str!("../config/waxwing.toml");

#[test]
fn the_shipped_file_is_the_defaults() {
    assert_eq!(toml::from_str::<Config>(SHIPPED).unwrap(), Config::default());
}

#[test]
fn the_shipped_file_names_every_setting() {
    let shipped: Table = toml::from_str(SHIPPED).unwrap();
    assert_eq!(keys(&shipped), keys(&Table::try_from(Config::default()).unwrap()));
}

#[test]
fn what_is_commented_out_is_a_setting_too() {
    let commented = |line: &str| line.starts_with("# ") && line.contains(" = ");
    let lines: Vec<_> = SHIPPED.lines().map(|line| if commented(line) { &line[2..] } else { line }).collect();
    toml::from_str::<Config>(&lines.join("\n")).unwrap();
}

fn keys(table: &Table) -> Vec<String> {
    let mut keys: Vec<_> = table.iter().flat_map(|(key, value)| deep_keys(key, value)).collect();
    keys.sort();
    keys
}

fn deep_keys(key: &str, value: &Value) -> Vec<String> {
    match value {
        Value::Table(table) => keys(table).iter().map(|inner| format!("{key}.{inner}")).collect(),
        _ => vec![key.to_owned()],
    }
}
