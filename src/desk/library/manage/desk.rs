//! What the desk makes of what is wanted, and of how the calls ended.

use std::{collections::BTreeMap, sync::Arc};

use waxwing_protocol::{
    id::{ClientRef, ResponseId},
    library::{LibraryForm, PutResponse, Usage},
    problem::ProblemCode,
    response::StandardResponse,
};

use super::{
    super::super::{
        Desk,
        effect::{Call, Entry},
        file::FileSource,
        input::CallError,
        turn::Turn,
    },
    Answer, Begun, BringState, Bringing, Exported, Import, ImportStep, Manage, ManageCall, Managed, Save,
    Upkeep,
};

/// Why what was under way has no answer.
const ENDED: &str = "Your session ended before the gateway answered. Try again.";

impl Desk {
    /// How looking after the library stands.
    #[must_use]
    pub const fn upkeep(&self) -> &Upkeep {
        &self.upkeep
    }

    /// The agent wants something of the library.
    pub(in crate::desk) fn manage(&mut self, wanted: Manage, turn: &mut Turn) {
        match wanted {
            Manage::Favourite { response, is } => self.favour(response, is, turn),
            Manage::Save { response, put } => self.save(response, put, turn),
            Manage::Begin(begun) => self.begin(begun, turn),
            Manage::Forget(response) => {
                self.upkeep.saves.remove(&response);
                if self.upkeep.begun.as_ref().is_some_and(|(held, _)| *held == response) {
                    self.begin(None, turn);
                }
                let files = self.upkeep.files_for(response).map(|(name, _)| name);
                for file in files.collect::<Vec<_>>() {
                    self.let_go(file, turn);
                }
            }
            Manage::Remove(response) => turn.call(Call::Manage(ManageCall::RemoveResponse(response))),
            Manage::SaveCategory { category, put } => {
                turn.call(Call::Manage(ManageCall::PutCategory { category, put }));
            }
            Manage::RemoveCategory(category) => {
                turn.call(Call::Manage(ManageCall::RemoveCategory(category)));
            }
            Manage::ShowVersions(response) => {
                self.upkeep.versions = Some((response, Answer::UnderWay));
                turn.call(Call::Manage(ManageCall::Versions(response)));
            }
            Manage::CountUses => {
                // What is known stays to be seen while it is counted anew.
                if !matches!(self.upkeep.uses, Answer::Here(_)) {
                    self.upkeep.uses = Answer::UnderWay;
                }
                turn.call(Call::Manage(ManageCall::Usage));
            }
            Manage::TryImport { name, form, text } => {
                let (step, report) = (ImportStep::Try, Answer::NotAsked);
                self.upkeep.import = Some(Import { name, step, report, form, text });
                self.import(step, turn);
            }
            Manage::Import { skip_rejected } => {
                self.import(if skip_rejected { ImportStep::GoodRows } else { ImportStep::Whole }, turn);
            }
            Manage::ImportAgain => {
                if let Some(step) = self.upkeep.import.as_ref().map(|import| import.step) {
                    self.import(step, turn);
                }
            }
            Manage::EndImport => self.upkeep.import = None,
            Manage::Export(form) => self.export(form, turn),
            Manage::ExportTaken => self.upkeep.exporting = Answer::NotAsked,
            Manage::Bring { response, client_ref, source } => {
                self.bring(response, (client_ref, source), turn);
            }
            Manage::BringAgain(client_ref) => self.bring_again(client_ref, turn),
            Manage::LetGo(client_ref) => self.let_go(client_ref, turn),
        }
    }

