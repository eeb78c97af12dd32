use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use object_store::path::Path;
use object_store::{
    Attribute, Attributes, Error, GetOptions, MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt, PutMode,
    PutMultipartOptions, PutOptions, PutPayload, UpdateVersion,
};

use super::error_text::{Cause, cause};
use super::{Object, State, StoreError};
use crate::source::{Files, Hash, Output, SitePath};

/// The path of the state object, below the prefix.
const STATE: &str = ".dossier/state.jsonl";
/// The metadata key of an object's identity.
const IDENTITY: Attribute = Attribute::Metadata(std::borrow::Cow::Borrowed("dossier"));
/// The metadata key of the hash of its bytes, for other programs.
const CONTENT: Attribute = Attribute::Metadata(std::borrow::Cow::Borrowed("blake3"));
/// Larger files are sent in parts and never held in memory as a whole.
const MAX_WHOLE: u64 = 8 << 20;
/// The size of a part; S3 allows 10,000 parts of at least 5 MiB, except the last.
const PART_SIZE: usize = 8 << 20;
/// How often a write is tried if its response was lost, besides the client's own retries.
const TRIES: u32 = 6;
/// When to give up in any case: the client has then retried for long because the server was busy.
const RETRY_TIMEOUT: Duration = Duration::from_secs(45);

/// A prefix in an object store; everything is published below it.
#[derive(Clone, Debug)]
pub struct Bucket {
    pub(super) store: Arc<dyn ObjectStore>,
    prefix: String,
    /// The address, for messages.
    url: String,
    /// Whether it stores headers and supports conditional writes; folders do neither.
    pub(super) is_remote: bool,
}

/// The state as it was read, and the condition for writing it.
#[derive(Debug)]
pub(super) struct StoredState {
    pub bytes: Vec<u8>,
    pub state: State,
    pub version: UpdateVersion,
    /// When it was written, by the store's clock, in seconds since 1970.
    pub written: i64,
}

/// Why the state was not written.
#[derive(Debug)]
pub(super) enum StateWriteError {
    /// It was changed since it was read.
    Changed,
    /// Anything else.
    Failed(StoreError),
}

impl Bucket {
    /// The bucket below `prefix` in a store. If it is not remote, it stores no headers and supports no conditions.
    pub fn new(store: Arc<dyn ObjectStore>, url: &str, prefix: &str, is_remote: bool) -> Self {
        Self { store, prefix: prefix.trim_matches('/').to_owned(), url: url.to_owned(), is_remote }
    }

    /// Its address, as the user wrote it.
    pub fn url(&self) -> &str {
        &self.url
    }

    fn object_path(&self, path: &str) -> Result<Path, StoreError> {
        let whole = if self.prefix.is_empty() { path.to_owned() } else { format!("{}/{path}", self.prefix) };
        Path::parse(&whole)
            .map_err(|error| StoreError::Target { url: whole, why: format!("not a valid object name: {error}") })
    }

    /// Reads the state; `None` if there is none.
    pub(super) async fn read_state(&self) -> Result<Option<StoredState>, StoreError> {
        let read_error = || StoreError::request(format!("read `{STATE}` in `{}`", self.url));
        let found = match self.store.get(&self.object_path(STATE)?).await {
            Err(error @ Error::NotFound { .. }) if cause(&error) != Cause::NoBucket => return Ok(None),
            other => other.map_err(read_error())?,
        };
        let ObjectMeta { e_tag, version, last_modified, .. } = found.meta.clone();
        let bytes = found.bytes().await.map_err(read_error())?.to_vec();
        let state = State::read(&bytes)
            .map_err(|error| StoreError::State { object: format!("{}/{STATE}", self.url), error })?;
        Ok(Some(StoredState {
            bytes,
            state,
            version: UpdateVersion { e_tag, version },
            written: last_modified.timestamp(),
        }))
    }

