//! Workbins, the end of an interaction, what was said before, and contacts.

use waxwing_protocol::{
    directory::{
        Block, ContactContent, ContactRecord, ContactsForm, ContactsFormat, DirectoryEntry, DirectoryPage,
        DirectoryQuery, FavouriteContacts, Merge, MergeInfo, Merged, NewContact, Numbers, PutContact, Shelf,
    },
    history::{
        ChatBegun, HistoryEntry, HistoryHit, HistoryPage, HistoryQuery, HistoryState, InteractionRecord,
        LifeReason, LifeStep, NewChat,
    },
    id::MergeId,
    workbin::{
        Assign, Changes, ChangesQuery, ColleagueState, Colleagues, LastMessage, MoveToWorkbin, Place,
        PlaceInfo, Places, Right, WorkbinItem, WorkbinKind,
    },
    wrap_up::{Disposition, Field, FieldKind, PutCaseData, PutDisposition, PutNote, Rules},
};

use super::*;

fn masha() -> Colleague {
    Colleague { id: agent().id, display_name: "Masha".to_owned() }
}

fn workbin() -> WorkbinId {
    WorkbinId::new(at(0), [6; 10])
}

fn places() -> Places {
    let own = PlaceInfo {
        place: Place::Workbin { workbin: workbin() },
        name: "My WhatsApp workbin".to_owned(),
        whose: Some(WorkbinKind::Personal { owner: masha(), team: Some("Support".to_owned()) }),
        right: Right::Take,
        limit: Some(200),
        stale_after_hours: Some(48),
    };
    let team = WorkbinKind::Team { team: "Support".to_owned() };
    let queue = Place::Queue { number: number().id };
    Places {
        places: vec![
            own.clone(),
            PlaceInfo { whose: Some(WorkbinKind::Shared), right: Right::Put, limit: None, ..own.clone() },
            PlaceInfo { whose: Some(team), right: Right::See, stale_after_hours: None, ..own.clone() },
            PlaceInfo { place: queue, name: "Shop".to_owned(), whose: None, ..own },
        ],
        own: Some(workbin()),
    }
}

#[test]
fn workbins() {
    golden("places", &[places(), Places::default()]);
    let item = WorkbinItem {
        interaction: bare_interaction(),
        place: Place::Workbin { workbin: workbin() },
        last: Some(LastMessage { line: "Is it?".to_owned(), by_contact: true, at: at(4) }),
        unread: 2,
        last_agent: Some(masha()),
    };
    golden("workbin_item", std::slice::from_ref(&item));
    golden(
        "changes_query",
        &[ChangesQuery { after: 7, view: Some(9) }, ChangesQuery { after: 0, view: None }],
    );
    let changes = Changes {
        view: 9,
        whole: true,
        places: Some(places()),
        items: vec![item],
        gone: vec![interaction().id],
        next: 8,
        more: true,
    };
    golden("changes", &[changes, Changes::default()]);
    golden(
        "move_to_workbin",
        &[
            MoveToWorkbin {
                workbin: Some(workbin()),
                comment: Some("Call on Monday".to_owned()),
                remind_at: Some(at(90)),
            },
            MoveToWorkbin { workbin: None, comment: None, remind_at: None },
        ],
    );
    golden("assign", &[Assign { agent: agent().id }]);
    let state = ColleagueState {
        colleague: masha(),
        team: None,
        status: AgentStatus::NotReady { reason: Some("Lunch".to_owned()) },
        open: 3,
    };
    golden("colleagues", &[Colleagues { colleagues: vec![state.clone()], former: Vec::new() }]);
    golden("colleagues_former", &[Colleagues { colleagues: vec![state], former: vec![masha()] }]);
}

