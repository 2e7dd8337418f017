//! The library goes into files and comes out of them: what is known, what is new, what is rejected, and nothing half done.

use proptest::prelude::*;
use waxwing_protocol::library::{ImportQuery, ImportReport, LibraryForm};

use super::*;
use crate::handling::library::{
    export::export,
    import::{Importer, import},
};

const FORMS: [LibraryForm; 3] = [LibraryForm::Csv, LibraryForm::Json, LibraryForm::Toml];

async fn takes(
    stage: &Stage,
    who: Importer,
    query: ImportQuery,
    file: &str,
) -> Result<ImportReport, Refusal> {
    let mut change = stage.store.begin().await.expect("begins");
    let report = import(&mut change, who, (query, file.as_bytes()), at(50)).await?;
    change.commit().await.expect("commits");
    Ok(report)
}

const fn plainly(form: LibraryForm) -> ImportQuery {
    ImportQuery { form, dry_run: false, skip_rejected: false }
}

const HOUSE: Importer = Importer::House("Operator");

async fn written(stage: &Stage, agent: Option<AgentId>, form: LibraryForm) -> String {
    let mut read = stage.store.read().await.expect("reads");
    export(&mut read, agent, form).await.expect("exports")
}

fn counts(report: &ImportReport) -> (bool, [u32; 3], Vec<u32>) {
    let rows = report.rejected.iter().map(|rejected| rejected.row).collect();
    (report.done, [report.added, report.changed, report.unchanged], rows)
}

#[tokio::test]
async fn rows_are_known_by_id_or_by_category_name_and_language() {
    let stage = Stage::new().await;
    let lead = stage.lead("lead").await;
    let who = Importer::Agent(lead);
    let file = "category,name,language,body\nOrders > Late,Sorry,en,a\nOrders > Late,Sorry,de,b\nOrders,Sorry,en,c\n";
    let csv = plainly(LibraryForm::Csv);
    let report = takes(&stage, who, csv, file).await.expect("imports");
    assert_eq!(counts(&report), (true, [3, 0, 0], vec![]));
    assert_eq!(stage.told(lead).await.len(), 1, "one word for all of it");
    let again = takes(&stage, who, csv, file).await.expect("imports");
    assert_eq!(counts(&again), (true, [0, 0, 3], vec![]));
    assert_eq!(stage.told(lead).await.len(), 1, "nothing has changed");
    let changed = takes(&stage, who, csv, &file.replace(",a\n", ",x\n")).await.expect("imports");
    assert_eq!(counts(&changed), (true, [0, 1, 2], vec![]));
    let page = stage.page(lead, 0).await;
    let mut bodies: Vec<_> =
        page.responses.iter().map(|one| (&*one.content.body, one.version, &*one.changed_by)).collect();
    bodies.sort_unstable();
    assert_eq!(bodies, [("b", 1, "LEAD"), ("c", 1, "LEAD"), ("x", 2, "LEAD")]);
    let shelves: Vec<_> = page.categories.iter().map(|category| &*category.name).collect();
    assert_eq!(shelves, ["Late", "Orders"]);

    let id = page.responses[0].id;
    let moved = format!("id,name,body,category\n{id},Renamed,x,Other\n");
    let report = takes(&stage, who, csv, &moved).await.expect("imports");
    assert_eq!(counts(&report), (true, [0, 1, 0], vec![]));
    let mut change = stage.store.begin().await.expect("begins");
    delete(&mut change, lead, id, at(60)).await.expect("removes");
    change.commit().await.expect("commits");
    let report = takes(&stage, who, csv, &moved).await.expect("imports");
    assert_eq!(counts(&report), (true, [1, 0, 0], vec![]), "what was removed comes back under its id");
}

