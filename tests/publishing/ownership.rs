//! Only published files are ever overwritten or removed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use dossier::disk::{Call, DiskErrors, FileSystem, Folder, Options, OutputDir};
use dossier::publish::Plan;
use dossier::source::{Hash, Output, Outputs, Role, Sink, SitePath, unreadable_cause};

use crate::site::{Result, errors_of, folder, out, publish, publish_with, site, tree, tree_of, write};

fn force() -> Options {
    Options { force: true, ..Options::default() }
}

#[test]
fn staged_files_are_published_and_stale_ones_removed() -> Result {
    let temp = folder()?;
    let out = out(&temp);
    let first = site("index.html=1 a/b/c.html=1 a/x.png=1 style.css feed.xml");
    assert_eq!(errors_of(publish(&out, &first), &out), "fine");
    assert_eq!(tree(&out), tree_of(&first));
    write(&out, "a/notes.txt", "not ours")?;
    write(&out, "CNAME", "example.org")?;
    fs::create_dir(out.join("empty"))?;
    let second = site("index.html=2 style.css d/e.html");
    assert_eq!(errors_of(publish(&out, &second), &out), "fine");
    let mut expected = tree_of(&second);
    for (name, bytes) in
        [("a", "a folder"), ("a/notes.txt", "not ours"), ("CNAME", "example.org"), ("empty", "a folder")]
    {
        expected.insert(name.to_owned(), bytes.as_bytes().to_vec());
    }
    assert_eq!(tree(&out), expected);
    Ok(())
}

#[test]
fn the_manifest_is_reproducible_and_the_only_file_left() -> Result {
    let (one, other) = (folder()?, folder()?);
    let papers = |out: &Path| -> Result<BTreeMap<String, Vec<u8>>> {
        let entries = fs::read_dir(out.join(".dossier"))?.collect::<std::result::Result<Vec<_>, _>>()?;
        let paper = |entry: &fs::DirEntry| (entry.file_name().to_string_lossy().into_owned(), fs::read(entry.path()));
        Ok(entries.iter().map(paper).map(|(name, bytes)| (name, bytes.unwrap_or_default())).collect())
    };
    publish(&out(&one), &site("index.html=0 gone.html")).map_err(|faults| errors_of::<()>(Err(faults), &out(&one)))?;
    for temp in [&one, &other] {
        publish(&out(temp), &site("index.html=1 a.html b/c.png"))
            .map_err(|faults| errors_of::<()>(Err(faults), &out(temp)))?;
    }
    assert_eq!(papers(&out(&one))?, papers(&out(&other))?);
    assert_eq!(papers(&out(&one))?.into_keys().collect::<Vec<_>>(), ["manifest.jsonl"]);
    Ok(())
}

#[test]
fn foreign_files_at_output_paths_are_reported_and_kept_even_with_force() -> Result {
    let temp = folder()?;
    let out = out(&temp);
    write(&out, "index.html", "mine")?;
    write(&out, "a", "a file where a folder must be")?;
    write(&out, "b.html/inside.txt", "a folder where a file must be")?;
    write(&out, "free.txt", "elsewhere")?;
    write(&temp.path().join("elsewhere"), "precious.txt", "precious")?;
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../elsewhere/precious.txt", out.join("link.html"))?;
        std::os::unix::fs::symlink("../elsewhere", out.join("linked"))?;
    }
    let before = tree(temp.path());
    let new = site("index.html a/x.html b.html link.html linked/precious.txt fine.html");
    for options in [Options::default(), force()] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(errors_of(publish_with(FileSystem::default(), &out, &new, options), &out), @"
            output-foreign-file: `OUT/a` exists and was not written by Dossier
            output-foreign-file: `OUT/b.html` exists and was not written by Dossier
            output-foreign-file: `OUT/index.html` exists and was not written by Dossier
            output-foreign-file: `OUT/link.html` exists and was not written by Dossier
            output-foreign-file: `OUT/linked` exists and was not written by Dossier
            ");
        }
        assert_eq!(tree(temp.path()), before);
        assert!(!out.join(".dossier").exists(), "no file of Dossier is left if nothing was published");
    }
    Ok(())
}

