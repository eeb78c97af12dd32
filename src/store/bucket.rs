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

/// Where the state lies, below the prefix.
const STATE: &str = ".dossier/state.jsonl";
/// The metadata that tells what an object of ours is.
const IDENTITY: Attribute = Attribute::Metadata(std::borrow::Cow::Borrowed("dossier"));
/// The metadata that tells the hash of its bytes, for others.
const CONTENT: Attribute = Attribute::Metadata(std::borrow::Cow::Borrowed("blake3"));
/// Files larger than this are sent in parts and never held whole.
const WHOLE: u64 = 8 << 20;
/// The size of such a part; S3 takes none below 5 MiB but the last, and 10,000 of them.
const PART: usize = 8 << 20;
/// How often a write is tried whose answer was lost; the store's client has by then tried what it may by itself.
const TRIES: u32 = 6;
/// When to give up in any case: the client has then tried for long, since the server said that it was busy.
const ENOUGH: Duration = Duration::from_secs(45);

/// A place in an object store: all that is published lies below its prefix.
#[derive(Clone, Debug)]
pub struct Bucket {
    pub(super) store: Arc<dyn ObjectStore>,
    prefix: String,
    /// The address, for messages.
    url: String,
    /// Whether it keeps headers, and replaces an object on a condition; folders do neither.
    pub(super) is_remote: bool,
}

/// The state as it was read, and what must still hold when it is written.
#[derive(Debug)]
pub(super) struct Found {
    pub bytes: Vec<u8>,
    pub state: State,
    pub version: UpdateVersion,
    /// When it was written by the clock of the store, in seconds since 1970.
    pub written: i64,
}

/// Why the state was not written.
#[derive(Debug)]
pub(super) enum Unwritten {
    /// It is no longer as it was read.
    Changed,
    /// Anything else.
    Failed(StoreError),
}

impl Bucket {
    /// The place below `prefix` in a store. Where it is not remote it keeps no headers and knows no conditions.
    pub fn new(store: Arc<dyn ObjectStore>, url: &str, prefix: &str, is_remote: bool) -> Self {
        Self { store, prefix: prefix.trim_matches('/').to_owned(), url: url.to_owned(), is_remote }
    }

    /// Its address, as it was named.
    pub fn url(&self) -> &str {
        &self.url
    }

    fn place(&self, path: &str) -> Result<Path, StoreError> {
        let whole = if self.prefix.is_empty() { path.to_owned() } else { format!("{}/{path}", self.prefix) };
        Path::parse(&whole)
            .map_err(|error| StoreError::Target { url: whole, why: format!("not a valid object name: {error}") })
    }

    /// Reads the state; nothing where none is there.
    pub(super) async fn read_state(&self) -> Result<Option<Found>, StoreError> {
        let reading = || StoreError::request(format!("read `{STATE}` in `{}`", self.url));
        let found = match self.store.get(&self.place(STATE)?).await {
            Err(error @ Error::NotFound { .. }) if cause(&error) != Cause::NoBucket => return Ok(None),
            other => other.map_err(reading())?,
        };
        let ObjectMeta { e_tag, version, last_modified, .. } = found.meta.clone();
        let bytes = found.bytes().await.map_err(reading())?.to_vec();
        let state = State::read(&bytes)
            .map_err(|error| StoreError::State { object: format!("{}/{STATE}", self.url), error })?;
        Ok(Some(Found { bytes, state, version: UpdateVersion { e_tag, version }, written: last_modified.timestamp() }))
    }

    /// Writes the state, on the condition that it is still as it was read; that none is there, where none was.
    pub(super) async fn write_state(
        &self,
        bytes: &[u8],
        read: Option<&UpdateVersion>,
    ) -> Result<UpdateVersion, Unwritten> {
        let place = self.place(STATE).map_err(Unwritten::Failed)?;
        let failed =
            |error| Unwritten::Failed(StoreError::request(format!("write `{STATE}` in `{}`", self.url))(error));
        let mut mode = read.map_or(PutMode::Create, |version| PutMode::Update(version.clone()));
        if let (Some(read), false) = (read, self.is_remote) {
            // A folder cannot compare and write at once.
            let now = self.store.head(&place).await.map_err(failed)?;
            if now.e_tag != read.e_tag {
                return Err(Unwritten::Changed);
            }
            mode = PutMode::Overwrite;
        }
        let mut attributes = Attributes::new();
        if self.is_remote {
            attributes.insert(Attribute::ContentType, "application/jsonl".into());
            attributes.insert(Attribute::CacheControl, "no-store".into());
        }
        let options = PutOptions { mode, attributes, ..PutOptions::default() };
        match self.put_patiently(&place, PutPayload::from(bytes.to_vec()), options).await {
            Ok(version) => Ok(version),
            Err(Error::Precondition { .. } | Error::AlreadyExists { .. } | Error::NotModified { .. }) => {
                Err(Unwritten::Changed)
            }
            Err(error) => Err(failed(error)),
        }
    }

