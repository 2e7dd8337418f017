//! Who may change what, what becomes of it on others' desktops, and what is refused.

use waxwing_protocol::{
    event::Event,
    id::{CategoryId, ResponseId},
    library::{Favourites, LibraryPage, LibraryQuery, PutCategory, PutResponse},
    response::{ResponseContent, StandardResponse},
};

use super::{
    categories::{delete as delete_category, put as put_category},
    responses::{delete, put, versions},
    *,
};
use crate::{
    handling::stage::{Stage, at},
    store::library as kept,
};

mod exchange;
mod files;
mod used;

fn response(seed: u8) -> ResponseId {
    ResponseId::new(at(0), [seed; 10])
}

fn category(seed: u8) -> CategoryId {
    CategoryId::new(at(0), [seed; 10])
}

fn shared(name: &str) -> ResponseContent {
    ResponseContent {
        name: name.to_owned(),
        body: "Thank you, <$Contact.FirstName$>.".to_owned(),
        active: true,
        ..ResponseContent::default()
    }
}

fn own(name: &str, owner: AgentId) -> ResponseContent {
    ResponseContent { owner: Some(owner), ..shared(name) }
}

fn code(refused: Refusal) -> ProblemCode {
    match refused {
        Refusal::Problem(problem) => problem.code,
        Refusal::Store(error) => panic!("{error}"),
    }
}

impl Stage {
    async fn writes(
        &self,
        agent: AgentId,
        seed: u8,
        (based_on, content): (u32, ResponseContent),
    ) -> Result<StandardResponse, Refusal> {
        let mut change = self.store.begin().await.expect("begins");
        let wanted = PutResponse { based_on, content };
        let written = put(&mut change, agent, (response(seed), &wanted), at(10)).await?;
        change.commit().await.expect("commits");
        Ok(written)
    }

    async fn removes(&self, agent: AgentId, seed: u8) -> Result<(), Refusal> {
        let mut change = self.store.begin().await.expect("begins");
        delete(&mut change, agent, response(seed), at(20)).await?;
        change.commit().await.expect("commits");
        Ok(())
    }

    async fn shelves(&self, agent: AgentId, seed: u8, name: &str, parent: Option<u8>) -> Result<(), Refusal> {
        let mut change = self.store.begin().await.expect("begins");
        let wanted = PutCategory { parent: parent.map(category), name: name.to_owned() };
        put_category(&mut change, agent, (category(seed), &wanted), at(10)).await?;
        change.commit().await.expect("commits");
        Ok(())
    }

    async fn page(&self, agent: AgentId, after: u64) -> LibraryPage {
        self.page_of(agent, after, 1_000).await
    }

    async fn page_of(&self, agent: AgentId, after: u64, things: u32) -> LibraryPage {
        let epoch = self.store.epoch();
        let mut read = self.store.read().await.expect("reads");
        let query = LibraryQuery { after, epoch: Some(epoch) };
        sync::page(&mut read, agent, query, (epoch, things)).await.expect("reads")
    }

    async fn revision(&self) -> u64 {
        kept::revision(self.store.read().await.expect("reads").db()).await.expect("reads")
    }

    /// The numbers that an agent was told of.
    async fn told(&self, agent: AgentId) -> Vec<u64> {
        let number = |event| match event {
            Event::LibraryChanged { revision } => Some(revision),
            _ => None,
        };
        self.feed(agent).await.into_iter().filter_map(number).collect()
    }
}

fn names(page: &LibraryPage) -> Vec<&str> {
    page.responses.iter().map(|response| &*response.content.name).collect()
}

