//! Two contacts are made one, and two again.

use proptest::{prelude::*, test_runner::TestRunner};
use waxwing_protocol::{
    contact::{ContactAttribute, ContactDetail, DetailKind, WhatsAppId},
    directory::{ContactContent, DirectoryQuery, NewContact},
    event::Event,
    problem::Problem,
};

use super::*;
use crate::{
    handling::{
        directory::{changing, page, record},
        phones::Phones,
        stage::{Stage, at},
    },
    store::{
        attributes, details,
        directory::{Sought, by_words, digits_in, set_favourites},
    },
};

const ANNA: &str = "16505550001";
const BERTA: &str = "16505550002";

async fn unite(
    stage: &Stage,
    agent: AgentId,
    (from, into): (ContactId, ContactId),
    seconds: i64,
) -> Result<Merged, Refusal> {
    let mut change = stage.store.begin().await.expect("begins");
    let merged = merge(&mut change, agent, Merge { from, into }, at(seconds)).await?;
    change.commit().await.expect("commits");
    Ok(merged)
}

async fn part(stage: &Stage, id: MergeId, seconds: i64) -> Result<(), Refusal> {
    let mut change = stage.store.begin().await.expect("begins");
    undo(&mut change, id, at(seconds)).await?;
    change.commit().await.expect("commits");
    Ok(())
}

/// What a refusal says.
fn why<T: std::fmt::Debug>(refused: Result<T, Refusal>) -> (ProblemCode, String) {
    match refused {
        Err(Refusal::Problem(Problem { code, detail, .. })) => (code, detail),
        other => panic!("{other:?}"),
    }
}

/// The contact who has written last.
async fn last_contact(stage: &Stage, agent: AgentId) -> ContactId {
    stage.owned(agent).await.last().expect("one").contact.id
}

/// Two contacts who have each had a session that is done.
async fn two(stage: &Stage, agent: AgentId) -> (ContactId, ContactId) {
    let mut both = Vec::new();
    for (phone, wamid, seconds) in [(ANNA, "wamid.a", 2), (BERTA, "wamid.b", 4)] {
        stage.write(phone, wamid, "hello", seconds).await;
        both.push(last_contact(stage, agent).await);
        let id = stage.owned(agent).await[0].id;
        stage.done(agent, id, seconds + 1).await;
    }
    (both[0], both[1])
}

/// Everything that may go over.
async fn picture(stage: &Stage) -> Vec<String> {
    let mut picture = Vec::new();
    for sql in [
        "SELECT 'contact ' || id || quote(profile_name) || quote(user_name) || quote(last_agent_id) || quote(merged_into)
             || quote(name) || quote(note) || blocked FROM contacts ORDER BY id",
        "SELECT 'name ' || kind || name || contact_id || current || ' ' || since FROM contact_names ORDER BY kind, name",
        "SELECT 'session ' || id || contact_id || quote(ended_at) FROM sessions ORDER BY id",
        "SELECT 'interaction ' || id || contact_id || phase FROM interactions ORDER BY id",
        "SELECT 'outbox ' || message_id || contact_id FROM outbox ORDER BY message_id",
        "SELECT 'detail ' || contact_id || position || kind || value || quote(name) FROM contact_details ORDER BY contact_id, kind, same",
        "SELECT 'attribute ' || contact_id || position || key || value FROM contact_attributes ORDER BY contact_id, key",
        "SELECT 'favourite ' || agent_id || contact_id || position FROM favourite_contacts ORDER BY agent_id, contact_id",
        "SELECT 'held ' || id || contact_id FROM held_messages ORDER BY id",
        "SELECT 'line ' || contact_id || sort_name || quote(phone) || names || words || mails || facts || digits
             FROM contact_lines ORDER BY contact_id",
        "SELECT 'merge ' || id FROM contact_merges ORDER BY id",
    ] {
        let rows: Vec<String> = sqlx::query_scalar(sql).fetch_all(stage.store.reader()).await.expect("reads");
        picture.extend(rows);
    }
    picture
}