#[tokio::test]
async fn one_bad_row_means_that_nothing_is_imported_unless_it_may_be_passed_over() {
    let stage = Stage::new().await;
    let (lead, masha) = (stage.lead("lead").await, stage.agent("masha", 5).await);
    stage.writes(masha, 1, (0, own("Hers", masha))).await.expect("writes");
    stage
        .writes(lead, 2, (0, ResponseContent { shortcut: Some("old".to_owned()), ..shared("Old") }))
        .await
        .expect("writes");
    let lines = [
        "id,category,name,shortcut,body,owner,files".to_owned(),
        ",Orders,Good,good,x,,".to_owned(),
        ",,,,x,,".to_owned(),
        ",,No body,,,,".to_owned(),
        ",a > > b,Bad place,,x,,".to_owned(),
        format!("{},,Stolen,,x,,", response(1)),
        ",,For her,,x,masha,".to_owned(),
        ",,For nobody,,x,nobody,".to_owned(),
        ",Orders,Good,,y,,".to_owned(),
        ",,Same shortcut,GOOD,x,,".to_owned(),
        ",,Known shortcut,old,x,,".to_owned(),
        r#",,No file,,x,,"[{""attachment"":""att_00000000000070000000000000000000"",""kind"":""image""}]""#
            .to_owned(),
        ",,Own,,x,lead,".to_owned(),
    ];
    let file = lines.join("\n");
    let csv = plainly(LibraryForm::Csv);
    let who = Importer::Agent(lead);
    let (before, number) = (written(&stage, None, LibraryForm::Json).await, stage.revision().await);
    let rejected: Vec<u32> = (3..=12).collect();
    let report = takes(&stage, who, csv, &file).await.expect("reports");
    assert_eq!(counts(&report), (false, [2, 0, 0], rejected.clone()));
    assert!(report.rejected.iter().all(|rejected| rejected.reason.ends_with('.')), "{report:?}");
    assert_eq!((&*report.rejected[2].name, report.rejected[0].name.len()), ("Bad place", 0));
    for dry in [csv, ImportQuery { skip_rejected: true, ..csv }] {
        let dry = ImportQuery { dry_run: true, ..dry };
        let report = takes(&stage, who, dry, &file).await.expect("reports");
        assert_eq!(counts(&report), (false, [2, 0, 0], rejected.clone()));
    }
    assert_eq!((written(&stage, None, LibraryForm::Json).await, stage.revision().await), (before, number));
    let report =
        takes(&stage, who, ImportQuery { skip_rejected: true, ..csv }, &file).await.expect("imports");
    assert_eq!(counts(&report), (true, [2, 0, 0], rejected));
    assert_eq!(names(&stage.page(lead, 0).await), ["Old", "Good", "Own"]);

    let refused = takes(&stage, Importer::Agent(masha), csv, &file).await.expect_err("not hers to do");
    assert_eq!(code(refused), ProblemCode::NotAllowed);
    let report = takes(&stage, who, csv, "colour\nred\n").await.expect("reports");
    assert_eq!(counts(&report), (false, [0, 0, 0], vec![0]));
    let house = format!("id,name,body,owner\n{},Still hers,x,Masha\n", response(1));
    let report = takes(&stage, HOUSE, csv, &house).await.expect("imports");
    assert_eq!(counts(&report), (true, [0, 1, 0], vec![]), "whoever runs the house may");
}

#[tokio::test]
async fn responses_may_swap_their_shortcuts_and_a_rejected_one_keeps_its_own() {
    let stage = Stage::new().await;
    let lead = stage.lead("lead").await;
    let json = |rows: &[(u8, &str, &str)]| {
        let rows: Vec<_> = rows
            .iter()
            .map(|(seed, shortcut, body)| {
                serde_json::json!({"id": response(*seed), "name": seed.to_string(), "shortcut": shortcut, "body": body})
            })
            .collect();
        serde_json::json!({ "responses": rows }).to_string()
    };
    let query = plainly(LibraryForm::Json);
    takes(&stage, HOUSE, query, &json(&[(1, "a", "x"), (2, "b", "x")])).await.expect("imports");
    let report = takes(&stage, HOUSE, query, &json(&[(1, "b", "x"), (2, "a", "x")])).await.expect("imports");
    assert_eq!(counts(&report), (true, [0, 2, 0], vec![]));
    // The first one can't be taken, so its shortcut does not become free for the second.
    let some = ImportQuery { skip_rejected: true, ..query };
    let report = takes(&stage, HOUSE, some, &json(&[(1, "c", ""), (2, "b", "x")])).await.expect("imports");
    assert_eq!(counts(&report), (true, [0, 0, 0], vec![1, 2]));
    let shortcuts: Vec<_> = stage
        .page(lead, 0)
        .await
        .responses
        .into_iter()
        .map(|one| one.content.shortcut.expect("one"))
        .collect();
    assert_eq!(shortcuts, ["b", "a"]);
}

