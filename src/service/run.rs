//! The loop: one select, one step, one picture.
//!
//! The entries of a step are on disk before its calls are made and before anybody sees the picture: what the agent sees as
//! sent, or the gateway as read, is never forgotten.

use std::sync::Arc;

use reqwest::Method;
use tokio::{
    sync::{Mutex, mpsc, oneshot, watch},
    task::JoinSet,
};
use waxwing_protocol::{
    api::{self, React},
    file_rule::FILE_RULES,
    id::InteractionId,
    library::{LIBRARY, LibraryPage, LibraryQuery},
    message::Message,
};

use super::{
    Waker,
    downloads::Downloads,
    gateway_client::{CALL_LIMIT, GatewayClient},
    journal::{Journal, Opened},
    outgoing::Outgoing,
    pictures::Gallery,
    poll,
    seal::SealKey,
    token::{Token, TokenKeeper},
    transcript,
};
use crate::desk::{
    Desk,
    effect::{Call, Effect, Entry, Load},
    input::{CallError, Command, Input, Outcome},
    link::{Account, Link},
    workbins::sync::KeptWorkbins,
};

/// What the loop hears and tells.
pub(super) struct Lines {
    pub(super) commands: mpsc::Receiver<Command>,
    /// Ends the loop, also when the other end is dropped.
    pub(super) stop: oneshot::Receiver<()>,
    pub(super) publish: watch::Sender<Arc<Desk>>,
    pub(super) waker: Waker,
}

/// What works beside the loop, and what it keeps on the disk.
pub(super) struct Stores {
    pub(super) gallery: Gallery,
    pub(super) downloads: Downloads,
    pub(super) outgoing: Outgoing,
}

/// What is to be done after a step.
#[derive(Default)]
struct Taken {
    calls: Vec<Call>,
    loads: Vec<Load>,
    unseals: Vec<InteractionId>,
}

/// The one writer of the desk.
pub(super) struct Run {
    desk: Desk,
    journal: Journal,
    client: Arc<GatewayClient>,
    keeper: Arc<Mutex<TokenKeeper>>,
    /// Calls under way.
    calls: JoinSet<Option<Outcome>>,
    /// Changes of the kept token under way.
    keeping: JoinSet<Option<Outcome>>,
    stores: Stores,
    publish: watch::Sender<Arc<Desk>>,
    waker: Waker,
    /// Whether the agent knows that the journal can't be written.
    told_trouble: bool,
    /// Why the key that seals workbins can't be kept, until the agent has been told.
    unkept: Option<String>,
    /// What is kept of the workbins, until it is laid out.
    kept_workbins: Option<KeptWorkbins>,
}

impl Run {
    /// Lays out what was kept, and publishes the first picture.
    pub(super) async fn begin(
        (desk, client): (Desk, Arc<GatewayClient>),
        opened: Opened,
        mut stores: Stores,
        mut keeper: TokenKeeper,
        lines: &Lines,
    ) -> Self {
        let Opened { mut journal, mut restored, trouble } = opened;
        let token = keeper.read().await;
        restored.has_token = token.is_some();
        client.set_token(token);
        let (seal_key, unkept) = keeper.seal_key().await;
        let kept_workbins = journal.unlock(&seal_key).await;
        if restored.interactions.is_empty() {
            // Nobody's pictures: of a log-off that was cut short, or of a journal that was lost.
            stores.gallery.forget().await;
            stores.downloads.log_off().await;
        }
        if trouble.is_none() {
            stores.outgoing.keep_only(&restored).await;
        }
        let mut run = Self {
            desk,
            journal,
            client,
            keeper: Arc::new(Mutex::new(keeper)),
            calls: JoinSet::new(),
            keeping: JoinSet::new(),
            stores,
            publish: lines.publish.clone(),
            waker: Arc::clone(&lines.waker),
            told_trouble: false,
            unkept,
            kept_workbins,
        };
        run.step(Input::Restored(Box::new(restored))).await;
        if let Some(why) = trouble {
            run.told_trouble = true;
            run.step(Input::Outcome(Outcome::JournalTrouble { why })).await;
        }
        run
    }