    /// A call ended.
    pub(in crate::desk) fn managed(&mut self, outcome: Managed, turn: &mut Turn) {
        match outcome {
            Managed::Favourites(result) => self.favoured(result, turn),
            Managed::ResponsePut { response, result } => self.saved(response, result, turn),
            Managed::ResponseRemoved { response, result } => match result {
                Err(error) if !is_gone(&error) => self.tell("The response was not removed", &error, turn),
                Ok(()) | Err(_) => Arc::make_mut(&mut self.library).drop_response(response),
            },
            Managed::CategoryPut(result) => match result {
                Ok(category) => Arc::make_mut(&mut self.library).put_category(category),
                Err(error) => self.tell("The category was not kept", &error, turn),
            },
            Managed::CategoryRemoved { category, result } => match result {
                Err(error) if !is_gone(&error) => self.tell("The category was not removed", &error, turn),
                Ok(()) | Err(_) => Arc::make_mut(&mut self.library).drop_category(category),
            },
            Managed::Versions { response, result } => {
                let answer = self.answer(result.map(Arc::new), turn);
                if let Some((_, waiting)) =
                    self.upkeep.versions.as_mut().filter(|(held, _)| *held == response)
                {
                    *waiting = answer;
                }
            }
            Managed::Usage(result) => {
                let by_id = |usage: Usage| usage.responses.into_iter().map(|used| (used.response, used));
                let counted = result.map(|usage| Arc::new(by_id(usage).collect::<BTreeMap<_, _>>()));
                self.upkeep.uses = self.answer(counted, turn);
            }
            Managed::Imported { step, result } => {
                let report = self.answer(result, turn);
                if let Some(import) = self.upkeep.import.as_mut().filter(|import| import.step == step) {
                    import.report = report;
                }
            }
            Managed::Exported { form, result } => self.exported(form, result, turn),
            Managed::FileMoved { client_ref, sent_bytes: sent } => {
                if let Some(file) = self.upkeep.files.get_mut(&client_ref)
                    && let BringState::UnderWay { sent_bytes } = &mut file.state
                {
                    *sent_bytes = sent;
                }
            }
            Managed::FileBrought { client_ref, result } => {
                let state = match result {
                    Ok(Ok(file)) => BringState::There(file),
                    Ok(Err(why)) => BringState::Refused(why),
                    Err(error) => BringState::Failed(self.why(&error, turn)),
                };
                self.upkeep.files.entry(client_ref).and_modify(|file| file.state = state);
            }
        }
    }

    /// What is under way will not be answered any more: whoever waits for it is told.
    pub(in crate::desk) fn give_up_upkeep(&mut self) {
        let upkeep = &mut self.upkeep;
        for save in upkeep.saves.values_mut().filter(|save| **save == Save::UnderWay) {
            *save = Save::Failed(ENDED.to_owned());
        }
        for file in upkeep.files.values_mut() {
            if matches!(file.state, BringState::UnderWay { .. }) {
                file.state = BringState::Failed(ENDED.to_owned());
            }
        }
        if let Some((_, answer)) = &mut upkeep.versions {
            give_up(answer);
        }
        give_up(&mut upkeep.uses);
        give_up(&mut upkeep.exporting);
        if let Some(import) = &mut upkeep.import {
            give_up(&mut import.report);
        }
        if upkeep.asked.take().is_some() {
            Arc::make_mut(&mut self.library).wish_favourites(None);
        }
    }

    /// What was written before a restart, or before the session ended.
    pub(in crate::desk) fn restore_begun(&mut self, begun: Option<Begun>) {
        self.upkeep.begun = begun;
    }

    fn begin(&mut self, begun: Option<Begun>, turn: &mut Turn) {
        if self.upkeep.begun != begun {
            self.upkeep.begun.clone_from(&begun);
            turn.journal(Entry::Begun(begun));
        }
    }

    fn save(&mut self, response: ResponseId, put: Box<PutResponse>, turn: &mut Turn) {
        if self.upkeep.saves.insert(response, Save::UnderWay) != Some(Save::UnderWay) {
            turn.call(Call::Manage(ManageCall::PutResponse { response, put }));
        }
    }

    fn saved(
        &mut self,
        response: ResponseId,
        result: Result<Box<StandardResponse>, CallError>,
        turn: &mut Turn,
    ) {
        let save = match result {
            Ok(told) => {
                let version = told.version;
                Arc::make_mut(&mut self.library).put_response(*told);
                Save::Done(version)
            }
            Err(CallError::Refused(problem)) if problem.code == ProblemCode::Conflict => {
                Save::Overtaken(problem.detail)
            }
            Err(error) => Save::Failed(self.why(&error, turn)),
        };
        // What was forgotten meanwhile is kept all the same; nobody wants to read of it.
        self.upkeep.saves.entry(response).and_modify(|held| *held = save);
    }

    fn favour(&mut self, response: ResponseId, is: bool, turn: &mut Turn) {
        if self.library.is_favourite(response) == is {
            return;
        }
        let library = Arc::make_mut(&mut self.library);
        let mut wanted = library.favourite_ids().to_vec();
        wanted.retain(|held| *held != response);
        if is {
            wanted.push(response);
        }
        library.wish_favourites(Some(wanted.clone()));
        if self.upkeep.asked.is_none() {
            self.upkeep.asked = Some(wanted.clone());
            turn.call(Call::Manage(ManageCall::Favourites(wanted)));
        }
    }

