//! The only place where the window meets the service: hands the picture to the drawing, turns what the agent asks for
//! into commands, and asks the window system for attention.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use waxwing_protocol::{
    agent::AgentStatus,
    id::{ClientRef, MessageId, ResponseId},
    response::ResponseFile,
};

use crate::{
    config::{self, Choices, Loaded, layout::Layout},
    desk::{
        Desk,
        chime::Chime,
        input::{Command, Password, PreparedReply},
        link::Account,
        sound::PlayAsk,
    },
    platform::{
        locale, open,
        recorder::AnyMicrophone,
        sound::{Sound, SoundPlayer, Source},
    },
    service::ServiceHandle,
    ui::{self, Action, View, ViewState, language::Language, theme::Theme},
};

mod attention;
mod contacts;
mod files;
mod habits;
mod layout;
mod library;
mod listening;
mod past;
mod sound;
mod spelling;

use attention::Attention;
use contacts::ContactDeeds;
use files::FileDeeds;
use habits::HabitsKeeper;
use layout::LayoutKeeper;
pub use layout::screens;
use library::LibraryDeeds;
use past::PaperDeeds;
use sound::SoundRoom;
use spelling::Checked;

/// How long the service may take to log off and to flush once the window has closed.
const FAREWELL: Duration = Duration::from_secs(3);

/// The program's window.
pub struct WaxwingApp {
    service: ServiceHandle,
    settings: Loaded,
    /// What the agent chose in the window, in force also when it could not be kept.
    choices: Choices,
    /// Signs in by itself, once: the demo.
    first: Option<SignInFirst>,
    themes: [Theme; 2],
    spelling: Checked,
    language: Language,
    state: ViewState,
    layout: LayoutKeeper,
    habits: HabitsKeeper,
    sounds: SoundPlayer,
    sound: SoundRoom,
    attention: Attention,
    files: FileDeeds,
    library: LibraryDeeds,
    contacts: ContactDeeds,
    papers: PaperDeeds,
    heard: u64,
    /// Commands that found the service's queue full; they go first next time.
    held: Vec<Command>,
    drawn: Drawn,
}

/// The picture that was drawn last.
enum Drawn {
    Nothing,
    /// It is on the screen when the next frame begins.
    JustNow {
        desk: Arc<Desk>,
        is_first: bool,
    },
    /// That it is there was written down.
    Noted(Arc<Desk>),
}

/// Whom to sign in and make ready without being asked.
pub struct SignInFirst {
    /// Who.
    pub user_name: String,
    /// Their password.
    pub password: String,
}

/// Gives the search for fonts of the system a thread: it waits for the disk.
fn find_fonts(ctx: &egui::Context) {
    let finder = ui::text::install(ctx);
    let thread = std::thread::Builder::new().name("fonts".to_owned()).spawn(move || finder.run());
    if let Err(error) = thread {
        tracing::warn!(%error, "no thread for fonts: only the shipped ones are used");
    }
}

impl WaxwingApp {
    /// Puts the window together; `service` is running already, and `layout` is how the windows were.
    #[must_use]
    pub fn new(
        ctx: &egui::Context,
        settings: Loaded,
        service: ServiceHandle,
        first: Option<SignInFirst>,
        layout: Layout,
    ) -> Self {
        ui::fonts::install(ctx);
        find_fonts(ctx);
        Theme::install(ctx);
        apply(ctx, &settings.config.window);
        let files = FileDeeds::new(&settings.data_folder, ctx.clone());
        let (habits, used) = HabitsKeeper::start(settings.data_folder.clone());
        let choices = settings.config.choices();
        let voice_speed = choices.sounds.voice_speed.into();
        Self {
            sound: SoundRoom::new(ctx, service.workshop().clone(), voice_speed),
            service,
            choices,
            first,
            language: language(&settings.config.window),
            spelling: Checked::start(ctx, &settings.config.window),
            layout: LayoutKeeper::new(settings.data_folder.clone(), layout.clone()),
            habits,
            themes: [Theme::shipped(egui::Theme::Light), Theme::shipped(egui::Theme::Dark)],
            state: ViewState::with_layout(layout).with_emoji(&settings.config.emoji, used),
            settings,
            sounds: SoundPlayer::start(),
            attention: Attention::default(),
            files,
            library: LibraryDeeds::new(ctx.clone()),
            contacts: ContactDeeds::new(ctx.clone()),
            papers: PaperDeeds::new(ctx.clone()),
            heard: 0,
            held: Vec::new(),
            drawn: Drawn::Nothing,
        }
    }

