//! Tests the guarantee of [`super::Stage`] on random sites, for all changes, and wherever publishing stops.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::sample::{Index, subsequence};

use super::{InterruptedPublish, Plan, Stage, leftovers, plan, resume};
use crate::source::{Hash, Output, Outputs, Role, SitePath};

/// One output of a model site: its text, and the paths it links to if it is a page.
#[derive(Clone, Debug, PartialEq)]
struct Model {
    role: Role,
    text: u8,
    names: Vec<&'static str>,
}

type Site = BTreeMap<&'static str, Model>;

/// Few names, so that random sites share many of them, files replace folders, and names differ only in case.
const NAMES: [(&str, Role); 17] = [
    ("index.html", Role::Home),
    ("a.html", Role::Page),
    ("b.html", Role::Page),
    ("c/index.html", Role::Page),
    ("c/d/e.html", Role::Page),
    ("c", Role::Page),
    ("f", Role::Page),
    ("f/g.html", Role::Page),
    ("F", Role::Page),
    ("style.1.css", Role::Fingerprinted),
    ("style.2.css", Role::Fingerprinted),
    ("map.png", Role::Asset),
    ("c/d", Role::Asset),
    ("f/map.png", Role::Asset),
    ("feed.xml", Role::Data),
    ("data/a.json", Role::Data),
    ("data", Role::Data),
];

/// Files and their compressed versions; a server serves the second for requests of the first.
const COMPRESSED: [(&str, &str); 6] = [
    ("index.html", "index.html.br"),
    ("a.html", "a.html.br"),
    ("c/index.html", "c/index.html.br"),
    ("F", "F.br"),
    ("style.1.css", "style.1.css.br"),
    ("feed.xml", "feed.xml.br"),
];

/// The compressed version of this file, if it exists.
fn compressed(name: &str) -> Option<&'static str> {
    COMPRESSED.iter().find(|(original, _)| *original == name).map(|(_, compressed)| *compressed)
}

fn site() -> impl Strategy<Value = Site> {
    site_of(NAMES.to_vec())
}

/// A site whose names never conflict.
fn plain_site() -> impl Strategy<Value = Site> {
    let swapping = ["c", "f", "F", "c/d", "f/map.png", "data"];
    site_of(NAMES.into_iter().filter(|(name, _)| !swapping.contains(name)).collect())
}