    /// Writes the state, on the condition that it was not changed since it was read, or does still not exist.
    pub(super) async fn write_state(
        &self,
        bytes: &[u8],
        read: Option<&UpdateVersion>,
    ) -> Result<UpdateVersion, StateWriteError> {
        let place = self.object_path(STATE).map_err(StateWriteError::Failed)?;
        let failed =
            |error| StateWriteError::Failed(StoreError::request(format!("write `{STATE}` in `{}`", self.url))(error));
        let mut mode = read.map_or(PutMode::Create, |version| PutMode::Update(version.clone()));
        if let (Some(read), false) = (read, self.is_remote) {
            // A folder has no atomic compare-and-write.
            let now = self.store.head(&place).await.map_err(failed)?;
            if now.e_tag != read.e_tag {
                return Err(StateWriteError::Changed);
            }
            mode = PutMode::Overwrite;
        }
        let mut attributes = Attributes::new();
        if self.is_remote {
            attributes.insert(Attribute::ContentType, "application/jsonl".into());
            attributes.insert(Attribute::CacheControl, "no-store".into());
        }
        let options = PutOptions { mode, attributes, ..PutOptions::default() };
        match self.put_with_retries(&place, PutPayload::from(bytes.to_vec()), options).await {
            Ok(version) => Ok(version),
            Err(Error::Precondition { .. } | Error::AlreadyExists { .. } | Error::NotModified { .. }) => {
                Err(StateWriteError::Changed)
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// Puts an object, and retries if the response was lost. Then the first attempt may have succeeded, so a failed
    /// condition can be caused by our own first attempt.
    async fn put_with_retries(
        &self,
        place: &Path,
        payload: PutPayload,
        options: PutOptions,
    ) -> Result<UpdateVersion, Error> {
        with_retries(async || self.store.put_opts(place, payload.clone(), options.clone()).await)
            .await
            .map(UpdateVersion::from)
    }

    /// The identity of an object, from its metadata; `None` if it does not exist, and an identity that no object has if
    /// it is not ours.
    pub(super) async fn read_identity(&self, path: &SitePath, with_headers: bool) -> Result<Option<Hash>, StoreError> {
        let read_error = || StoreError::request(format!("look at `{path}` in `{}`", self.url));
        let options = GetOptions { head: self.is_remote, ..GetOptions::default() };
        let found = match self.store.get_opts(&self.object_path(path.as_str())?, options).await {
            Err(Error::NotFound { .. }) => return Ok(None),
            other => other.map_err(read_error())?,
        };
        if with_headers {
            let stored = found.attributes.get(&IDENTITY).and_then(|value| Hash::from_hex(value));
            return Ok(Some(stored.unwrap_or_else(unknown_identity)));
        }
        let bytes = found.bytes().await.map_err(read_error())?;
        Ok(Some(Hash::of(&bytes)))
    }

    /// Puts the bytes of an object; with `owned`, an existing object may be overwritten.
    pub(super) async fn put(
        &self,
        path: &SitePath,
        object: &Object,
        files: &dyn Files,
        owned: bool,
    ) -> Result<(), StoreError> {
        let place = self.object_path(path.as_str())?;
        let identity = object.identity(self.is_remote);
        let attributes = self.attributes(object, &identity);
        let large = object.output.len > MAX_WHOLE;
        let sent = if large {
            if !owned && self.read_identity(path, self.is_remote).await?.is_some_and(|there| there != identity.hash) {
                return Err(StoreError::Foreign { path: path.clone() });
            }
            self.put_parts_with_retries(&place, object, files, attributes).await?
        } else {
            let bytes = files.read(&object.file).map_err(unreadable(&object.file))?;
            if Hash::of(&bytes) != object.output.hash {
                return Err(StoreError::File { path: object.file.clone(), error: None });
            }
            let mode = if owned { PutMode::Overwrite } else { PutMode::Create };
            let options = PutOptions { mode, attributes, ..PutOptions::default() };
            self.put_with_retries(&place, bytes.into(), options).await.map(drop)
        };
        match sent {
            // It may be ours: from an attempt whose response was lost, or from another run.
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) if !owned => {
                match self.read_identity(path, self.is_remote).await? {
                    Some(there) if there == identity.hash => Ok(()),
                    _ => Err(StoreError::Foreign { path: path.clone() }),
                }
            }
            other => other.map_err(StoreError::request(format!("write `{path}` in `{}`", self.url))),
        }
    }

    fn attributes(&self, object: &Object, identity: &Output) -> Attributes {
        let mut attributes = Attributes::new();
        if self.is_remote {
            attributes.insert(Attribute::ContentType, object.media_type.clone().into());
            attributes.insert(Attribute::CacheControl, object.cache_control.clone().into());
            if let Some(coding) = object.coding {
                attributes.insert(Attribute::ContentEncoding, coding.into());
            }
            attributes.insert(IDENTITY, identity.hash.hex().into());
            attributes.insert(CONTENT, object.output.hash.hex().into());
        }
        attributes
    }

    /// Sends a large file; starts again from the first part if the store no longer has the parts or a response was
    /// lost.
    async fn put_parts_with_retries(
        &self,
        place: &Path,
        object: &Object,
        files: &dyn Files,
        attributes: Attributes,
    ) -> Result<Result<(), Error>, StoreError> {
        let file_error = std::cell::RefCell::new(None);
        let sent = with_retries(async || match self.put_parts(place, object, files, attributes.clone()).await {
            Ok(Err(Error::NotFound { source, .. })) => Err(Error::Generic { store: "upload", source }),
            Ok(sent) => sent,
            Err(fault) => {
                file_error.replace(Some(fault));
                Ok(())
            }
        });
        let sent = sent.await;
        file_error.into_inner().map_or(Ok(sent), Err)
    }

    /// Sends a large file in parts. The object becomes visible only when it is complete and matches the build.
    async fn put_parts(
        &self,
        place: &Path,
        object: &Object,
        files: &dyn Files,
        attributes: Attributes,
    ) -> Result<Result<(), Error>, StoreError> {
        let options = PutMultipartOptions { attributes, ..PutMultipartOptions::default() };
        let mut upload = match self.store.put_multipart_opts(place, options).await {
            Ok(upload) => upload,
            Err(error) => return Ok(Err(error)),
        };
        let sent = send_parts(&mut *upload, object, files).await;
        if !matches!(sent, Ok(Ok(()))) {
            // If aborting fails, the store's own rules on unfinished uploads remove the parts.
            drop(upload.abort().await);
        }
        sent
    }

    /// Removes an object, if it exists.
    pub(super) async fn remove(&self, path: &SitePath) -> Result<(), StoreError> {
        match self.store.delete(&self.object_path(path.as_str())?).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(StoreError::request(format!("remove `{path}` in `{}`", self.url))(error)),
        }
    }
}

/// The identity of an object that is not ours.
pub(super) fn unknown_identity() -> Hash {
    Hash::of(b"not an object that Dossier published")
}

/// Retries requests that failed on the way, with increasing pauses, but not those that the store refused.
async fn with_retries<T>(attempt: impl AsyncFn() -> Result<T, Error>) -> Result<T, Error> {
    let start = tokio::time::Instant::now();
    let mut pause = Duration::from_millis(200);
    for _ in 1..TRIES {
        match attempt().await {
            Err(error @ Error::Generic { .. }) if cause(&error) == Cause::Other && start.elapsed() < RETRY_TIMEOUT => {}
            other => return other,
        }
        tokio::time::sleep(pause).await;
        pause *= 2;
    }
    attempt().await
}

fn unreadable(path: &SitePath) -> impl FnOnce(std::io::Error) -> StoreError {
    let path = path.clone();
    move |error| StoreError::File { path, error: Some(error) }
}

async fn send_parts(
    upload: &mut dyn MultipartUpload,
    object: &Object,
    files: &dyn Files,
) -> Result<Result<(), Error>, StoreError> {
    let mut input = files.open(&object.file).map_err(unreadable(&object.file))?;
    let mut hasher = blake3::Hasher::new();
    loop {
        let mut part = Vec::with_capacity(PART_SIZE);
        (&mut input).take(PART_SIZE as u64).read_to_end(&mut part).map_err(unreadable(&object.file))?;
        if part.is_empty() {
            break;
        }
        hasher.update(&part);
        if let Err(error) = upload.put_part(part.into()).await {
            return Ok(Err(error));
        }
    }
    if Hash::from(hasher.finalize()) != object.output.hash {
        return Err(StoreError::File { path: object.file.clone(), error: None });
    }
    Ok(upload.complete().await.map(drop))
}