#[tokio::test]
async fn what_is_everybodys_is_for_leads_and_what_is_an_agents_own_is_for_nobody_else() {
    let stage = Stage::new().await;
    let (lead, masha, pasha) =
        (stage.lead("lead").await, stage.agent("masha", 5).await, stage.agent("pasha", 5).await);
    let refused = stage.writes(masha, 1, (0, shared("Thanks"))).await.expect_err("not hers to write");
    assert_eq!(code(refused), ProblemCode::NotAllowed);
    let refused = stage.shelves(masha, 1, "Orders", None).await.expect_err("not hers to make");
    assert_eq!(code(refused), ProblemCode::NotAllowed);
    stage.writes(lead, 1, (0, shared("Thanks"))).await.expect("writes");
    let written = stage.writes(masha, 2, (0, own("Mine", masha))).await.expect("writes");
    assert_eq!((written.version, &*written.changed_by, written.changed_at), (1, "MASHA", at(10)));
    let refused = stage.writes(masha, 3, (0, own("His", pasha))).await.expect_err("for somebody else");
    assert_eq!(code(refused), ProblemCode::NotAllowed);

    for other in [pasha, lead] {
        let refused = stage.writes(other, 2, (1, own("Stolen", other))).await.expect_err("not theirs");
        assert_eq!(code(refused), ProblemCode::NotFound);
        assert_eq!(code(stage.removes(other, 2).await.expect_err("not theirs")), ProblemCode::NotFound);
        let mut read = stage.store.read().await.expect("reads");
        let refused = versions(&mut read, other, response(2)).await.expect_err("not theirs");
        assert_eq!(code(refused), ProblemCode::NotFound);
    }
    let refused = stage.removes(masha, 1).await.expect_err("not hers");
    assert_eq!(code(refused), ProblemCode::NotAllowed);
    let refused = stage.writes(masha, 1, (1, own("Taken", masha))).await.expect_err("not hers to take");
    assert_eq!(code(refused), ProblemCode::NotAllowed);

    assert_eq!(names(&stage.page(masha, 0).await), ["Thanks", "Mine"]);
    assert_eq!(names(&stage.page(pasha, 0).await), ["Thanks"]);
    assert_eq!((stage.told(masha).await, stage.told(pasha).await), (vec![1, 2], vec![1]));
}

#[tokio::test]
async fn the_same_change_is_done_once_and_another_ones_is_not_overwritten() {
    let stage = Stage::new().await;
    let (ana, ben) = (stage.lead("ana").await, stage.lead("ben").await);
    let first = stage.writes(ana, 1, (0, shared("Thanks"))).await.expect("writes");
    assert_eq!(stage.writes(ana, 1, (0, shared(" Thanks "))).await.expect("is done"), first);
    let second = stage.writes(ana, 1, (1, shared("Many thanks"))).await.expect("changes");
    assert_eq!(stage.writes(ana, 1, (1, shared("Many thanks"))).await.expect("is done"), second);
    assert_eq!((first.version, second.version, stage.told(ben).await), (1, 2, vec![1, 2]));

    let refused = stage.writes(ben, 1, (1, shared("Cheers"))).await.expect_err("he has not seen hers");
    let Refusal::Problem(problem) = refused else { panic!("{refused:?}") };
    assert_eq!(problem.code, ProblemCode::Conflict);
    assert!(problem.detail.contains("ANA"), "{problem}");
    stage.writes(ben, 1, (2, shared("Cheers"))).await.expect("changes");
    let mut read = stage.store.read().await.expect("reads");
    let history = versions(&mut read, ben, response(1)).await.expect("reads").versions;
    let told: Vec<_> =
        history.iter().map(|one| (one.version, &*one.content.name, &*one.changed_by)).collect();
    assert_eq!(told, [(3, "Cheers", "BEN"), (2, "Many thanks", "ANA"), (1, "Thanks", "ANA")]);
    drop(read);

    stage.removes(ana, 1).await.expect("removes");
    stage.removes(ana, 1).await.expect("is gone already");
    assert_eq!(stage.told(ben).await, [1, 2, 3, 4]);
    let refused = stage.writes(ben, 1, (3, shared("Back"))).await.expect_err("it is gone");
    assert_eq!(code(refused), ProblemCode::Conflict);
    let refused = stage.writes(ben, 9, (3, shared("Never"))).await.expect_err("it never was");
    assert_eq!(code(refused), ProblemCode::NotFound);
    assert_eq!(code(stage.removes(ben, 9).await.expect_err("it never was")), ProblemCode::NotFound);
    assert_eq!(stage.count("SELECT COUNT(*) FROM response_versions").await, 0);
}

