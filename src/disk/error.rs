use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::lock::Holder;
use super::root::Root;
use crate::diag::{Diagnostic, plain};
use crate::publish::ManifestError;
use crate::source::SitePath;

/// Why a folder cannot be published into, cleaned or read. Nothing was changed, except with [`DiskError::Write`]; then
/// some of the steps of the plan have been applied.
#[derive(Debug)]
pub enum DiskError {
    /// The output folder is, contains or is inside a folder that must not be written to.
    Unsafe {
        /// The output folder as the user wrote it.
        folder: PathBuf,
        /// The problem, as the end of the sentence "the output folder …".
        why: String,
    },
    /// Another process uses it.
    Locked {
        /// The output folder.
        folder: PathBuf,
        /// Who, if that can be read.
        holder: Holder,
    },
    /// A file or folder that Dossier did not write exists at the path of an output.
    Foreign {
        /// That file or folder.
        file: PathBuf,
    },
    /// A new file would have the name of an existing one.
    Exists {
        /// The file.
        file: PathBuf,
    },
    /// A published file was edited, and would be overwritten or removed.
    Edited {
        /// The file.
        file: PathBuf,
    },
    /// A published file was removed or restored while the site was being built.
    ChangedDuringBuild {
        /// The file.
        file: PathBuf,
    },
    /// The folder has no finished build.
    Unfinished {
        /// The output folder.
        folder: PathBuf,
    },
    /// A file of the build that is to be uploaded was changed or removed.
    ChangedSinceBuild {
        /// The file.
        file: PathBuf,
    },
    /// The manifest is damaged.
    Manifest {
        /// The manifest, or the intent.
        file: PathBuf,
        /// Why.
        error: ManifestError,
    },
    /// The folder holds another site.
    OtherSite {
        /// The output folder.
        folder: PathBuf,
        /// The key of the site in the folder; empty if it was built inside its own folder.
        found: String,
    },
    /// One output is a file where another needs a folder.
    Clash {
        /// The file.
        file: SitePath,
        /// The output below it.
        below: SitePath,
    },
    /// Something cannot be read.
    Read {
        /// The file or folder.
        file: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Something cannot be written, renamed or removed.
    Write {
        /// The file or folder.
        file: PathBuf,
        /// Why.
        error: io::Error,
    },
}

/// All errors together.
pub type DiskErrors = Vec<DiskError>;

impl DiskError {
    pub(super) fn read_error(file: &Path) -> impl FnOnce(io::Error) -> Self {
        let file = file.to_owned();
        move |error| Self::Read { file, error }
    }

    pub(super) fn write_error(file: &Path) -> impl FnOnce(io::Error) -> Self {
        let file = file.to_owned();
        move |error| Self::Write { file, error }
    }

    /// The code of the problem, one of [`crate::diag::CODES`].
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unsafe { .. } => "output-unsafe-folder",
            Self::Locked { .. } => "output-locked",
            Self::Foreign { .. } => "output-foreign-file",
            Self::Edited { .. } | Self::ChangedDuringBuild { .. } | Self::ChangedSinceBuild { .. } => {
                "output-edited-file"
            }
            Self::Unfinished { .. } => "publish-not-built",
            Self::Manifest { error: ManifestError::Newer(_), .. } => "output-newer-manifest",
            Self::Manifest { error: ManifestError::Damaged(_), .. } => "output-damaged-manifest",
            Self::OtherSite { .. } => "output-other-site",
            Self::Clash { .. } => "output-path-clash",
            Self::Read { .. } => "read-failed",
            Self::Write { .. } | Self::Exists { .. } => "write-failed",
        }
    }

    /// The hint.
    fn hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Unsafe { .. } => "choose a folder of its own with `--out`; nothing was changed",
            Self::Locked { .. } => "wait until it is done, or build into another folder with `--out`",
            Self::Foreign { .. } => {
                "move it elsewhere, put it into `static/` if it belongs to the site, or delete the folder if all of it is \
                 an old build; nothing was changed"
            }
            Self::Edited { .. } => {
                "put the change into the site's sources, then build with `--force` to overwrite it; nothing was changed"
            }
            Self::ChangedDuringBuild { .. } => "build again; nothing was changed",
            Self::Unfinished { .. } => "run `dossier build`, or publish without `--no-build`",
            Self::ChangedSinceBuild { .. } => "build again, with `--force` where it was changed; nothing was published",
            Self::Manifest { error: ManifestError::Newer(_), .. } => {
                "update Dossier, or build into another folder with `--out`"
            }
            Self::Manifest { error: ManifestError::Damaged(_), .. } => {
                "delete it and build again: files that are identical to the new build are kept, others are listed"
            }
            Self::OtherSite { .. } => "choose another folder with `--out`, or run `dossier clean` for that site first",
            Self::Clash { .. } => "give one of them another name, by `slug` or by renaming the file",
            Self::Read { .. } | Self::Write { .. } | Self::Exists { .. } => return None,
        })
    }
}

