//! The day of a build, and the pages that are left out because of it.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// A site with a page of this day, a draft and a page that has expired.
fn site(day: &str) -> TempDir {
    let temp = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(temp.path().join("content")).expect("a folder");
    for (path, text) in [
        ("site.toml", "title = \"Days\"\n".to_owned()),
        ("content/index.md", "# Home\n".to_owned()),
        ("content/dated.md", format!("---\ntitle: Dated\ndate: {day}\n---\n")),
        ("content/draft.md", "---\ntitle: Draft\ndraft: true\n---\n".to_owned()),
        ("content/old.md", "---\ntitle: Old\nexpires: 2001-01-01\n---\n".to_owned()),
    ] {
        std::fs::write(temp.path().join(path), text).expect("a file");
    }
    temp
}

/// The exit code and the messages, with these variables set.
fn run(root: &Path, words: &[&str], set: &[(&str, &str)]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dossier"));
    command.args(words).current_dir(root).env_remove("SOURCE_DATE_EPOCH").env_remove("TZ").envs(set.iter().copied());
    let output = command.output().expect("the program starts");
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).expect("the program writes UTF-8"))
}

/// Today is that of the user: a future-dated page is included once its day has come in the user's time zone.
#[test]
fn today_is_in_the_user_s_time_zone() {
    let (east, west) = ("UTC-14", "UTC+12");
    let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(14)));
    // These two zones differ by 26 hours, so it is never the same day in both.
    let temp = site(&now.date().to_string());
    let (_, said) = run(temp.path(), &["check"], &[("TZ", east)]);
    assert!(said.contains("; 1 draft and 1 expired page left out\n"), "{said}");
    let (_, said) = run(temp.path(), &["check"], &[("TZ", west)]);
    assert!(said.contains("; 1 draft, 1 future-dated page and 1 expired page left out\n"), "{said}");
    let (code, said) = run(temp.path(), &["check"], &[("TZ", "Nowhere/Land")]);
    assert!(code == Some(0) && said.contains("warning: the time zone `Nowhere/Land` of TZ is unknown"), "{said}");
}

/// A reproducible build takes its day from the environment, in UTC.
#[test]
fn a_reproducible_build_uses_the_given_day() {
    let temp = site("2018-02-24");
    // One second before and after midnight.
    for (epoch, future) in [("1519430399", true), ("1519430400", false)] {
        for zone in ["UTC-14", "UTC+12"] {
            let (_, said) = run(temp.path(), &["check"], &[("TZ", zone), ("SOURCE_DATE_EPOCH", epoch)]);
            assert_eq!(said.contains("1 future-dated page"), future, "{epoch} in {zone}: {said}");
        }
    }
    let (code, said) = run(temp.path(), &["check"], &[("SOURCE_DATE_EPOCH", "yesterday")]);
    assert_eq!(code, Some(2));
    assert!(said.contains("yesterday") && said.contains("write the seconds since 1970 began"), "{said}");
}

/// Every command that reads the site reports the number of pages and what was left out, also if nothing has changed.
#[test]
fn what_is_left_out_is_counted() {
    let temp = site("2999-01-01");
    let left_out = "; 1 draft, 1 future-dated page and 1 expired page left out\n";
    for _ in 0..2 {
        let (_, said) = run(temp.path(), &["build"], &[]);
        assert!(said.starts_with("3 pages in `public`: ") && said.ends_with(left_out), "{said}");
    }
    let (_, said) = run(temp.path(), &["check"], &[]);
    assert!(said.starts_with("3 pages checked, no error, no warning") && said.ends_with(left_out), "{said}");
    let (_, said) = run(temp.path(), &["build", "--drafts"], &[]);
    assert!(said.starts_with("5 pages in `public`: ") && said.ends_with("; 1 expired page left out\n"), "{said}");
    for command in ["build", "check"] {
        let (_, said) = run(temp.path(), &[command, "--format", "json"], &[]);
        let last = said.lines().last().expect("a result");
        let result: Value = serde_json::from_str(last).expect("JSON");
        assert_eq!(result["result"]["pages"], 3);
        assert_eq!(
            result["result"]["left_out"],
            serde_json::json!({ "drafts": 1, "future": 1, "expired": 1, "temporary": 0 })
        );
    }
}
