//! Where our copies of files lie: a folder of this machine, as an object store, so that it can be another kind one day.
//!
//! A file appears whole or not at all: it is written beside its place and moved there. Its name is drawn and says nothing of
//! what it is or whose.

use std::{fs::File, io, ops::Range, path::Path, sync::Arc};

use bytes::Bytes;
use object_store::{
    GetOptions, GetRange, GetResult, GetResultPayload, ObjectStore, ObjectStoreExt as _, PutPayload,
    WriteMultipart, local::LocalFileSystem, memory::InMemory, path::Path as Key,
};
use tokio::sync::mpsc;

use crate::random;

/// How much of a file is held in memory before it is written.
const PIECE_BYTES: usize = 1024 * 1024;

/// What the preview of a file is called.
#[must_use]
pub fn preview_of(file: &str) -> String {
    format!("{file}-preview")
}

/// What a piece of a file that is on its way from a desktop is called.
#[must_use]
pub fn piece_of(file: &str, piece: u32) -> String {
    format!("{file}-{piece}")
}

/// A name for a file: drawn, says nothing.
#[must_use]
pub fn draw_name() -> String {
    random::bytes::<16>().map(|byte| format!("{byte:02x}")).concat()
}

/// What stands in the name of a file that is not whole yet (`object_store`, local files).
const UNFINISHED: char = '#';

