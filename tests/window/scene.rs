//! The stage: a WhatsApp network in a box, the gateway and the desktop, each a process of its own, on a display of their
//! own; and the outside world, which posts with curl and signs with openssl.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use egui::Color32;
use serde_json::{Value, json};
use tempfile::TempDir;
use waxwing::ui::theme::Theme;

use crate::{
    display::{Display, Window},
    picture::{Area, Picture, Spot},
    process::{Running, answers, free_port, must, run},
    wait::until,
};

/// Seconds within which a colour has to appear.
const PATIENCE: u64 = 30;
const DESKTOP: &str = env!("CARGO_BIN_EXE_waxwing");
pub(crate) const USER_NAME: &str = "ana";
pub(crate) const PASSWORD: &str = "a quiet waxwing";

/// The simulator's own; see `waxwing-gateway simulate`.
const TOKEN: &str = "simulator-token";
const APP_SECRET: &str = "simulator-app-secret";
const PHONE_NUMBER_ID: &str = "106540352242922";
const ACCOUNT_ID: &str = "102290129340398";
/// Somebody whom the simulated network knows, so that what they are sent arrives.
const PHONE: &str = "15550100101";
const USER_ID: &str = "US.1349120865530274101";
pub(crate) const CONTACT: &str = "Sheena Nelson";

/// The window's parts, in pixels. The mark, the status and much else share the indicator's colours, but not in the bar.
pub(crate) const TOP_BAR: Area = Area { x: (80, 1440), y: (0, 48) };
/// Below it, notices stand.
pub(crate) const BAR: Area = Area { x: (0, 296), y: (50, 700) };
pub(crate) const HEADER: Area = Area { x: (300, 1440), y: (50, 150) };
pub(crate) const CONVERSATION: Area = Area { x: (300, 1440), y: (190, 755) };
/// Where one writes, with its edge, which tells that it has the focus.
pub(crate) const FIELD: Area = Area { x: (310, 1430), y: (780, 855) };
const COMPOSER: Area = Area { x: (316, 1420), y: (796, 846) };
/// On the sign-in screen.
const PASSWORD_FIELD: Area = Area { x: (540, 900), y: (478, 515) };
/// So many pixels of the indicator's colour are a ring and no chance.
pub(crate) const RING: usize = 60;
/// As many of a thin stroke are a word or a pair of ticks.
pub(crate) const WORD: usize = 8;

/// Everything that runs. Ended in this order.
pub(crate) struct Scene {
    desktop: Option<Running>,
    window: Option<Window>,
    others: Vec<Running>,
    pub(crate) gateway: Running,
    _simulator: Running,
    pub(crate) display: Display,
    pub(crate) theme: Theme,
    pub(crate) gateway_url: String,
    pub(crate) simulator_url: String,
    pictures: PathBuf,
    folder: TempDir,
}

impl Scene {
    /// A gateway with one agent and one number, and the network it speaks to.
    pub(crate) fn set(name: &str) -> Self {
        Self::set_for(name, "agent")
    }

    /// The same with a team lead, who may look after the library.
    pub(crate) fn led(name: &str) -> Self {
        Self::set_for(name, "team-lead")
    }

