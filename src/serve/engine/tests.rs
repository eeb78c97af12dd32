use std::fs;

use notify::event::{CreateKind, EventKind, RemoveKind};
use serde_json::json;

use super::*;
use crate::serve::testing::{BASE, Edited, PLAIN};

/// The engine, step by step.
pub struct Stepped {
    engine: Engine,
    watch: Watch,
}

impl Stepped {
    pub fn new(options: &Options, folder: Arc<Folder>, state: Arc<AppState>, observer: Arc<dyn Observer>) -> Self {
        let watch = Watch::new(folder.root(), true);
        let mut engine = Engine::new(options, folder, state, observer);
        engine.begin();
        Self { engine, watch }
    }

    /// Processes a batch of events.
    pub fn look(&mut self, batch: crate::watch::Batch) {
        if let Some(work) = self.engine.look(batch, &mut self.watch) {
            self.engine.rebuild(work, &mut self.watch);
        }
    }

    /// Processes a sweep of all files.
    pub fn sweep(&mut self) {
        let (listing, stamps) = self.engine.folder.survey();
        if let Some(work) = self.engine.swept(listing, stamps) {
            self.engine.rebuild(work, &mut self.watch);
        }
    }
}

const TOUCHED: EventKind = EventKind::Any;
const NEW_FOLDER: EventKind = EventKind::Create(CreateKind::Folder);
const GONE_FOLDER: EventKind = EventKind::Remove(RemoveKind::Folder);

const MI: &str = "- id: mi\n  name: Mi\n  kind: company\n  definition: A maker.\n";

/// Every way in which editors and tools save gives the open tab exactly one reload.
#[test]
fn every_way_of_saving_gives_one_reload() {
    let mut site = Edited::at("one.html", &[]);
    let page = site.root().join("content/one.md");
    let text = |what: &str| format!("# One\n\nThe first page, saved by {what}.\n");
    let (one, beside, backup) = ("content/one.md", "content/one.md.tmp", "content/one.md~");
    assert_eq!(site.messages_after(&[]).len(), 0, "nothing has changed yet");

    site.write(one, &text("truncating"));
    assert_eq!(site.reloads(&[(TOUCHED, one), (TOUCHED, one)]), 1);
    site.write(beside, &text("renaming over"));
    site.rename(beside, one);
    assert_eq!(site.reloads(&[(TOUCHED, beside), (TOUCHED, beside), (TOUCHED, one)]), 1);
    // As vim does it.
    site.rename(one, backup);
    site.write(one, &text("a backup"));
    fs::remove_file(site.root().join(backup)).expect("a backup");
    assert_eq!(site.reloads(&[(TOUCHED, "content/4913"), (TOUCHED, one), (TOUCHED, backup), (TOUCHED, one)]), 1);
    fs::remove_file(&page).expect("a file");
    site.write(one, &text("removing and writing"));
    assert_eq!(site.reloads(&[(TOUCHED, one)]), 1);
    assert!(site.page("one.html").is_some_and(|page| page.contains("saved by removing and writing.")));
    // There is no event for it; the sweep finds it.
    site.write(one, &text("another machine"));
    assert_eq!(site.reloads(&[]), 1);
    // The same bytes again are no change.
    site.write(one, &text("another machine"));
    assert_eq!(site.messages_after(&[(TOUCHED, one)]).len(), 0);
}

/// Files that are added, removed and moved cause one reload: folders, checkouts, templates, styles, the configuration.
#[test]
fn added_and_removed_files_give_one_reload() {
    let mut site = Edited::at("guide/index.html", &[]);
    let many: Vec<String> = (0..500).map(|number| format!("content/guide/many{number}.md")).collect();
    let events: Vec<_> = many.iter().map(|path| (TOUCHED, path.as_str())).collect();

    site.write("content/guide/deep/er/three.md", "# Three\n\nA page in new folders.\n");
    assert_eq!(site.reloads(&[(NEW_FOLDER, "content/guide/deep")]), 1);
    assert!(site.page("guide/deep/er/three.html").is_some());
    many.iter().for_each(|path| site.write(path, "# One of many\n\nWritten at once.\n"));
    assert_eq!(site.reloads(&events), 1, "500 files at once");
    many.iter().for_each(|path| site.write(path, "# One of many\n\nEdited at once.\n"));
    assert_eq!(site.reloads(&events), 0, "500 files edited, none of which the tab shows");
    assert!(site.page("guide/many499.html").is_some_and(|page| page.contains("Edited at once.")));
    many.iter().for_each(|path| fs::remove_file(site.root().join(path)).expect("a file"));
    assert_eq!(site.reloads(&events), 1, "500 files gone");

    site.rename("content/guide/two.md", "content/guide/second.md");
    assert_eq!(site.reloads(&[(TOUCHED, "content/guide/two.md"), (TOUCHED, "content/guide/second.md")]), 1);
    assert_eq!(site.page("guide/two.html"), None);
    site.rename("content/guide/deep", "content/guide/low");
    assert_eq!(site.reloads(&[(TOUCHED, "content/guide/deep"), (TOUCHED, "content/guide/low")]), 1, "a folder renamed");
    assert_eq!(site.page("guide/deep/er/three.html"), None);
    fs::remove_dir_all(site.root().join("content/guide/low")).expect("a folder");
    assert_eq!(site.reloads(&[(GONE_FOLDER, "content/guide/low")]), 1);

    site.write("templates/base.html", &BASE.replace("</body>", "<p>our own</p></body>"));
    assert_eq!(site.reloads(&[(TOUCHED, "templates/base.html")]), 1);
    // A folder that was not there at the start.
    site.write("static/style.css", "body { color: green }\n");
    assert_eq!(site.reloads(&[(NEW_FOLDER, "static")]), 1);
    site.write("static/style.css", "body { color: blue }\n");
    assert_eq!(site.reloads(&[(TOUCHED, "static/style.css")]), 1, "a stylesheet has a new name");
    fs::remove_dir_all(site.root().join("static")).expect("a folder");
    assert_eq!(site.reloads(&[(GONE_FOLDER, "static")]), 1);
    site.write("site.toml", "title = \"Another bridge\"\n[output]\ntheme = false\n");
    assert_eq!(site.reloads(&[(TOUCHED, "site.toml")]), 1);
    assert!(site.page("guide/index.html").is_some_and(|page| page.contains("Another bridge")));

    // Files that the page does not show cause no message to its tab.
    site.write("templates/spare.html", PLAIN);
    assert_eq!(site.messages_after(&[(TOUCHED, "templates/spare.html")]).len(), 0);
    fs::remove_file(site.root().join("templates/spare.html")).expect("a template");
    assert_eq!(site.messages_after(&[(TOUCHED, "templates/spare.html")]).len(), 0);
    // A file whose output keeps its name is refreshed in place.
    site.write("content/data.zip", "9876543210");
    let heard = site.messages_after(&[(TOUCHED, "content/data.zip")]);
    assert_eq!(heard.len(), 1);
    assert_eq!((&heard[0]["changed"], &heard[0]["files"]), (&json!(false), &json!(["/data.zip"])));

    site.rename("content", "away");
    let heard = site.messages_after(&[(TOUCHED, "content")]);
    assert!(heard.len() == 1 && heard[0]["problems"] != json!([]), "{heard:?}");
    assert!(site.page("one.html").is_some(), "the last good site stays");
    site.rename("away", "content");
    assert_eq!(site.messages_after(&[(TOUCHED, "content")]).last().expect("news")["problems"], json!([]));
}