impl Root {
    /// The error for a file that cannot be read.
    pub(super) fn read_error<'p>(
        &'p self,
        below: &'p (impl AsRef<Path> + ?Sized),
    ) -> impl FnOnce(io::Error) -> DiskError + 'p {
        move |error| DiskError::Read { file: self.locate(below), error }
    }

    /// The error for a file that cannot be written, renamed or removed.
    pub(super) fn write_error<'p>(
        &'p self,
        below: &'p (impl AsRef<Path> + ?Sized),
    ) -> impl FnOnce(io::Error) -> DiskError + 'p {
        move |error| DiskError::Write { file: self.locate(below), error }
    }
}

impl From<DiskError> for DiskErrors {
    fn from(fault: DiskError) -> Self {
        vec![fault]
    }
}

impl fmt::Display for DiskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsafe { folder, why } => write!(f, "the output folder `{}` {why}", folder.display()),
            Self::Locked { folder, holder } => write!(f, "{holder} is writing to `{}`", folder.display()),
            Self::Foreign { file } => write!(f, "`{}` exists and was not written by Dossier", file.display()),
            Self::Exists { file } => write!(f, "`{}` already exists", file.display()),
            Self::Edited { file } => write!(f, "`{}` was changed since it was published", file.display()),
            Self::ChangedDuringBuild { file } => {
                write!(f, "`{}` was changed or removed while the site was being built", file.display())
            }
            Self::Unfinished { folder } => write!(f, "`{}` contains no finished build", folder.display()),
            Self::ChangedSinceBuild { file } => {
                write!(f, "`{}` was changed or removed since it was built", file.display())
            }
            Self::Manifest { file, error } => write!(f, "`{}` cannot be used: {error}", file.display()),
            Self::OtherSite { folder, found } if found.is_empty() => {
                write!(f, "`{}` holds what another site has built in its own folder", folder.display())
            }
            Self::OtherSite { folder, found } => write!(f, "`{}` contains another site, `{found}`", folder.display()),
            Self::Clash { file, below } => write!(f, "`{file}` cannot be both a file and the folder of `{below}`"),
            Self::Read { file, error } => write!(f, "`{}` cannot be read: {}", file.display(), plain(error)),
            Self::Write { file, error } => write!(f, "`{}` cannot be written: {}", file.display(), plain(error)),
        }
    }
}

impl std::error::Error for DiskError {}

impl From<DiskError> for Diagnostic {
    fn from(fault: DiskError) -> Self {
        let problem = Self::new(fault.code(), None, fault.to_string());
        match (&fault, fault.hint()) {
            (DiskError::Read { error, .. } | DiskError::Write { error, .. }, _) => problem.hint_of(error),
            (_, Some(hint)) => problem.hint(hint),
            (_, None) => problem,
        }
    }
}
