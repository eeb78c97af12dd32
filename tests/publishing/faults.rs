//! Every call to the file system fails once, in every way, and every one is the last before a crash.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use dossier::disk::{Call, FileSystem, Options};

use crate::site::{
    Dice, Growing, Result, Site, errors_of, file, folder, out, publish, publish_with, site, tree, tree_of, walk, write,
};

/// The kind of failure at the chosen call.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Wrong {
    /// This call fails, those after it work again.
    Once(i32),
    /// From this call on nothing reaches the disk any more.
    Crash,
}

const NO_SPACE: i32 = 28;
const NO_PERMISSION: i32 = 13;
const READ_ERROR: i32 = 5;

/// A file system whose call number `at` fails, and the number of calls so far.
fn faulty(at: usize, wrong: Wrong) -> (FileSystem, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = count.clone();
    let file_system = FileSystem::with_hook(move |_, _| {
        let now = counter.fetch_add(1, Ordering::SeqCst);
        match wrong {
            Wrong::Once(error) if now == at => Err(io::Error::from_raw_os_error(error)),
            Wrong::Crash if now >= at => Err(io::Error::from_raw_os_error(READ_ERROR)),
            _ => Ok(()),
        }
    });
    (file_system, count)
}

/// A file system in which a reader walks the site before every change, and the first file that was missing. Call number
/// `at` and all later ones fail.
fn watched(out: &Path, at: usize, forgiven: &BTreeSet<String>) -> (FileSystem, Arc<Mutex<Option<String>>>) {
    let missed = Arc::new(Mutex::new(None));
    let (note, out, forgiven, count) = (missed.clone(), out.to_owned(), forgiven.clone(), AtomicUsize::new(0));
    let file_system = FileSystem::with_hook(move |call, path| {
        if count.fetch_add(1, Ordering::SeqCst) >= at {
            return Err(io::Error::from_raw_os_error(READ_ERROR));
        }
        let published = !path.components().any(|part| part.as_os_str() == ".dossier");
        if published
            && matches!(call, Call::Rename | Call::Remove)
            && let Err(problem) = walk(&out, &forgiven)
            && let Ok(mut note) = note.lock()
        {
            note.get_or_insert(format!("{problem}, before {call:?} of {}", path.display()));
        }
        Ok(())
    });
    (file_system, missed)
}

fn expect_none_missed(missed: &Mutex<Option<String>>, what: &str) -> Result {
    match missed.lock().map_err(|_| "poisoned")?.take() {
        Some(problem) => Err(format!("{problem}, {what}").into()),
        None => Ok(()),
    }
}

/// Foreign files, in and between ours.
fn add_foreign_files(out: &Path) -> Result {
    write(out, "CNAME", "example.org")?;
    write(out, "deep/mine.txt", "mine")?;
    write(out, "mine/too.html", "mine too")
}

/// The expected files of `site`, with the foreign files.
fn with_foreign_files(site: &Site) -> BTreeMap<String, Vec<u8>> {
    let mut all = tree_of(site);
    let foreign = [
        ("CNAME", "example.org"),
        ("deep", "a folder"),
        ("deep/mine.txt", "mine"),
        ("mine", "a folder"),
        ("mine/too.html", "mine too"),
    ];
    all.extend(foreign.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())));
    all
}

/// Checks that every file is as in one of the two sites, and no foreign file was changed.
fn expect_between(out: &Path, sites: &[&Site], what: &str) {
    let now = tree(out);
    let foreign = with_foreign_files(&Site::new());
    for (name, bytes) in &foreign {
        assert_eq!(now.get(name), Some(bytes), "{name} {what}");
    }
    for (name, bytes) in now.iter().filter(|(name, bytes)| *bytes != b"a folder" && !foreign.contains_key(*name)) {
        assert!(sites.iter().any(|site| site.get(name) == Some(bytes)), "{name} is of no site {what}");
    }
}