    /// The same with another microphone than the system's.
    #[must_use]
    pub fn with_microphone(mut self, microphone: AnyMicrophone) -> Self {
        self.sound.listen_through(microphone);
        self
    }

    fn command(&mut self, command: Command) {
        self.held.push(command);
        self.flush();
    }

    fn flush(&mut self) {
        let mut waiting = std::mem::take(&mut self.held).into_iter();
        for command in waiting.by_ref() {
            if let Err(returned) = self.service.send(command) {
                self.held.push(returned);
                break;
            }
        }
        self.held.extend(waiting);
    }

    /// Tells the desk which window has the focus, and the window system whether somebody waits.
    fn attend(&mut self, ctx: &egui::Context, desk: &Desk, news: bool) {
        for command in
            self.attention.turn(ctx, desk, (self.state.own_windows(), self.state.shows_active()), news)
        {
            self.command(command);
        }
    }

    /// Plays what there is to hear; says whether there was something.
    fn listen(&mut self, desk: &Desk) -> bool {
        let Some(latest) = desk.last_chime().filter(|latest| latest.number > self.heard) else {
            return false;
        };
        self.heard = latest.number;
        self.play(latest.chime);
        true
    }

    /// Does what is asked of the player; how fast it plays is the agent's choice, and kept.
    fn listen_to(&mut self, ctx: &egui::Context, ask: PlayAsk) {
        self.sound.play(ask, &self.service);
        if let PlayAsk::Speed(speed) = ask {
            let mut choices = self.choices.clone();
            choices.sounds.voice_speed = speed.into();
            self.choose(ctx, choices);
        }
    }

    /// Goes on with sound; a voice note that is finished goes onto its strip.
    fn tend_sound(&mut self, desk: &Desk) {
        let now = self.service.clock().now();
        if let Some((interaction, voice)) = self.sound.turn(desk, &self.service, now) {
            self.command(Command::Attach { interaction, files: vec![(fresh_ref(now), voice)] });
        }
    }

    fn play(&self, chime: Chime) {
        if self.choices.sounds.enabled {
            self.sounds.play(self.chime(chime, false));
        }
    }

    fn chime(&self, chime: Chime, insist: bool) -> Sound {
        let (setting, shipped): (_, &'static [u8]) = match chime {
            Chime::NewInteraction => {
                (&self.choices.sounds.new_interaction, include_bytes!("../assets/sounds/new-interaction.wav"))
            }
            Chime::NewMessage => {
                (&self.choices.sounds.new_message, include_bytes!("../assets/sounds/new-message.wav"))
            }
        };
        Sound {
            source: setting.file.clone().map_or(Source::Shipped(shipped), Source::File),
            volume: setting.volume,
            repeat: setting.repeat,
            insist,
        }
    }

