//! Kills a process that publishes continuously at random moments, while readers read.
//!
//! `DOSSIER_KILLS` says how often (`ci/kill-test` says 500). Each time, before and after the kill, every file that a
//! reader gets must be complete and no link may be broken; the next build must make the folder exactly correct; and
//! foreign files must be unchanged.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use crate::site::{Dice, Growing, Result, errors_of, folder, out, publish, tree, tree_of, walk, write};

/// Where the process that is killed publishes; set by the test for the process it starts.
const OUT: &str = "DOSSIER_KILL_OUT";
const SEED: &str = "DOSSIER_KILL_SEED";
/// The number of names in a generated site.
const SIZE: u64 = 160;

/// Statistics of kills and readers.
#[derive(Debug, Default)]
struct Figures {
    kills: usize,
    while_publishing: usize,
    while_staging: usize,
    between: usize,
}

/// The process to be killed; run as a test of its own it does nothing.
#[test]
fn publisher() -> Result {
    let (Some(out), Ok(seed)) = (std::env::var_os(OUT), std::env::var(SEED)) else { return Ok(()) };
    let mut growing = Growing::new(seed.parse()?, SIZE);
    println!("ready");
    loop {
        let done = publish(Path::new(&out), &growing.next());
        if done.is_err() {
            println!("{}", errors_of(done, Path::new(&out)));
            return Err("a publish failed".into());
        }
    }
}

#[test]
fn a_kill_at_any_moment_leaves_a_consistent_site() -> Result {
    let kills: usize = std::env::var("DOSSIER_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(30);
    let temp = folder()?;
    let out = out(&temp);
    write(&out, "CNAME", "example.org")?;
    write(&out, "deep/mine.txt", "mine")?;
    let first = Growing::new(u64::MAX, SIZE).next();
    assert_eq!(errors_of(publish(&out, &first), &out), "fine");
    let (stop, walks, files) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0));
    let read = || -> std::result::Result<(), String> {
        while !stop.load(Ordering::SeqCst) {
            files.fetch_add(walk(&out, &BTreeSet::new())?, Ordering::Relaxed);
            walks.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    };
    let figures = std::thread::scope(|scope| {
        let readers = [scope.spawn(read), scope.spawn(read)];
        let figures = kill_and_recover(&out, kills);
        stop.store(true, Ordering::SeqCst);
        for reader in readers {
            reader.join().map_err(|_| "a reader panicked")??;
        }
        figures
    })?;
    println!("{figures:?}");
    println!("readers walked the site {} times and read {} files, all whole", walks.into_inner(), files.into_inner());
    assert_eq!(figures.kills, kills);
    Ok(())
}

fn kill_and_recover(out: &Path, kills: usize) -> Result<Figures> {
    let mut figures = Figures::default();
    for seed in 0..kills as u64 {
        let mut dice = Dice::new(seed + 1);
        let mut child = start(out, seed)?;
        std::thread::sleep(Duration::from_micros(dice.below(30_000)));
        if let Some(status) = child.try_wait()? {
            return Err(format!("the publisher of seed {seed} ended by itself: {status}").into());
        }
        child.kill()?;
        child.wait()?;
        figures.kills += 1;
        match () {
            () if out.join(".dossier/intent.jsonl").exists() => figures.while_publishing += 1,
            () if out.join(".dossier/staging").exists() => figures.while_staging += 1,
            () => figures.between += 1,
        }
        walk(out, &BTreeSet::new()).map_err(|problem| format!("{problem}, after the kill of seed {seed}"))?;
        if dice.below(4) > 0 {
            // Otherwise the next publisher finds what this one left, and is killed while it continues.
            expect_recovered(out, seed);
        }
    }
    expect_recovered(out, kills as u64);
    Ok(figures)
}

fn start(out: &Path, seed: u64) -> Result<Child> {
    let mut child = Command::new(std::env::current_exe()?)
        .args(["kills::publisher", "--exact", "--nocapture"])
        .envs([(OUT, out.as_os_str()), (SEED, seed.to_string().as_ref())])
        .stdout(Stdio::piped())
        .spawn()?;
    let lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
    for line in lines {
        if line?.contains("ready") {
            return Ok(child);
        }
    }
    Err("the publisher did not start".into())
}

fn expect_recovered(out: &Path, seed: u64) {
    let site = Growing::new(u64::MAX - 1 - seed, SIZE).next();
    assert_eq!(errors_of(publish(out, &site), out), "fine", "after the kill of seed {seed}");
    let mut expected = tree_of(&site);
    for (name, bytes) in [("CNAME", "example.org"), ("deep", "a folder"), ("deep/mine.txt", "mine")] {
        expected.insert(name.to_owned(), bytes.as_bytes().to_vec());
    }
    let now = tree(out);
    let differs = |name: &&String| now.get(*name) != expected.get(*name);
    let wrong: BTreeSet<&String> = now.keys().chain(expected.keys()).filter(differs).collect();
    assert!(wrong.is_empty(), "after the kill of seed {seed} these are not as they should be: {wrong:?}");
}