/// Publishes `old`, then `new` with a failure at every call in turn; after each, a reader finds all files, and the next
/// build makes the folder correct. Returns the number of failures.
fn try_every_fault([old, new, other]: [&Site; 3], wrong: Wrong, options: &Options, swapped: &[&str]) -> Result<usize> {
    let forgiven: BTreeSet<String> = swapped.iter().map(|name| (*name).to_owned()).collect();
    for at in 0.. {
        let temp = folder()?;
        let out = out(&temp);
        add_foreign_files(&out)?;
        publish(&out, old).map_err(|faults| errors_of::<()>(Err(faults), &out))?;
        let (file_system, count) = faulty(at, wrong);
        let done = publish_with(file_system, &out, new, options.clone());
        let what = format!("after {wrong:?} at call {at}");
        if done.is_ok() {
            assert_eq!(tree(&out), with_foreign_files(new), "{what}");
        }
        expect_between(&out, &[old, new], &what);
        walk(&out, &forgiven).map_err(|problem| format!("{problem}, {what}"))?;
        // The next build may be of another site than the interrupted one.
        let next = [old, new, other].into_iter().nth(at % 3).unwrap_or(new);
        let (file_system, missed) = watched(&out, usize::MAX, &forgiven);
        assert_eq!(errors_of(publish_with(file_system, &out, next, Options::default()), &out), "fine", "{what}");
        expect_none_missed(&missed, &what)?;
        assert_eq!(tree(&out), with_foreign_files(next), "{what}");
        if count.load(Ordering::SeqCst) <= at {
            return Ok(at);
        }
    }
    Ok(0)
}

/// Three sites: the second is a later version of the first, the third a different one with mostly the same names.
fn three(seed: u64, size: u64) -> [Site; 3] {
    let mut growing = Growing::new(seed, size);
    let old = (0..4).map(|_| growing.next()).last().unwrap_or_default();
    let mut other = Growing::new(seed + 1000, size);
    [old, growing.next(), (0..6).map(|_| other.next()).last().unwrap_or_default()]
}

#[test]
fn any_call_may_fail_with_no_space_no_permission_or_a_bad_disk() -> Result {
    let sites = three(1, 24);
    let mut points = 0;
    for error in [NO_SPACE, NO_PERMISSION, READ_ERROR] {
        points += try_every_fault(sites.each_ref(), Wrong::Once(error), &Options::default(), &[])?;
    }
    println!("faults: {points}");
    Ok(())
}

#[test]
fn any_call_may_be_the_last_before_a_crash() -> Result {
    let mut points = 0;
    for seed in 2..5 {
        points += try_every_fault(three(seed, 24).each_ref(), Wrong::Crash, &Options::default(), &[])?;
    }
    let durable = Options { durable: true, ..Options::default() };
    points += try_every_fault(three(5, 24).each_ref(), Wrong::Crash, &durable, &[])?;
    println!("crashes: {points}");
    Ok(())
}

#[test]
fn files_that_become_folders_survive_a_crash_at_any_call() -> Result {
    let home = |says: &str, names: &[&str]| ("index.html".to_owned(), file(says, names));
    let mut old = site("a=1 b/c.png=1 b/d/e.html Case.html z.html");
    let mut new = site("a/x.html=1 b=1 case.html z.html");
    old.extend([home("old", &["a", "b/c.png", "z.html"])]);
    new.extend([home("new", &["a/x.html", "b", "z.html"])]);
    let swapped = ["a", "b/c.png", "a/x.html", "b"];
    let other = BTreeMap::from([home("other", &[])]);
    let mut points = try_every_fault([&old, &new, &other], Wrong::Crash, &Options::default(), &swapped)?;
    points += try_every_fault([&new, &old, &other], Wrong::Crash, &Options::default(), &swapped)?;
    println!("crashes: {points}");
    Ok(())
}

/// Every pair of moments: a crash, a second one in the next build, then a third build.
#[test]
fn a_crash_during_recovery_is_recovered_from() -> Result {
    // All pairs take minutes: by default only a few of each hundred.
    let every = std::env::var("DOSSIER_ALL_FAULTS").map_or(41, |_| 1);
    let mut crashes = 0;
    for seed in 10..13 {
        let [old, new, other] = three(seed, 10);
        let forgiven = BTreeSet::new();
        let mut first = 0;
        loop {
            let mut second = first % every;
            let finished = loop {
                let temp = folder()?;
                let out = out(&temp);
                add_foreign_files(&out)?;
                publish(&out, &old).map_err(|faults| errors_of::<()>(Err(faults), &out))?;
                let (file_system, missed) = watched(&out, first, &forgiven);
                let first_done = publish_with(file_system, &out, &new, Options::default()).is_ok();
                expect_none_missed(&missed, &format!("seed {seed}, crash at {first}"))?;
                let what = format!("seed {seed}, crashes at {first} and {second}");
                let (file_system, missed) = watched(&out, second, &forgiven);
                let second_done = publish_with(file_system, &out, &other, Options::default()).is_ok();
                expect_none_missed(&missed, &what)?;
                let (file_system, missed) = watched(&out, usize::MAX, &forgiven);
                let last = if second.is_multiple_of(2) { &old } else { &new };
                assert_eq!(
                    errors_of(publish_with(file_system, &out, last, Options::default()), &out),
                    "fine",
                    "{what}"
                );
                expect_none_missed(&missed, &what)?;
                assert_eq!(tree(&out), with_foreign_files(last), "{what}");
                crashes += 2;
                if second_done {
                    break first_done;
                }
                second += every;
            };
            if finished {
                break;
            }
            first += 1;
        }
    }
    println!("crashes in pairs: {crashes}");
    Ok(())
}

