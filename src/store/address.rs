//! Opens a bucket by its address. No request is made.

use std::sync::Arc;
use std::time::Duration;

use object_store::aws::{AmazonS3Builder, S3ConditionalPut};
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::local::LocalFileSystem;
use object_store::{BackoffConfig, ObjectStore, RetryConfig};
use url::Url;

use super::error_text::configuration_error;
use super::{Bucket, StoreError};

/// The kinds of stores, by URL scheme.
const SCHEMES: &str = "use `s3`, `az`, `gs` or `file`";

impl Bucket {
    /// The bucket or container at an address such as `s3://bucket/prefix`. Credentials and the addresses of servers
    /// come from the environment and from the cloud's own machines.
    ///
    /// # Errors
    /// When the address is invalid, or the environment has an invalid value.
    pub fn open(address: &str) -> Result<Self, StoreError> {
        let fault = |why: String| StoreError::Target { url: without_secrets(address), why };
        let url = Url::parse(address).map_err(|error| fault(format!("it is not an address: {error}")))?;
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
            return Err(fault("it has more than a bucket and a prefix; put credentials into the environment".into()));
        }
        let bucket = url.host_str().unwrap_or_default();
        if bucket.is_empty() && matches!(url.scheme(), "s3" | "az" | "gs") {
            return Err(fault("it names no bucket".into()));
        }
        // This can be set once per process; it is no error if it is set already.
        drop(rustls::crypto::ring::default_provider().install_default());
        let store: Result<Arc<dyn ObjectStore>, object_store::Error> = match url.scheme() {
            "s3" => AmazonS3Builder::from_env()
                .with_bucket_name(bucket)
                .with_conditional_put(S3ConditionalPut::ETagMatch)
                .with_retry(retry())
                .build()
                .map(|store| Arc::new(store) as _),
            "az" => MicrosoftAzureBuilder::from_env()
                .with_container_name(bucket)
                .with_retry(retry())
                .build()
                .map(|store| Arc::new(store) as _),
            "gs" => GoogleCloudStorageBuilder::from_env()
                .with_bucket_name(bucket)
                .with_retry(retry())
                .build()
                .map(|store| Arc::new(store) as _),
            "file" if bucket.is_empty() => {
                return Ok(Self::new(Arc::new(LocalFileSystem::new()), address, url.path(), false));
            }
            "file" => return Err(fault("it names a host; write `file:///` and the path".into())),
            other => return Err(fault(format!("`{other}` is not a supported scheme; {SCHEMES}"))),
        };
        let store = store
            .map_err(|error| StoreError::Environment { url: address.to_owned(), why: configuration_error(&error) })?;
        Ok(Self::new(store, address.trim_end_matches('/'), url.path(), true))
    }
}

/// What the client retries by itself: responses that ask for it, and idempotent requests.
fn retry() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(8),
            base: 2.0,
        },
        max_retries: 8,
        retry_timeout: Duration::from_secs(120),
    }
}

/// An address without secrets, for messages.
fn without_secrets(address: &str) -> String {
    let plain = address.split(['?', '#']).next().unwrap_or_default();
    match plain.split_once("://") {
        Some((scheme, rest)) => {
            let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            format!("{scheme}://{}{path}", host.rsplit('@').next().unwrap_or_default())
        }
        None => plain.to_owned(),
    }
}
