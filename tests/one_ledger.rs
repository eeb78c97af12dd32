//! Pages, timeline, exports and feed are views of one ledger: they agree, and a change of a record moves all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use dossier::disk::Folder;
use dossier::pipeline::{Request, build};
use dossier::source::{Files, Listing, Memory, SitePath};
use serde_json::Value;

/// The repository's own site with one piece of text of one file replaced.
struct Edited {
    folder: Folder,
    file: &'static str,
    from: &'static str,
    to: &'static str,
}

impl Files for Edited {
    fn list(&self) -> Listing {
        self.folder.list()
    }

    fn read(&self, path: &SitePath) -> io::Result<Vec<u8>> {
        let bytes = self.folder.read(path)?;
        if path.as_str() != self.file {
            return Ok(bytes);
        }
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.contains(self.from), "{path} no longer holds {:?}", self.from);
        Ok(text.replacen(self.from, self.to, 1).into_bytes())
    }
}

fn site(file: &'static str, from: &'static str, to: &'static str) -> BTreeMap<String, String> {
    let folder = Folder::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the repository is a site");
    let out = Memory::default();
    let request = Request {
        base_url: Some("https://dossier.example/".to_owned()),
        ..Request::of(jiff::civil::date(2026, 11, 21))
    };
    let built = build(&Edited { folder, file, from, to }, &request, &out, &|_, _, _| {});
    let problems: Vec<_> = built.problems.iter().map(|found| format!("{}: {}", found.code, found.message)).collect();
    assert!(!built.problems.has_errors(), "{problems:#?}");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    out.snapshot().into_iter().map(|(path, bytes)| (path.to_string(), text(bytes))).collect()
}

fn json(outputs: &BTreeMap<String, String>, name: &str) -> Vec<Value> {
    serde_json::from_str(&outputs[name]).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn ids(records: &[Value]) -> BTreeSet<String> {
    records.iter().filter_map(|record| record["id"].as_str().map(str::to_owned)).collect()
}

fn ids_in(html: &str) -> BTreeSet<String> {
    html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next().map(str::to_owned)).collect()
}

#[test]
fn exports_and_pages_agree() {
    let outputs = site("site.toml", "", "");
    let (claims, events) = (json(&outputs, "claims.json"), json(&outputs, "timeline.json"));
    assert!(claims.len() >= 112 && events.len() == 19, "{} claims, {} events", claims.len(), events.len());

    assert!(ids(&claims).is_subset(&ids_in(&outputs["claims.html"])), "a claim is missing from its page");
    assert!(ids(&events).is_subset(&ids_in(&outputs["timeline.html"])), "an event is missing from the timeline");
    for claim in &claims {
        let word = claim["standing"]["label"].as_str().unwrap_or_default();
        let id = claim["id"].as_str().unwrap_or_default();
        let shown = outputs["claims.html"].split(&format!("id=\"{id}\"")).nth(1).unwrap_or_default();
        let shown: String = shown.chars().take(4000).collect();
        assert!(shown.contains(word), "{id} is {word}, but its page does not say so");
    }

    let csv: Vec<&str> = outputs["timeline.csv"].trim_end().split("\r\n").skip(1).collect();
    assert_eq!(csv.len(), events.len());
    for (row, event) in csv.iter().zip(&events) {
        let id = event["id"].as_str().unwrap_or_default();
        let edtf = event["when"]["edtf"].as_str().unwrap_or_default();
        assert!(row.starts_with(&format!("{id},")) && row.contains(edtf), "{row} is not {id} at {edtf}");
    }
    let bounded = events.iter().filter(|event| event["when"]["start"].is_string() || event["when"]["end"].is_string());
    let in_calendar: BTreeSet<String> = outputs["timeline.ics"]
        .lines()
        .filter_map(|line| Some(line.strip_prefix("UID:")?.split_once('@')?.0.to_owned()))
        .collect();
    assert_eq!(in_calendar, ids(&bounded.cloned().collect::<Vec<_>>()));

    let graph =
        outputs["timeline.html"].split("application/ld+json\">").nth(1).and_then(|rest| rest.split("</script>").next());
    let graph: Value = serde_json::from_str(graph.unwrap_or_default()).expect("JSON-LD parses");
    let named = graph["@graph"].as_array().into_iter().flatten().filter(|node| node["@type"] == "Event").count();
    assert_eq!(named, events.len());
    assert_eq!(ids(&json(&outputs, "sources.json")).len(), 5);
}

#[test]
fn a_moved_event_moves_timeline_topic_page_exports_and_feed_in_one_build() {
    let before = site("site.toml", "", "");
    let after = site("content/evidence/events.yaml", "[2017-10-21..2017-10-31]", "[2017-10-24..2017-10-31]");
    let (old, new) = ("between 21 and 31 October 2017", "between 24 and 31 October 2017");
    for (name, old, new) in [
        ("timeline.html", old, new),
        ("history.html", old, new),
        ("timeline/history.html", old, new),
        ("timeline.csv", "2017-10-21,2017-10-31", "2017-10-24,2017-10-31"),
        ("timeline.ics", "DTSTART;VALUE=DATE:20171021", "DTSTART;VALUE=DATE:20171024"),
        ("timeline.json", "\"start\":\"2017-10-21\"", "\"start\":\"2017-10-24\""),
        ("feed.xml", old, new),
    ] {
        assert!(before[name].contains(old), "{name} did not hold {old:?} before");
        assert!(after[name].contains(new), "{name} did not move to {new:?}");
    }
}

#[test]
fn the_calendar_blocks_no_time_and_marks_uncertain_dates() {
    let outputs = site("site.toml", "", "");
    let ics = &outputs["timeline.ics"];
    let events = ics.matches("BEGIN:VEVENT").count();
    assert_eq!(ics.matches("TRANSP:TRANSPARENT").count(), events);
    assert!(ics.lines().all(|line| line.len() <= 75), "a line is longer than 75 octets");
    assert!(ics.matches("DTSTAMP:20261201T000000Z").count() == events, "a stamp is the day of the last change");
    assert_eq!(ics.matches("STATUS:TENTATIVE").count(), 2, "what is inferred is tentative");
    let unfolded = ics.replace("\r\n ", "");
    assert!(
        unfolded.contains("(probably 23 February 2018)") || unfolded.contains("(probably Friday 23 February 2018)"),
        "{unfolded}"
    );
}
