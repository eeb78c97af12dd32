//! Files that commands add: none is lost, overwritten or incomplete.

mod support {
    pub mod files;
    pub mod run;
    pub mod site;
}

use std::fs;
use std::path::Path;

use support::run::dossier;
use support::site::Site;

const SITE: &str = "//- site.toml\ntitle = \"T\"\n\n//- content/index.md\n# Home\n\n";

#[test]
fn twenty_concurrent_commands_add_twenty_records() {
    let site = Site::new(SITE);
    std::thread::scope(|scope| {
        for number in 0..20 {
            let site = &site;
            scope.spawn(move || assert_eq!(site.run(&["new", "claim", &format!("claim-{number}")]).code, 0));
        }
    });
    let text = site.text("content/evidence/claims/new.yaml");
    for number in 0..20 {
        assert_eq!(text.matches(&format!("- id: claim-{number}\n")).count(), 1, "{number}: {text}");
    }
    assert!(!site.path(".dossier").exists(), "nothing of the program's own stays");
}

#[test]
fn of_twenty_concurrent_commands_one_adds_the_same_page_or_record() {
    for kind in ["page", "source"] {
        let site = Site::new(SITE);
        let runs: Vec<i32> = std::thread::scope(|scope| {
            let runs: Vec<_> = (0..20).map(|_| scope.spawn(|| site.run(&["new", kind, "same"]).code)).collect();
            runs.into_iter().map(|run| run.join().expect("it ends")).collect()
        });
        assert_eq!(runs.iter().filter(|code| **code == 0).count(), 1, "{kind}: {runs:?}");
        assert_eq!(runs.iter().filter(|code| **code == 1).count(), 19, "{kind}: {runs:?}");
    }
}

#[test]
fn a_user_s_file_with_the_name_of_a_temporary_file_is_kept() {
    let site = Site::new(SITE);
    site.write("content/evidence/sources.yaml", "- id: one\n");
    site.write("content/evidence/sources.yaml.tmp", "mine");
    assert_eq!(site.run(&["new", "source", "two"]).code, 0);
    assert_eq!(site.text("content/evidence/sources.yaml.tmp"), "mine");
}

#[test]
fn line_endings_are_kept() {
    let site = Site::new(SITE);
    site.write("content/evidence/sources.yaml", "- id: one\r\n  kind: news\r\n");
    assert_eq!(site.run(&["new", "source", "two"]).code, 0);
    let text = site.text("content/evidence/sources.yaml");
    assert!(text.starts_with("- id: one\r\n  kind: news\r\n\r\n- id: two\r\n"), "{text:?}");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{text:?}");
}

#[cfg(unix)]
#[test]
fn permissions_are_kept_and_a_read_only_file_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let site = Site::new(SITE);
    let (file, path) = ("content/evidence/sources.yaml", site.path("content/evidence/sources.yaml"));
    site.write(file, "- id: one\n");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(site.run(&["new", "source", "two"]).code, 0);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
    let before = site.text(file);
    let run = site.run(&["new", "source", "three"]);
    assert_eq!(run.code, 1);
    assert!(run.err.ends_with("permission is denied; nothing was written\n"), "{}", run.err);
    assert_eq!(site.text(file), before);
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_site_and_stay_links() {
    use std::os::unix::fs::symlink;
    let site = Site::new(SITE);
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("entities.yaml"), "- id: one\n").unwrap();
    site.write("records/sources.yaml", "- id: one\n");
    fs::create_dir_all(site.path("content/evidence")).unwrap();
    fs::create_dir_all(site.path("records/claims")).unwrap();
    symlink("../../records/sources.yaml", site.path("content/evidence/sources.yaml")).unwrap();
    symlink("../../records/claims", site.path("content/evidence/claims")).unwrap();
    symlink(outside.path().join("entities.yaml"), site.path("content/evidence/entities.yaml")).unwrap();
    symlink(outside.path(), site.path("content/away")).unwrap();
    for (kind, real) in [("source", "records/sources.yaml"), ("claim", "records/claims/new.yaml")] {
        assert_eq!(site.run(&["new", kind, &format!("two-{kind}")]).code, 0, "{kind}");
        assert!(site.text(real).contains(&format!("- id: two-{kind}\n")), "{kind}");
    }
    assert!(fs::symlink_metadata(site.path("content/evidence/sources.yaml")).unwrap().is_symlink());
    for words in [["new", "entity", "two"], ["new", "page", "away/page"]] {
        let run = site.run(&words);
        assert_eq!(run.code, 1, "{words:?}");
        assert!(run.err.contains("is a symbolic link that leads out of the site; nothing was written"), "{}", run.err);
    }
    assert_eq!(fs::read_to_string(outside.path().join("entities.yaml")).unwrap(), "- id: one\n");
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn a_template_is_not_copied_through_a_broken_link() {
    let site = Site::new(SITE);
    let outside = tempfile::tempdir().unwrap();
    fs::create_dir(site.path("templates")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("base.html"), site.path("templates/base.html")).unwrap();
    let run = site.run(&["theme", "templates/page.html", "templates/base.html"]);
    assert_eq!(run.code, 1);
    assert!(run.err.contains("templates/base.html` already exists; nothing was written"), "{}", run.err);
    assert!(!site.path("templates/page.html").exists());
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
}

#[test]
fn schemas_and_man_pages_overwrite_files_only_with_force() {
    let temp = tempfile::tempdir().unwrap();
    for (words, mine) in [(["schema", "--into", "out"], "claims.json"), (["man", "--into", "out"], "dossier-build.1")] {
        let out = temp.path().join("out");
        fs::create_dir(&out).unwrap();
        fs::write(out.join(mine), "mine").unwrap();
        let refused = dossier(temp.path(), &words);
        assert_eq!(refused.code, 1);
        let message =
            format!("{mine}` already exists; nothing was written\nhelp: `--force` writes over files that differ\n");
        assert!(refused.err.ends_with(&message), "{}", refused.err);
        assert_eq!(fs::read_dir(&out).unwrap().count(), 1);
        let forced = dossier(temp.path(), &[&words[..], &["--force"]].concat());
        assert_eq!(forced.code, 0, "{}", forced.err);
        assert_ne!(fs::read_to_string(out.join(mine)).unwrap(), "mine");
        // Identical files are no conflict.
        assert_eq!(dossier(temp.path(), &words).code, 0);
        fs::remove_dir_all(out).unwrap();
    }
}

#[test]
fn of_two_concurrent_inits_one_succeeds_and_nothing_is_mixed() {
    let temp = tempfile::tempdir().unwrap();
    let start = |words: &'static [&'static str]| dossier(temp.path(), words);
    let runs = std::thread::scope(|scope| {
        let runs =
            [&["init", "site"][..], &["init", "--no-theme", "site"]].map(|words| scope.spawn(move || start(words)));
        runs.map(|run| run.join().expect("it ends"))
    });
    let mut codes = runs.each_ref().map(|run| run.code);
    codes.sort_unstable();
    assert_eq!(codes, [0, 2], "{runs:?}");
    assert_eq!(temp.path().join("site/templates").exists(), runs[0].code == 0);
    assert!(!temp.path().join("site/.dossier").exists());
}

#[test]
fn a_failed_init_leaves_no_files() {
    let temp = tempfile::tempdir().unwrap();
    fs::write(temp.path().join("file"), "mine").unwrap();
    for folder in ["file", "file/site"] {
        assert_eq!(dossier(temp.path(), &["init", folder]).code, 2, "{folder}");
    }
    let names =
        |folder: &Path| fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>();
    assert_eq!(names(temp.path()), ["file"]);
}