    fn set_for(name: &str, role: &str) -> Self {
        let gateway_program = gateway_program();
        let pictures = target_folder().join("window-test").join(name);
        // Those of the last run; none at the first.
        fs::remove_dir_all(&pictures).unwrap_or_default();
        let folder = tempfile::tempdir().expect("a temporary folder");
        let display = Display::start(folder.path());
        let (gateway_port, simulator_port) = (free_port(), free_port());
        let gateway_url = format!("http://127.0.0.1:{gateway_port}");
        let simulator_url = format!("http://127.0.0.1:{simulator_port}");
        let mut command = display.command(&gateway_program);
        command.args(["simulate", "--listen", &format!("127.0.0.1:{simulator_port}")]);
        command.args(["--webhook-url", &format!("{gateway_url}/webhooks/whatsapp")]);
        let simulator = Running::start("simulator", &mut command, folder.path());
        let gateway = |arguments: &[&str]| {
            let mut command = display.command(&gateway_program);
            command.args(arguments).arg("--data-folder").arg(folder.path().join("gateway"));
            command.args(["--graph-url", &simulator_url]);
            command
        };
        let secret = |name: &str, secret: &str| {
            let path = folder.path().join(name);
            fs::write(&path, secret).expect("a file can be written");
            path.into_os_string().into_string().expect("a temporary path is text")
        };
        let password = secret("password", PASSWORD);
        let who = ["agent", "add", USER_NAME, "--name", "Ana Silva", "--role", role, "--capacity", "6"];
        must(&mut gateway(&[&who[..], &["--password-file", &password]].concat()));
        let token = secret("token", TOKEN);
        let app_secret = secret("app-secret", APP_SECRET);
        let verify = secret("verify", "a long random text");
        let number = ["number", "add", "--display-number", "+1 555 078 3881", "--name", "Support"];
        let ids = ["--phone-number-id", PHONE_NUMBER_ID, "--account-id", ACCOUNT_ID];
        let secrets =
            ["--token-file", &token, "--app-secret-file", &app_secret, "--verify-token-file", &verify];
        must(&mut gateway(&[&number[..], &ids, &secrets].concat()));
        let mut command = gateway(&["serve", "--listen", &format!("127.0.0.1:{gateway_port}")]);
        let gateway = Running::start("gateway", &mut command, folder.path());
        answers(&format!("{gateway_url}/v1/ready"));
        answers(&format!("{simulator_url}/control/sent"));
        Self {
            desktop: None,
            window: None,
            others: Vec::new(),
            gateway,
            _simulator: simulator,
            display,
            theme: Theme::shipped(egui::Theme::Light),
            gateway_url,
            simulator_url,
            pictures,
            folder,
        }
    }

    /// Opens the desktop's window; `settings` go on its command line.
    pub(crate) fn open_desktop(&mut self, settings: &[&str]) {
        let mut command = self.display.command(DESKTOP);
        command.args(["--gateway", &self.gateway_url, "--data"]).arg(self.folder.path().join("desktop"));
        command.args(["--theme", "light", "--sounds", "false", "--token-file-allowed", "false"]);
        let paths = env::var_os("PATH").unwrap_or_default();
        let paths = [self.programs()].into_iter().chain(env::split_paths(&paths));
        command.env("PATH", env::join_paths(paths).expect("has no colon"));
        // As whoever packs a program with its libraries does it.
        command.env("LD_LIBRARY_PATH", self.path("libraries"));
        let command = command.args(settings).env("NO_COLOR", "1");
        self.desktop = Some(Running::start("waxwing", command, self.folder.path()));
        let window = self.display.window("^Waxwing$");
        self.display.move_to_corner(&window);
        self.window = Some(window);
        self.until_seen("the window is drawn", self.theme.accent, Area { x: (0, 1440), y: (0, 900) }, 300);
    }

    /// Ends the desktop as `kill -9` does.
    pub(crate) fn kill_desktop(&mut self) {
        self.window = None;
        self.desktop.take().expect("the desktop runs").kill();
    }

    /// Signs the agent in, with the keyboard.
    pub(crate) fn sign_in(&self) {
        self.display.focus(self.window());
        self.display.type_text(USER_NAME);
        self.display.press("Tab");
        // What is typed in the frame of the Tab still goes to the field before it.
        self.until_seen("the password's field has the focus", self.theme.accent, PASSWORD_FIELD, 200);
        self.display.type_text(PASSWORD);
        self.keep("sign-in");
        self.display.press("Return");
        // The avatar's and the status menu's place are beyond the sign-in form.
        until("the agent is signed in", 30, || self.look().find(self.theme.surface, TOP_BAR, 30_000));
    }

    /// Makes the agent ready, with the keyboard.
    pub(crate) fn become_ready(&self) {
        self.until_seen("the agent is not ready", self.theme.late_ring, TOP_BAR, 20);
        self.display.press("ctrl+shift+r");
        self.until_seen("the agent is ready", self.theme.fresh, TOP_BAR, 20);
    }