    /// Runs until told to stop; then takes in what was asked for already, without calling anybody.
    pub(super) async fn run(mut self, mut lines: Lines) {
        self.lay_out_workbins().await;
        while let Some(input) = self.next(&mut lines).await {
            let signs_in = matches!(input, Input::Outcome(Outcome::SignedIn(Ok(_))));
            self.step(input).await;
            if signs_in && self.desk.workbins().held().0.is_none() {
                self.kept_workbins = self.journal.workbins().await;
                self.lay_out_workbins().await;
            }
        }
        self.calls = JoinSet::new();
        lines.commands.close();
        while let Some(command) = lines.commands.recv().await {
            self.take(Input::Command(command)).await;
        }
        while self.keeping.join_next().await.is_some() {}
        self.stores.outgoing.tidy_up().await;
        self.journal.close().await;
    }

    /// Lays out the workbins that were kept; after the first picture, for there may be many.
    async fn lay_out_workbins(&mut self) {
        if let Some(kept) = self.kept_workbins.take() {
            self.step(Input::Outcome(Outcome::WorkbinsKept(Box::new(kept)))).await;
        }
    }

    /// The next thing that happens; none for the end.
    async fn next(&mut self, lines: &mut Lines) -> Option<Input> {
        let deadline = self.desk.next_deadline();
        let pause = deadline.map(|deadline| self.client.clock().until(deadline));
        let due = async {
            match pause {
                Some(pause) => tokio::time::sleep(pause).await,
                None => std::future::pending().await,
            }
        };
        tokio::pin!(due);
        loop {
            tokio::select! {
                _ = &mut lines.stop => return None,
                Some(command) = lines.commands.recv() => return Some(Input::Command(command)),
                Some(ended) = self.calls.join_next() => match ended {
                    Ok(Some(outcome)) => return Some(Input::Outcome(outcome)),
                    Ok(None) => {}
                    Err(error) => tracing::error!(%error, "a call ended badly"),
                },
                Some(ended) = self.keeping.join_next() => {
                    if let Ok(Some(outcome)) = ended {
                        return Some(Input::Outcome(outcome));
                    }
                }
                outcome = self.stores.outgoing.next() => return Some(Input::Outcome(outcome)),
                () = &mut due => return Some(Input::Clock),
                never = self.stores.gallery.work() => never,
                never = self.stores.downloads.work() => never,
            }
        }
    }

    /// One step: written down, then done, then shown.
    async fn step(&mut self, input: Input) {
        if let Input::Outcome(Outcome::SignedIn(Ok(signed_in))) = &input {
            self.keep_token(Token(signed_in.token.clone()));
        }
        if let Input::Outcome(Outcome::Sent { interaction, client_ref, result: Ok(_) }) = &input {
            let copies = self.desk.copies_of(*interaction, *client_ref);
            copies.into_iter().chain([*client_ref]).for_each(|copy| self.stores.outgoing.sent(copy));
        }
        let was_online = *self.desk.link() == Link::Online;
        let Taken { calls, loads, unseals } = self.take(input).await;
        for call in calls {
            self.start(call);
        }
        for interaction in unseals {
            let kept = self.journal.unseal(interaction).await;
            self.calls.spawn(async move { Some(Outcome::Unsealed { interaction, kept }) });
        }
        for load in loads {
            self.load(load).await;
        }
        if !was_online && *self.desk.link() == Link::Online {
            self.stores.gallery.forgive();
            self.stores.downloads.forgive();
        }
        if matches!(self.desk.account(), Account::SignedOut { .. }) && self.client.token().is_some() {
            self.client.set_token(None);
            self.stores.outgoing.interrupt();
            self.forget_token();
        }
        self.publish.send_replace(Arc::new(self.desk.clone()));
        (self.waker)();
    }

