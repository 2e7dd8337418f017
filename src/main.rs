//! The program `waxwing`: arguments, configuration, logs, service, window, in this order.

use std::{process::ExitCode, sync::Arc};

use clap::Parser as _;
use egui::{ViewportBuilder, ViewportCommand};
use tracing_subscriber::EnvFilter;
use waxwing::{
    app::{SignInFirst, WaxwingApp, screens},
    config::{
        Loaded,
        arguments::{Arguments, Task},
        layout::{Layout, Placement},
    },
    demo::Demo,
    gallery,
    service::{AtLogOff, Cache, ServiceConfig, SessionService, TokenKeeping},
};
use waxwing_media::child::{Workshop, serve};

/// What the log shows unless `WAXWING_LOG` says otherwise.
const LOG: &str = "info,sqlx=warn,zbus=warn";

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(Task::Decode { job }) = &arguments.task {
        return serve(job);
    }
    let filter = EnvFilter::try_from_env("WAXWING_LOG").unwrap_or_else(|_unset| EnvFilter::new(LOG));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("waxwing: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(mut arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    if let Some(Task::Gallery(wanted)) = &arguments.task {
        return Ok(gallery::draw(wanted)?);
    }
    let mut demo = None;
    let mut temporary = None;
    if arguments.demo {
        let folder = match arguments.data.clone() {
            Some(folder) => folder,
            None => temporary.insert(tempfile::tempdir()?).path().to_owned(),
        };
        let running = Demo::start(folder.join("gateway"))?;
        arguments.gateway = Some(running.gateway_url.clone());
        arguments.data = Some(folder);
        demo = Some(running);
    }
    let settings = Loaded::load(&arguments)?;
    let first = demo
        .as_ref()
        .map(|demo| SignInFirst { user_name: demo.user_name.clone(), password: demo.password.clone() });
    let shown = show(settings, first);
    if let Some(demo) = demo {
        demo.stop();
    }
    shown
}

fn show(settings: Loaded, first: Option<SignInFirst>) -> Result<(), Box<dyn std::error::Error>> {
    let mut layout = Layout::load(&settings.data_folder).unwrap_or_else(|error| {
        tracing::warn!(%error, "the windows are as at first");
        Layout::default()
    });
    let options = eframe::NativeOptions { viewport: main_window(&layout), ..Default::default() };
    eframe::run_native(
        "waxwing",
        options,
        Box::new(move |creation| {
            let ctx = creation.egui_ctx.clone();
            let waker = Arc::new(move || ctx.request_repaint());
            let service = SessionService::start(service_config(&settings, first.is_some())?, waker)?;
            let was_at = layout.main;
            layout.bring_onto(&screens(creation));
            if let Some(Placement { position: Some(position), size, .. }) =
                layout.main.filter(|_| layout.main != was_at)
            {
                creation.egui_ctx.send_viewport_cmd(ViewportCommand::OuterPosition(position.into()));
                creation.egui_ctx.send_viewport_cmd(ViewportCommand::InnerSize(size.into()));
            }
            Ok(Box::new(WaxwingApp::new(&creation.egui_ctx, settings, service, first, layout)))
        }),
    )?;
    Ok(())
}

/// The main window, where it was the last time.
fn main_window(layout: &Layout) -> ViewportBuilder {
    let window = ViewportBuilder::default()
        .with_title("Waxwing")
        .with_app_id("waxwing")
        .with_min_inner_size([420.0, 420.0]);
    match layout.main {
        None => window.with_inner_size([1440.0, 900.0]),
        Some(Placement { position, size, maximized }) => {
            let window = window.with_inner_size(size).with_maximized(maximized);
            match position {
                Some(position) => window.with_position(position),
                None => window,
            }
        }
    }
}

fn service_config(settings: &Loaded, demo: bool) -> std::io::Result<ServiceConfig> {
    let gateway = &settings.config.gateway;
    let token_keeping = match (demo, gateway.token_file_allowed) {
        // The demo draws a new password at each start.
        (true, _) => TokenKeeping::Memory,
        (false, true) => TokenKeeping::KeyringOrFile,
        (false, false) => TokenKeeping::Keyring,
    };
    let mut seed = [0; 8];
    getrandom::fill(&mut seed).expect("the operating system gives random bytes");
    let files = settings.config.files;
    Ok(ServiceConfig {
        gateway_url: gateway.url.clone(),
        ca_file: gateway.ca_file.clone(),
        data_folder: settings.data_folder.clone(),
        token_keeping,
        device: std::env::var("HOSTNAME").unwrap_or_else(|_unset| "desktop".to_owned()),
        settings: settings.config.settings(),
        local_day: |at| at.with_timezone(&chrono::Local).date_naive(),
        seed: u64::from_be_bytes(seed),
        // This very program looks into files, in a process of its own for each.
        workshop: Workshop::of_program(std::env::current_exe()?),
        at_log_off: if settings.config.workbins.keep_after_log_off {
            AtLogOff::Keep
        } else {
            AtLogOff::Forget
        },
        cache: Cache {
            max_bytes: u64::from(files.cache_mb) * 1024 * 1024,
            keep_after_log_off: files.keep_after_log_off,
        },
    })
}
