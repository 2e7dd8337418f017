//! The desktop without a screen: the real service with a real journal, the real drawing, and a clock that counts what each
//! frame costs.

use std::{
    fs,
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use egui::{
    Context, Event, FullOutput, Key, Modifiers, PointerButton, Pos2, RawInput, Rect, ViewportInfo, pos2, vec2,
};
use rustix::time::{ClockId, clock_gettime};
use tempfile::TempDir;
use tokio::{sync::Notify, time::Instant};
use waxwing::{
    config::Choices,
    desk::{
        Desk,
        input::{Command, Password},
        link::Account,
    },
    service::{ServiceConfig, ServiceHandle, SessionService, TokenKeeping},
    ui::{self, Action, View, ViewState, language::Language, text, theme::Theme},
};

use super::gateway::Gateway;
use crate::kit::{
    programs,
    wait::{PATIENCE, now, pause},
};

/// As the window opens.
const SIZE: egui::Vec2 = vec2(1440.0, 900.0);
/// From frame to frame.
pub(super) const FRAME: Duration = Duration::from_micros(16_667);

/// What a frame has cost.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cost {
    /// How long the processor worked on it.
    pub(super) work: Duration,
    /// Whether its thread gave the processor away meanwhile, because it waited for something.
    pub(super) waited: bool,
}

/// A window.
pub(super) struct Screen {
    pub(super) ctx: Context,
    pub(super) service: ServiceHandle,
    state: Box<ViewState>,
    theme: Theme,
    choices: Choices,
    language: Language,
    url: String,
    /// How often a picture was asked for.
    pub(super) pictures: usize,
    /// Whether the pointer stands in the middle of the transcript.
    rests: bool,
    began: Instant,
    woken: Arc<Notify>,
    /// When the next frame is wanted.
    due: Arc<Mutex<Option<Instant>>>,
    /// Where the journal is; gone with the window.
    folder: TempDir,
}

impl Screen {
    /// Opens the window on a copy of a journal and signs in; what was active then is.
    pub(super) async fn open(journal: &Path, gateway: &Gateway) -> Self {
        Self::start(Self::prepare(journal, gateway), gateway).await
    }

    /// A folder as the desktop has left it.
    pub(super) fn prepare(journal: &Path, gateway: &Gateway) -> TempDir {
        let folder = programs::folder();
        let name = format!("http_3a_2f_2f127.0.0.1_3a{}.journal", gateway.address.port());
        let copy = folder.path().join(name);
        fs::copy(journal, &copy).expect("there is room for a copy");
        // Else the first commit would have to wait until the disk has all of it.
        fs::File::open(copy).and_then(|copy| copy.sync_all()).expect("it can be synced");
        folder
    }

    /// Opens the window on a folder.
    pub(super) async fn start(folder: TempDir, gateway: &Gateway) -> Self {
        let (ctx, woken) = (Context::default(), Arc::<Notify>::default());
        let due = Arc::<Mutex<Option<Instant>>>::default();
        let (wake, wanted) = (Arc::clone(&woken), Arc::clone(&due));
        ctx.set_request_repaint_callback(move |info| {
            want(&wanted, info.delay);
            wake.notify_one();
        });
        ui::fonts::install(&ctx);
        let finder = text::install(&ctx);
        std::thread::Builder::new().name("fonts".to_owned()).spawn(move || finder.run()).expect("is started");
        Theme::install(&ctx);
        let url = format!("http://{}", gateway.address);
        let (redrawn, news) = (ctx.clone(), Arc::clone(&woken));
        let waker = move || {
            redrawn.request_repaint();
            news.notify_one();
        };
        let config = ServiceConfig {
            gateway_url: url.clone(),
            ca_file: None,
            data_folder: folder.path().to_owned(),
            token_keeping: TokenKeeping::Memory,
            device: "bench".to_owned(),
            settings: Choices::default().settings(),
            local_day: |at| at.date_naive(),
            seed: 1,
            // The pictures are our own.
            workshop: waxwing_media::child::Workshop::here(),
            at_log_off: waxwing::service::AtLogOff::default(),
            cache: waxwing::service::Cache { max_bytes: 1 << 30, keep_after_log_off: false },
        };
        let service = SessionService::start(config, Arc::new(waker)).expect("it starts");
        let screen = Self {
            ctx,
            service,
            state: Box::default(),
            theme: Theme::shipped(egui::Theme::Light),
            choices: Choices::default(),
            language: Language::first_of(["en"]),
            url,
            pictures: 0,
            rests: false,
            began: now(),
            woken,
            due,
            folder,
        };
        let password = Password("secret".to_owned());
        screen.tell(Command::SignIn { user_name: "jana".to_owned(), password });
        screen.until("signed in", |desk| matches!(desk.account(), Account::SignedIn { .. })).await;
        screen
    }

    /// Bids the service do something.
    pub(super) fn tell(&self, command: Command) {
        self.service.send(command).expect("the service has room");
    }

    /// Waits until the desk is so.
    pub(super) async fn until(&self, what: &str, is_so: impl Fn(&Desk) -> bool) -> Arc<Desk> {
        let so = async {
            loop {
                let desk = self.service.desk();
                if is_so(&desk) {
                    return desk;
                }
                self.woken.notified().await;
            }
        };
        let limit = tokio::time::timeout(PATIENCE, so).await;
        limit.unwrap_or_else(|_elapsed| panic!("waited in vain until {what}"))
    }