#[test]
fn the_end_of_an_interaction() {
    golden("put_note", &[PutNote { text: "Wants a bell".to_owned(), based_on: 1 }]);
    golden(
        "put_case_data",
        &[PutCaseData {
            put: vec![CaseDatum { key: "Order".to_owned(), value: "8".to_owned() }],
            remove: vec!["Voucher".to_owned()],
        }],
    );
    golden(
        "put_disposition",
        &[PutDisposition { code: Some("sold".to_owned()) }, PutDisposition { code: None }],
    );
    let field = |kind: FieldKind| Field { key: "order".to_owned(), name: "Order number".to_owned(), kind };
    let rules = Rules {
        dispositions: vec![
            Disposition { code: "sale".to_owned(), name: "Sale".to_owned(), parent: None },
            Disposition { code: "sold".to_owned(), name: "Sold".to_owned(), parent: Some("sale".to_owned()) },
        ],
        disposition_required: true,
        case_fields: vec![field(FieldKind::Number), field(FieldKind::Link)],
        contact_fields: vec![
            field(FieldKind::Choice { choices: vec!["Gold".to_owned()] }),
            field(FieldKind::Date),
        ],
        farewell: Some("Thank you for writing".to_owned()),
    };
    golden("wrap_up_rules", &[rules, Rules::default()]);
}

#[test]
fn what_was_said_before() {
    let query = HistoryQuery {
        contact: Some(contact().id),
        who: Some("masha".to_owned()),
        agent: Some(agent().id),
        number: Some(number().id),
        state: Some(HistoryState::Done),
        from: Some(at(0)),
        to: Some(at(90)),
        disposition: Some("sold".to_owned()),
        case_key: Some("Order".to_owned()),
        case_value: Some("7".to_owned()),
        words: Some("bell".to_owned()),
        after: Some(interaction().id),
        limit: 50,
    };
    golden("history_query", &[query, HistoryQuery { limit: 50, ..HistoryQuery::default() }]);
    let entry = HistoryEntry {
        interaction: interaction(),
        agents: vec![masha()],
        messages: 14,
        about: "Is it ready?".to_owned(),
        hits: vec![HistoryHit { message: message().id, at: at(5), excerpt: "a bell, please".to_owned() }],
    };
    golden("history_page", &[HistoryPage { entries: vec![entry], next: Some(interaction().id) }]);
    let step = LifeStep {
        at: at(2),
        phase: "open".to_owned(),
        owner: Some(masha()),
        by: None,
        why: LifeReason::Routed,
    };
    golden("interaction_record", &[InteractionRecord { interaction: interaction(), steps: vec![step] }]);
    golden(
        "new_chat",
        &[NewChat { contact: contact().id, number: number().id, after: Some(interaction().id) }],
    );
    golden("chat_begun", &[ChatBegun { interaction: interaction(), joined: true }]);
}

#[test]
fn everybody_who_ever_wrote() {
    let query = DirectoryQuery {
        words: Some("joke 1234".to_owned()),
        name: Some("joke".to_owned()),
        phone: Some("1234".to_owned()),
        email: Some("joke@".to_owned()),
        attribute_key: Some("Segment".to_owned()),
        attribute_value: Some("Gold".to_owned()),
        shelf: Shelf::Favourites,
        offset: 100,
        limit: 100,
    };
    golden("directory_query", &[query, DirectoryQuery { limit: 100, ..DirectoryQuery::default() }]);
    let entry = DirectoryEntry { contact: contact(), last_at: Some(at(5)), favourite: true };
    golden("directory_page", &[DirectoryPage { entries: vec![entry], more: true }]);
    let id = MergeId::new(at(0), [9; 10]);
    let merge = MergeInfo { id, name: "Joke V.".to_owned(), at: at(6), by: "Masha".to_owned() };
    let former = vec!["+15550100".to_owned()];
    golden(
        "contact_record",
        &[ContactRecord { contact: contact(), former, merges: vec![merge], favourite: true }],
    );
    let content = ContactContent {
        name: contact().name,
        details: contact().details,
        attributes: contact().attributes,
        note: contact().note,
    };
    golden("put_contact", &[PutContact { based_on: 4, content: content.clone() }]);
    golden("new_contact", &[NewContact { phone: "+1 555 012-3456".to_owned(), content }]);
    golden("block", &[Block { blocked: true }]);
    golden("merge", &[Merge { from: contact().id, into: contact().id }]);
    golden("merged", &[Merged { id, contact: contact() }]);
    golden("favourite_contacts", &[FavouriteContacts { contacts: vec![contact().id] }]);
    golden("contacts_form", &[ContactsForm { form: ContactsFormat::Vcard, dry_run: true }]);
    golden("numbers", &[Numbers { numbers: vec![number()] }]);
}