    /// Puts an object, again where the answer was lost on the way: then the first may have been taken, so that a refusal
    /// can be an answer to ourselves.
    async fn put_patiently(
        &self,
        place: &Path,
        payload: PutPayload,
        options: PutOptions,
    ) -> Result<UpdateVersion, Error> {
        patiently(async || self.store.put_opts(place, payload.clone(), options.clone()).await)
            .await
            .map(UpdateVersion::from)
    }

    /// What an object is, by the identity that was noted on it; nothing where there is none, and an identity that no
    /// object has where it is not ours.
    pub(super) async fn look(&self, path: &SitePath, with_headers: bool) -> Result<Option<Hash>, StoreError> {
        let looking = || StoreError::request(format!("look at `{path}` in `{}`", self.url));
        let options = GetOptions { head: self.is_remote, ..GetOptions::default() };
        let found = match self.store.get_opts(&self.place(path.as_str())?, options).await {
            Err(Error::NotFound { .. }) => return Ok(None),
            other => other.map_err(looking())?,
        };
        if with_headers {
            let noted = found.attributes.get(&IDENTITY).and_then(|value| Hash::from_hex(value));
            return Ok(Some(noted.unwrap_or_else(unknown)));
        }
        let bytes = found.bytes().await.map_err(looking())?;
        Ok(Some(Hash::of(&bytes)))
    }

    /// Puts the bytes of an object; `owned` says that what stands there may be written over.
    pub(super) async fn put(
        &self,
        path: &SitePath,
        object: &Object,
        files: &dyn Files,
        owned: bool,
    ) -> Result<(), StoreError> {
        let place = self.place(path.as_str())?;
        let identity = object.identity(self.is_remote);
        let attributes = self.attributes(object, &identity);
        let large = object.output.len > WHOLE;
        let sent = if large {
            if !owned && self.look(path, self.is_remote).await?.is_some_and(|there| there != identity.hash) {
                return Err(StoreError::Foreign { path: path.clone() });
            }
            self.put_parts_patiently(&place, object, files, attributes).await?
        } else {
            let bytes = files.read(&object.file).map_err(unreadable(&object.file))?;
            if Hash::of(&bytes) != object.output.hash {
                return Err(StoreError::File { path: object.file.clone(), error: None });
            }
            let mode = if owned { PutMode::Overwrite } else { PutMode::Create };
            let options = PutOptions { mode, attributes, ..PutOptions::default() };
            self.put_patiently(&place, bytes.into(), options).await.map(drop)
        };
        match sent {
            // It may be ours: of a try whose answer was lost, or as another run has put it.
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) if !owned => {
                match self.look(path, self.is_remote).await? {
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

    /// Sends a large file, again from its first part where the store no longer knows of the parts or an answer was lost.
    async fn put_parts_patiently(
        &self,
        place: &Path,
        object: &Object,
        files: &dyn Files,
        attributes: Attributes,
    ) -> Result<Result<(), Error>, StoreError> {
        let spoilt = std::cell::RefCell::new(None);
        let sent = patiently(async || match self.put_parts(place, object, files, attributes.clone()).await {
            Ok(Err(Error::NotFound { source, .. })) => Err(Error::Generic { store: "upload", source }),
            Ok(sent) => sent,
            Err(fault) => {
                spoilt.replace(Some(fault));
                Ok(())
            }
        });
        let sent = sent.await;
        spoilt.into_inner().map_or(Ok(sent), Err)
    }

    /// Sends a large file part by part. What comes of it is seen only when it is whole and as it was built.
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
            // What cannot be taken back is removed by the store's own rules on unfinished uploads.
            drop(upload.abort().await);
        }
        sent
    }

    /// Removes an object; one that is gone already is no fault.
    pub(super) async fn remove(&self, path: &SitePath) -> Result<(), StoreError> {
        match self.store.delete(&self.place(path.as_str())?).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(StoreError::request(format!("remove `{path}` in `{}`", self.url))(error)),
        }
    }
}

/// The identity of what is not ours.
pub(super) fn unknown() -> Hash {
    Hash::of(b"not an object that Dossier published")
}

/// Tries again what failed on the way, with pauses that grow; not what the store refused.
async fn patiently<T>(attempt: impl AsyncFn() -> Result<T, Error>) -> Result<T, Error> {
    let begun = tokio::time::Instant::now();
    let mut pause = Duration::from_millis(200);
    for _ in 1..TRIES {
        match attempt().await {
            Err(error @ Error::Generic { .. }) if cause(&error) == Cause::Other && begun.elapsed() < ENOUGH => {}
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
        let mut part = Vec::with_capacity(PART);
        (&mut input).take(PART as u64).read_to_end(&mut part).map_err(unreadable(&object.file))?;
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
