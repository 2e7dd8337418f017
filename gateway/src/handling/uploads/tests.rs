//! Which piece is wanted, whose file it is, and what is refused.

use waxwing_protocol::{id::ClientRef, upload::PIECE_BYTES};

use super::*;
use crate::handling::stage::{Stage, at};

fn wanted(seed: u8) -> BeginUpload {
    BeginUpload {
        client_ref: ClientRef::new(at(0), [seed; 10]),
        kind: MediaKind::Document,
        file_name: "offer.pdf".to_owned(),
        size_bytes: PIECE_BYTES + 1,
        sha256: "0a".repeat(32),
    }
}

/// An agent with one interaction.
async fn play() -> (Stage, AgentId, InteractionId) {
    let stage = Stage::new().await;
    let masha = stage.agent("masha", 5).await;
    stage.ready(masha, 1).await;
    stage.write("15550000001", "wamid.1", "hello", 2).await;
    let interaction = stage.owned(masha).await[0].id;
    (stage, masha, interaction)
}

async fn begun(
    stage: &Stage,
    agent: AgentId,
    to: InteractionId,
    wanted: &BeginUpload,
) -> Result<Coming, Refusal> {
    let mut change = stage.store.begin().await.expect("begins");
    let coming = begin(&mut change, agent, (Some(to), wanted), at(10)).await?;
    change.commit().await.expect("commits");
    Ok(coming)
}

fn code(refused: Refusal) -> ProblemCode {
    match refused {
        Refusal::Problem(problem) => problem.code,
        Refusal::Store(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn the_same_reference_is_the_same_file_for_its_agent_alone() {
    let (stage, masha, interaction) = play().await;
    let boris = stage.agent("boris", 5).await;
    let first = begun(&stage, masha, interaction, &wanted(1)).await.expect("begins");
    let again = begun(&stage, masha, interaction, &wanted(1)).await.expect("is known");
    assert_eq!(first, again);
    let foreign = begun(&stage, boris, interaction, &wanted(2)).await.expect_err("not theirs");
    assert_eq!(code(foreign), ProblemCode::NotFound);
    assert_eq!(code(theirs(Some(first.clone()), boris).expect_err("not theirs")), ProblemCode::NotFound);
    stage.ready(boris, 11).await;
    stage.write("15550000002", "wamid.2", "hello", 12).await;
    let other = match stage.owned(boris).await.first() {
        Some(interaction) => (boris, interaction.id),
        None => (masha, stage.owned(masha).await[1].id),
    };
    let taken = begun(&stage, other.0, other.1, &wanted(1)).await.expect_err("another file");
    assert_eq!(code(taken), ProblemCode::Conflict);
}

#[tokio::test]
async fn what_can_not_be_sent_is_refused_before_its_first_byte() {
    let (stage, masha, interaction) = play().await;
    let like = wanted(1);
    for (wanted, expected) in [
        (BeginUpload { size_bytes: 0, ..like.clone() }, ProblemCode::UnacceptableBody),
        (BeginUpload { size_bytes: FILE_BYTES_BELOW, ..like.clone() }, ProblemCode::TooLarge),
        (BeginUpload { size_bytes: u64::MAX, ..like.clone() }, ProblemCode::TooLarge),
        (BeginUpload { sha256: "0a".repeat(31), ..like.clone() }, ProblemCode::UnacceptableBody),
        (BeginUpload { sha256: "ä".repeat(32), ..like.clone() }, ProblemCode::UnacceptableBody),
        (BeginUpload { file_name: "x".repeat(1025), ..like.clone() }, ProblemCode::UnacceptableBody),
        (BeginUpload { kind: MediaKind::Unknown, ..like.clone() }, ProblemCode::UnacceptableBody),
    ] {
        let refused = begun(&stage, masha, interaction, &wanted).await.expect_err("is refused");
        assert_eq!(code(refused), expected, "{wanted:?}");
    }
    let largest = BeginUpload { size_bytes: FILE_BYTES_BELOW - 1, ..like };
    assert!(begun(&stage, masha, interaction, &largest).await.is_ok());
}

#[tokio::test]
async fn fifty_files_wait_and_not_one_more() {
    let (stage, masha, interaction) = play().await;
    for seed in 1..=50 {
        begun(&stage, masha, interaction, &wanted(seed)).await.expect("begins");
    }
    let refused = begun(&stage, masha, interaction, &wanted(51)).await.expect_err("too many");
    assert_eq!(code(refused), ProblemCode::Conflict);
    let first = begun(&stage, masha, interaction, &wanted(1)).await.expect("is known");
    let mut change = stage.store.begin().await.expect("begins");
    remove(&mut change, masha, first.id).await.expect("removes");
    change.commit().await.expect("commits");
    assert!(begun(&stage, masha, interaction, &wanted(51)).await.is_ok());
    let gone = begun(&stage, masha, interaction, &wanted(1)).await.expect_err("was removed");
    assert_eq!(code(gone), ProblemCode::Conflict);
}

#[tokio::test]
async fn what_was_not_sent_goes_with_its_interaction_and_after_a_week() {
    let (stage, masha, interaction) = play().await;
    let standing = async |id| {
        let mut read = stage.store.read().await.expect("reads");
        uploads::get(read.db(), id).await.expect("reads").expect("is there").standing
    };
    let first = begun(&stage, masha, interaction, &wanted(1)).await.expect("begins");
    let late = async |now| {
        let mut change = stage.store.begin().await.expect("begins");
        expire(&mut change, now).await.expect("expires");
        change.commit().await.expect("commits");
    };
    late(at(10) + KEPT_FOR).await;
    assert_eq!(standing(first.id).await, first.standing);
    late(at(11) + KEPT_FOR).await;
    assert_eq!(standing(first.id).await, Standing::Erased);
    let second = begun(&stage, masha, interaction, &wanted(2)).await.expect("begins");
    stage.done(masha, interaction, 20).await;
    assert_eq!(standing(second.id).await, Standing::Erased);
}

#[test]
fn pieces_come_in_order_and_whole() {
    let at = |next_piece| Coming {
        id: AttachmentId::new(at(0), [1; 10]),
        agent: AgentId::new(at(0), [1; 10]),
        interaction: Some(InteractionId::new(at(0), [1; 10])),
        client_ref: ClientRef::new(at(0), [1; 10]),
        kind: MediaKind::Document,
        file_name: String::new(),
        size_bytes: PIECE_BYTES + 1,
        sha256: String::new(),
        file: String::new(),
        standing: Standing::Told(UploadState::Receiving { next_piece }),
    };
    assert_eq!(arrived(&at(0), 0, PIECE_BYTES).ok(), Some(Arrived::Wanted));
    assert_eq!(arrived(&at(1), 0, 7).ok(), Some(Arrived::Known));
    assert_eq!(arrived(&at(1), 1, 1).ok(), Some(Arrived::Wanted));
    assert_eq!(arrived(&at(2), 1, 1).ok(), Some(Arrived::Known));
    for (next, piece, length, expected) in [
        (0, 0, PIECE_BYTES - 1, ProblemCode::BadRequest),
        (1, 1, PIECE_BYTES, ProblemCode::BadRequest),
        (0, 1, 1, ProblemCode::Conflict),
        (0, 2, 1, ProblemCode::BadRequest),
        (2, u32::MAX, 1, ProblemCode::BadRequest),
    ] {
        assert_eq!(code(arrived(&at(next), piece, length).expect_err("is refused")), expected);
    }
    assert!(is_complete(&at(2)) && !is_complete(&at(1)));
}
