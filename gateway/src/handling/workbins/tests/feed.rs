//! What desktops are told of what lies somewhere: all of it, nothing else, and no more than has changed.

use super::*;

#[tokio::test]
async fn changes_tell_each_agent_what_they_may_see_and_what_went() {
    let (stage, masha, id) = answered().await;
    let (pasha, chief) = (stage.agent("pasha", 5).await, stage.lead("chief").await);
    stage.rule(SessionRules::default(), &rules(r#"workbins = [{ name = "Late" }]"#)).await;
    let begun = stage.changes(pasha, 0, None).await;
    assert!(begun.whole && begun.places.is_some() && begun.items.is_empty() && !begun.more);
    let led = stage.changes(chief, 0, None).await;
    assert_ne!(led.view, begun.view);

    let late = stage.workbin("Late").await;
    stage.put_away(masha, id, &into(Some(late)), 30).await.expect("moves");
    let told = stage.changes(pasha, begun.next, Some(begun.view)).await;
    assert!(!told.whole && told.places.is_none());
    let [item] = &*told.items else { panic!("{told:?}") };
    assert_eq!((item.place, item.unread), (Place::Workbin { workbin: late }, 0));
    assert_eq!(item.last.as_ref().map(|last| (&*last.line, last.by_contact)), Some(("there", false)));
    assert_eq!(item.last_agent.as_ref().map(|agent| agent.id), Some(masha));
    assert_eq!(stage.changes(pasha, told.next, Some(told.view)).await.items, []);

    stage.take_up(masha, id, 40).await.expect("opens");
    let gone = stage.changes(pasha, told.next, Some(told.view)).await;
    assert_eq!((gone.items.len(), &*gone.gone), (0, &[id][..]));
    stage.put_away(masha, id, &into(None), 41).await.expect("moves");
    let hidden = stage.changes(pasha, gone.next, Some(gone.view)).await;
    assert_eq!((hidden.items.len(), hidden.gone.len()), (0, 1), "it once lay where they saw it");
    assert_eq!(stage.changes(chief, led.next, Some(led.view)).await.items.len(), 1);

    let rule = rules(r#"workbins = [{ name = "Late", take = ["Sales"] }]"#);
    stage.rule(SessionRules::default(), &rule).await;
    let other = stage.changes(pasha, hidden.next, Some(hidden.view)).await;
    assert!(other.whole && other.places.is_some(), "told from the beginning");
}

#[tokio::test]
async fn what_lies_is_told_again_when_it_changes_and_what_went_long_ago_is_forgotten() {
    let (stage, masha, id) = answered().await;
    stage.put_away(masha, id, &into(None), 30).await.expect("moves");
    let told = stage.changes(masha, 0, None).await;
    let mut change = stage.store.begin().await.expect("begins");
    lying::touch_of(&mut change, told.items[0].interaction.contact.id).await.expect("touches");
    change.commit().await.expect("commits");
    let again = stage.changes(masha, told.next, Some(told.view)).await;
    assert_eq!(again.items.len(), 1);
    stage.take_up(masha, id, 40).await.expect("opens");
    let mut change = stage.store.begin().await.expect("begins");
    lying::prune(change.db(), at(40 + 3 * 86_400)).await.expect("prunes");
    change.commit().await.expect("commits");
    assert_eq!(stage.changes(masha, again.next, Some(again.view)).await.gone, [id], "a day more");
    let mut change = stage.store.begin().await.expect("begins");
    lying::prune(change.db(), at(41 + 4 * 86_400)).await.expect("prunes");
    change.commit().await.expect("commits");
    let anew = stage.changes(masha, again.next, Some(again.view)).await;
    assert!(anew.whole && anew.items.is_empty());
    assert!(!stage.changes(masha, anew.next, Some(anew.view)).await.whole);
}

#[tokio::test]
async fn a_page_is_read_by_number_however_much_lies_there() {
    let (stage, masha, id) = answered().await;
    stage.put_away(masha, id, &into(None), 30).await.expect("moves");
    let steps = async |sql: &'static str| {
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(sql).fetch_all(stage.store.reader()).await.expect("explains");
        plan.into_iter().map(|(_, _, _, step)| step).collect::<Vec<_>>().join("; ")
    };
    let page = steps("EXPLAIN QUERY PLAN SELECT change, interaction_id, place, lain FROM lying WHERE change > 1 ORDER BY change LIMIT 2").await;
    assert!(page.contains("USING INTEGER PRIMARY KEY") && !page.contains("TEMP B-TREE"), "{page}");
    let last = steps(
        "EXPLAIN QUERY PLAN SELECT n.id FROM messages n WHERE n.interaction_id = '1'
         ORDER BY n.sent_at DESC, n.stored_at DESC, n.id DESC LIMIT 1",
    )
    .await;
    assert!(last.contains("messages_by_interaction") && !last.contains("TEMP B-TREE"), "{last}");
    let count = steps("EXPLAIN QUERY PLAN SELECT COUNT(*) FROM lying WHERE place = '1'").await;
    assert!(count.contains("lying_in"), "{count}");
}