#[tokio::test]
async fn no_agent_sees_two_responses_with_one_shortcut() {
    let stage = Stage::new().await;
    let (lead, masha, pasha) =
        (stage.lead("lead").await, stage.agent("masha", 5).await, stage.agent("pasha", 5).await);
    let with = |content: ResponseContent, shortcut: &str| {
        (0, ResponseContent { shortcut: Some(shortcut.to_owned()), ..content })
    };
    stage.writes(lead, 1, with(shared("Thanks"), "ty")).await.expect("writes");
    stage.writes(masha, 2, with(own("Mine", masha), "me")).await.expect("writes");
    stage.writes(pasha, 3, with(own("Mine too", pasha), "ME")).await.expect("another agent's is no matter");
    for (agent, content) in
        [(lead, shared("x")), (masha, own("x", masha)), (pasha, own("x", pasha)), (lead, own("x", lead))]
    {
        let refused = stage.writes(agent, 4, with(content, "Ty")).await.expect_err("is taken");
        let Refusal::Problem(problem) = refused else { panic!("{refused:?}") };
        assert_eq!(problem.code, ProblemCode::UnacceptableBody);
        assert!(problem.detail.contains("“Thanks”"), "{problem}");
    }
    let refused = stage.writes(masha, 4, with(own("x", masha), "me")).await.expect_err("is hers already");
    assert_eq!(code(refused), ProblemCode::UnacceptableBody);
    stage.removes(lead, 1).await.expect("removes");
    stage.writes(pasha, 4, with(own("x", pasha), "ty")).await.expect("is free again");
}

#[tokio::test]
async fn what_can_not_stand_in_the_library_is_refused() {
    let stage = Stage::new().await;
    let lead = stage.lead("lead").await;
    for content in [
        ResponseContent { name: " ".to_owned(), ..shared("") },
        ResponseContent { body: String::new(), ..shared("Nothing") },
        ResponseContent { category: Some(category(1)), ..shared("Nowhere") },
    ] {
        let refused = stage.writes(lead, 1, (0, content)).await.expect_err("is refused");
        assert_eq!(code(refused), ProblemCode::UnacceptableBody);
    }
    let outdated = ResponseContent { active: false, expires_at: Some(at(-5)), ..shared("Summer") };
    stage.writes(lead, 1, (0, outdated)).await.expect("what is not offered is still looked after");
    assert_eq!(names(&stage.page(lead, 0).await), ["Summer"]);
}

#[tokio::test]
async fn categories_make_a_tree_and_what_stood_in_one_moves_up() {
    let stage = Stage::new().await;
    let (lead, masha) = (stage.lead("lead").await, stage.agent("masha", 5).await);
    stage.shelves(lead, 1, " Orders ", None).await.expect("makes");
    stage.shelves(lead, 2, "Delivery", Some(1)).await.expect("makes");
    stage.shelves(lead, 3, "Late", Some(2)).await.expect("makes");
    stage.shelves(lead, 4, "Late", Some(1)).await.expect("another place, the same name");
    for (seed, name, parent) in [
        (1, "Orders", Some(3)),
        (1, "Orders", Some(1)),
        (5, "Late", Some(2)),
        (5, "x", Some(9)),
        (5, "\n", None),
    ] {
        let refused = stage.shelves(lead, seed, name, parent).await.expect_err("is refused");
        assert_eq!(code(refused), ProblemCode::UnacceptableBody, "{seed} {name} {parent:?}");
    }
    for (seed, place) in [(1, 2), (2, 3), (3, 4)] {
        let content = ResponseContent { category: Some(category(place)), ..shared("x") };
        stage.writes(lead, seed, (0, content)).await.expect("writes");
    }
    let before = stage.revision().await;
    stage.shelves(lead, 4, "Late", Some(1)).await.expect("is so already");
    assert_eq!(stage.revision().await, before);

    let mut change = stage.store.begin().await.expect("begins");
    delete_category(&mut change, lead, category(2), at(20)).await.expect("removes");
    change.commit().await.expect("commits");
    let page = stage.page(masha, before).await;
    assert_eq!(page.categories_removed, [category(2), category(3)], "the two of one name are one");
    let places: Vec<_> = page
        .responses
        .iter()
        .map(|response| (response.id, response.content.category, response.version))
        .collect();
    let (orders, late) = (Some(category(1)), Some(category(4)));
    assert_eq!(places, [(response(1), orders, 1), (response(2), late, 1)]);
    let told = stage.told(masha).await;
    assert_eq!(told.last(), Some(&stage.revision().await));
    let mut change = stage.store.begin().await.expect("begins");
    delete_category(&mut change, lead, category(2), at(21)).await.expect("is gone already");
    let refused = delete_category(&mut change, masha, category(1), at(21)).await.expect_err("not hers");
    assert_eq!(code(refused), ProblemCode::NotAllowed);
    let refused = delete_category(&mut change, lead, category(9), at(21)).await.expect_err("never was");
    assert_eq!(code(refused), ProblemCode::NotFound);
}