    /// Draws a frame and does what it asks for.
    pub(super) fn frame(&mut self, events: Vec<Event>) -> Cost {
        *self.due.lock().expect("nobody panics") = None;
        let waits_before = waits();
        let before = worked();
        let (mut output, actions) = self.draw(events);
        std::hint::black_box(self.ctx.tessellate(output.shapes, output.pixels_per_point));
        let work = worked().saturating_sub(before);
        let waited = waits() > waits_before;
        // There is no graphics card to send them to.
        output.textures_delta.clear();
        for viewport in output.viewport_output.values() {
            want(&self.due, viewport.repaint_delay);
        }
        for action in actions {
            self.act(action);
        }
        Cost { work, waited }
    }

    fn draw(&mut self, events: Vec<Event>) -> (FullOutput, Vec<Action>) {
        let (desk, input) = (self.service.desk(), self.input(events));
        let view = View {
            desk: &desk,
            now: self.service.clock().now(),
            theme: &self.theme,
            choices: &self.choices,
            language: &self.language,
            pictures: self.service.pictures(),
            files: &(),
            sound: &(),
            spelling: &(),
            zone: ui::Zone::Utc,
            gateway: &self.url,
        };
        let (state, mut actions) = (&mut self.state, Vec::new());
        let output = self.ctx.run_ui(input, |ui| actions = ui::show(ui, view, state));
        (output, actions)
    }

    /// Closes the window; the folder can be opened again.
    pub(super) fn close(mut self) -> TempDir {
        assert!(self.service.stop(PATIENCE), "the service ends");
        self.folder
    }

    /// Draws until nothing is left to be drawn but what the clock changes, fonts included.
    pub(super) async fn settle(&mut self) {
        let mut quiet = 0;
        while quiet < 30 {
            let before = text::generation(&self.ctx);
            self.frame(Vec::new());
            pause(FRAME).await;
            quiet = if text::generation(&self.ctx) == before { quiet + 1 } else { 0 };
        }
    }

    /// Draws only when a frame is asked for; says how many were.
    pub(super) async fn idle(&mut self, span: Duration) -> usize {
        let (end, mut frames) = (now() + span, 0);
        while now() < end {
            let due = self.due.lock().expect("nobody panics").unwrap_or(end);
            if due <= now() {
                self.frame(Vec::new());
                frames += 1;
            } else {
                tokio::select! {
                    () = tokio::time::sleep_until(due.min(end)) => {}
                    () = self.woken.notified() => {}
                }
            }
        }
        frames
    }

    /// Clicks the widget that is read aloud so; says whether there is one.
    pub(super) fn click(&mut self, label: &str) -> bool {
        self.ctx.enable_accesskit();
        let (mut output, _) = self.draw(Vec::new());
        output.textures_delta.clear();
        self.ctx.disable_accesskit();
        let nodes = output.platform_output.accesskit_update.into_iter().flat_map(|tree| tree.nodes);
        let mut named = nodes.filter(|(_, node)| node.label() == Some(label));
        let Some(at) = named.find_map(|(_, node)| node.bounds()) else { return false };
        #[expect(clippy::cast_possible_truncation, reason = "a place on the screen")]
        let at = pos2(at.x0.midpoint(at.x1) as f32, at.y0.midpoint(at.y1) as f32);
        for events in [vec![Event::PointerMoved(at)], vec![button(at, true)], vec![button(at, false)]] {
            self.frame(events);
        }
        true
    }

    /// What happens in a frame. The pointer rests in the middle of the transcript after whatever it did elsewhere.
    fn input(&mut self, mut events: Vec<Event>) -> RawInput {
        let elsewhere =
            events.iter().any(|event| matches!(event, Event::PointerMoved(_) | Event::PointerButton { .. }));
        if !elsewhere && !self.rests {
            events.push(Event::PointerMoved(pos2(SIZE.x * 0.6, SIZE.y * 0.5)));
        }
        self.rests = !elsewhere;
        let window = ViewportInfo { focused: Some(true), ..ViewportInfo::default() };
        RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, SIZE)),
            time: Some(self.began.elapsed().as_secs_f64()),
            viewports: std::iter::once((egui::ViewportId::ROOT, window)).collect(),
            events,
            focused: true,
            ..RawInput::default()
        }
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::WantPicture(key) => {
                self.pictures += 1;
                self.service.want_picture(key);
            }
            Action::Command(
                command @ (Command::ShowOlder { .. }
                | Command::ShowNewer { .. }
                | Command::ShowNewest { .. }
                | Command::Seen { .. }),
            ) => self.tell(command),
            other => panic!("nobody asked for {other:?}"),
        }
    }
}

/// Turns the wheel: moves the words down by so many points.
pub(super) fn wheel(by: f32) -> Vec<Event> {
    vec![Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, by),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    }]
}

/// Goes to the newest message.
pub(super) fn to_newest() -> Vec<Event> {
    let (key, modifiers) = (Key::End, Modifiers::ALT);
    vec![Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers }]
}

fn button(pos: Pos2, pressed: bool) -> Event {
    Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE }
}

/// Notes that a frame is wanted after so long, unless one is wanted sooner.
fn want(due: &Mutex<Option<Instant>>, delay: Duration) {
    let mut due = due.lock().expect("nobody panics");
    if let Some(at) = now().checked_add(delay).filter(|_| delay < Duration::from_hours(1)) {
        *due = Some(due.map_or(at, |due| due.min(at)));
    }
}

/// How long this thread has had a processor.
pub(super) fn worked() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let nanos = u32::try_from(time.tv_nsec).expect("is less than a second");
    Duration::new(u64::try_from(time.tv_sec).expect("is positive"), nanos)
}

/// How often this thread has given the processor away because it waited.
fn waits() -> u64 {
    let status = fs::read_to_string("/proc/thread-self/status").expect("Linux tells");
    let line = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
    line.and_then(|count| count.trim().parse().ok()).expect("is a number")
}
