//! What an agent is writing, wherever they write it.
//!
//! Two machines of one agent may write in the same interaction without having heard of each other. No words are thrown away
//! then: the newer ones stand, the others are set aside for the agent to take up or to drop. These go without being set
//! aside:
//!
//! * what the writing machine had on its screen: it says so by the revision it names;
//! * what the same machine (the same sign-in) wrote before: it has replaced that itself, whether it heard of it or not. A
//!   machine's own times must rise for that; a call of its that comes late changes nothing;
//! * blanks, and what another text of the draft begins with or repeats;
//! * the oldest beyond [`MAX_ASIDE`].
//!
//! A draft lasts as long as the interaction is not done, or that can be undone. Sending does not clear it: the desktop does, since only it knows
//! whether more was typed meanwhile.

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use waxwing_protocol::{
    api::PutDraft,
    draft::{Draft, MAX_ASIDE, MAX_DRAFT_BYTES, Written},
    event::Event,
    id::{AgentId, InteractionId},
    interaction::{Interaction, Phase},
    problem::ProblemCode,
};

use super::{Refusal, outbound};
use crate::{
    auth::TokenHash,
    store::{
        Change, StoreError,
        drafts::{self, KeptDraft, KeptText},
    },
};

/// How much of a machine's name is kept, in characters.
const MAX_DEVICE: usize = 100;

/// Takes in what stands in a composer now.
pub async fn put(
    change: &mut Change,
    (agent, token): (AgentId, &TokenHash),
    id: InteractionId,
    wanted: PutDraft,
    now: DateTime<Utc>,
) -> Result<Draft, Refusal> {
    let interaction = outbound::owned(change, agent, id).await?;
    if interaction.phase == Phase::Done {
        return Err(Refusal::new(ProblemCode::Conflict, "This interaction is done."));
    }
    if wanted.written.text.len() > MAX_DRAFT_BYTES {
        return Err(Refusal::new(ProblemCode::TooLarge, "A draft may have 65,536 bytes."));
    }
    let text = tidy(change, &interaction, wanted.written, now).await?;
    let mut draft = drafts::get(change.db(), agent, id).await?.unwrap_or_default();
    let text = KeptText { written: text, writer: token.short(), revision: 0 };
    if write(&mut draft, text, wanted.based_on, &wanted.settled) {
        keep(change, agent, id, &draft, now).await?;
    }
    Ok(draft.draft())
}

/// A clock that runs ahead must not win for ever, and what is no message of this conversation can't be answered in it.
async fn tidy(
    change: &mut Change,
    interaction: &Interaction,
    mut written: Written,
    now: DateTime<Utc>,
) -> Result<Written, StoreError> {
    written.at = written.at.min(now).trunc_subsecs(3);
    written.device = written.device.chars().filter(|c| !c.is_control()).take(MAX_DEVICE).collect();
    if let Some(quote) = written.quote
        && outbound::said_with(change, interaction, quote).await?.is_none()
    {
        written.quote = None;
    }
    Ok(written)
}

async fn keep(
    change: &mut Change,
    agent: AgentId,
    id: InteractionId,
    draft: &KeptDraft,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    drafts::put(change.db(), agent, id, draft).await?;
    let event = Event::DraftChanged { interaction: id, draft: Box::new(draft.draft()) };
    change.emit(agent, &event, now).await
}

/// Takes what was written in an interaction along to the one that goes on in its place.
pub(super) async fn join(
    change: &mut Change,
    goes: InteractionId,
    stays: &Interaction,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for (agent, gone) in drafts::take(change.db(), goes).await? {
        let draft = match drafts::get(change.db(), agent, stays.id).await? {
            None => KeptDraft { revision: gone.revision + 1, ..gone },
            Some(mut draft) => {
                draft.revision = draft.revision.max(gone.revision) + 1;
                for text in gone.aside.into_iter().chain([gone.stands]) {
                    let revision = draft.revision;
                    set_aside(&mut draft, text, revision);
                }
                draft
            }
        };
        drafts::put(change.db(), agent, stays.id, &draft).await?;
        if stays.owner == Some(agent) {
            keep(change, agent, stays.id, &draft, now).await?;
        }
    }
    Ok(())
}

/// Takes in what a machine has written on top of `based_on`, and says whether that changed anything.
fn write(draft: &mut KeptDraft, mut text: KeptText, based_on: u64, settled: &[DateTime<Utc>]) -> bool {
    let before = draft.clone();
    let revision = before.revision + 1;
    let is_own = |kept: &KeptText| kept.writer == text.writer && kept.revision > based_on;
    let at = text.written.at;
    let has_seen = draft.stands.revision <= based_on;
    let is_late = std::iter::once(&draft.stands).chain(&draft.aside).any(|kept| {
        let is_repeated = kept.written.at == at && says_the_same(&kept.written, &text.written);
        is_own(kept) && (kept.written.at > at || is_repeated)
    });
    draft.aside.retain(|kept| !settled.iter().any(|at| at.trunc_subsecs(3) == kept.written.at));
    if !is_late {
        draft.aside.retain(|kept| !is_own(kept));
        let replaces = has_seen || is_own(&draft.stands);
        text.revision = revision;
        let is_same = says_the_same(&text.written, &draft.stands.written);
        if replaces {
            if !is_same {
                draft.stands = text;
            }
        } else if !is_same && at > draft.stands.written.at {
            let overtaken = std::mem::replace(&mut draft.stands, text);
            set_aside(draft, overtaken, revision);
        } else if !is_same {
            set_aside(draft, text, revision);
        }
        drop_repetitions(draft);
    }
    let changed = *draft != before;
    if changed {
        draft.revision = revision;
    }
    changed
}

fn says_the_same(one: &Written, other: &Written) -> bool {
    (&one.text, one.quote) == (&other.text, other.quote)
}

/// Sets words aside. Each goes by its time, so no two have the same.
fn set_aside(draft: &mut KeptDraft, mut text: KeptText, revision: u64) {
    if text.written.text.trim().is_empty() {
        return;
    }
    while draft.aside.iter().any(|kept| kept.written.at == text.written.at) {
        text.written.at += TimeDelta::milliseconds(1);
    }
    text.revision = revision;
    draft.aside.push(text);
    draft.aside.sort_by_key(|kept| std::cmp::Reverse(kept.written.at));
    drop_repetitions(draft);
    draft.aside.truncate(MAX_ASIDE);
}

/// Drops what is set aside and still there as the beginning of something else.
fn drop_repetitions(draft: &mut KeptDraft) {
    let mut kept: Vec<KeptText> = Vec::with_capacity(draft.aside.len());
    for text in draft.aside.drain(..) {
        let words = &text.written.text;
        let begins = |other: &KeptText| other.written.text.starts_with(words.as_str());
        if begins(&draft.stands) || kept.iter().any(begins) {
            continue;
        }
        kept.retain(|other| !words.starts_with(other.written.text.as_str()));
        kept.push(text);
    }
    draft.aside = kept;
}

#[cfg(test)]
mod tests;