/// Records, templates and files that pages show, renamed and removed.
#[test]
fn changes_of_other_files_update_the_pages_that_show_them() {
    let record = "content/evidence/entities.yaml";
    let mut site = Edited::at("who-and-what.html", &[(record, MI), ("static/style.css", "body { color: green }\n")]);
    site.write(record, &MI.replace("A maker.", "A maker of phones."));
    assert_eq!(site.reloads(&[(TOUCHED, record)]), 1);
    let unknown = "content/evidence/who.yaml";
    site.rename(record, unknown);
    let heard = site.messages_after(&[(TOUCHED, record), (TOUCHED, unknown)]);
    assert!(heard.len() == 1 && heard[0]["changed"] == false, "{heard:?}");
    site.rename(unknown, record);
    let heard = site.messages_after(&[(TOUCHED, record), (TOUCHED, unknown)]);
    assert!(heard.len() == 1 && heard[0]["problems"] == json!([]), "{heard:?}");

    let (style, other) = ("static/style.css", "static/other.css");
    site.write(other, "i { color: red }\n");
    site.write(style, "@import \"other.css\";\n");
    assert_eq!(site.reloads(&[(TOUCHED, style), (TOUCHED, other)]), 1);
    site.write(other, "i { color: blue }\n");
    assert_eq!(site.reloads(&[(TOUCHED, other)]), 1, "the stylesheet that imports it has a new name");
    fs::remove_file(site.root().join(other)).expect("a stylesheet");
    assert_eq!(site.reloads(&[(TOUCHED, other)]), 1);
    site.rename(style, other);
    assert_eq!(site.reloads(&[(TOUCHED, style), (TOUCHED, other)]), 1);
    site.rename(other, style);
    assert_eq!(site.reloads(&[(TOUCHED, style), (TOUCHED, other)]), 1);

    // Without its template there is no page of entities; without the base template there is no site.
    let (template, unused) = ("templates/entities.html", "templates/entity.html");
    site.rename(template, unused);
    assert_eq!(site.reloads(&[(TOUCHED, template), (TOUCHED, unused)]), 0, "there is no page to show");
    assert_eq!(site.page("who-and-what.html"), None);
    site.rename(unused, template);
    assert_eq!(site.reloads(&[(TOUCHED, template), (TOUCHED, unused)]), 0, "it is as the tab has it");
    fs::remove_file(site.root().join("templates/base.html")).expect("a template");
    let heard = site.messages_after(&[(TOUCHED, "templates/base.html")]);
    assert!(heard[0]["problems"][0]["message"].as_str().is_some_and(|text| text.contains("base.html")), "{heard:?}");
    assert!(
        site.page("who-and-what.html").is_some_and(|page| page.contains("A maker of phones.")),
        "the last good one"
    );
    site.write("templates/base.html", BASE);
    let heard = site.messages_after(&[(TOUCHED, "templates/base.html")]);
    assert!(heard.len() == 1 && heard[0]["problems"] == json!([]), "{heard:?}");
}

#[test]
fn a_future_dated_page_appears_on_its_day() {
    let later = "---\ntitle: Later\ndate: 2026-12-01\n---\nAt last.\n";
    let mut site = Edited::at("index.html", &[("content/later.md", later)]);
    assert_eq!(site.page("later.html"), None);
    site.stepped().engine.today = Arc::new(|| jiff::civil::date(2026, 12, 1));
    site.write("content/one.md", "# One\n\nA day later.\n");
    site.messages_after(&[(TOUCHED, "content/one.md")]);
    assert!(site.page("later.html").is_some());
}
