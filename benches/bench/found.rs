//! How soon a contact is found among a million, and an interaction by what was said among a million messages: pages of fifty, as
//! desktops ask for them, on a database of its own. Filling that takes minutes, so it is kept for the next run.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use waxwing_gateway::{
    handling::{directory, past, phones::Phones},
    random::Seeded,
    store::{Change, Store, directory as lines, said, search::fold},
};
use waxwing_protocol::{
    directory::DirectoryQuery,
    history::HistoryQuery,
    id::{AgentId, BusinessNumberId, ContactId, InteractionId, MessageId, SessionId},
};

use crate::{
    kit::wait::now as clock,
    report::{Row, percentile},
};

/// How many contacts and messages there are, and how many messages in each session.
const MANY: usize = 1_000_000;
const IN_SESSION: usize = 10;
/// How many are written at a time.
const BATCH: usize = 5_000;
/// How many searches are made of either kind.
const SEARCHES: usize = 400;
/// What a page may take, in milliseconds.
const LIMIT: f64 = 50.0;

const SYLLABLES: [&str; 24] = [
    "an", "na", "ber", "ta", "ma", "ri", "a", "jo", "han", "nes", "schmidt", "mül", "ler", "ko", "wal",
    "ski", "са", "ша", "ива", "нов", "lee", "gar", "cía", "son",
];
const MAIL: [&str; 3] = ["example.org", "example.com", "mail.example"];

/// Both rows, among so many.
pub(crate) async fn rows(many: Option<usize>) -> Vec<Row> {
    let many = many.unwrap_or(MANY);
    let store = Store::open(&filled(many).await).await.expect("opens");
    let mut chance = Seeded::new(11);
    let agent = AgentId::new(DateTime::UNIX_EPOCH, [1; 10]);
    let (mut contacts, mut hits) = (Vec::new(), 0);
    for search in 0..SEARCHES {
        let words = Some(typed(search, many, &mut chance));
        let query = DirectoryQuery { words, limit: 50, ..DirectoryQuery::default() };
        let began = clock();
        let mut read = store.read().await.expect("reads");
        let page = directory::page(&mut read, agent, &query, Phones::default()).await.expect("a page");
        contacts.push(began.elapsed());
        hits += usize::from(!page.entries.is_empty());
    }
    let (messages, found) = past(&store, agent, (many, &mut chance)).await;
    store.close().await;
    vec![
        row("directory_search_ms_p95_1m", &contacts, hits, many),
        row("message_search_ms_p95_1m", &messages, found, many),
    ]
}

fn row(name: &str, spans: &[Duration], hits: usize, many: usize) -> Row {
    Row::new(name, percentile(spans, 95), "ms")
        .at_most(LIMIT)
        .by_chance(11, format!("{hits} of {SEARCHES} found something among {many}"))
        .only_if(hits > SEARCHES * 9 / 10)
}

/// Looks for words of some message: often used ones more often than others, as people do.
async fn past(store: &Store, agent: AgentId, (many, chance): (usize, &mut Seeded)) -> (Vec<Duration>, usize) {
    let (mut spans, mut hits) = (Vec::new(), 0);
    for search in 0..SEARCHES {
        let text = said(pick(chance, many));
        let words: Vec<&str> = text.split(' ').collect();
        let mut one = || words[pick(chance, words.len())];
        let words = match search % 4 {
            0 => one().to_owned(),
            1 => format!("{} {}", one(), one()),
            2 => one().chars().take(4).collect(),
            _ => format!("{} {}", word(pick(chance, 50)), word(pick(chance, 50))),
        };
        let query = HistoryQuery { words: Some(words), limit: 50, ..HistoryQuery::default() };
        let began = clock();
        let mut read = store.read().await.expect("reads");
        let page = past::page(&mut read, agent, &query, Phones::default()).await.expect("a page");
        spans.push(began.elapsed());
        hits += usize::from(!page.entries.is_empty());
    }
    (spans, hits)
}

/// What somebody types who looks for a contact.
fn typed(search: usize, many: usize, chance: &mut Seeded) -> String {
    let somebody = pick(chance, many);
    let (name, phone) = (name(somebody), phone(somebody));
    match search % 8 {
        0 => name.chars().take(2).collect(),
        1 => name.chars().take(4).collect(),
        2 => name,
        3 => name.split(' ').rev().collect::<Vec<_>>().join(" "),
        4 => format!("+{} {} {}", &phone[..2], &phone[2..5], &phone[5..]),
        5 => phone[phone.len() - 4..].to_owned(),
        6 => phone[3..9].to_owned(),
        _ => mail(somebody)[..6].to_owned(),
    }
}

/// One of so many.
fn pick(chance: &mut Seeded, many: usize) -> usize {
    usize::try_from(chance.next()).unwrap_or(usize::MAX) % many
}

/// The same number each time for the same thing and place.
fn mixed(of: usize, place: u64) -> usize {
    pick(&mut Seeded::new((of as u64) << 8 | place), usize::MAX)
}

fn name(somebody: usize) -> String {
    let syllable = |salt| SYLLABLES[mixed(somebody, salt) % SYLLABLES.len()];
    format!("{}{} {}{}{}", syllable(1), syllable(2), syllable(3), syllable(4), syllable(5))
}

fn phone(somebody: usize) -> String {
    format!("49151{:08}", mixed(somebody, 6) % 100_000_000)
}

fn mail(somebody: usize) -> String {
    let name: String = name(somebody).chars().filter(char::is_ascii_alphanumeric).collect();
    format!("mail{somebody}.{name}@{}", MAIL[somebody % MAIL.len()])
}

