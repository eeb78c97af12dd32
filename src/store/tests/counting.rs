use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::*;

/// A store in memory that counts requests, names them, and can fail from one of them on.
#[derive(Debug, Default)]
pub struct Counting {
    inner: InMemory,
    log: Mutex<Vec<String>>,
    writes: AtomicUsize,
    /// After so many writes and removals every request fails, as on a machine that was unplugged.
    stop: AtomicUsize,
}

impl Counting {
    pub fn new() -> Arc<Self> {
        Arc::new(Self { stop: AtomicUsize::new(usize::MAX), ..Self::default() })
    }

    pub fn stop_after(&self, writes: usize) {
        self.writes.store(0, Ordering::SeqCst);
        self.stop.store(writes, Ordering::SeqCst);
    }

    /// The requests since the last call.
    pub fn requests(&self) -> Vec<String> {
        std::mem::take(&mut self.log.lock().unwrap())
    }

    fn note(&self, what: &str, path: &Path, writes: bool) -> Result<()> {
        let done = if writes { self.writes.fetch_add(1, Ordering::SeqCst) } else { self.writes.load(Ordering::SeqCst) };
        if done >= self.stop.load(Ordering::SeqCst) {
            // A kind of failure that is not tried again, so that tests do not wait.
            return Err(Error::PermissionDenied { path: path.to_string(), source: "unplugged".into() });
        }
        self.log.lock().unwrap().push(format!("{what} {path}"));
        Ok(())
    }
}

impl std::fmt::Display for Counting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("counting")
    }
}

impl ObjectStore for Counting {
    fn put_opts<'s, 'p, 'f>(
        &'s self,
        location: &'p Path,
        payload: PutPayload,
        opts: PutOptions,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<PutResult>> + Send + 'f>>
    where
        's: 'f,
        'p: 'f,
    {
        Box::pin(async move {
            let mode = match opts.mode {
                PutMode::Create => "create",
                PutMode::Overwrite => "overwrite",
                PutMode::Update(_) => "update",
            };
            self.note(mode, location, true)?;
            self.inner.put_opts(location, payload, opts).await
        })
    }

    fn put_multipart_opts<'s, 'p, 'f>(
        &'s self,
        location: &'p Path,
        opts: PutMultipartOptions,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Box<dyn MultipartUpload>>> + Send + 'f>>
    where
        's: 'f,
        'p: 'f,
    {
        Box::pin(async move {
            self.note("parts", location, true)?;
            self.inner.put_multipart_opts(location, opts).await
        })
    }

    fn get_opts<'s, 'p, 'f>(
        &'s self,
        location: &'p Path,
        options: GetOptions,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<GetResult>> + Send + 'f>>
    where
        's: 'f,
        'p: 'f,
    {
        Box::pin(async move {
            self.note(if options.head { "head" } else { "get" }, location, false)?;
            self.inner.get_opts(location, options).await
        })
    }

    fn delete_stream(&self, locations: BoxStream<'static, Result<Path>>) -> BoxStream<'static, Result<Path>> {
        use futures_util::StreamExt;
        let inner = self.inner.clone();
        // The names are known only while streaming.
        let noted: Vec<Result<Path>> = futures_util::FutureExt::now_or_never(locations.collect()).unwrap_or_default();
        let mut results = Vec::new();
        for location in noted {
            results.push(location.and_then(|path| self.note("delete", &path, true).map(|()| path)));
        }
        inner.delete_stream(futures_util::stream::iter(results).boxed())
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        self.log.lock().unwrap().push("list".to_owned());
        self.inner.list(prefix)
    }

    fn list_with_delimiter<'s, 'p, 'f>(
        &'s self,
        prefix: Option<&'p Path>,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<ListResult>> + Send + 'f>>
    where
        's: 'f,
        'p: 'f,
    {
        self.inner.list_with_delimiter(prefix)
    }

    fn copy_opts<'s, 'p, 'q, 'f>(
        &'s self,
        from: &'p Path,
        to: &'q Path,
        options: CopyOptions,
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<()>> + Send + 'f>>
    where
        's: 'f,
        'p: 'f,
        'q: 'f,
    {
        self.inner.copy_opts(from, to, options)
    }
}