/// Who is found in the directory by words.
async fn looked_for(stage: &Stage, words: &str) -> Vec<ContactId> {
    let query = DirectoryQuery { words: Some(words.to_owned()), ..DirectoryQuery::default() };
    let sought = Sought::of(&query, |typed| vec![digits_in(typed)]).expect("something to look for");
    let mut read = stage.store.read().await.expect("reads");
    by_words(read.db(), &sought, (0, 10)).await.expect("finds")
}

#[tokio::test]
async fn what_is_made_one_is_found_written_to_and_answered_as_one() {
    let stage = Stage::new().await;
    let agent = stage.agent("agent", 5).await;
    stage.ready(agent, 1).await;
    let (anna, berta) = two(&stage, agent).await;
    let before = picture(&stage).await;
    let merged = unite(&stage, agent, (anna, berta), 10).await.expect("unites");
    assert_eq!(merged.contact.id, berta);
    assert_eq!(merged.contact.whatsapp.phone.as_deref(), Some(BERTA), "the one who wrote last");
    let told = {
        let mut read = stage.store.read().await.expect("reads");
        record(&mut read, agent, anna).await.expect("a record")
    };
    assert_eq!((told.contact.id, told.former.as_slice()), (berta, &[format!("+{ANNA}")][..]));
    assert_eq!((told.merges[0].id, told.merges[0].name.as_str()), (merged.id, "+16505550001"));
    assert_eq!(told.merges[0].by, "AGENT");
    assert_eq!(looked_for(&stage, ANNA).await, [berta], "by either number");
    assert_eq!(looked_for(&stage, "+1 650 555 00 01").await, [berta], "in any notation");

    stage.write(ANNA, "wamid.a2", "it is me", 11).await;
    let open = stage.owned(agent).await;
    assert_eq!((open.len(), open[0].contact.id), (1, berta), "identity is followed after a merge");
    stage.done(agent, open[0].id, 12).await;

    part(&stage, merged.id, 20).await.expect("parts");
    assert_eq!(looked_for(&stage, ANNA).await, [anna]);
    let (code, _) = why(part(&stage, merged.id, 21).await);
    assert_eq!(code, ProblemCode::NotFound);
    let after = picture(&stage).await;
    // Since when she is called so is news of her own.
    let called = format!("name phone{ANNA}");
    let changed = |line: &&String| {
        !after.contains(line) && !line.starts_with("contact con") && !line.starts_with(&called)
    };
    assert_eq!(before.iter().filter(changed).collect::<Vec<_>>(), Vec::<&String>::new());
    stage.write(ANNA, "wamid.a3", "me again", 22).await;
    assert_eq!(last_contact(&stage, agent).await, anna);
}

#[tokio::test]
async fn answers_go_to_the_number_that_wrote_and_not_to_the_newer_one() {
    let stage = Stage::new().await;
    let agent = stage.agent("agent", 5).await;
    stage.ready(agent, 1).await;
    stage.write(ANNA, "wamid.a", "hello", 2).await;
    let anna = last_contact(&stage, agent).await;
    let mut change = stage.store.begin().await.expect("begins");
    let new = NewContact { phone: format!("+{BERTA}"), content: ContactContent::default() };
    let by_hand = changing::create(&mut change, &new, Phones::default(), at(5)).await.expect("makes").id;
    change.commit().await.expect("commits");
    let before = picture(&stage).await;
    for (from, into) in [(anna, by_hand), (by_hand, anna)] {
        let merged = unite(&stage, agent, (from, into), 10).await.expect("unites");
        assert_eq!(merged.contact.whatsapp.phone.as_deref(), Some(ANNA), "the other never wrote");
        part(&stage, merged.id, 11).await.expect("parts");
        let stands = |line: &String| line.starts_with("name ");
        let names = |lines: &[String]| lines.iter().filter(|line| stands(line)).cloned().collect::<Vec<_>>();
        assert_eq!(names(&picture(&stage).await), names(&before));
    }
}