    fn act(&mut self, (ctx, frame): (&egui::Context, &eframe::Frame), action: Action, now: DateTime<Utc>) {
        match action {
            Action::Command(command) => self.command(command),
            Action::Send { interaction, text, quote } => {
                self.command(Command::Send { interaction, client_ref: fresh_ref(now), text, quote });
            }
            Action::TakeResponse { interaction, response, text, files } => {
                let reply = prepared(response, text, files, now);
                self.command(Command::TakeResponse { interaction, reply });
            }
            Action::SendResponse { interaction, response, text, files } => {
                let reply = prepared(response, text, files, now);
                self.command(Command::SendResponse { interaction, client_ref: fresh_ref(now), reply });
            }
            Action::Library(ask) => self.act_for_library(ask, frame, now),
            Action::Contacts(ask) => self.contacts.ask(ask, frame),
            Action::OpenLink(address) => open_link(&address),
            Action::PickFiles(interaction) => self.files.pick(interaction, frame),
            Action::PickForForm { interaction, slot, wanted } => {
                self.files.pick_for_form(interaction, (slot, wanted), frame);
            }
            Action::SendNotification { interaction, notification } => {
                let client_ref = fresh_ref(now);
                self.command(Command::SendNotification { interaction, client_ref, notification });
            }
            Action::PasteFiles(interaction) => self.files.paste(interaction, now),
            Action::File(ask) => self.files.ask(&self.service, ask),
            Action::Play(ask) => self.listen_to(ctx, ask),
            Action::Record(interaction, ask) => self.sound.record(interaction, ask),
            Action::Attach { interaction, files } => self.attach(interaction, files, now),
            Action::Forward { from, message, to } => {
                for to in to {
                    self.command(Command::Forward { from, message, to, client_ref: fresh_ref(now) });
                }
            }
            Action::WantPicture(key) => self.service.want_picture(key),
            Action::Choose(choices) => self.choose(ctx, choices),
            Action::TryChime(chime) => self.sounds.play(self.chime(chime, true)),
        }
    }

    fn choose(&mut self, ctx: &egui::Context, choices: Choices) {
        apply(ctx, &choices.window);
        self.language = language(&choices.window);
        if choices.window.spelling != self.choices.window.spelling {
            self.spelling = Checked::start(ctx, &choices.window);
        }
        self.choices = choices.clone();
        self.command(Command::ApplySettings(choices.settings()));
        if let Err(error) = self.settings.save(choices) {
            tracing::warn!(%error, "the settings hold until the window closes");
        }
    }

    /// Signs the demo's agent in, then makes them ready.
    fn begin(&mut self, desk: &Desk) {
        match desk.account() {
            Account::SignedOut { why: None } => {
                if let Some(first) = &mut self.first
                    && !first.password.is_empty()
                {
                    let password = Password(std::mem::take(&mut first.password));
                    let user_name = first.user_name.clone();
                    self.command(Command::SignIn { user_name, password });
                }
            }
            Account::SignedIn { .. } => {
                if self.first.take().is_some() {
                    self.command(Command::SetStatus(AgentStatus::Ready));
                }
            }
            Account::SignedOut { .. } | Account::SigningIn | Account::SigningOut => {}
        }
    }

    /// Logs off, so that nobody is routed to a window that is closed. What was written and not sent stays in the journal.
    /// Waits for the gateway's answer, but not for long.
    fn leave(&mut self) {
        if !matches!(self.service.desk().account(), Account::SignedIn { .. }) {
            return;
        }
        self.command(Command::SignOut);
        let pause = Duration::from_millis(20);
        for _ in 0..FAREWELL.as_millis() / pause.as_millis() {
            if matches!(self.service.desk().account(), Account::SignedOut { .. }) {
                break;
            }
            std::thread::sleep(pause);
        }
    }

    /// Remembers a new picture that has been drawn; whoever measures when it is on the screen wants a frame after it.
    fn note_drawn(&mut self, ctx: &egui::Context, desk: Arc<Desk>) {
        let is_first = match &self.drawn {
            Drawn::Nothing => true,
            Drawn::JustNow { desk: drawn, is_first } if !Arc::ptr_eq(drawn, &desk) => *is_first,
            Drawn::Noted(drawn) if !Arc::ptr_eq(drawn, &desk) => false,
            Drawn::JustNow { .. } | Drawn::Noted(_) => return,
        };
        if is_first || tracing::enabled!(tracing::Level::DEBUG) {
            ctx.request_repaint();
        }
        self.drawn = Drawn::JustNow { desk, is_first };
    }