/// The store of files failed.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// Where they are kept.
    #[error("files can't be kept or read: {0}")]
    Kept(#[from] object_store::Error),
    /// Beside it.
    #[error("a copy of a file can't be made: {0}")]
    Copy(#[from] io::Error),
}

/// Where files are kept. Clones share the place.
#[derive(Debug, Clone)]
pub struct Files(Arc<dyn ObjectStore>);

impl Files {
    /// Opens the folder, makes it if it is not there, for us alone, and removes what a crash has left unfinished.
    pub fn open(folder: &Path) -> io::Result<Self> {
        make_private(folder)?;
        remove_unfinished(folder)?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(io::Error::other)?;
        Ok(Self(Arc::new(store.with_fsync(true))))
    }

    /// Keeps files for as long as this lasts.
    #[must_use]
    pub fn in_memory() -> Self {
        Self(Arc::new(InMemory::new()))
    }

    /// Begins to write a file. Dropped before it is finished, it never was.
    pub async fn write(&self, name: &str) -> Result<Writing, FilesError> {
        let upload = self.0.put_multipart(&key(name)).await?;
        Ok(Writing(WriteMultipart::new_with_chunk_size(upload, PIECE_BYTES)))
    }

    /// A file, if it is there.
    pub async fn read(&self, name: &str) -> Result<Option<GetResult>, FilesError> {
        found(self.0.get(&key(name)).await)
    }

    /// The part of a file between two places, in bytes, if the file is there.
    pub async fn read_part(&self, name: &str, part: Range<u64>) -> Result<Option<GetResult>, FilesError> {
        let options = GetOptions { range: Some(GetRange::Bounded(part)), ..GetOptions::default() };
        found(self.0.get_opts(&key(name), options).await)
    }

    /// How long a file is, if it is there.
    pub async fn size(&self, name: &str) -> Result<Option<u64>, FilesError> {
        Ok(found(self.0.head(&key(name)).await)?.map(|file| file.size))
    }

    /// Keeps a small file, whole, in the place of one that may be there.
    pub async fn keep(&self, name: &str, bytes: Bytes) -> Result<(), FilesError> {
        self.0.put(&key(name), PutPayload::from_bytes(bytes)).await?;
        Ok(())
    }

    /// A file as one of the operating system's, for another process to read; a copy of it where files lie elsewhere.
    pub async fn lend(&self, name: &str) -> Result<Option<File>, FilesError> {
        let Some(file) = self.read(name).await? else { return Ok(None) };
        if let GetResultPayload::File(file, _path) = file.payload {
            return Ok(Some(file));
        }
        let size = file.meta.size;
        let mut pieces = self.pieces(name, size);
        let mut copy = tempfile::tempfile()?;
        while let Some(piece) = pieces.recv().await {
            copy = tokio::task::spawn_blocking({
                let piece = piece?;
                move || {
                    io::Write::write_all(&mut copy, &piece)?;
                    Ok::<_, io::Error>(copy)
                }
            })
            .await
            .map_err(io::Error::other)??;
        }
        io::Seek::rewind(&mut copy)?;
        Ok(Some(copy))
    }

    /// The bytes of a file of this size, piece by piece, as fast as they are taken. A file that is shorter ends with an error.
    #[must_use]
    pub fn pieces(&self, name: &str, size_bytes: u64) -> mpsc::Receiver<Result<Bytes, FilesError>> {
        let (sender, pieces) = mpsc::channel(1);
        let (files, name) = (self.clone(), name.to_owned());
        tokio::spawn(async move {
            let mut at = 0;
            while at < size_bytes {
                let end = size_bytes.min(at + PIECE_BYTES as u64);
                let piece = files.0.get_range(&key(&name), at..end).await.map_err(FilesError::from);
                let is_over = piece.is_err();
                // Who does not want the rest has gone.
                if sender.send(piece).await.is_err() || is_over {
                    return;
                }
                at = end;
            }
        });
        pieces
    }

    /// Removes a file; that it is gone already is fine.
    pub async fn remove(&self, name: &str) -> Result<(), FilesError> {
        match self.0.delete(&key(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn found<T>(answer: Result<T, object_store::Error>) -> Result<Option<T>, FilesError> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// A file that is being written.
#[derive(Debug)]
pub struct Writing(WriteMultipart);

impl Writing {
    /// Adds a piece; waits while the one before it is on its way to the disk.
    pub async fn add(&mut self, piece: Bytes) -> Result<(), FilesError> {
        self.0.wait_for_capacity(1).await?;
        self.0.put(piece);
        Ok(())
    }

    /// Makes it a file, on disk.
    pub async fn finish(self) -> Result<(), FilesError> {
        self.0.finish().await?;
        Ok(())
    }
}

/// Many files in one folder are slow to list for people: a folder for each first byte of the name.
fn key(name: &str) -> Key {
    let (folder, _) = name.split_at_checked(2).unwrap_or((name, ""));
    Key::from_iter([folder, name])
}

fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn remove_unfinished(folder: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            remove_unfinished(&entry.path())?;
        } else if entry.file_name().to_string_lossy().contains(UNFINISHED) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "0a1b2c";

    fn left_in(folder: &Path) -> usize {
        let inner = folder.join("0a");
        if inner.exists() { std::fs::read_dir(inner).expect("reads").count() } else { 0 }
    }

    #[tokio::test]
    async fn a_file_is_there_whole_or_not_at_all() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = Files::open(folder.path()).expect("opens");
        assert!(files.read(NAME).await.expect("reads").is_none());
        let mut writing = files.write(NAME).await.expect("begins");
        writing.add(Bytes::from(vec![7; PIECE_BYTES + 1])).await.expect("adds");
        assert!(files.read(NAME).await.expect("reads").is_none());
        writing.add(Bytes::from_static(b"end")).await.expect("adds");
        writing.finish().await.expect("ends");
        let bytes = files.read(NAME).await.expect("reads").expect("is there").bytes().await.expect("reads");
        assert_eq!((bytes.len(), &bytes[PIECE_BYTES + 1..]), (PIECE_BYTES + 4, &b"end"[..]));
        files.remove(NAME).await.expect("removes");
        files.remove(NAME).await.expect("is gone already");
        assert_eq!(left_in(folder.path()), 0);
    }

    #[tokio::test]
    async fn a_file_is_read_in_part_in_pieces_and_by_another_process() {
        let folder = tempfile::tempdir().expect("a folder");
        let bytes: Vec<u8> = (0..=PIECE_BYTES).map(|at| at.to_le_bytes()[0] ^ at.to_le_bytes()[1]).collect();
        for files in [Files::open(folder.path()).expect("opens"), Files::in_memory()] {
            assert!(files.lend(NAME).await.expect("looks").is_none());
            files.keep(NAME, bytes.clone().into()).await.expect("keeps");
            assert_eq!(files.size(NAME).await.expect("looks"), Some(bytes.len() as u64));
            let part = files.read_part(NAME, 7..9).await.expect("reads").expect("is there");
            assert_eq!(&part.bytes().await.expect("reads")[..], &bytes[7..9]);
            let mut lent = Vec::new();
            let mut file = files.lend(NAME).await.expect("lends").expect("is there");
            io::Read::read_to_end(&mut file, &mut lent).expect("reads");
            assert!(lent == bytes);
            let mut pieces = files.pieces(NAME, bytes.len() as u64);
            let mut read = Vec::new();
            while let Some(piece) = pieces.recv().await {
                let piece = piece.expect("reads");
                assert!(piece.len() <= PIECE_BYTES);
                read.extend_from_slice(&piece);
            }
            assert!(read == bytes);
            files.remove(NAME).await.expect("removes");
            let mut pieces = files.pieces(NAME, 5);
            assert!(pieces.recv().await.expect("an answer").is_err() && pieces.recv().await.is_none());
        }
    }

    #[tokio::test]
    async fn what_a_crash_left_goes_at_the_next_start() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = Files::open(folder.path()).expect("opens");
        files.write(NAME).await.expect("begins").finish().await.expect("ends");
        std::fs::write(folder.path().join("0a/0a1b2d#1"), b"half").expect("writes");
        assert_eq!(left_in(folder.path()), 2);
        let files = Files::open(folder.path()).expect("opens");
        assert_eq!(left_in(folder.path()), 1);
        assert!(files.read(NAME).await.expect("reads").is_some());
    }
}