#[tokio::test]
async fn an_agent_exports_what_they_see() {
    let stage = Stage::new().await;
    let (lead, masha) = (stage.lead("lead").await, stage.agent("masha", 5).await);
    stage.writes(lead, 1, (0, shared("Everybody's"))).await.expect("writes");
    stage.writes(lead, 2, (0, own("Of the lead", lead))).await.expect("writes");
    stage.writes(masha, 3, (0, own("Of Masha", masha))).await.expect("writes");
    stage.writes(lead, 4, (0, shared("Gone"))).await.expect("writes");
    stage.removes(lead, 4).await.expect("removes");
    for form in FORMS {
        for (agent, mine, other) in
            [(masha, "Of Masha", Some("Of the lead")), (lead, "Of the lead", Some("Of Masha"))]
        {
            let text = written(&stage, Some(agent), form).await;
            assert!(text.contains("Everybody's") && text.contains(mine), "{text}");
            assert!(!other.is_some_and(|other| text.contains(other)) && !text.contains("Gone"), "{text}");
        }
        let all = written(&stage, None, form).await;
        assert!(all.contains("Of Masha") && all.contains("Of the lead"), "{all}");
    }
}

/// A response as anybody might write it.
fn contents() -> impl Strategy<Value = (Vec<String>, ResponseContent, bool)> {
    let words = "(\\PC|[=+@'\"\\\\,;<>${}\\-\t\r\n#]){1,12}".prop_map(|words| format!("x{words}"));
    let names = "([=+@'\"\\\\,;>a-c-]|\\PC){1,6}".prop_filter("a name", |name| !name.trim().is_empty());
    let place = prop::collection::vec(names.prop_map(|name| name.trim().to_owned()), 0..3);
    let language = prop::option::of(prop::sample::select(vec!["en", "pt-BR", "ar"]));
    let span = prop::option::of((0..1_000_000_i64, 1..1_000_000_i64));
    let body =
        "(\\PC|[=+@'\"\\\\,;<>${}\\-\t\r\n#]){1,30}".prop_filter("something", |body| !body.trim().is_empty());
    (place, words, body, language, span, any::<[bool; 2]>()).prop_map(
        |(place, name, body, language, span, [active, is_own])| {
            let name = name.chars().filter(|c| !c.is_control()).collect();
            let content = ResponseContent {
                name,
                body,
                active,
                language: language.map(str::to_owned),
                starts_at: span.map(|(from, _)| at(from)),
                expires_at: span.map(|(from, long)| at(from + long)),
                ..ResponseContent::default()
            };
            (place, content, is_own)
        },
    )
}

/// Puts a library together by hand, with a shortcut for each response.
async fn fill(stage: &Stage, lead: AgentId, library: &[(Vec<String>, ResponseContent, bool)]) {
    for (seed, (place, content, is_own)) in (1..).zip(library) {
        let mut parent = None;
        for name in place {
            let mut change = stage.store.begin().await.expect("begins");
            let tree = tree::Tree::load(&mut change).await.expect("reads");
            let id =
                tree.named(parent, name).unwrap_or_else(|| CategoryId::new(at(0), crate::random::bytes()));
            let wanted = PutCategory { parent, name: name.clone() };
            put_category(&mut change, lead, (id, &wanted), at(10)).await.expect("makes");
            change.commit().await.expect("commits");
            parent = Some(id);
        }
        let content = ResponseContent {
            category: parent,
            shortcut: (seed % 2 == 0).then(|| format!("s{seed}")),
            owner: is_own.then_some(lead),
            ..content.clone()
        };
        stage.writes(lead, seed, (0, content)).await.expect("writes");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn what_was_exported_and_is_imported_is_the_same_library(library in prop::collection::vec(contents(), 0..6)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let (stage, other) = (Stage::new().await, Stage::new().await);
            let lead = stage.lead("lead").await;
            other.lead("lead").await;
            fill(&stage, lead, &library).await;
            let count = u32::try_from(library.len()).expect("fits");
            for form in FORMS {
                let file = written(&stage, None, form).await;
                let again = takes(&stage, HOUSE, plainly(form), &file).await.expect("imports");
                assert_eq!(counts(&again), (true, [0, 0, count], vec![]), "{form:?}: {again:?}");
                assert_eq!(written(&stage, None, form).await, file);
                let fresh = takes(&other, HOUSE, plainly(form), &file).await.expect("imports");
                assert!(fresh.done && fresh.changed == 0, "{form:?}: {fresh:?}");
                assert_eq!(written(&other, None, form).await, file, "in another gateway, too");
            }
        });
    }
}