#[test]
fn three_crashes_in_a_row_are_recovered_from() -> Result {
    let mut crashes = 0;
    for seed in 0..60 {
        let mut dice = Dice::new(seed);
        let mut growing = Growing::new(seed, 16);
        let temp = folder()?;
        let out = out(&temp);
        add_foreign_files(&out)?;
        let first = growing.next();
        publish(&out, &first).map_err(|faults| errors_of::<()>(Err(faults), &out))?;
        let mut sites = vec![first];
        for round in 0..6 {
            growing = if round % 2 == 0 { growing } else { Growing::new(seed + 100 * round, 16) };
            let next = (0..=round).map(|_| growing.next()).last().unwrap_or_default();
            let (file_system, missed) = watched(&out, dice.below(160) as usize, &BTreeSet::new());
            crashes += usize::from(publish_with(file_system, &out, &next, Options::default()).is_err());
            sites.push(next);
            expect_none_missed(&missed, &format!("of seed {seed}"))?;
            expect_between(&out, &sites.iter().collect::<Vec<_>>(), &format!("of seed {seed}"));
            walk(&out, &BTreeSet::new()).map_err(|problem| format!("{problem}, seed {seed}"))?;
        }
        let last = growing.next();
        assert_eq!(errors_of(publish(&out, &last), &out), "fine", "seed {seed}");
        assert_eq!(tree(&out), with_foreign_files(&last), "seed {seed}");
    }
    println!("crashes in a row: {crashes}");
    Ok(())
}

#[test]
fn a_power_cut_that_tears_unsynced_files_is_recovered_from_if_possible() -> Result {
    let [old, new, _] = three(7, 24);
    for at in (60..260).step_by(7) {
        let temp = folder()?;
        let out = out(&temp);
        publish(&out, &old).map_err(|faults| errors_of::<()>(Err(faults), &out))?;
        let _ = publish_with(faulty(at, Wrong::Crash).0, &out, &new, Options::default());
        // Names reached the disk, bytes did not.
        let (intent, page) = (out.join(".dossier/intent.jsonl"), out.join("index.html"));
        if at % 2 == 0 && intent.exists() {
            fs::write(intent, "")?;
        }
        fs::write(page, "")?;
        assert_eq!(errors_of(publish(&out, &new), &out), "fine", "call {at}");
        assert!(new.iter().all(|(name, bytes)| fs::read(out.join(name)).is_ok_and(|now| now == *bytes)), "call {at}");
    }
    Ok(())
}

#[test]
fn an_edit_is_still_noticed_after_crashes_and_force_works_after_them() -> Result {
    let (old, new) = (site("index.html=1 a.html=1 b.html=1 c.html=1"), site("index.html=2 a.html=1 b.html=2"));
    for at in 0..120 {
        let temp = folder()?;
        let out = out(&temp);
        publish(&out, &old).map_err(|faults| errors_of::<()>(Err(faults), &out))?;
        let edited = |name: &str| -> Result<Vec<u8>> {
            let mut bytes = fs::read(out.join(name))?;
            bytes[0] ^= 1;
            fs::write(out.join(name), &bytes)?;
            Ok(bytes)
        };
        let edits = [("a.html", edited("a.html")?), ("b.html", edited("b.html")?), ("c.html", edited("c.html")?)];
        let force = Options { force: true, ..Options::default() };
        for _ in 0..2 {
            let _ = publish_with(faulty(at, Wrong::Crash).0, &out, &new, force.clone());
        }
        let kept = edits.iter().filter(|(name, bytes)| fs::read(out.join(name)).is_ok_and(|now| now == *bytes)).count();
        let refused = errors_of(publish(&out, &new), &out);
        assert_eq!(refused.matches("output-edited-file").count(), kept, "call {at}: {refused}");
        assert_eq!(errors_of(publish_with(FileSystem::default(), &out, &new, force), &out), "fine");
        assert_eq!(tree(&out), tree_of(&new));
    }
    Ok(())
}