#[tokio::test]
async fn a_desktop_that_asks_page_by_page_holds_everything_it_may_see() {
    let stage = Stage::new().await;
    let (lead, masha) = (stage.lead("lead").await, stage.agent("masha", 5).await);
    stage.shelves(lead, 1, "Orders", None).await.expect("makes");
    for seed in 1..=7 {
        let content = ResponseContent { category: Some(category(1)), ..shared("x") };
        stage.writes(lead, seed, (0, content)).await.expect("writes");
    }
    for seed in 8..=12 {
        stage.writes(masha, seed, (0, own("x", masha))).await.expect("writes");
    }
    for (agent, count) in [(lead, 7), (masha, 12)] {
        let (mut held, mut after, mut pages) = (Vec::new(), 0, 0);
        loop {
            let page = stage.page_of(agent, after, 3).await;
            assert_eq!(page.whole, after == 0);
            assert!(page.categories.len() + page.responses.len() <= 3);
            held.extend(page.responses.into_iter().map(|response| response.id));
            (after, pages) = (page.next, pages + 1);
            if !page.more {
                break;
            }
        }
        assert_eq!(held, (1..=count).map(response).collect::<Vec<_>>());
        assert_eq!((after, pages), (stage.revision().await, (usize::from(count) + 1).div_ceil(3)));
    }
    let page = stage.page(masha, stage.revision().await).await;
    assert_eq!((page.responses.len(), page.whole, page.more), (0, false, false));

    // What bears the same number comes together.
    let mut change = stage.store.begin().await.expect("begins");
    sqlx::query("UPDATE responses SET revision = 3").execute(change.db()).await.expect("writes");
    change.commit().await.expect("commits");
    let page = stage.page_of(masha, 1, 3).await;
    assert_eq!((page.responses.len(), page.next), (12, 3));
    assert!(!stage.page_of(masha, page.next, 3).await.more);
}

#[tokio::test]
async fn what_is_gone_or_no_longer_theirs_goes_from_desktops() {
    let stage = Stage::new().await;
    let (lead, masha) = (stage.lead("lead").await, stage.agent("masha", 5).await);
    for seed in 1..=3 {
        stage.writes(lead, seed, (0, shared("x"))).await.expect("writes");
    }
    stage.writes(lead, 4, (0, own("secret", lead))).await.expect("writes");
    let held = stage.page(masha, 0).await.next;
    stage.removes(lead, 1).await.expect("removes");
    stage.writes(lead, 2, (1, own("x", lead))).await.expect("takes it to herself");
    stage.writes(lead, 4, (1, own("still secret", lead))).await.expect("changes");
    let page = stage.page(masha, held).await;
    assert_eq!((page.responses_removed, page.responses.len()), (vec![response(1), response(2)], 0));
    let page = stage.page(lead, held).await;
    assert_eq!((&page.responses_removed[..], names(&page)), (&[response(1)][..], vec!["x", "still secret"]));
    let page = stage.page(masha, 0).await;
    assert_eq!(
        (page.responses_removed.len(), page.responses.len()),
        (0, 1),
        "a whole one tells what is there"
    );
    let mut read = stage.store.read().await.expect("reads");
    for query in [
        LibraryQuery { after: held, epoch: None },
        LibraryQuery { after: held, epoch: Some(stage.store.epoch() ^ 1) },
        LibraryQuery { after: 1_000, epoch: Some(stage.store.epoch()) },
    ] {
        let page = sync::page(&mut read, masha, query, (stage.store.epoch(), 1_000)).await.expect("reads");
        assert!(page.whole && page.responses.len() == 1, "{query:?}");
    }
}