    /// Lets the desk take an input in and writes down what is to be remembered. Returns the calls to make and what to load.
    async fn take(&mut self, input: Input) -> Taken {
        let now = self.client.clock().now();
        let (mut entries, mut taken) = (Vec::new(), Taken::default());
        for effect in self.desk.step(input, now) {
            match effect {
                Effect::Journal(entry) => entries.push(entry),
                Effect::Call(call) => taken.calls.push(call),
                Effect::Unseal(interaction) => taken.unseals.push(interaction),
                Effect::Load(load) => taken.loads.push(load),
            }
        }
        self.forget_files(&entries).await;
        let says_more = entries.iter().any(|entry| matches!(entry, Entry::Workbins(_)));
        let forgets = entries.iter().any(|entry| matches!(entry, Entry::ForgetContacts | Entry::Wipe));
        match self.journal.commit(entries).await {
            Ok(()) => self.told_trouble = false,
            Err(why) if !self.told_trouble => {
                self.told_trouble = true;
                // A notice changes nothing that is to be remembered, so its effects are none.
                self.desk.step(Input::Outcome(Outcome::JournalTrouble { why }), now);
            }
            Err(_) => {}
        }
        if let Some(why) = self.unkept.take_if(|_| says_more) {
            self.desk.step(Input::Outcome(Outcome::WorkbinsNotKept { why }), now);
        }
        if forgets && self.journal.forgets_at_log_off() {
            self.change_seal();
        }
        taken
    }

    /// Removes the files of what is to be forgotten.
    async fn forget_files(&mut self, entries: &[Entry]) {
        if entries.contains(&Entry::Wipe) {
            self.stores.gallery.forget().await;
            self.stores.downloads.forget().await;
            self.stores.outgoing.wipe().await;
        } else if entries.contains(&Entry::ForgetContacts) {
            self.stores.gallery.forget().await;
            self.stores.downloads.log_off().await;
        }
    }

    /// Gets a part of a transcript: of a conversation before the agent from the journal, which takes a few milliseconds, else
    /// from the gateway.
    async fn load(&mut self, load: Load) {
        let is_ours = self.desk.conversation(load.interaction).is_some();
        let kept = if is_ours { self.journal.read(&load).await } else { None };
        if let Some(page) = kept {
            self.calls.spawn(async move { Some(Outcome::Loaded { load, kept: true, result: Ok(page) }) });
            return;
        }
        let client = Arc::clone(&self.client);
        self.calls.spawn(async move {
            let result = transcript::get(&client, &load).await;
            Some(Outcome::Loaded { load, kept: false, result })
        });
    }

    fn start(&mut self, call: Call) {
        if matches!(call, Call::SignIn { .. } | Call::SignOut) {
            // What is still under way belongs to the session before; the desk has given it up.
            self.calls = JoinSet::new();
            self.stores.outgoing.interrupt();
        }
        let Some(call) = self.stores.outgoing.start(call) else { return };
        let (client, keeper) = (Arc::clone(&self.client), Arc::clone(&self.keeper));
        match call {
            Call::SignOut => {
                let token = client.token();
                client.set_token(None);
                self.calls.spawn(async move { Some(sign_out(&client, token, &keeper).await) })
            }
            call => self.calls.spawn(async move { make(&client, call).await }),
        };
    }

    /// What was sealed is forgotten: its key is, too.
    fn change_seal(&mut self) {
        let key = SealKey::draw();
        self.journal.seal_with(&key);
        let keeper = Arc::clone(&self.keeper);
        self.keeping.spawn(async move {
            if let Err(why) = keeper.lock().await.write_seal_key(&key).await {
                tracing::warn!(why, "the key that seals workbins is kept in memory only");
            }
            None
        });
    }

    fn keep_token(&mut self, token: Token) {
        let keeper = Arc::clone(&self.keeper);
        self.keeping.spawn(async move {
            let kept = keeper.lock().await.write(token).await;
            kept.err().map(|why| Outcome::TokenNotKept { why })
        });
    }

    fn forget_token(&mut self) {
        let keeper = Arc::clone(&self.keeper);
        self.keeping.spawn(async move {
            keeper.lock().await.forget().await;
            None
        });
    }
}

/// Forgets the token here, then gives it back; if nobody takes it, it is forgotten all the same.
async fn sign_out(client: &GatewayClient, token: Option<Token>, keeper: &Mutex<TokenKeeper>) -> Outcome {
    keeper.lock().await.forget().await;
    if let Some(token) = token
        && let Err(error) = client.sign_out(&token).await
    {
        tracing::warn!(%error, "the gateway was not told of the sign-out");
    }
    Outcome::SignedOut
}

