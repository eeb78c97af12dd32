//! Paths that are opened on a disk: whatever they name, nothing outside the site is read.

use std::path::PathBuf;
use std::sync::LazyLock;

use dossier::disk::Folder;
use dossier::source::{Files, SitePath};

const SECRET: &[u8] = b"outside";

/// A site with links that lead out of it, round and inside, beside a file that is none of it.
static SITE: LazyLock<PathBuf> = LazyLock::new(|| {
    let top = std::env::temp_dir().join(format!("dossier-fuzz-{}", std::process::id()));
    let site = top.join("site");
    std::fs::create_dir_all(site.join("content/.hidden")).expect("a folder");
    for (name, bytes) in [("secret", SECRET), ("site/content/a.md", b"a"), ("site/content/.hidden/b", b"b")] {
        std::fs::write(top.join(name), bytes).expect("a file");
    }
    #[cfg(unix)]
    for (target, name) in
        [("../..", "out"), ("../../secret", "s"), ("a.md", "in"), ("round", "round"), (".hidden", "h")]
    {
        let _ = std::os::unix::fs::symlink(target, site.join("content").join(name));
    }
    site
});

pub fn open(text: &str) {
    let folder = Folder::open(&SITE).expect("a site");
    let page = SitePath::new("content/a.md").expect("a path of ours");
    for path in [SitePath::new(text), page.resolve(text)].into_iter().flatten() {
        let _ = (folder.holds(&path), folder.stamp(&path));
        let read = folder.read(&path).unwrap_or_default();
        let is_hidden = path.as_str().contains("/.");
        assert!(read != SECRET && (read != b"b" || is_hidden), "{text:?} reads what is no input of the site");
    }
}

/// Removes the site again, for a run that ends by itself.
#[allow(dead_code, reason = "the fuzzer is ended from outside")]
pub fn remove() {
    let _ = SITE.parent().map(std::fs::remove_dir_all);
}
