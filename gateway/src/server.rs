//! Puts the parts together: routes, outbox, metrics, all on one store, all stopped by one signal.

use std::{future::Future, io, sync::Arc, time::Duration};

use chrono::TimeDelta;
use tokio::{net::TcpListener, sync::watch, task::JoinSet};
use waxwing_media::child::Workshop;

use crate::{
    app::App,
    auth::AuthLimits,
    clock::Clock,
    config::{Config, ConfigError},
    handling::library::sample,
    ingest,
    media::{Files, Looking, Media, MediaOptions},
    outbox::{Outbox, ReadMarks},
    routes,
    store::{Store, StoreError, directory, said, search, settings, workbins},
    templates::Templates,
    timers::Timers,
    whatsapp::{cloud_api::CloudApi, media::MediaApi},
};

/// Why the gateway could not begin, or had to end.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The client of the Graph API can't be made, such as for want of root certificates.
    #[error("the client of the Graph API can't be made: {0}")]
    CloudApi(#[from] reqwest::Error),
    /// What is set can't be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A socket failed.
    #[error("serving failed: {0}")]
    Serving(#[from] io::Error),
}

/// Serves on the first listener, and metrics on the second, until `shutdown` ends. Files are looked into in `workshop`. Then waiting polls are answered,
/// requests that are under way to WhatsApp end, and the store is closed.
pub async fn serve(
    config: &Config,
    (store, clock): (Store, Clock),
    workshop: Workshop,
    (listener, metrics): (TcpListener, Option<TcpListener>),
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServerError> {
    let api = CloudApi::new(&config.cloud_api()?)?;
    let files = open_files(config)?;
    let media_api = MediaApi::new(&config.cloud_api()?, config.media_hosts()?)?;
    let looking = Looking::new(workshop, config.attachments.policy());
    if let Err(error) = sample::begin(&store, clock.now()).await {
        tracing::error!(%error, "the sample of the library could not be put in");
    }
    configure(config, &store, &clock).await?;
    let outbox = Outbox::new(store.clone(), files.clone(), api.clone(), clock.clone(), config.outbox());
    let reads = ReadMarks::new(store.clone(), api.clone(), clock.clone());
    let templates = Templates::new(store.clone(), api.clone(), clock.clone(), config.templates());
    let timers = Timers::new(store.clone(), clock.clone());
    let left_over = catch_up(store.clone(), clock.clone());
    let limits = AuthLimits {
        absolute: TimeDelta::hours(i64::from(config.token_life_hours)),
        idle: TimeDelta::minutes(i64::from(config.token_idle_minutes)),
    };
    let mut app = App::new(store.clone(), clock.clone(), limits);
    app.keep_files(files.clone(), looking.clone(), config.attachments.clone());
    let options = MediaOptions { looking, limits: Arc::clone(&app.limits), ..MediaOptions::default() };
    let media = Media::new(store.clone(), files, media_api, clock, options);
    app.phones = config.phones()?;
    app.poll_wait = Duration::from_secs(config.poll_wait_seconds);
    app.trusted_proxies = config.proxies()?.into();
    let stopping = watch::Sender::new(false);
    // All end with this function, also when it is dropped.
    let mut beside = JoinSet::new();
    work(&mut beside, outbox.run(stopped(stopping.subscribe())));
    work(&mut beside, media.run(stopped(stopping.subscribe())));
    work(&mut beside, reads.run(stopped(stopping.subscribe())));
    work(&mut beside, templates.run(stopped(stopping.subscribe())));
    work(&mut beside, timers.run(stopped(stopping.subscribe())));
    let typing = app.typing.clone();
    work(&mut beside, typing.run(store.clone(), api, stopped(stopping.subscribe())));
    let told = stopping.subscribe();
    beside.spawn(async move {
        tokio::select! {
            () = left_over => {}
            () = stopped(told) => {}
        }
        Ok(())
    });
    if let Some(listener) = metrics {
        let (service, told) = (routes::metrics_router(app.clone()), stopping.subscribe());
        beside
            .spawn(async move { axum::serve(listener, service).with_graceful_shutdown(stopped(told)).await });
    }
    let served = crate::run(listener, app, shutdown).await;
    stopping.send_replace(true);
    while let Some(ended) = beside.join_next().await {
        // What the outbox had under way counts as uncertain at the next start.
        ended.map_err(io::Error::other)??;
    }
    store.close().await;
    Ok(served?)
}

/// Takes over what is set about sessions and workbins, for every process that decides here.
async fn configure(config: &Config, store: &Store, clock: &Clock) -> Result<(), StoreError> {
    let mut change = store.begin().await?;
    settings::keep(&mut change, &config.sessions, &config.wrap_up).await?;
    workbins::configure(&mut change, &config.workbins, clock.now()).await?;
    change.commit().await
}

/// The folder of files; what a crash has left unfinished there is removed.
fn open_files(config: &Config) -> Result<Files, ConfigError> {
    let folder = config.files();
    Files::open(&folder).map_err(|error| ConfigError {
        key: "media_folder".to_owned(),
        cause: format!("{}: {error}", folder.display()),
    })
}

/// Takes in what could not be handled, or was not ours, before this start, and lets messages be found that an earlier gateway
/// has kept.
async fn catch_up(store: Store, clock: Clock) {
    match ingest::replay_failed(&store, &clock).await {
        Ok(0) => {}
        Ok(settled) => tracing::info!(settled, "webhooks that had been kept aside were taken in"),
        Err(error) => tracing::error!(%error, "webhooks that were kept aside can't be handled again"),
    }
    match directory::catch_up(&store).await {
        Ok(0) => {}
        Ok(contacts) => tracing::info!(contacts, "contacts of an earlier version stand in the directory now"),
        Err(error) => {
            tracing::error!(%error, "contacts of an earlier version can't be put into the directory");
        }
    }
    match search::catch_up(&store).await {
        Ok(0) => {}
        Ok(messages) => tracing::info!(messages, "messages of an earlier version can be searched now"),
        Err(error) => tracing::error!(%error, "messages of an earlier version can't be searched"),
    }
    match said::catch_up(&store).await {
        Ok(0) => {}
        Ok(messages) => tracing::info!(messages, "messages of an earlier version can be found among all now"),
        Err(error) => tracing::error!(%error, "messages of an earlier version can't be found among all"),
    }
}

/// Has a worker work beside the others.
fn work(beside: &mut JoinSet<io::Result<()>>, worker: impl Future<Output = ()> + Send + 'static) {
    beside.spawn(async move {
        worker.await;
        Ok(())
    });
}

async fn stopped(mut stopping: watch::Receiver<bool>) {
    // A sender that is gone has stopped, too.
    drop(stopping.wait_for(|stopping| *stopping).await);
}
