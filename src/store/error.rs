use std::fmt;

use super::error_text::{Cause, cause, summary};
use crate::diag::{Diagnostic, plain};
use crate::publish::ManifestError;
use crate::source::SitePath;

/// Why nothing, or not everything, was published. Readers see a consistent site in any case: the old one, or a part of
/// the new one that does not need the rest.
#[derive(Debug)]
pub enum StoreError {
    /// The address of a target cannot be used.
    Target {
        /// The address.
        url: String,
        /// Why.
        why: String,
    },
    /// The environment has an invalid setting for the store.
    Environment {
        /// The address.
        url: String,
        /// Why; never the value of a variable.
        why: &'static str,
    },
    /// A request that failed.
    Request {
        /// What was attempted, as the end of "cannot …".
        what: String,
        /// The error of the store.
        error: object_store::Error,
    },
    /// An object that Dossier did not publish exists at the path of an output.
    Foreign {
        /// Its path in the site.
        path: SitePath,
    },
    /// Another publish is under way.
    Busy {
        /// Who publishes.
        by: String,
        /// How long ago it last wrote the state, in minutes.
        minutes: u64,
    },
    /// Another publish wrote the state meanwhile.
    Overtaken {
        /// Who published.
        by: String,
    },
    /// More would be removed than is allowed.
    TooManyDeletes {
        /// How many would be removed.
        count: usize,
        /// How many may be removed.
        max: usize,
    },
    /// The bucket holds another site.
    OtherSite {
        /// The key of the site in the bucket.
        there: String,
    },
    /// The state object is damaged.
    State {
        /// Its path.
        object: String,
        /// Why.
        error: ManifestError,
    },
    /// A file of the build was changed since.
    File {
        /// The file.
        path: SitePath,
        /// Why it cannot be read, if it cannot.
        error: Option<std::io::Error>,
    },
}

/// What to do about credentials.
const SET_VARIABLES: &str =
    "set the variables of the store in the environment, as docs/hosting.md lists them; publish again to resume";

/// All errors together.
pub type StoreErrors = Vec<StoreError>;

impl StoreError {
    pub(super) fn request(what: impl Into<String>) -> impl FnOnce(object_store::Error) -> Self {
        let what = what.into();
        move |error| Self::Request { what, error }
    }

    /// The code of the problem, one of [`crate::diag::CODES`].
    pub fn code(&self) -> &'static str {
        match self {
            Self::Target { .. } => "publish-bad-target",
            Self::Environment { .. } => "publish-refused",
            Self::Request { error, .. } => match cause(error) {
                Cause::NoBucket => "publish-no-bucket",
                Cause::Other => "publish-failed",
                _ => "publish-refused",
            },
            Self::Foreign { .. } => "publish-foreign-object",
            Self::Busy { .. } | Self::Overtaken { .. } => "publish-at-once",
            Self::TooManyDeletes { .. } => "publish-many-removals",
            Self::OtherSite { .. } => "output-other-site",
            Self::State { error: ManifestError::Newer(_), .. } => "output-newer-manifest",
            Self::State { .. } => "output-damaged-manifest",
            Self::File { .. } => "output-edited-file",
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Self::Target { .. } => {
                "write one such as `s3://bucket/folder`, `az://container`, `gs://bucket` or `file:///srv/www`"
            }
            Self::Environment { .. } => SET_VARIABLES,
            Self::Request { error, .. } => match cause(error) {
                Cause::NoBucket => "create it, or correct the address; buckets are never made by a publish",
                Cause::Clock => "set the clock of this machine, then publish again",
                Cause::Expired => "renew the credentials in the environment, then publish again",
                Cause::Credentials => SET_VARIABLES,
                Cause::Permission => {
                    "allow reading, writing and removing objects, and on S3 also `s3:ListBucket`, without which a missing \
                     object looks like a refusal; publish again to resume"
                }
                Cause::Other => {
                    "publish again to go on from where this stopped; if it fails again, look at the network and at the \
                     address of the server"
                }
            },
            Self::Foreign { .. } => {
                "move it elsewhere or remove it, or publish below another prefix, then publish again"
            }
            Self::Busy { .. } => "wait for it; if it was interrupted, take it over with `--take-over`",
            Self::Overtaken { .. } => "update your sources to what was published, then publish again",
            Self::TooManyDeletes { .. } => {
                "check with `--dry-run`; if it is right, raise the limit with `--max-deletes`"
            }
            Self::OtherSite { .. } => {
                "publish elsewhere, or, if this is the same site under a new name, use `--replace-site`"
            }
            Self::State { error: ManifestError::Newer(_), .. } => "update Dossier; nothing was changed",
            Self::State { .. } => {
                "remove that object and publish again: objects that are identical to the new build are kept, others are listed"
            }
            Self::File { .. } => "build again, then publish; readers see a consistent site meanwhile",
        }
    }
}

impl From<StoreError> for StoreErrors {
    fn from(fault: StoreError) -> Self {
        vec![fault]
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Target { url, why } => write!(f, "nothing can be published to `{url}`: {why}"),
            Self::Environment { url, why } => write!(f, "cannot open `{url}`: {why}"),
            Self::Request { what, error } => write!(f, "cannot {what}: {}", summary(error)),
            Self::Foreign { path } => write!(f, "an object that Dossier did not publish exists at `{path}`"),
            Self::Busy { by, minutes } => {
                write!(f, "{by} is publishing there, last active {minutes} minutes ago")
            }
            Self::Overtaken { by } => write!(f, "{by} has published there since"),
            Self::TooManyDeletes { count, max } => write!(f, "{count} objects would be removed; the limit is {max}"),
            Self::OtherSite { there } => write!(f, "another site, `{there}`, is published there"),
            Self::State { object, error } => write!(f, "`{object}` cannot be used: {error}"),
            Self::File { path, error: None } => write!(f, "`{path}` was changed since it was built"),
            Self::File { path, error: Some(error) } => write!(f, "`{path}` cannot be read: {}", plain(error)),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<StoreError> for Diagnostic {
    fn from(fault: StoreError) -> Self {
        Self::new(fault.code(), None, fault.to_string()).hint(fault.hint())
    }
}