    /// Writes down, for whoever measures, that a new picture is on the screen.
    fn note_painted(&mut self) {
        let Drawn::JustNow { desk, is_first } = &self.drawn else { return };
        if *is_first {
            tracing::info!("first frame");
        }
        if tracing::enabled!(tracing::Level::DEBUG)
            && let Some(newest) = newest_message(desk)
        {
            tracing::debug!(message.id = %newest, "painted");
        }
        self.drawn = Drawn::Noted(Arc::clone(desk));
    }
}

/// The message that came last, in whichever conversation.
fn newest_message(desk: &Desk) -> Option<MessageId> {
    let bar = desk.bar();
    bar.all()
        .filter_map(|conversation| conversation.last_message())
        .max_by_key(|message| (message.stored_at, message.id))
        .map(|message| message.id)
}

/// A fresh name for a message: the idempotency key of its call.
fn fresh_ref(now: DateTime<Utc>) -> ClientRef {
    ClientRef::new(now, random())
}

/// Random bytes, as an id has them.
fn random() -> [u8; 10] {
    let mut random = [0; 10];
    getrandom::fill(&mut random).expect("the operating system gives random bytes");
    random
}

/// A prepared reply with a fresh name for each of its files.
fn prepared(
    response: ResponseId,
    text: String,
    files: Vec<ResponseFile>,
    now: DateTime<Utc>,
) -> PreparedReply {
    PreparedReply { response, text, files: files.into_iter().map(|file| (fresh_ref(now), file)).collect() }
}

/// Opens an address in the program it belongs to.
fn open_link(address: &str) {
    let failed = |error: open::OpenError| tracing::warn!(%error, "an address was not opened");
    if let Err(error) = open::open(address, failed) {
        failed(error);
    }
}

/// The language the agent chose, else one that the system is set to.
fn language(window: &config::Window) -> Language {
    let system = locale::languages();
    Language::first_of(window.language.iter().chain(&system).map(String::as_str))
}

fn apply(ctx: &egui::Context, window: &config::Window) {
    ctx.set_theme(match window.theme {
        config::Theme::System => egui::ThemePreference::System,
        config::Theme::Light => egui::ThemePreference::Light,
        config::Theme::Dark => egui::ThemePreference::Dark,
    });
    ctx.set_zoom_factor(window.text_scale);
}

impl eframe::App for WaxwingApp {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.note_painted();
        self.flush();
        let desk = self.service.desk();
        self.begin(&desk);
        self.tend_sound(&desk);
        let news = self.listen(&desk);
        self.attend(ctx, &desk, news);
        self.go_on_with_files(ctx, &desk);
        self.go_on_with_library(&desk);
        self.go_on_with_contacts(&desk);
        self.go_on_with_papers(&desk);
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        let desk = self.service.desk();
        let now = self.service.clock().now();
        let theme = match ui.ctx().theme() {
            egui::Theme::Light => &self.themes[0],
            egui::Theme::Dark => &self.themes[1],
        };
        let view = View {
            desk: &desk,
            now,
            theme,
            choices: &self.choices,
            language: &self.language,
            zone: ui::Zone::System,
            pictures: self.service.pictures(),
            files: self.service.files(),
            sound: &self.sound,
            spelling: &self.spelling,
            gateway: &self.settings.config.gateway.url,
        };
        let actions = ui::show(ui, view, &mut self.state);
        let ctx = ui.ctx().clone();
        for action in actions {
            self.act((&ctx, frame), action, now);
        }
        if !self.held.is_empty() {
            ctx.request_repaint_after(Duration::from_millis(50));
        }
        self.habits.watch(self.state.emoji_habits());
        let seconds = ctx.input(|input| input.time);
        if let Some(left) = self.layout.watch(self.state.layout(), seconds) {
            ctx.request_repaint_after(left);
        }
        self.note_drawn(&ctx, desk);
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        for command in self.state.unkept_drafts() {
            self.command(command);
        }
        self.layout.keep();
        self.habits.finish();
        self.leave();
        self.files.close();
        if !self.service.stop(FAREWELL) {
            tracing::warn!("the service did not end in time");
        }
    }
}