#[tokio::test]
async fn of_two_who_never_wrote_the_one_who_stays_keeps_the_number_and_is_found_by_both_names() {
    let stage = Stage::new().await;
    let agent = stage.agent("agent", 5).await;
    let mut made = Vec::new();
    for (number, (phone, name)) in [(BERTA, "Berta Stays"), (ANNA, "Anna Goes")].into_iter().enumerate() {
        let content = ContactContent { name: Some(name.to_owned()), ..ContactContent::default() };
        let new = NewContact { phone: format!("+{phone}"), content };
        let mut change = stage.store.begin().await.expect("begins");
        let seconds = i64::try_from(number).expect("a few");
        let contact =
            changing::create(&mut change, &new, Phones::default(), at(seconds)).await.expect("makes");
        change.commit().await.expect("commits");
        made.push(contact.id);
    }
    let merged = unite(&stage, agent, (made[1], made[0]), 10).await.expect("unites");
    assert_eq!(merged.contact.id, made[0]);
    assert_eq!(merged.contact.whatsapp.phone.as_deref(), Some(BERTA), "though the other is the newer one");
    for words in ["Stays", "anna go"] {
        assert_eq!(looked_for(&stage, words).await, [made[0]], "{words}");
    }
    part(&stage, merged.id, 20).await.expect("parts");
    assert_eq!(looked_for(&stage, "anna go").await, [made[1]]);
}

#[tokio::test]
async fn whoever_stays_keeps_the_name_they_go_by() {
    let stage = Stage::new().await;
    let agent = stage.agent("agent", 5).await;
    stage.ready(agent, 1).await;
    let (anna, berta) = two(&stage, agent).await;
    let calls = async |contact, house: Option<&str>, own: Option<&str>, user: Option<&str>| {
        let mut change = stage.store.begin().await.expect("begins");
        contacts::set_said(change.db(), contact, (house, None)).await.expect("writes");
        sqlx::query("UPDATE contacts SET profile_name = $2, user_name = $3 WHERE id = $1")
            .bind(contact.to_string())
            .bind(own)
            .bind(user)
            .execute(change.db())
            .await
            .expect("writes");
        change.commit().await.expect("commits");
    };
    calls(anna, Some("Dr. Anna"), Some("Annie"), None).await;
    for (number, (house, own, user, title)) in [
        (None, Some("Berta"), None, "Berta"),
        (Some("Mrs. B"), None, None, "Mrs. B"),
        (None, None, Some("berta.b"), "@berta.b"),
    ]
    .into_iter()
    .enumerate()
    {
        let seconds = 10 + 2 * i64::try_from(number).expect("few");
        calls(berta, house, own, user).await;
        let before = picture(&stage).await;
        let merged = unite(&stage, agent, (anna, berta), seconds).await.expect("unites");
        assert_eq!(merged.contact.title(), title);
        part(&stage, merged.id, seconds + 1).await.expect("parts");
        let after = picture(&stage).await;
        let names = |lines: Vec<String>| {
            lines.into_iter().filter(|line| line.starts_with("contact ")).collect::<Vec<_>>()
        };
        assert_eq!(names(after), names(before));
        calls(berta, None, None, None).await;
    }
    let merged = unite(&stage, agent, (anna, berta), 20).await.expect("unites");
    assert_eq!(merged.contact.title(), "Dr. Anna", "whoever has none gets the other's");
}

#[tokio::test]
async fn owners_hear_and_what_came_later_stays() {
    let stage = Stage::new().await;
    let agent = stage.agent("agent", 5).await;
    stage.ready(agent, 1).await;
    let (anna, berta) = two(&stage, agent).await;
    stage.write(ANNA, "wamid.a2", "hello again", 6).await;
    let open = stage.owned(agent).await[0].id;
    let merged = unite(&stage, agent, (anna, berta), 10).await.expect("unites");
    let feed = stage.feed(agent).await;
    assert!(
        feed.iter().any(|event| matches!(event, Event::ContactChanged { contact } if contact.id == berta))
    );
    assert_eq!(stage.interaction(open).await.contact.id, berta);
    let is_told_anew = |event: &&Event| matches!(event, Event::InteractionAdded { interaction, older: true, .. } if interaction.contact.id == berta);
    assert_eq!(feed.iter().filter(is_told_anew).count(), 1, "with what was said to either");

    let mut change = stage.store.begin().await.expect("begins");
    let later = ContactAttribute { key: "Segment".to_owned(), value: "Gold".to_owned() };
    attributes::set(change.db(), berta, std::slice::from_ref(&later)).await.expect("sets");
    change.commit().await.expect("commits");
    part(&stage, merged.id, 20).await.expect("parts");
    assert_eq!(stage.interaction(open).await.contact.id, anna, "what came goes back, live or not");
    let mut read = stage.store.read().await.expect("reads");
    let contact = contacts::get(read.db(), berta).await.expect("reads");
    assert_eq!((contact.attributes, contact.whatsapp.phone.as_deref()), (vec![later], Some(BERTA)));
}

