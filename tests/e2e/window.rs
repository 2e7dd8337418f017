//! The window without a screen: found and used by its labels, read by the commands it gives the window system.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        mpsc::{Receiver, Sender, channel},
    },
};

use egui::{UserAttentionType, ViewportCommand, ViewportId};
use egui_kittest::{Harness, kittest::Queryable as _};
use waxwing::{
    app::{SignInFirst, WaxwingApp},
    config::{Loaded, arguments::Arguments, layout::Layout},
    platform::recorder::{AnyMicrophone, Block, Inbox, Microphone},
    service::{ServiceConfig, SessionService, TokenKeeping},
};

use crate::{
    wait,
    world::{PASSWORD, USER_NAME, World},
};

/// The desktop, signed in and ready.
pub(crate) struct Window {
    harness: Harness<'static, WaxwingApp>,
    /// Where its microphone puts what it hears, once it was opened.
    microphone: Receiver<Arc<Inbox>>,
    /// What was asked of the taskbar, in order.
    pub(crate) attention: Vec<UserAttentionType>,
}

impl Window {
    /// Opens the desktop on a world; its agent is ready when this returns.
    pub(crate) fn open(world: &World) -> Self {
        Self::open_on(world, "desktop")
    }

    /// Opens a desktop on another machine, or again on one.
    pub(crate) fn open_on(world: &World, machine: &str) -> Self {
        Self::open_as(world, machine, USER_NAME)
    }

    /// The same for somebody else.
    pub(crate) fn open_as(world: &World, machine: &str, user_name: &str) -> Self {
        let arguments = Arguments {
            gateway: Some(world.gateway_url()),
            data: Some(world.folder_of(machine)),
            sounds: Some(false),
            ..Arguments::default()
        };
        let settings = Loaded::load(&arguments).expect("the settings make sense");
        let config = ServiceConfig {
            gateway_url: world.gateway_url(),
            ca_file: None,
            data_folder: settings.data_folder.clone(),
            token_keeping: TokenKeeping::Memory,
            device: machine.to_owned(),
            settings: settings.config.settings(),
            local_day: |at| at.date_naive(),
            seed: 1,
            workshop: waxwing_media::child::Workshop::here(),
            at_log_off: waxwing::service::AtLogOff::default(),
            cache: waxwing::service::Cache { max_bytes: 1 << 30, keep_after_log_off: false },
        };
        let first = SignInFirst { user_name: user_name.to_owned(), password: PASSWORD.to_owned() };
        let (opened, microphone) = channel();
        let harness = Harness::builder()
            .with_size([1440.0, 900.0])
            .with_max_steps(4)
            .allow_missing_glyphs()
            .build_eframe(|creation| {
                let ctx = creation.egui_ctx.clone();
                let waker = Arc::new(move || ctx.request_repaint());
                let service = SessionService::start(config, waker).expect("the service starts");
                WaxwingApp::new(&creation.egui_ctx, settings, service, Some(first), Layout::default())
                    .with_microphone(AnyMicrophone::new(ByHand(opened)))
            });
        let mut window = Self { harness, microphone, attention: Vec::new() };
        window.see("Status: Ready");
        window
    }

    /// Draws one frame and notes what it asks of the taskbar.
    pub(crate) fn step(&mut self) {
        self.harness.step();
        let commands =
            self.harness.output().viewport_output.get(&ViewportId::ROOT).map(|output| &output.commands);
        for command in commands.into_iter().flatten() {
            if let ViewportCommand::RequestUserAttention(kind) = command {
                self.attention.push(*kind);
            }
        }
    }

    /// Whether something with this label, or with a longer one that contains it, is to be seen.
    pub(crate) fn shows(&mut self, label: &str) -> bool {
        self.step();
        self.harness.query_all_by_label_contains(label).next().is_some()
    }

    /// Waits until it is to be seen.
    #[track_caller]
    pub(crate) fn see(&mut self, label: &str) {
        wait::until(label, || self.shows(label).then_some(()));
    }

    /// Waits until it is to be seen no more.
    #[track_caller]
    pub(crate) fn lose(&mut self, label: &str) {
        wait::until(&format!("{label} goes away"), || (!self.shows(label)).then_some(()));
    }