fn site_of(names: Vec<(&'static str, Role)>) -> impl Strategy<Value = Site> {
    let most = names.len();
    let names = subsequence(names, 0..=most).prop_map(without_conflicts);
    names.prop_flat_map(|names| {
        let paths: Vec<&'static str> = names.iter().map(|(name, _)| *name).collect();
        let files: Vec<_> = names
            .into_iter()
            .map(move |(name, role)| {
                let pages = matches!(role, Role::Page | Role::Home);
                let most = if pages { paths.len() } else { 0 };
                // A file named by its hash always has the same text.
                let texts = if role == Role::Fingerprinted { 0..1u8 } else { 0..3u8 };
                (texts, subsequence(paths.clone(), 0..=most))
                    .prop_map(move |(text, names)| (name, Model { role, text, names }))
            })
            .collect();
        (files, subsequence(COMPRESSED.to_vec(), 0..=COMPRESSED.len())).prop_map(|(files, twins)| {
            let mut site: Site = files.into_iter().collect();
            for (original, twin) in twins {
                let model = site.get(original).cloned();
                site.extend(model.map(|model| (twin, Model { role: Role::Compressed, ..model })));
            }
            site
        })
    })
}

/// Leaves out files that conflict with earlier ones: a file and a folder of one name, names that differ only in case.
fn without_conflicts(names: Vec<(&'static str, Role)>) -> Vec<(&'static str, Role)> {
    let mut kept: Vec<(&'static str, Role)> = Vec::new();
    for (name, role) in names {
        let clash = |(other, _): &(&str, Role)| {
            let (name, other) = (name.to_lowercase(), other.to_lowercase());
            name == other || name.starts_with(&format!("{other}/")) || other.starts_with(&format!("{name}/"))
        };
        if !kept.iter().any(clash) {
            kept.push((name, role));
        }
    }
    kept
}

fn outputs(site: &Site) -> Outputs {
    let output = |(name, model): (&&str, &Model)| {
        let content = format!("{:?}{:?}", model.text, model.names);
        let output = Output { hash: Hash::of(content.as_bytes()), len: content.len() as u64, role: model.role };
        Some((SitePath::new(name).ok()?, output))
    };
    site.iter().filter_map(output).collect()
}

/// Broken links of pages that a reader can reach from the home page; neither the links nor the path to them may be
/// among the `exempt`.
fn broken_links(site: &Site, exempt: &BTreeSet<String>) -> Vec<(&'static str, &'static str)> {
    let home = site.iter().filter(|(_, model)| model.role == Role::Home).map(|(name, _)| *name);
    let mut open: Vec<&'static str> = home.collect();
    let mut seen: BTreeSet<&'static str> = open.iter().copied().collect();
    let mut broken_links = Vec::new();
    while let Some(page) = open.pop() {
        let served = [Some(page), compressed(page)].into_iter().flatten().filter_map(|name| site.get(name));
        let names: Vec<&str> = served.flat_map(|model| model.names.clone()).collect();
        for name in names.into_iter().filter(|name| !exempt.contains(*name)) {
            if !site.contains_key(name) {
                broken_links.push((page, name));
            } else if seen.insert(name) {
                open.push(name);
            }
        }
    }
    broken_links
}

/// Applies one step; no two files may ever conflict.
fn apply_step(site: &mut Site, path: &str, removes: bool, new: &Site) {
    if removes {
        assert!(site.remove(path).is_some(), "{path} is removed and was not there");
    } else if let Some((name, model)) = new.get_key_value(path) {
        for other in site.keys().filter(|other| *other != name) {
            assert!(!other.starts_with(&format!("{name}/")), "{name} is written at the path of a folder of {other}");
            assert!(!name.starts_with(&format!("{other}/")), "{name} is written below the file {other}");
            assert!(name.to_lowercase() != other.to_lowercase(), "{name} overwrites {other} if case is ignored");
        }
        site.insert(name, model.clone());
    }
}

/// Links that may be interrupted: paths that were replaced, and those that replace them.
fn swapped(plan: &Plan) -> BTreeSet<String> {
    let swaps = |stage: Stage| matches!(stage, Stage::RemoveConflicting | Stage::WriteConflicting);
    plan.steps.iter().filter(|step| swaps(step.stage)).map(|step| step.path.to_string()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn after_any_step_no_reachable_link_is_broken(old in site(), new in site(), shuffle in any::<u64>()) {
        let mut plan = plan(&outputs(&old), &outputs(&new));
        let exempt = swapped(&plan);
        // Any order within a stage is valid: sort each by a random key.
        plan.steps.sort_by_key(|step| (step.stage, Hash::of(format!("{shuffle}{}", step.path).as_bytes())));
        let mut now = old;
        for step in &plan.steps {
            apply_step(&mut now, step.path.as_str(), step.stage.removes(), &new);
            let lost = broken_links(&now, &exempt);
            prop_assert!(lost.is_empty(), "after {step:?}: {lost:?}");
        }
        prop_assert_eq!(&now, &new);
        prop_assert!(broken_links(&now, &BTreeSet::new()).is_empty());
    }

    #[test]
    fn after_interrupted_publishes_no_reachable_link_is_broken(
        sites in prop::collection::vec(prop_oneof![site(), plain_site()], 4),
        stops in prop::collection::vec(any::<Index>(), 3),
    ) {
        let mut folder = Folder::default();
        folder.publish(&sites[0], None)?;
        for (site, stop) in sites[1..].iter().zip(&stops) {
            folder.publish(site, Some(stop))?;
        }
        folder.publish(&sites[0], None)?;
        prop_assert_eq!(&folder.now, &sites[0]);
    }

    #[test]
    fn publishes_that_overwrite_leftovers_break_no_link(
        sites in prop::collection::vec(prop_oneof![site(), plain_site()], 4),
        stops in prop::collection::vec(any::<Index>(), 3),
    ) {
        let mut bucket = Folder { resumes: true, ..Folder::default() };
        bucket.publish(&sites[0], None)?;
        for (site, stop) in sites[1..].iter().zip(&stops) {
            bucket.publish(site, Some(stop))?;
        }
        bucket.publish(&sites[0], None)?;
        prop_assert_eq!(&bucket.now, &sites[0]);
    }

    #[test]
    fn a_continued_publish_repeats_no_step(old in site(), new in site(), stop in any::<Index>()) {
        let (before, after) = (outputs(&old), outputs(&new));
        let whole = plan(&before, &after);
        let done = stop.index(whole.steps.len() + 1);
        let mut now = old;
        for step in &whole.steps[..done] {
            apply_step(&mut now, step.path.as_str(), step.stage.removes(), &new);
        }
        let current = outputs(&now);
        let interrupted = InterruptedPublish { manifest: &before, intent: &after, unreached: &BTreeSet::new(), current: &current };
        let (rest, _) = resume(interrupted, &after);
        prop_assert_eq!(rest.steps.len(), whole.steps.len() - done);
    }
}

/// A folder after publishes, complete or interrupted.
#[derive(Default)]
struct Folder {
    now: Site,
    manifest: Site,
    intent: Option<Site>,
    exempt: BTreeSet<String>,
    /// Whether leftovers are overwritten, as by [`resume`], or removed first.
    resumes: bool,
    unreached: BTreeSet<SitePath>,
}

impl Folder {
    fn publish(&mut self, new: &Site, stop: Option<&Index>) -> Result<(), TestCaseError> {
        let plan = if self.resumes { self.resume(new) } else { self.remove_leftovers(new)? };
        self.exempt.extend(swapped(&plan));
        let count = stop.map_or(plan.steps.len(), |stop| stop.index(plan.steps.len() + 1));
        for step in plan.steps.iter().take(count) {
            apply_step(&mut self.now, step.path.as_str(), step.stage.removes(), new);
            self.expect_no_broken_links(&format!("{step:?}"))?;
        }
        match stop {
            Some(_) => self.intent = Some(new.clone()),
            None => {
                self.manifest = new.clone();
                self.unreached.clear();
            }
        }
        Ok(())
    }

    /// Removes the leftovers of an interrupted publish, and plans from the rest.
    fn remove_leftovers(&mut self, new: &Site) -> Result<Plan, TestCaseError> {
        if let Some(intent) = self.intent.take() {
            for path in leftovers(&outputs(&self.manifest), &outputs(&intent), &outputs(&self.now)) {
                apply_step(&mut self.now, path.as_str(), true, new);
                self.expect_no_broken_links(&format!("removing {path}"))?;
            }
            self.manifest = self.now.clone();
        }
        Ok(plan(&outputs(&self.now), &outputs(new)))
    }

    /// Plans from the files of an interrupted publish, and records those that no page links to.
    fn resume(&mut self, new: &Site) -> Plan {
        let Some(intent) = self.intent.take() else { return plan(&outputs(&self.now), &outputs(new)) };
        let (manifest, intent, current) = (outputs(&self.manifest), outputs(&intent), outputs(&self.now));
        let interrupted =
            InterruptedPublish { manifest: &manifest, intent: &intent, unreached: &self.unreached, current: &current };
        let (plan, unreached) = resume(interrupted, &outputs(new));
        self.manifest = self.now.clone();
        self.manifest.retain(|name, _| !unreached.iter().any(|path| path.as_str() == *name));
        self.unreached = unreached;
        plan
    }

    fn expect_no_broken_links(&self, when: &str) -> Result<(), TestCaseError> {
        let lost = broken_links(&self.now, &self.exempt);
        prop_assert!(lost.is_empty(), "after {}: {:?}", when, lost);
        Ok(())
    }
}
