//! The desktop in a real window: how fast it is there, what it costs, and how soon a customer's words are on the screen.

use std::{fs, path::Path, time::Duration};

use crate::{
    display::{Display, Window},
    kit::{
        agent::Agent,
        database::Database,
        house::{ANY_PORT, Gateway, House},
        http::Connection,
        programs::{self, Programs},
        wait::{PATIENCE, now, pause, until},
        webhook::{Writer, wamid},
    },
    report::{Row, percentile},
};

const STARTS: usize = 5;
const MESSAGES: usize = 120;
/// The time in the agent's status is drawn anew each second; without a graphics card a whole frame costs about 15 ms.
const IDLE_PERCENT: f64 = 3.0;
/// Linux counts the time of a process in hundredths of a second.
const TICKS_PER_SECOND: f64 = 100.0;

/// All rows about the window.
pub(crate) async fn rows(programs: &Programs) -> Vec<Row> {
    let display = Display::start();
    let mut rows = starts(&display, programs).await;
    let house = House::set_up(&programs.at("waxwing-gateway"), &[]);
    let gateway = house.start(ANY_PORT).await;
    let agent = Agent::sign_in(&gateway.url()).await;
    let folder = programs::folder();
    let desktop = signed_in(&display, &programs.at("waxwing"), &gateway, (&agent, folder.path()));
    desktop.first_frame();
    rows.push(idle(&desktop).await);
    let frames = frames(&house, &gateway, &desktop).await;
    rows.push(Row::new("webhook_to_frame_ms_p50", percentile(&frames, 50), "ms"));
    rows.push(Row::new("webhook_to_frame_ms_p99", percentile(&frames, 99), "ms").at_most(1000.0));
    rows
}

/// First frame and memory of the sign-in screen, beside a window with nothing in it.
async fn starts(display: &Display, programs: &Programs) -> Vec<Row> {
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        for (name, measured) in [("waxwing", &mut ours), ("bare_window", &mut bare)] {
            let folder = programs::folder();
            let data = folder.path().to_string_lossy();
            let settings = [
                ("WAXWING_DATA", &*data),
                ("WAXWING_LOG", "info"),
                ("WAXWING_GATEWAY", "http://127.0.0.1:9"),
            ];
            let window = display.run(&programs.at(name), &settings);
            let first_frame = window.first_frame();
            pause(Duration::from_secs(2)).await;
            measured.push((first_frame.as_secs_f64() * 1000.0, window.memory()));
        }
    }
    let frame = |of: &[(f64, f64)]| median(of.iter().map(|(frame, _)| *frame).collect());
    let memory = |of: &[(f64, f64)]| median(of.iter().map(|(_, memory)| *memory).collect());
    vec![
        Row::new("first_frame_ms", frame(&ours), "ms").beside(frame(&bare)).at_most(1000.0),
        Row::new("memory_mb", memory(&ours), "MB").beside(memory(&bare)).at_most_times(2.0),
    ]
}

fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of[of.len() / 2]
}

/// The desktop with a token that it finds in its file, as after a restart.
fn signed_in(
    display: &Display,
    program: &Path,
    gateway: &Gateway,
    (agent, folder): (&Agent, &Path),
) -> Window {
    let file = gateway.url().replace(':', "_3a").replace('/', "_2f");
    fs::write(folder.join(format!("{file}.token")), &agent.token).expect("can be written");
    let (url, data) = (gateway.url(), folder.to_string_lossy());
    let settings = [
        ("WAXWING_GATEWAY", &*url),
        ("WAXWING_DATA", &*data),
        ("WAXWING_TOKEN_FILE_ALLOWED", "true"),
        ("WAXWING_SOUNDS", "false"),
        ("WAXWING_LOG", "info,waxwing=debug"),
    ];
    display.run(program, &settings)
}

/// What it costs while nothing happens, in percent of one core.
async fn idle(desktop: &Window) -> Row {
    pause(Duration::from_secs(2)).await;
    let (before, span) = (desktop.ticks(), Duration::from_secs(10));
    pause(span).await;
    let used = f64::from(desktop.ticks() - before) / TICKS_PER_SECOND;
    Row::new("idle_cpu_percent", used / span.as_secs_f64() * 100.0, "% of a core").at_most(IDLE_PERCENT)
}

/// From the 200 to the frame with the message on the screen, one message after the other.
async fn frames(house: &House, gateway: &Gateway, desktop: &Window) -> Vec<Duration> {
    let (writer, database) = (Writer::new(), Database::open(&house.database()).await);
    let mut connection = Connection::open(gateway.address).await.expect("the gateway listens");
    let mut spans = Vec::with_capacity(MESSAGES);
    for number in 0..MESSAGES {
        let wamid = wamid(&format!("frame{number:04}"));
        let request =
            writer.message(&wamid, number % 3, &format!("Where is my parcel? This is message {number}."));
        assert_eq!(connection.exchange(&request).await.expect("answers"), 200);
        let answered = now();
        let id = until("the message is stored", PATIENCE, async || database.message(&wamid).await).await;
        let painted = desktop.says(&format!("painted message.id={id}"));
        spans.push(painted.saturating_duration_since(answered));
        // Not in step with anything that the desktop does by itself.
        pause(Duration::from_millis(20 + (number as u64 * 37) % 100)).await;
    }
    database.close().await;
    spans
}