    /// The favourites are kept, or not; what was wanted meanwhile goes next.
    fn favoured(&mut self, result: Result<(), CallError>, turn: &mut Turn) {
        let Some(asked) = self.upkeep.asked.take() else { return };
        let library = Arc::make_mut(&mut self.library);
        if let Err(error) = result {
            library.wish_favourites(None);
            self.tell("The favourites were not kept", &error, turn);
            return;
        }
        let wanted = library.favourite_ids().to_vec();
        library.keep_favourites(&asked);
        if wanted == asked {
            library.wish_favourites(None);
        } else {
            self.upkeep.asked = Some(wanted.clone());
            turn.call(Call::Manage(ManageCall::Favourites(wanted)));
        }
    }

    fn import(&mut self, step: ImportStep, turn: &mut Turn) {
        let Some(import) = &mut self.upkeep.import else { return };
        if import.report == Answer::UnderWay {
            return;
        }
        (import.step, import.report) = (step, Answer::UnderWay);
        let (form, text) = (import.form, Arc::clone(&import.text));
        turn.call(Call::Manage(ManageCall::Import { form, text, step }));
    }

    fn export(&mut self, form: LibraryForm, turn: &mut Turn) {
        if self.upkeep.exporting != Answer::UnderWay {
            self.upkeep.exporting = Answer::UnderWay;
            turn.call(Call::Manage(ManageCall::Export(form)));
        }
    }

    fn exported(&mut self, form: LibraryForm, result: Result<String, CallError>, turn: &mut Turn) {
        self.upkeep.exporting = match result {
            Ok(text) => {
                self.upkeep.exports += 1;
                Answer::Here(Exported { number: self.upkeep.exports, form, text: text.into() })
            }
            Err(error) => {
                self.tell("The library was not exported", &error, turn);
                Answer::NotAsked
            }
        };
    }

    fn bring(
        &mut self,
        response: ResponseId,
        (client_ref, source): (ClientRef, FileSource),
        turn: &mut Turn,
    ) {
        let name = match &source {
            FileSource::Path(path) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            FileSource::Bytes { name, .. } => name.clone(),
        };
        let state = BringState::UnderWay { sent_bytes: 0 };
        let file = Bringing { response, name, state, source: source.clone() };
        if self.upkeep.files.insert(client_ref, file).is_none() {
            turn.call(Call::Manage(ManageCall::Bring { client_ref, source }));
        }
    }

    fn bring_again(&mut self, client_ref: ClientRef, turn: &mut Turn) {
        let Some(file) = self.upkeep.files.get_mut(&client_ref) else { return };
        if matches!(file.state, BringState::Failed(_)) {
            file.state = BringState::UnderWay { sent_bytes: 0 };
            let source = file.source.clone();
            turn.call(Call::Manage(ManageCall::Bring { client_ref, source }));
        }
    }

    fn let_go(&mut self, client_ref: ClientRef, turn: &mut Turn) {
        if let Some(file) = self.upkeep.files.remove(&client_ref)
            && !matches!(file.state, BringState::There(_))
        {
            turn.call(Call::Manage(ManageCall::Drop(client_ref)));
        }
    }

    fn answer<T>(&mut self, result: Result<T, CallError>, turn: &mut Turn) -> Answer<T> {
        match result {
            Ok(here) => Answer::Here(here),
            Err(error) => Answer::Failed(self.why(&error, turn)),
        }
    }

    /// Why a call came to nothing, as a form says it.
    fn why(&mut self, error: &CallError, turn: &mut Turn) -> String {
        self.doubt_result(Some(error), turn);
        match error {
            CallError::Refused(problem) => problem.detail.clone(),
            CallError::Unreachable(_) => "The gateway does not answer. Try again.".to_owned(),
            CallError::WrongProtocol(_) => error.to_string(),
        }
    }
}

fn give_up<T>(answer: &mut Answer<T>) {
    if matches!(answer, Answer::UnderWay) {
        *answer = Answer::Failed(ENDED.to_owned());
    }
}

/// Whether what was to be removed is not there any more.
fn is_gone(error: &CallError) -> bool {
    matches!(error, CallError::Refused(problem) if problem.code == ProblemCode::NotFound)
}
