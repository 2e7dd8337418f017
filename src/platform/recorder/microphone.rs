//! What sound is recorded with: the system's microphone.

use std::{any::Any, sync::Arc};

use rodio::cpal::{
    self, Device, FromSample, SampleFormat, SizedSample, Stream, StreamConfig,
    traits::{DeviceTrait as _, HostTrait as _, StreamTrait as _},
};

use super::{
    super::device,
    inbox::{Block, Inbox},
};

/// Something to record sound with.
pub trait Microphone: Send + Sync + 'static {
    /// It listens until this goes.
    type Open: 'static;

    /// Opens it; what it hears goes to the inbox. The error follows "no microphone: ", without a full stop.
    fn open(&self, inbox: Arc<Inbox>) -> Result<Self::Open, String>;
}

/// Opens a microphone of some kind; it listens until what is returned goes.
type Opens = dyn Fn(Arc<Inbox>) -> Result<Box<dyn Any>, String> + Send + Sync;

/// A microphone of whichever kind.
pub struct AnyMicrophone(Box<Opens>);

impl AnyMicrophone {
    /// This one.
    pub fn new(microphone: impl Microphone) -> Self {
        let open = move |inbox| microphone.open(inbox).map(|open| Box::new(open) as Box<dyn Any>);
        Self(Box::new(open))
    }
}

impl Microphone for AnyMicrophone {
    type Open = Box<dyn Any>;

    fn open(&self, inbox: Arc<Inbox>) -> Result<Box<dyn Any>, String> {
        (self.0)(inbox)
    }
}

/// The one that the system prefers.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemMicrophone;

impl Microphone for SystemMicrophone {
    type Open = Stream;

    fn open(&self, inbox: Arc<Inbox>) -> Result<Stream, String> {
        let microphone = cpal::default_host().default_input_device().ok_or("the system knows of none")?;
        let config = microphone.default_input_config().map_err(|error| device::why(&error).to_owned())?;
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
        let stream =
            listen(&microphone, config.config(), inbox).map_err(|error| device::why(&error).to_owned())?;
        stream.play().map_err(|error| device::why(&error).to_owned())?;
        Ok(stream)
    }
}

fn listen<T: SizedSample>(
    microphone: &Device,
    config: StreamConfig,
    inbox: Arc<Inbox>,
) -> Result<Stream, cpal::Error>
where
    f32: FromSample<T>,
{
    let (rate, channels) = (config.sample_rate, config.channels);
    let hears = Arc::clone(&inbox);
    microphone.build_input_stream(
        config,
        move |samples: &[T], _when| {
            let samples = samples.iter().map(|sample| sample.to_sample()).collect();
            hears.hear(Block { rate, channels, samples });
        },
        move |error| {
            if !device::is_passing(&error) {
                inbox.gone(device::why(&error).to_owned());
            }
        },
        None,
    )
}
