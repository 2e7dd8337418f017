//! What sound is recorded with: the system's microphone.

use std::sync::Arc;

use rodio::cpal::{
    self, Device, FromSample, SampleFormat, SizedSample, Stream, StreamConfig,
    traits::{DeviceTrait as _, HostTrait as _, StreamTrait as _},
};

use super::inbox::{Block, Inbox};

/// Something to record sound with.
pub trait Microphone: Send + Sync + 'static {
    /// It listens until this goes.
    type Open;

    /// Opens it; what it hears goes to the inbox. The error follows "no microphone: ", without a full stop.
    fn open(&self, inbox: Arc<Inbox>) -> Result<Self::Open, String>;
}

/// The one that the system prefers.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemMicrophone;

impl Microphone for SystemMicrophone {
    type Open = Stream;

    fn open(&self, inbox: Arc<Inbox>) -> Result<Stream, String> {
        let device = cpal::default_host().default_input_device().ok_or("the system knows of none")?;
        let config = device.default_input_config().map_err(in_words)?;
        let listen = match config.sample_format() {
            SampleFormat::F32 => listen::<f32>,
            SampleFormat::I16 => listen::<i16>,
            SampleFormat::I32 => listen::<i32>,
            SampleFormat::I8 => listen::<i8>,
            SampleFormat::U8 => listen::<u8>,
            SampleFormat::U16 => listen::<u16>,
            SampleFormat::U32 => listen::<u32>,
            SampleFormat::F64 => listen::<f64>,
            other => return Err(format!("it gives samples of an unknown kind, {other}")),
        };
        let stream = listen(&device, config.config(), inbox).map_err(in_words)?;
        stream.play().map_err(in_words)?;
        Ok(stream)
    }
}

fn listen<T: SizedSample>(
    device: &Device,
    config: StreamConfig,
    inbox: Arc<Inbox>,
) -> Result<Stream, cpal::Error>
where
    f32: FromSample<T>,
{
    let (rate, channels) = (config.sample_rate, config.channels);
    let hears = Arc::clone(&inbox);
    device.build_input_stream(
        config,
        move |samples: &[T], _when| {
            let samples = samples.iter().map(|sample| sample.to_sample()).collect();
            hears.hear(Block { rate, channels, samples });
        },
        move |error| match error.kind() {
            // It goes on all the same.
            cpal::ErrorKind::Xrun | cpal::ErrorKind::DeviceChanged | cpal::ErrorKind::RealtimeDenied => {}
            _ => inbox.gone(in_words(error)),
        },
        None,
    )
}

fn in_words(error: cpal::Error) -> String {
    error.to_string().trim_end_matches('.').to_owned()
}
