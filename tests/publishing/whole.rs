//! New folders are renamed as a whole if the plan allows it, and file by file otherwise.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use dossier::disk::{Call, DiskError, FileSystem, Options, OutputDir};
use dossier::source::{Output, Outputs, Sink, SitePath};

use crate::site::{
    Result, Site, errors_of, file, folder, out, publish, publish_with, role, site, tree, tree_of, write,
};

/// Publishes, and returns the renamed paths in order, without those in `.dossier`.
fn names_given(out: &Path, site: &Site, options: Options) -> Result<Vec<String>> {
    let given = Arc::new(Mutex::new(Vec::new()));
    let (note, root) = (given.clone(), out.to_owned());
    let file_system = FileSystem::with_hook(move |call, path| {
        let name = path.strip_prefix(&root).unwrap_or(path).to_string_lossy().into_owned();
        if call == Call::Rename && !name.starts_with(".dossier") {
            note.lock().map_err(|_| io::ErrorKind::Other)?.push(name);
        }
        Ok(())
    });
    assert_eq!(errors_of(publish_with(file_system, out, site, options), out), "fine");
    assert_eq!(tree(out), tree_of(site));
    let given = given.lock().map_err(|_| "poisoned")?.clone();
    Ok(given)
}

#[test]
fn a_new_folder_whose_files_come_in_one_stage_is_renamed_once() -> Result {
    for options in [Options::default(), Options { durable: true, ..Options::default() }] {
        let temp = folder()?;
        let out = out(&temp);
        let first = site("index.html a/x.html a/deep/y.html mixed/x.html mixed/x.png mixed/pages/z.html top.html");
        let mut given = names_given(&out, &first, options.clone())?;
        assert_eq!(given.pop().as_deref(), Some("index.html"));
        given.sort();
        assert_eq!(given, ["a", "mixed/pages", "mixed/x.html", "mixed/x.png", "top.html"]);
        // In an existing folder, new files are renamed one by one; a new folder in it is renamed whole.
        let mut second = first.clone();
        second.extend(site("index.html=2 a/new.html a/b/c/one.html a/b/c/two.html"));
        let mut given = names_given(&out, &second, options)?;
        assert_eq!(given.pop().as_deref(), Some("index.html"));
        given.sort();
        assert_eq!(given, ["a/b", "a/new.html"]);
    }
    Ok(())
}

#[test]
fn an_existing_folder_is_kept_and_files_are_added_to_it() -> Result {
    let temp = folder()?;
    let out = out(&temp);
    write(&out, "a/mine.txt", "mine")?;
    fs::create_dir_all(out.join("b"))?;
    let new = site("index.html a/x.html a/y.html b/z.html");
    assert_eq!(errors_of(publish(&out, &new), &out), "fine");
    let mut expected = tree_of(&new);
    expected.insert("a/mine.txt".to_owned(), b"mine".to_vec());
    assert_eq!(tree(&out), expected);
    Ok(())
}

#[cfg(unix)]
use std::os::unix::fs::symlink as link;

#[cfg(not(unix))]
fn link(_: &str, _: &Path) -> io::Result<()> {
    Ok(())
}

/// A file, a link or a folder is created at the path right before the rename.
#[test]
fn files_created_at_the_last_moment_are_neither_lost_nor_followed() -> Result {
    let new = site("index.html a/x.html a/y.html");
    for intruder in ["file", "folder"].into_iter().chain(cfg!(unix).then_some("link")) {
        let temp = folder()?;
        let out = out(&temp);
        write(temp.path(), "elsewhere/precious.txt", "precious")?;
        let (place, intrude) = (out.join("a"), move |place: &Path| match intruder {
            "file" => fs::write(place, "mine"),
            "folder" => fs::create_dir(place).and_then(|()| fs::write(place.join("mine.txt"), "mine")),
            _ => link("../elsewhere", place),
        });
        let at = place.clone();
        let file_system = FileSystem::with_hook(move |call, path| {
            if call == Call::Rename && path == at && !at.exists() { intrude(&at) } else { Ok(()) }
        });
        let done = errors_of(publish_with(file_system, &out, &new, Options::default()), &out);
        if intruder == "folder" {
            assert_eq!(done, "fine");
            assert_eq!(fs::read_to_string(place.join("mine.txt"))?, "mine");
            assert_eq!(fs::read(place.join("x.html"))?, file("", &[]));
        } else {
            assert_eq!(done, "output-foreign-file: `OUT/a` exists and was not written by Dossier");
        }
        assert!(intruder != "file" || fs::read_to_string(&place)? == "mine");
        assert_eq!(fs::read_dir(temp.path().join("elsewhere"))?.count(), 1);
        assert_eq!(fs::read_to_string(temp.path().join("elsewhere/precious.txt"))?, "precious");
    }
    Ok(())
}

#[test]
fn files_are_renamed_one_by_one_if_folders_cannot_be() -> Result {
    let temp = folder()?;
    let out = out(&temp);
    let new = site("index.html a/x.html a/deep/y.html b/z.html");
    let file_system = FileSystem::with_hook(|call, path| match call {
        Call::Rename if path.extension().is_none() => Err(io::ErrorKind::PermissionDenied.into()),
        _ => Ok(()),
    });
    assert_eq!(errors_of(publish_with(file_system, &out, &new, Options::default()), &out), "fine");
    assert_eq!(tree(&out), tree_of(&new));
    Ok(())
}

/// Puts `bytes` by path, in order, then publishes only what `site` names.
fn put_and_publish(out: &Path, put: &[(&str, &[u8])], site: &Site) -> Result<String> {
    let root = out.parent().map_or_else(PathBuf::new, Path::to_owned);
    let held = OutputDir::check(&root, out, None)?.lock("test", Duration::from_secs(20), |_| {})?;
    let staging = held.stage(Options::default()).map_err(|faults: Vec<DiskError>| format!("{faults:?}"))?;
    let mut outputs = Outputs::new();
    for (name, bytes) in put {
        let (path, len) = (SitePath::new(name).map_err(|error| format!("{error:?}"))?, bytes.len() as u64);
        let hash = staging.put(&path, bytes)?;
        if site.contains_key(*name) {
            outputs.insert(path, Output { hash, len, role: role(name) });
        }
    }
    Ok(errors_of(staging.publish(&outputs), out))
}

#[test]
fn a_renamed_folder_contains_only_files_of_the_plan() -> Result {
    let temp = folder()?;
    let out = out(&temp);
    let new: Site = [("a/x.html", "second"), ("b/y.html", "y"), ("index.html", "home")]
        .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
        .into();
    let put: [(&str, &[u8]); 5] = [
        ("a/x.html", b"first"),
        ("a/x.html", b"second"),
        ("b/never.html", b"was put, and is no output"),
        ("b/y.html", b"y"),
        ("index.html", b"home"),
    ];
    assert_eq!(put_and_publish(&out, &put, &new)?, "fine");
    assert_eq!(tree(&out), tree_of(&new));
    assert!(!out.join(".dossier/staging").exists());
    // All of it is known as published, and is removed again.
    assert_eq!(errors_of(publish(&out, &BTreeMap::new()), &out), "fine");
    assert_eq!(tree(&out), BTreeMap::new());
    Ok(())
}