#[test]
fn an_edited_file_is_overwritten_or_removed_only_with_force() -> Result {
    let temp = folder()?;
    let out = out(&temp);
    let old = site("index.html=1 a.html=1 b.html=1 c.html=1 d.html=1");
    publish(&out, &old).map_err(|faults| errors_of::<()>(Err(faults), &out))?;
    // Of the same length, so that only its time and its hash differ.
    for name in ["a.html", "b.html", "d.html"] {
        change(&out.join(name))?;
    }
    // Touched, but the same.
    fs::write(out.join("c.html"), fs::read(out.join("c.html"))?)?;
    // A file that stays, one that changes, and one that is removed: all three would lose the edit.
    let new = site("index.html=2 a.html=1 b.html=2 c.html=2");
    let before = tree(&out);
    insta::assert_snapshot!(errors_of(publish(&out, &new), &out), @"
    output-edited-file: `OUT/a.html` was changed since it was published
    output-edited-file: `OUT/b.html` was changed since it was published
    output-edited-file: `OUT/d.html` was changed since it was published
    ");
    assert_eq!(tree(&out), before);
    assert_eq!(errors_of(publish_with(FileSystem::default(), &out, &new, force()), &out), "fine");
    assert_eq!(tree(&out), tree_of(&new));
    Ok(())
}

#[cfg(unix)]
#[test]
fn an_edit_that_keeps_its_old_time_is_noticed_too() -> Result {
    let temp = folder()?;
    let out = out(&temp);
    let old = site("index.html=1 a.html=1");
    publish(&out, &old).map_err(|faults| errors_of::<()>(Err(faults), &out))?;
    let path = out.join("a.html");
    let time = fs::metadata(&path)?.modified()?;
    change(&path)?;
    fs::File::options().write(true).open(&path)?.set_modified(time)?;
    assert!(errors_of(publish(&out, &old), &out).starts_with("output-edited-file: `OUT/a.html`"));
    Ok(())
}

/// Waits until the clock of the file system has advanced, so that new files have a later time than existing ones.
fn advance_clock(folder: &Path) -> Result {
    let probe = folder.join("probe");
    let written = || -> std::io::Result<SystemTime> {
        fs::write(&probe, "")?;
        fs::metadata(&probe)?.modified()
    };
    let start = written()?;
    while written()? == start {
        std::thread::yield_now();
    }
    Ok(fs::remove_file(&probe)?)
}

/// Changes a letter, and keeps the length.
fn change(path: &Path) -> Result {
    let mut bytes = fs::read(path)?;
    bytes[0] ^= 1;
    Ok(fs::write(path, bytes)?)
}

#[test]
fn an_edit_is_noticed_whatever_happened_to_times_and_folder() -> Result {
    let touch = |path: PathBuf| fs::File::options().write(true).open(path)?.set_modified(SystemTime::now());
    let manifest = |out: &Path| out.join(".dossier/manifest.jsonl");
    let old = site("index.html=1 a/b.html=1");
    let edits: [fn(&Path) -> Result; 4] = [
        // The manifest is younger than the edit.
        |_| Ok(()),
        // The folder was extracted from an archive: every file is new, the manifest the last of them.
        |out| {
            fs::rename(out, out.with_extension("before"))?;
            for name in ["index.html", "a/b.html", ".dossier/manifest.jsonl"] {
                fs::create_dir_all(out.join(name).parent().unwrap_or(out))?;
                fs::copy(out.with_extension("before").join(name), out.join(name))?;
            }
            Ok(())
        },
        // The edited file has the inode of another one.
        |out| {
            fs::copy(out.join("a/b.html"), out.join("a/copy"))?;
            Ok(fs::rename(out.join("a/copy"), out.join("a/b.html"))?)
        },
        // The site's cache is lost.
        |out| Ok(fs::remove_dir_all(out.with_file_name(".dossier"))?),
    ];
    for (number, then) in edits.into_iter().enumerate() {
        let temp = folder()?;
        let out = out(&temp);
        for _ in 0..2 {
            assert_eq!(errors_of(publish(&out, &old), &out), "fine");
            advance_clock(temp.path())?;
        }
        change(&out.join("a/b.html"))?;
        then(&out)?;
        advance_clock(temp.path())?;
        touch(manifest(&out))?;
        let expected = "output-edited-file: `OUT/a/b.html` was changed since it was published";
        assert_eq!(errors_of(publish(&out, &site("index.html=2 a/b.html=2")), &out), expected, "{number}");
    }
    Ok(())
}

#[test]
fn removed_or_emptied_files_are_written_again() -> Result {
    let temp = folder()?;
    let out = out(&temp);
    let old = site("index.html=1 a/b.html=1 c.html=1");
    publish(&out, &old).map_err(|faults| errors_of::<()>(Err(faults), &out))?;
    fs::remove_dir_all(out.join("a"))?;
    fs::write(out.join("c.html"), "")?;
    assert_eq!(errors_of(publish(&out, &old), &out), "fine");
    assert_eq!(tree(&out), tree_of(&old));
    Ok(())
}

#[cfg(unix)]
#[test]
fn links_in_place_of_published_files_and_folders_are_not_followed() -> Result {
    use std::os::unix::fs::symlink;
    let temp = folder()?;
    let out = out(&temp);
    let old = site("index.html=1 a/b.html=1 c.html=1 d/e/f.html");
    publish(&out, &old).map_err(|faults| errors_of::<()>(Err(faults), &out))?;
    write(&temp.path().join("elsewhere"), "b.html", "precious")?;
    fs::create_dir_all(temp.path().join("elsewhere/e"))?;
    fs::remove_dir_all(out.join("a"))?;
    fs::remove_dir_all(out.join("d"))?;
    fs::remove_file(out.join("c.html"))?;
    symlink("../elsewhere", out.join("a"))?;
    symlink("../elsewhere", out.join("d"))?;
    symlink("../elsewhere/b.html", out.join("c.html"))?;
    let elsewhere = tree(&temp.path().join("elsewhere"));
    let told_of_it = errors_of(publish(&out, &old), &out);
    assert!(told_of_it.contains("output-foreign-file: `OUT/a`"), "{told_of_it}");
    let told_of_it = errors_of(publish(&out, &site("index.html=2 c.html=2")), &out);
    assert_eq!(told_of_it, "output-edited-file: `OUT/c.html` was changed since it was published");
    let forced = publish_with(FileSystem::default(), &out, &site("index.html=2 c.html=2"), force());
    assert_eq!(errors_of(forced, &out), "fine");
    assert!(fs::symlink_metadata(out.join("c.html"))?.is_file());
    assert_eq!(tree(&temp.path().join("elsewhere")), elsewhere);
    Ok(())
}

#[test]
fn files_and_folders_replace_each_other() -> Result {
    let temp = folder()?;
    let out = out(&temp);
    let one = site("index.html=1 a b/c/d.html b/e.png Case.html");
    let two = site("index.html=2 a/x/y.html b case.html");
    for next in [&one, &two, &one, &two] {
        assert_eq!(errors_of(publish(&out, next), &out), "fine");
        assert_eq!(tree(&out), tree_of(next));
    }
    write(&out, "a/x/mine.txt", "mine")?;
    let before = tree(&out);
    let faults = errors_of(publish(&out, &one), &out);
    assert_eq!(faults, "output-foreign-file: `OUT/a/x/mine.txt` exists and was not written by Dossier");
    assert_eq!(tree(&out), before);
    let clash = errors_of(publish(&out, &site("index.html=1 b b/c.html")), &out);
    assert_eq!(clash, "output-path-clash: `b` cannot be both a file and the folder of `b/c.html`");
    Ok(())
}

#[test]
fn without_a_manifest_identical_files_are_accepted() -> Result {
    let temp = folder()?;
    let out = out(&temp);
    let old = site("index.html=1 a.html=1 old.html");
    publish(&out, &old).map_err(|faults| errors_of::<()>(Err(faults), &out))?;
    fs::remove_dir_all(out.join(".dossier"))?;
    let new = site("index.html=1 a.html=2");
    assert_eq!(
        errors_of(publish(&out, &new), &out),
        "output-foreign-file: `OUT/a.html` exists and was not written by Dossier"
    );
    assert_eq!(errors_of(publish(&out, &site("index.html=1 a.html=1")), &out), "fine");
    assert_eq!(errors_of(publish(&out, &new), &out), "fine");
    assert!(out.join("old.html").exists(), "its origin is unknown");
    Ok(())
}

#[test]
fn a_manifest_that_is_damaged_newer_or_of_another_site_stops_the_build() -> Result {
    let temp = folder()?;
    let out = out(&temp);
    let options = |site: &str| Options { site: site.to_owned(), ..Options::default() };
    let deal = site("index.html=1");
    assert_eq!(errors_of(publish_with(FileSystem::default(), &out, &deal, options("deal")), &out), "fine");
    let other = errors_of(publish_with(FileSystem::default(), &out, &site("x.html"), options("atlas")), &out);
    assert_eq!(other, "output-other-site: `OUT` contains another site, `deal`");
    assert_eq!(errors_of(publish(&out, &deal), &out), "fine");
    let manifest = out.join(".dossier/manifest.jsonl");
    let text = fs::read_to_string(&manifest)?;
    assert!(text.contains("\"deal\""), "a build without a key keeps the one that is there");
    for (change, expected) in [
        (text.replace("index", "other"), "output-damaged-manifest"),
        (String::new(), "output-damaged-manifest"),
        (text.replace("\"dossier_manifest\":1", "\"dossier_manifest\":2"), "output-newer-manifest"),
    ] {
        fs::write(&manifest, change)?;
        let before = tree(&out);
        assert!(errors_of(publish(&out, &site("index.html=2")), &out).starts_with(expected));
        assert_eq!(tree(&out), before);
    }
    Ok(())
}

#[test]
fn every_valid_name_is_published_and_others_are_reported() -> Result {
    let temp = folder()?;
    let out = out(&temp);
    let long = format!("{}.html", "é".repeat(125));
    let names = [
        "with space.html",
        "#hash.html",
        "what?.html",
        "100%25.html",
        "quo\"te's.html",
        "new\nline.html",
        "tab\t.html",
        "caf\u{e9}.html",
        "cafe\u{301}.html",
        "日本語/ページ.html",
        "-rf.html",
        "~.html",
        "a\\b.html",
        "*.html",
        "<b>.html",
        "con.html",
        "trailing .html",
        "trailing./x.html",
        "emoji 🎉.html",
        "\u{202e}rtl.html",
        "...html",
        "$HOME.html",
        &long,
    ];
    let every: crate::site::Site =
        names.iter().map(|name| ((*name).to_owned(), crate::site::file(name, &[]))).collect();
    for _ in 0..2 {
        assert_eq!(errors_of(publish(&out, &every), &out), "fine");
        assert_eq!(tree(&out), tree_of(&every));
    }
    let too_long = format!("x/{}.html", "é".repeat(126));
    let deep = "deep/".repeat(900) + "x.html";
    for (name, expected) in [
        (&*too_long, "the name `éééééééééééééééééééé…` has 257 bytes; the limit of file systems is 255"),
        (&*deep, "together with the output folder the path has"),
        (".dossier/manifest.jsonl", "the folder `.dossier` is reserved for the manifest"),
        (".Dossier/x", "the folder `.dossier` is reserved for the manifest"),
    ] {
        let refused = errors_of(publish(&out, &site(name)), &out);
        assert!(refused.starts_with("write-failed") && refused.contains(expected), "{refused}");
    }
    assert_eq!(tree(&out), tree_of(&every));
    Ok(())
}

#[test]
fn without_changes_each_file_is_examined_once_and_nothing_is_written() -> Result {
    let temp = folder()?;
    let out = out(&temp);
    let pages: String = (0..300).map(|number| format!("p{number}.html={number} ")).collect();
    let all = site(&pages);
    publish(&out, &all).map_err(|faults| errors_of::<()>(Err(faults), &out))?;
    let calls: Arc<Mutex<BTreeMap<Call, usize>>> = Arc::default();
    let counted = |calls: &Arc<Mutex<BTreeMap<Call, usize>>>| {
        let calls = calls.clone();
        FileSystem::with_hook(move |call, path| {
            if let Ok(mut calls) = calls.lock()
                && !path.ends_with("lock")
            {
                *calls.entry(call).or_default() += 1;
            }
            Ok(())
        })
    };
    // Files with the same time as the manifest are read once more; from then on their time proves that they are
    // unchanged.
    advance_clock(temp.path())?;
    publish(&out, &all).map_err(|faults| errors_of::<()>(Err(faults), &out))?;
    let done = publish_with(counted(&calls), &out, &all, Options::default());
    assert_eq!(done.map(|done| (done.plan, done.unchanged)).map_err(|faults| faults.len()), Ok((Plan::default(), 300)));
    let calls = calls.lock().map_err(|_| "poisoned")?.clone();
    assert!(calls.get(&Call::Metadata).is_some_and(|looks| *looks < 320), "{calls:?}");
    for call in [Call::Create, Call::Write, Call::Rename, Call::Sync] {
        assert_eq!(calls.get(&call), None, "{calls:?}");
    }
    assert_eq!(calls.get(&Call::Read), Some(&1), "the manifest: {calls:?}");
    Ok(())
}

#[test]
fn files_are_copied_unchanged_and_only_once() -> Result {
    let temp = folder()?;
    let out = out(&temp);
    let big: String = (0..300_000).map(|number| char::from(b'a' + (number % 23) as u8)).collect();
    write(temp.path(), "static/big.bin", &big)?;
    let (from, to) = (SitePath::new("static/big.bin"), SitePath::new("files/big.bin"));
    let (from, to) = (from.map_err(|e| e.to_string())?, to.map_err(|e| e.to_string())?);
    let refused = Arc::new(Mutex::new(Call::Sync));
    for (refuse, expected) in [
        (Call::Read, "the disk failed"),
        (Call::Write, "the disk failed"),
        (Call::Sync, ""),
        // What is there already is not written again.
        (Call::Create, ""),
    ] {
        *refused.lock().map_err(|_| "poisoned")? = refuse;
        let input = refused.clone();
        let inputs = FileSystem::with_hook(move |call, _| match input.lock().is_ok_and(|refuse| *refuse == call) {
            true => Err(std::io::Error::other("the disk failed")),
            false => Ok(()),
        });
        let outputs = FileSystem::with_hook(move |call, path| {
            match call == refuse && path.components().any(|c| c.as_os_str() == "staging") {
                true => Err(std::io::Error::other("the disk failed")),
                false => Ok(()),
            }
        });
        let files = Folder::open_through(&inputs, temp.path())?;
        let held = OutputDir::check_through(outputs, temp.path(), &out, None)?.lock("test", Duration::ZERO, |_| {})?;
        let staging = held.stage(Options::default()).map_err(|faults| errors_of::<()>(Err(faults), &out))?;
        match staging.copy(&files, &from, &to) {
            Ok((hash, len)) => {
                assert_eq!((hash, len), (Hash::of(big.as_bytes()), big.len() as u64));
                let all = Outputs::from([(to.clone(), Output { hash, len, role: Role::Asset })]);
                assert_eq!(errors_of(staging.publish(&all), &out), "fine");
                assert_eq!(fs::read_to_string(out.join("files/big.bin"))?, big);
                assert_eq!(expected, "");
            }
            Err(error) => {
                assert_eq!(error.to_string(), expected);
                assert_eq!(unreadable_cause(&error).is_some(), refuse == Call::Read);
            }
        }
    }
    Ok(())
}

#[test]
fn two_publishers_at_once_never_mix_their_sites() -> Result {
    let temp = folder()?;
    let out = out(&temp);
    let sites = [site("index.html=one a/b.html=one c.css"), site("index.html=two a/d.html=two c.css e.xml=two")];
    std::thread::scope(|scope| {
        let publishers = sites.each_ref().map(|site| {
            let out = &out;
            scope.spawn(move || {
                (0..30)
                    .map(|_| errors_of(publish(out, site), out))
                    .filter(|errors_of| errors_of != "fine")
                    .collect::<Vec<_>>()
            })
        });
        for publisher in publishers {
            assert_eq!(publisher.join().map_err(|_| "panicked"), Ok(vec![]));
        }
    });
    assert!(sites.iter().any(|site| tree_of(site) == tree(&out)));
    Ok(())
}

#[test]
fn a_durable_publish_syncs_all_it_writes() -> Result {
    let temp = folder()?;
    let out = out(&temp);
    let synced = Arc::new(Mutex::new(0));
    let counter = synced.clone();
    let file_system = FileSystem::with_hook(move |call, _| {
        if let (Call::Sync, Ok(mut count)) = (call, counter.lock()) {
            *count += 1;
        }
        Ok(())
    });
    let options = Options { durable: true, ..Options::default() };
    let new = site("index.html=1 a/b.html c.css feed.xml");
    assert_eq!(errors_of(publish_with(file_system, &out, &new, options), &out), "fine");
    assert_eq!(tree(&out), tree_of(&new));
    // Four outputs, the intent and its folder, the folder after each of four stages (one of them with `a` in it), the
    // manifest's folder.
    assert!(synced.lock().map_err(|_| "poisoned")?.ge(&10));
    Ok(())
}

#[test]
fn cleaning_removes_only_published_files() -> Result {
    let temp = folder()?;
    let out = out(&temp);
    let clean = |force: bool| -> std::result::Result<_, DiskErrors> {
        OutputDir::check(temp.path(), &out, None)?
            .lock("clean", Duration::ZERO, |_| {})?
            .clean(&Options { force, ..Options::default() })
    };
    assert_eq!(clean(false).map(|cleaned| cleaned.files).map_err(|faults| faults.len()), Ok(0));
    assert!(!out.exists());
    publish(&out, &site("index.html a/b.html")).map_err(|faults| errors_of::<()>(Err(faults), &out))?;
    let cleaned = clean(false).map_err(|faults| errors_of::<()>(Err(faults), &out))?;
    assert_eq!((cleaned.files, cleaned.folder, out.exists()), (2, true, false));

    publish(&out, &site("index.html a/b.html c.html")).map_err(|faults| errors_of::<()>(Err(faults), &out))?;
    write(&out, "a/mine.txt", "mine")?;
    write(&out, "c.html", "edited")?;
    let before = tree(&out);
    assert_eq!(errors_of(clean(false), &out), "output-edited-file: `OUT/c.html` was changed since it was published");
    assert_eq!(tree(&out), before);
    let cleaned = clean(true).map_err(|faults| errors_of::<()>(Err(faults), &out))?;
    assert_eq!((cleaned.files, cleaned.folder), (3, false));
    assert_eq!(tree(&out).into_keys().collect::<Vec<_>>(), ["a", "a/mine.txt"]);
    assert!(!out.join(".dossier").exists());
    Ok(())
}

#[test]
fn a_failed_build_leaves_no_trace() -> Result {
    let temp = folder()?;
    let out = out(&temp);
    let place = OutputDir::check(temp.path(), &out, None).map_err(|fault| fault.to_string())?;
    let held = place.lock("test", Duration::ZERO, |_| {}).map_err(|fault| fault.to_string())?;
    let staging = held.stage(Options::default()).map_err(|faults| errors_of::<()>(Err(faults), &out))?;
    staging.put(&SitePath::new("a.html").map_err(|e| e.to_string())?, b"x")?;
    drop(staging);
    drop(held);
    assert!(!out.exists());
    Ok(())
}