#[tokio::test]
async fn a_session_that_began_on_the_name_that_goes_back_goes_with_it() {
    let stage = Stage::new().await;
    let agent = stage.agent("agent", 5).await;
    stage.ready(agent, 1).await;
    let (anna, berta) = two(&stage, agent).await;
    let merged = unite(&stage, agent, (berta, anna), 10).await.expect("unites");
    assert_eq!(merged.contact.whatsapp.phone.as_deref(), Some(BERTA));
    stage.write(BERTA, "wamid.b2", "hello", 11).await;
    let open = stage.owned(agent).await[0].id;
    assert_eq!(stage.interaction(open).await.contact.id, anna);
    part(&stage, merged.id, 20).await.expect("parts");
    assert_eq!(stage.interaction(open).await.contact.id, berta, "an answer must not reach somebody else");
}

#[tokio::test]
async fn what_could_not_be_taken_apart_again_is_not_made_one() {
    let stage = Stage::new().await;
    let agent = stage.agent("agent", 5).await;
    stage.ready(agent, 1).await;
    let (anna, berta) = two(&stage, agent).await;
    assert_eq!(why(unite(&stage, agent, (anna, anna), 5).await).0, ProblemCode::Conflict);
    let nobody = ContactId::new(at(0), [9; 10]);
    assert_eq!(why(unite(&stage, agent, (nobody, anna), 5).await).0, ProblemCode::NotFound);

    stage.write(ANNA, "wamid.a2", "hello", 6).await;
    stage.write(BERTA, "wamid.b2", "hello", 6).await;
    let before = picture(&stage).await;
    let (code, detail) = why(unite(&stage, agent, (anna, berta), 7).await);
    assert_eq!(code, ProblemCode::Conflict);
    assert!(detail.contains("under way"), "{detail}");
    assert_eq!(picture(&stage).await, before);

    for one in stage.owned(agent).await {
        stage.done(agent, one.id, 8).await;
    }
    let mut change = stage.store.begin().await.expect("begins");
    changing::block(&mut change, anna, true, at(9)).await.expect("blocks");
    change.commit().await.expect("commits");
    let (code, detail) = why(unite(&stage, agent, (anna, berta), 9).await);
    assert_eq!((code, detail.contains("blocked")), (ProblemCode::Conflict, true));
}

#[tokio::test]
async fn merges_are_taken_apart_from_the_last_one_on() {
    let stage = Stage::new().await;
    let agent = stage.agent("agent", 5).await;
    stage.ready(agent, 1).await;
    let (anna, berta) = two(&stage, agent).await;
    stage.write("16505550003", "wamid.c", "hello", 6).await;
    let carla = last_contact(&stage, agent).await;
    let before = picture(&stage).await;
    let first = unite(&stage, agent, (anna, berta), 10).await.expect("unites");
    let second = unite(&stage, agent, (berta, carla), 11).await.expect("unites");
    assert_eq!(why(part(&stage, first.id, 12).await).0, ProblemCode::Conflict);
    part(&stage, second.id, 13).await.expect("parts");
    part(&stage, first.id, 14).await.expect("parts");
    assert_eq!(picture(&stage).await, before);
}

/// Somebody, at random: names of each kind and since when, what is said of them, and how many sessions they have had.
#[derive(Debug, Clone)]
struct Somebody {
    user_id: Option<i64>,
    since: i64,
    said: (Option<String>, Option<String>),
    details: Vec<(usize, String)>,
    attributes: Vec<(String, String)>,
    favourite: bool,
    sessions: usize,
}

