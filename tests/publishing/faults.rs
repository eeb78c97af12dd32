//! Every call to the file system fails once, in every way, and every one is the last before a crash.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dossier::disk::{Door, Options};

use crate::site::{
    Dice, Growing, Result, Site, file, folder, out, publish, publish_through, site, told, tree, tree_of, walk, write,
};

/// What goes wrong at the chosen call.
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

/// A door at which call number `at` goes wrong, and the count of calls so far.
fn faulty(at: usize, wrong: Wrong) -> (Door, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = count.clone();
    let door = Door::guarded(move |_, _| {
        let now = counter.fetch_add(1, Ordering::SeqCst);
        match wrong {
            Wrong::Once(error) if now == at => Err(io::Error::from_raw_os_error(error)),
            Wrong::Crash if now >= at => Err(io::Error::from_raw_os_error(READ_ERROR)),
            _ => Ok(()),
        }
    });
    (door, count)
}

/// Files of somebody else, in and between ours.
fn add_foreign(out: &Path) -> Result {
    write(out, "CNAME", "example.org")?;
    write(out, "deep/mine.txt", "mine")?;
    write(out, "mine/too.html", "mine too")
}

/// What must be there when `site` is, beside the foreign files.
fn with_foreign(site: &Site) -> BTreeMap<String, Vec<u8>> {
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

/// Every file is as in one of the two sites, and none of the foreign ones was touched.
fn expect_between(out: &Path, sites: &[&Site], what: &str) {
    let now = tree(out);
    let foreign = with_foreign(&Site::new());
    for (name, bytes) in &foreign {
        assert_eq!(now.get(name), Some(bytes), "{name} {what}");
    }
    for (name, bytes) in now.iter().filter(|(name, bytes)| *bytes != b"a folder" && !foreign.contains_key(*name)) {
        assert!(sites.iter().any(|site| site.get(name) == Some(bytes)), "{name} is of no site {what}");
    }
}

/// Publishes `old`, then `new` with a fault at every call in turn; after each a reader finds all, and the next build
/// makes the folder what it should be. Tells how many faults there were.
fn try_every_fault(old: &Site, new: &Site, wrong: Wrong, options: &Options, swapped: &[&str]) -> Result<usize> {
    let forgiven: BTreeSet<String> = swapped.iter().map(|name| (*name).to_owned()).collect();
    for at in 0.. {
        let temp = folder()?;
        let out = out(&temp);
        add_foreign(&out)?;
        publish(&out, old).map_err(|faults| told::<()>(Err(faults), &out))?;
        let (door, count) = faulty(at, wrong);
        let done = publish_through(door, &out, new, options.clone());
        let what = format!("after {wrong:?} at call {at}");
        if done.is_ok() {
            assert_eq!(tree(&out), with_foreign(new), "{what}");
        }
        expect_between(&out, &[old, new], &what);
        walk(&out, &forgiven).map_err(|problem| format!("{problem}, {what}"))?;
        // Sometimes the next build is of another site than the one that was broken off.
        let next = if at % 3 == 0 { old } else { new };
        assert_eq!(told(publish(&out, next), &out), "fine", "{what}");
        assert_eq!(tree(&out), with_foreign(next), "{what}");
        if count.load(Ordering::SeqCst) <= at {
            return Ok(at);
        }
    }
    Ok(0)
}

fn pair(seed: u64) -> (Site, Site) {
    let mut growing = Growing::new(seed, 24);
    let old = (0..4).map(|_| growing.next()).last().unwrap_or_default();
    (old, growing.next())
}

#[test]
fn any_call_may_fail_for_want_of_space_or_leave_or_by_a_bad_disk() -> Result {
    let (old, new) = pair(1);
    let mut points = 0;
    for error in [NO_SPACE, NO_PERMISSION, READ_ERROR] {
        points += try_every_fault(&old, &new, Wrong::Once(error), &Options::default(), &[])?;
    }
    println!("faults: {points}");
    Ok(())
}

#[test]
fn any_call_may_be_the_last_before_a_crash() -> Result {
    let mut points = 0;
    for seed in 2..5 {
        let (old, new) = pair(seed);
        points += try_every_fault(&old, &new, Wrong::Crash, &Options::default(), &[])?;
    }
    let (old, new) = pair(5);
    let durable = Options { durable: true, ..Options::default() };
    points += try_every_fault(&old, &new, Wrong::Crash, &durable, &[])?;
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
    let mut points = try_every_fault(&old, &new, Wrong::Crash, &Options::default(), &swapped)?;
    points += try_every_fault(&new, &old, Wrong::Crash, &Options::default(), &swapped)?;
    println!("crashes: {points}");
    Ok(())
}

#[test]
fn crash_after_crash_after_crash_is_healed() -> Result {
    let mut crashes = 0;
    for seed in 0..60 {
        let mut dice = Dice::new(seed);
        let mut growing = Growing::new(seed, 16);
        let temp = folder()?;
        let out = out(&temp);
        add_foreign(&out)?;
        let first = growing.next();
        publish(&out, &first).map_err(|faults| told::<()>(Err(faults), &out))?;
        let mut sites = vec![first];
        for _ in 0..4 {
            let next = growing.next();
            let (door, _) = faulty(dice.below(160) as usize, Wrong::Crash);
            crashes += usize::from(publish_through(door, &out, &next, Options::default()).is_err());
            sites.push(next);
            expect_between(&out, &sites.iter().collect::<Vec<_>>(), &format!("of seed {seed}"));
            walk(&out, &BTreeSet::new()).map_err(|problem| format!("{problem}, seed {seed}"))?;
        }
        let last = growing.next();
        assert_eq!(told(publish(&out, &last), &out), "fine", "seed {seed}");
        assert_eq!(tree(&out), with_foreign(&last), "seed {seed}");
    }
    println!("crashes in a row: {crashes}");
    Ok(())
}

#[test]
fn an_edit_is_not_forgotten_by_crashes_and_force_goes_on_after_them() -> Result {
    let (old, new) = (site("index.html=1 a.html=1 b.html=1 c.html=1"), site("index.html=2 a.html=1 b.html=2"));
    for at in 0..120 {
        let temp = folder()?;
        let out = out(&temp);
        publish(&out, &old).map_err(|faults| told::<()>(Err(faults), &out))?;
        let edited = |name: &str| -> Result<Vec<u8>> {
            let mut bytes = fs::read(out.join(name))?;
            bytes[0] ^= 1;
            fs::write(out.join(name), &bytes)?;
            Ok(bytes)
        };
        let edits = [("a.html", edited("a.html")?), ("b.html", edited("b.html")?), ("c.html", edited("c.html")?)];
        let force = Options { force: true, ..Options::default() };
        for _ in 0..2 {
            let _ = publish_through(faulty(at, Wrong::Crash).0, &out, &new, force.clone());
        }
        let kept = edits.iter().filter(|(name, bytes)| fs::read(out.join(name)).is_ok_and(|now| now == *bytes)).count();
        let refused = told(publish(&out, &new), &out);
        assert_eq!(refused.matches("output-edited-file").count(), kept, "call {at}: {refused}");
        assert_eq!(told(publish_through(Door::default(), &out, &new, force), &out), "fine");
        assert_eq!(tree(&out), tree_of(&new));
    }
    Ok(())
}