    /// Clicks the first thing whose label contains this.
    #[track_caller]
    pub(crate) fn click(&mut self, label: &str) {
        self.see(label);
        let found = self.harness.query_all_by_label_contains(label).next();
        found.expect("it was just seen").click();
        self.step();
        self.step();
    }

    /// Clicks the last thing whose label is exactly this.
    #[track_caller]
    pub(crate) fn press(&mut self, label: &str) {
        self.find(label);
        self.harness.query_all_by_label(label).last().expect("it was just seen").click();
        self.step();
        self.step();
    }

    /// Picks from the context menu of the last thing whose label is exactly this.
    #[track_caller]
    pub(crate) fn pick(&mut self, label: &str, choice: &str) {
        self.find(label);
        self.harness.query_all_by_label(label).last().expect("it was just seen").click_secondary();
        self.step();
        self.press(choice);
    }

    /// Waits until something has exactly this label, and stands still.
    #[track_caller]
    fn find(&mut self, label: &str) {
        let mut before = None;
        wait::until(label, || {
            self.step();
            let place = self.harness.query_all_by_label(label).last().map(|node| node.rect());
            let stands_still = place.is_some() && place == before;
            before = place;
            stands_still.then_some(())
        });
    }

    /// What stands in the composer.
    pub(crate) fn written(&mut self) -> String {
        self.step();
        let field = self.harness.query_all_by_label_contains("Message to ").next();
        field.and_then(|field| field.value()).unwrap_or_default()
    }

    /// Waits until this stands in the composer.
    #[track_caller]
    pub(crate) fn reads(&mut self, text: &str) {
        wait::until(text, || (self.written() == text).then_some(()));
    }

    /// Lets files fall onto the conversation.
    #[track_caller]
    pub(crate) fn drop_files(&mut self, files: &[PathBuf]) {
        self.see("Message to ");
        self.harness.hover_at(egui::pos2(800.0, 400.0));
        self.step();
        let dropped =
            |path: &PathBuf| Arc::new(Dropped(path.clone())) as Arc<dyn egui::DroppedFile + Send + Sync>;
        self.harness.input_mut().dropped_files = files.iter().map(dropped).collect();
        self.step();
        self.harness.input_mut().dropped_files.clear();
        self.step();
    }

    /// Speaks into the microphone, which was opened just now: all of this is heard before what is asked next.
    pub(crate) fn speak(&self, said: Block) {
        self.microphone.recv_timeout(wait::PATIENCE).expect("the microphone is open").hear(said);
    }

    /// Presses a key.
    pub(crate) fn key(&mut self, modifiers: egui::Modifiers, key: egui::Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.step();
        self.step();
    }

    /// Types into whatever has the focus.
    pub(crate) fn type_in(&mut self, text: &str) {
        self.harness.event(egui::Event::Text(text.to_owned()));
        self.step();
    }

    /// Writes into the composer and presses Enter.
    #[track_caller]
    pub(crate) fn send(&mut self, text: &str) {
        self.write(text);
        self.harness.key_press(egui::Key::Enter);
        self.step();
        self.step();
    }

    /// Writes into the last field that is called exactly this.
    #[track_caller]
    pub(crate) fn fill(&mut self, label: &str, text: &str) {
        self.find(label);
        self.harness.query_all_by_label(label).last().expect("it was just seen").focus();
        self.step();
        self.step();
        self.type_in(text);
        self.step();
    }

    /// Writes into the composer.
    #[track_caller]
    pub(crate) fn write(&mut self, text: &str) {
        self.see("Message to ");
        self.harness.get_by_label_contains("Message to ").focus();
        self.step();
        self.step();
        self.harness.event(egui::Event::Text(text.to_owned()));
        self.step();
    }

    /// Gives the window the focus, or takes it away.
    pub(crate) fn focus(&mut self, focused: bool) {
        let input = self.harness.input_mut();
        input.focused = focused;
        input.viewports.entry(ViewportId::ROOT).or_default().focused = Some(focused);
        self.step();
    }
}

/// A file that falls onto the window.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("a frame reads no file".to_owned())
    }
}

/// A microphone that is spoken into by hand.
struct ByHand(Sender<Arc<Inbox>>);

impl Microphone for ByHand {
    type Open = ();

    fn open(&self, inbox: Arc<Inbox>) -> Result<(), String> {
        self.0.send(inbox).map_err(|_closed| "nobody speaks".to_owned())
    }
}