/// How many words there are to say.
const VOCABULARY: usize = 20_000;

fn word(number: usize) -> String {
    let mut word = String::new();
    let mut rest = number + SYLLABLES.len();
    while rest > 0 {
        word.push_str(SYLLABLES[rest % SYLLABLES.len()]);
        rest /= SYLLABLES.len();
    }
    word
}

/// Words as people use them: few of them often, most of them hardly ever.
fn said(message: usize) -> String {
    let word_at = |place: u64| {
        let drawn = mixed(message, 20 + place) % VOCABULARY;
        word(drawn * drawn / VOCABULARY * (mixed(message, 60 + place) % VOCABULARY) / VOCABULARY)
    };
    (0..12).map(word_at).collect::<Vec<_>>().join(" ")
}

/// A database with so much in it.
async fn filled(many: usize) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("found-3-{many}.db"));
    if path.exists() {
        return path;
    }
    let unfinished = path.with_extension("unfinished");
    for end in ["", "-wal", "-shm"] {
        fs::remove_file(format!("{}{end}", unfinished.display())).ok();
    }
    let store = Store::open(&unfinished).await.expect("opens");
    let at = DateTime::UNIX_EPOCH;
    let number = BusinessNumberId::new(at, [1; 10]).to_string();
    let agent = AgentId::new(at, [1; 10]).to_string();
    let mut change = store.begin().await.expect("begins");
    let people = [
        ("INSERT INTO business_numbers (id, name, display_number, phone_number_id, account_id, token, app_secret, verify_token)
          VALUES ($1, 'Shop', '+1', '1', '1', 't', 's', 'v')", &number),
        ("INSERT INTO agents (id, user_name, display_name, role, capacity, password_hash, status, status_since)
          VALUES ($1, 'masha', 'Masha', '\"agent\"', 5, '', '{\"status\":\"ready\"}', 0)", &agent),
    ];
    for (sql, id) in people {
        sqlx::query(sql).bind(id).execute(change.db()).await.expect("writes");
    }
    change.commit().await.expect("commits");
    for from in (0..many).step_by(BATCH) {
        let mut change = store.begin().await.expect("begins");
        write(&mut change, from..many.min(from + BATCH), &number).await;
        change.commit().await.expect("commits");
    }
    lines::catch_up(&store).await.expect("catches up");
    said::catch_up(&store).await.expect("catches up");
    store.close().await;
    fs::rename(&unfinished, &path).expect("can be renamed");
    path
}

/// Writes contacts and messages of these numbers.
async fn write(change: &mut Change, numbers: std::ops::Range<usize>, business_number: &str) {
    let id = |number: usize| {
        let mut bytes = [7; 10];
        bytes[2..].copy_from_slice(&(number as u64).to_be_bytes());
        bytes
    };
    let at = |number: usize| {
        DateTime::<Utc>::from_timestamp_millis(
            1_700_000_000_000 + i64::try_from(number).expect("is small") * 1_000,
        )
        .expect("a time")
    };
    let contact = |number: usize| ContactId::new(at(number), id(number));
    let session = |number: usize| SessionId::new(at(number), id(number));
    let interaction = |number: usize| InteractionId::new(at(number), id(number));
    let begins = || numbers.clone().filter(|number| number % IN_SESSION == 0);
    let of = |rows: Vec<Value>| Value::Array(rows).to_string();
    let contacts =
        of(numbers.clone().map(|one| json!([contact(one), name(one), phone(one), mail(one)])).collect());
    let sessions = of(begins()
        .map(|one| {
            json!([
                session(one),
                contact(one),
                interaction(one),
                at(one).timestamp_millis(),
                one / IN_SESSION + 1
            ])
        })
        .collect());
    let messages = of(numbers
        .clone()
        .map(|one| {
            let begun = one - one % IN_SESSION;
            json!([
                MessageId::new(at(one), id(one)),
                interaction(begun),
                session(begun),
                said(one),
                fold(&said(one)),
                at(one).timestamp_millis()
            ])
        })
        .collect());
    for (sql, rows) in [
        ("INSERT INTO contacts (id, name) SELECT value ->> 0, value ->> 1 FROM json_each($1)", &contacts),
        ("INSERT INTO contact_names (kind, name, contact_id) SELECT 'phone', value ->> 2, value ->> 0 FROM json_each($1)
          WHERE true ON CONFLICT DO NOTHING", &contacts),
        ("INSERT INTO contact_details (contact_id, position, kind, value, same)
          SELECT value ->> 0, 1, '\"email\"', value ->> 3, value ->> 3 FROM json_each($1)", &contacts),
        ("INSERT INTO sessions (id, contact_id, business_number_id, started_at, ended_at)
          SELECT value ->> 0, value ->> 1, $2, value ->> 3, value ->> 3 FROM json_each($1)", &sessions),
        ("INSERT INTO interactions (id, session_id, contact_id, business_number_id, origin, phase, is_open, created_at, number)
          SELECT value ->> 2, value ->> 0, value ->> 1, $2, '\"inbound\"', '{\"phase\":\"done\"}', 0, value ->> 3, value ->> 4
          FROM json_each($1)", &sessions),
        ("INSERT INTO messages (id, interaction_id, session_id, author, body, fallback, folded, sent_at, stored_at)
          SELECT value ->> 0, value ->> 1, value ->> 2, '{\"author\":\"contact\"}', '{\"kind\":\"text\",\"text\":\"\"}', value ->> 3, value ->> 4,
              value ->> 5, value ->> 5 FROM json_each($1)", &messages),
    ] {
        sqlx::query(sql).bind(rows).bind(business_number).execute(change.db()).await.expect("writes");
    }
}