/// Asks for what comes next in the library.
async fn library(client: &GatewayClient, query: LibraryQuery) -> Result<LibraryPage, CallError> {
    client.check_protocol().await?;
    client.get(LIBRARY, &query, CALL_LIMIT).await
}

/// Makes a call.
async fn make(client: &GatewayClient, call: Call) -> Option<Outcome> {
    Some(match call {
        Call::SignIn { user_name, password } => {
            Outcome::SignedIn(client.sign_in(user_name, password).await.map(Box::new))
        }
        // These are made elsewhere.
        Call::SignOut
        | Call::TakeIn { .. }
        | Call::Rework { .. }
        | Call::Upload { .. }
        | Call::DropFile(_) => return None,
        Call::SetStatus(status) => Outcome::StatusSet(client.set_status(status).await),
        Call::Poll { after, wait, workbins } => {
            Outcome::Polled(poll::poll(client, (after, workbins), wait).await)
        }
        Call::FileRules => {
            let told = client.get(FILE_RULES, &(), CALL_LIMIT).await;
            Outcome::FileRules(told)
        }
        Call::Send { interaction, message } => {
            let result = client.send(interaction, &message).await.map(Box::new);
            Outcome::Sent { interaction, client_ref: message.client_ref, result }
        }
        Call::RefreshTemplates => Outcome::TemplatesRefreshed(client.refresh_templates().await),
        Call::Retry { interaction, message } => {
            let result = client.retry(interaction, message).await.map(Box::new);
            Outcome::Retried { interaction, message, result }
        }
        Call::MarkDone(interaction) => {
            Outcome::MarkedDone { interaction, result: client.mark_done(interaction).await }
        }
        Call::Record(interaction) => {
            let result = client.record(interaction).await.map(Box::new);
            Outcome::RecordTold { interaction, result }
        }
        Call::Search { interaction, words } => {
            let result = transcript::search(client, interaction, &words).await;
            Outcome::Searched { interaction, words, result }
        }
        Call::React { interaction, message, emoji } => {
            let path = api::reaction(interaction, message);
            let result = client.tell(Method::PUT, &path, &React { emoji }).await.map(Box::new);
            Outcome::Reacted { interaction, message, result }
        }
        Call::FetchAgain { interaction, message } => {
            let path = api::fetch_again(interaction, message);
            let told: Result<Message, _> = client.tell(Method::POST, &path, &()).await;
            Outcome::FetchedAgain(told.map(drop))
        }
        Call::MarkRead { interaction, up_to } => {
            Outcome::MarkedRead { interaction, result: client.mark_read(interaction, up_to).await }
        }
        Call::Typing(interaction) => Outcome::TypingTold(client.typing(interaction).await),
        Call::PutDraft { interaction, draft } => {
            let result = client.put_draft(interaction, draft).await.map(Box::new);
            Outcome::DraftPut { interaction, result }
        }
        Call::Library(query) => Outcome::LibraryTold(library(client, query).await.map(Box::new)),
        Call::Manage(call) => Outcome::Managed(client.manage(call).await?),
        Call::Workbins(query) => Outcome::WorkbinsTold(client.workbin_changes(query).await.map(Box::new)),
        Call::FetchTranscript { load, up_to } => {
            let result = transcript::get(client, &load).await;
            Outcome::TranscriptFetched { interaction: load.interaction, up_to, result }
        }
        Call::WorkbinDeed(call) => {
            let result = client.in_workbin(&call).await;
            Outcome::WorkbinDeed { call, result }
        }
        Call::Colleagues => Outcome::ColleaguesTold(client.colleagues().await),
        Call::WrapUp(call) => Outcome::WrapUp(client.wrap_up(call).await),
        Call::Directory(call) => Outcome::Directory(client.directory(call).await),
        Call::Past(call) => Outcome::Past(client.past(call).await),
        Call::NewChat(chat) => {
            let result = client.begin_chat(&chat).await.map(Box::new);
            Outcome::ChatBegun { chat, result }
        }
        Call::AddCard { interaction, card } => {
            let path = api::contact_details(interaction);
            Outcome::CardAdded(client.tell(Method::POST, &path, &card).await.map(Box::new))
        }
    })
}