fn somebody() -> impl Strategy<Value = Somebody> {
    (
        prop::option::of(0_i64..20),
        0_i64..20,
        (prop::option::of("[A-C]"), prop::option::of("[a-c]")),
        prop::collection::vec((0_usize..3, "[a-c]{1,2}".prop_map(String::from)), 0..4),
        prop::collection::btree_map("[K-M]", "[a-b]", 0..3),
        any::<bool>(),
        0_usize..3,
    )
        .prop_map(|(user_id, since, said, details, attributes, favourite, sessions)| Somebody {
            user_id,
            since,
            said,
            details,
            attributes: attributes.into_iter().collect(),
            favourite,
            sessions,
        })
}

/// Has somebody be as they are, and gives who they are.
async fn be(stage: &Stage, agent: AgentId, one: &Somebody, phone: &str, is_live: bool) -> ContactId {
    for session in 0..=one.sessions {
        stage.write(phone, &format!("wamid.{phone}.{session}"), "hello", one.since).await;
        let open = stage
            .owned(agent)
            .await
            .into_iter()
            .find(|open| open.contact.whatsapp.phone.as_deref() == Some(phone));
        let open = open.expect("is open");
        if session < one.sessions || !is_live {
            stage.done(agent, open.id, 30).await;
        }
    }
    let mut change = stage.store.begin().await.expect("begins");
    let called = WhatsAppId { user_id: None, phone: Some(phone.to_owned()) };
    let id = contacts::holders(change.db(), &called).await.expect("reads").1.expect("somebody").contact;
    if let Some(since) = one.user_id {
        let called = WhatsAppId { user_id: Some(format!("US.{phone}")), phone: None };
        contacts::call(change.db(), id, &called, at(since)).await.expect("calls");
    }
    contacts::set_said(change.db(), id, (one.said.0.as_deref(), one.said.1.as_deref())).await.expect("says");
    for (kind, value) in &one.details {
        let kind = [DetailKind::Email, DetailKind::Company, DetailKind::Address][*kind];
        let detail = ContactDetail { kind, value: value.clone(), name: None };
        details::add(change.db(), id, &detail, value).await.expect("adds");
    }
    let known: Vec<_> = one
        .attributes
        .iter()
        .map(|(key, value)| ContactAttribute { key: key.clone(), value: value.clone() })
        .collect();
    attributes::set(change.db(), id, &known).await.expect("sets");
    directory::refresh(change.db(), id).await.expect("writes the line");
    change.commit().await.expect("commits");
    id
}

#[test]
fn to_merge_and_to_take_apart_again_changes_nothing() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut runner = TestRunner::new(ProptestConfig::with_cases(24));
    let tried = runner.run(&(somebody(), somebody(), any::<bool>()), |(one, other, is_live)| {
        runtime.block_on(async {
            let stage = Stage::new().await;
            let agent = stage.agent("agent", 5).await;
            stage.ready(agent, 1).await;
            let from = be(&stage, agent, &one, ANNA, is_live).await;
            let into = be(&stage, agent, &other, BERTA, !is_live).await;
            let mut change = stage.store.begin().await.expect("begins");
            let wanted: Vec<_> = [(from, one.favourite), (into, other.favourite)]
                .into_iter()
                .filter(|(_, is)| *is)
                .map(|(id, _)| id)
                .collect();
            set_favourites(change.db(), agent, &wanted).await.expect("keeps");
            change.commit().await.expect("commits");
            let before = picture(&stage).await;
            let merged = unite(&stage, agent, (from, into), 50).await.expect("unites");
            let all = DirectoryQuery { limit: 50, ..DirectoryQuery::default() };
            let mut read = stage.store.read().await.expect("reads");
            let found = page(&mut read, agent, &all, Phones::default()).await.expect("a page");
            drop(read);
            prop_assert_eq!(found.entries.len(), 1);
            part(&stage, merged.id, 60).await.expect("parts");
            prop_assert_eq!(picture(&stage).await, before);
            Ok(())
        })
    });
    tried.expect("nothing changes");
}