    /// A place in the folder of this scene.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn window(&self) -> &Window {
        self.window.as_ref().expect("the desktop's window is open")
    }

    /// How the desktop's window looks now.
    pub(crate) fn look(&self) -> Picture {
        self.display.picture(self.window())
    }

    /// Waits until a colour stands in a part of the window.
    #[track_caller]
    pub(crate) fn until_seen(&self, what: &str, of: Color32, at: Area, least: usize) -> Spot {
        until(what, PATIENCE, || self.look().find(of, at, least)).0
    }

    /// Waits until letters or other thin strokes of a colour stand in a part of the window; says how long that took.
    #[track_caller]
    pub(crate) fn until_strokes(&self, what: &str, seconds: u64, of: Color32, at: Area) -> Duration {
        until(what, seconds, || (self.look().count_strokes(of, at) >= WORD).then_some(())).1
    }

    /// Presses a key and waits until something in a part of the window looks otherwise.
    #[track_caller]
    pub(crate) fn press_and_see(&self, key: &str, at: Area) {
        let before = self.look().part(at);
        self.display.press(key);
        until(&format!("{key} does something"), 10, || (self.look().part(at) != before).then_some(()));
    }

    /// Where letters of a colour stand in a part of the window, once they do.
    #[track_caller]
    pub(crate) fn until_strokes_at(&self, what: &str, of: Color32, at: Area) -> Spot {
        until(what, PATIENCE, || self.look().find_strokes(of, at, WORD)).0
    }

    /// Types into the composer, which has the focus, and waits until all of it can be read there; says how long the first
    /// of it took to appear.
    pub(crate) fn write(&self, text: &str) -> Duration {
        self.write_at(text, COMPOSER)
    }

    /// The same into another field, which has the focus.
    pub(crate) fn write_at(&self, text: &str, field: Area) -> Duration {
        let written = || self.look().count_strokes(self.theme.text, field);
        let before = written();
        self.display.type_text(text);
        let (mut last, took) =
            until("what is typed appears", 10, || Some(written()).filter(|n| *n != before));
        until("all that is typed has appeared", 10, || {
            (std::mem::replace(&mut last, written()) == last).then_some(())
        });
        took
    }

    /// Waits until words stand in the composer.
    #[track_caller]
    pub(crate) fn until_written(&self) {
        self.until_strokes("words stand in the composer", 10, self.theme.text, COMPOSER);
    }

    /// Waits until a text is on this machine's disk; the journal writes it as it is.
    #[track_caller]
    pub(crate) fn until_kept(&self, text: &str) {
        until(&format!("{text:?} is in the journal"), 5, || {
            let files = fs::read_dir(self.folder.path().join("desktop")).ok()?;
            let mut kept = files.filter_map(|file| fs::read(file.ok()?.path()).ok());
            kept.any(|bytes| bytes.windows(text.len()).any(|part| part == text.as_bytes())).then_some(())
        });
    }

    /// Keeps a picture of the window under the next number.
    pub(crate) fn keep(&self, step: &str) {
        self.keep_of(self.window(), step);
    }

    /// The same of another window.
    pub(crate) fn keep_of(&self, window: &Window, step: &str) {
        let number = fs::read_dir(&self.pictures).map_or(0, Iterator::count) + 1;
        self.display.picture(window).keep(&self.pictures.join(format!("{number:02}-{step}.png")));
    }

    /// Opens somebody else's window beside ours and gives it the focus.
    pub(crate) fn turn_to_another_program(&mut self) -> Window {
        let mut command = self.display.command("xmessage");
        command.args(["-geometry", "+1500+200", "-title", "Another program", "What one does meanwhile"]);
        self.others.push(Running::start("another", &mut command, self.folder.path()));
        let window = self.display.window("^Another program$");
        self.display.focus(&window);
        window
    }

    /// A customer writes: WhatsApp's webhook as it comes from outside, signed by openssl, posted by curl.
    pub(crate) fn customer_writes(&self, id: &str, text: &str) {
        let file = self.folder.path().join("webhook.json");
        let sent_at = must(Command::new("date").arg("+%s"));
        fs::write(&file, webhook(id, sent_at.trim(), text).to_string()).expect("a file can be written");
        let digest =
            must(Command::new("openssl").args(["dgst", "-sha256", "-hmac", APP_SECRET, "-r"]).arg(&file));
        let signature = digest.split_whitespace().next().expect("a digest").to_owned();
        let mut command = Command::new("curl");
        command.args(["--silent", "--show-error", "--max-time", "10", "--output", "/dev/null"]);
        command.args(["--write-out", "%{http_code}", "--header", "Content-Type: application/json"]);
        command.args(["--header", &format!("X-Hub-Signature-256: sha256={signature}")]);
        command.arg("--data-binary").arg(format!("@{}", file.display()));
        assert_eq!(must(command.arg(format!("{}/webhooks/whatsapp", self.gateway_url))), "200");
    }

    /// The agent turns to whoever has waited longest, until they can write to them.
    pub(crate) fn turn_to_the_next(&self) {
        self.display.press("ctrl+j");
        self.until_seen("the agent can write to them", self.theme.accent, FIELD, 1_000);
    }

    /// Answers whoever has waited longest.
    #[track_caller]
    pub(crate) fn answer(&self, text: &str) {
        self.turn_to_the_next();
        self.write(text);
        self.display.press("Return");
        self.until_received(text, 15);
    }

    /// How often WhatsApp was asked to send exactly this text to the customer.
    pub(crate) fn received(&self, text: &str) -> usize {
        self.requests().iter().filter(|request| request["body"]["text"]["body"] == text).count()
    }

    /// How often WhatsApp was asked to send a notification of this name.
    pub(crate) fn received_notifications(&self, name: &str) -> usize {
        self.requests().iter().filter(|request| request["body"]["template"]["name"] == name).count()
    }

    /// The gateway's library, as a table.
    pub(crate) fn library(&self) -> String {
        let mut command = self.display.command(gateway_program());
        command.args(["library", "export", "--form", "csv", "--data-folder"]).arg(self.path("gateway"));
        must(&mut command)
    }

    /// The customer taps a quick reply of the last notification they got, on a card of it.
    pub(crate) fn customer_taps(&self, button: &str, card: usize) {
        let order = json!({"contact": CONTACT, "button": button, "card": card}).to_string();
        let mut command = Command::new("curl");
        command.args(["--silent", "--show-error", "--fail", "--max-time", "10", "--output", "/dev/null"]);
        command.args(["--header", "Content-Type: application/json", "--data-binary", &order]);
        must(command.arg(format!("{}/control/tap", self.simulator_url)));
    }

    fn requests(&self) -> Vec<Value> {
        let sent = format!("{}/control/sent", self.simulator_url);
        let said = run(Command::new("curl").args(["--silent", "--fail", "--max-time", "5", &sent]), b"");
        serde_json::from_slice(&said.expect("the simulator answers")).expect("JSON")
    }

    /// Waits until WhatsApp has been asked to send this text; once, and not twice.
    #[track_caller]
    pub(crate) fn until_received(&self, text: &str, seconds: u64) {
        until("the answer is at WhatsApp", seconds, || (self.received(text) > 0).then_some(()));
        assert_eq!(self.received(text), 1, "{text:?} was sent more than once");
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        if std::thread::panicking() && self.window.is_some() {
            self.keep("FAILED");
        }
    }
}

fn webhook(id: &str, sent_at: &str, text: &str) -> Value {
    let message = json!({
        "from": PHONE, "from_user_id": USER_ID, "id": id, "timestamp": sent_at,
        "type": "text", "text": {"body": text},
    });
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550783881", "phone_number_id": PHONE_NUMBER_ID},
        "contacts": [{"profile": {"name": CONTACT}, "wa_id": PHONE, "user_id": USER_ID}],
        "messages": [message],
    });
    json!({
        "object": "whatsapp_business_account",
        "entry": [{"id": ACCOUNT_ID, "changes": [{"field": "messages", "value": value}]}],
    })
}

/// The gateway's program, beside the desktop's; built if this test was started alone.
fn gateway_program() -> PathBuf {
    let folder = Path::new(DESKTOP).parent().expect("lies in a folder");
    let program = folder.join("waxwing-gateway");
    if !program.exists() {
        let mut command = Command::new(env!("CARGO"));
        command.args(["build", "--package", "waxwing-gateway", "--target-dir"]).arg(target_folder());
        if !cfg!(debug_assertions) {
            command.arg("--release");
        }
        must(command.current_dir(env!("CARGO_MANIFEST_DIR")));
    }
    program
}

fn target_folder() -> &'static Path {
    Path::new(DESKTOP).ancestors().nth(2).expect("lies in a target folder")
}
