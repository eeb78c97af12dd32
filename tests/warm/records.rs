//! A site of many records and few pages, in the theme, and edits of the records.

use std::collections::BTreeSet;

use dossier::source::{Memory, SitePath};
use proptest::prelude::*;

const SITE: &str = r#"//- site.toml
title = "Records"
[[topics]]
id = "cloud"
title = "Cloud"
[[topics]]
id = "phone"
title = "Phone"
[output]
search = true
[check]
warn = ["unsupported-figure", "plan-as-fact", "wrong-source", "name-not-in-claim", "contradicts-claim", "overstated", "date-too-fine", "inferred-as-fact", "misspelt-name", "undisclosed-dispute", "unknown-citation", "unused-claim", "unused-source", "unused-entity", "conflicting-claims", "repeated-claim", "other-claim-fits", "unknown-name", "wrong-unit", "dropped-hedge"]
//- content/index.md
# Home
Acme sold 52 phones in 2015 [@sold]. The report names Borea too [@report, line 3].
//- content/cloud.md
---
title: Cloud
topic: cloud
---
The cloud of Acme opened in Oslo in 2016 [@opened]. It may come to Bergen [@bergen].

Acme and Borea share the cloud [@shared; @opened].

```{disagreement} disagreement=how-many
```
//- content/phone.md
---
title: Phone
topic: phone
---
Borea will build a phone [@plan]. The study says that 52 were sold [@sold].

All of it was announced by Borea [@shared, line 4]. The letter alone says so [@letter].
//- content/plain.md
# Plain
Nothing is cited here. Acmee is a name, and so is Trond Hval.
//- content/evidence/sources.yaml
- id: report
  kind: news
  title: The report
  date: 2018-02-23
  language: en
  reliability: high
  reliability_reason: It was there.
- id: study
  kind: paper
  title: A study of phones
  date: "2017"
  draws_on: [report]
- id: letter
  kind: news
  title: A letter
  date: "2016-05"
//- content/evidence/claims/cloud.yaml
- id: opened
  statement: The cloud of Acme opened in Oslo in 2016.
  topics: [cloud]
  entities: [acme]
  sources: [{source: report, lines: [3]}, {source: study, lines: [9]}]
  date: "2016"
  kind: reported
- id: bergen
  statement: The cloud may come to Bergen.
  topics: [cloud]
  sources: [{source: letter, lines: [1]}]
  kind: plan
- id: shared
  statement: Acme and Borea share the cloud.
  topics: [cloud, phone]
  entities: [acme, borea]
  sources: [{source: report, lines: [4]}]
  kind: statement
  note: Borea announced it.
//- content/evidence/claims/phone.yaml
- id: sold
  statement: Acme sold 52 phones in 2015.
  topics: [phone]
  entities: [acme]
  sources: [{source: report, lines: [5]}, {source: letter, lines: [2]}]
  date: "2015"
  kind: reported
- id: plan
  statement: Borea plans to build a phone.
  topics: [phone]
  entities: [borea]
  sources: [{source: study, lines: [1]}]
  kind: plan
- id: fewer
  statement: Acme sold 40 phones in 2015.
  topics: [phone]
  sources: [{source: study, lines: [2]}]
  date: "2015"
  kind: reported
- id: guess
  statement: The cloud was planned before 2016.
  topics: [cloud]
  kind: analysis
  inferred: {from: [opened], rule: It opened then.}
//- content/evidence/events.yaml
- id: opening
  title: The cloud opens in Oslo
  date: "2016"
  claims: [opened]
  topics: [cloud]
  status: happened
- id: building
  title: Borea builds a phone
  claims: [plan]
  topics: [phone]
  status: planned
//- content/evidence/disagreements.yaml
- id: how-many
  question: How many phones were sold?
  topics: [phone]
  severity: medium
  readings:
    - reading: 52 of them
      claims: [sold]
    - reading: 40 of them
      claims: [fewer]
  verdict: "52"
  why: The report counted them.
//- content/evidence/entities.yaml
- id: acme
  name: Acme
  kind: company
  definition: It sells phones.
  misspellings: [{ spelling: Acmee, source: report, lines: [3] }]
- id: borea
  name: Borea
  kind: company
  definition: It builds phones.
//- content/evidence/contributions.yaml
- id: acme-cloud
  topic: cloud
  party: acme
  brings: The cloud
  claims: [opened]
"#;

/// Texts that replace others in the records and the pages.
pub const SWAPS: &[(&str, &str)] = &[
    ("Acme sold 52 phones", "Acme sold 53 phones"),
    ("Acme sold 40 phones", "Acme sold 41 small phones"),
    ("opened in Oslo in 2016.", "opened in Oslo in May 2016."),
    ("may come to Bergen.", "comes to Bergen."),
    ("Acme and Borea share the cloud.", "Acme and Trond Hval share the cloud."),
    ("Borea plans to build", "Borea built"),
    ("kind: plan", "kind: reported"),
    ("kind: statement", "kind: reported"),
    ("date: \"2015\"", "date: \"2014\""),
    ("date: \"2015\"", "date: \"2015?\"\n  date_basis: It is a guess."),
    ("entities: [acme, borea]", "entities: [borea]"),
    ("topics: [cloud, phone]", "topics: [phone]"),
    ("{source: letter, lines: [2]}", "{source: study, lines: [2]}"),
    ("{source: study, lines: [9]}", "{source: study, lines: [9], draws_on: [report]}"),
    ("draws_on: [report]", "draws_on: [letter]"),
    ("draws_on: [report]", "draws_on: []"),
    ("note: Borea announced it.", "note: Acme announced it in 52 words."),
    ("severity: medium", "severity: low"),
    ("severity: medium", "severity: high"),
    ("claims: [fewer]", "claims: [fewer, shared]"),
    ("question: How many", "question: About how many"),
    ("why: The report", "why: The letter"),
    ("title: The cloud opens in Oslo", "title: The cloud of 52 opens"),
    ("status: planned", "status: happened"),
    ("name: Borea", "name: Boreal"),
    ("definition: It builds phones.", "definition: It builds Trond phones."),
    ("definition: It builds phones.", "definition: It builds phones.\n  aliases: [Hval]"),
    ("spelling: Acmee", "spelling: Home"),
    ("title: The report", "title: The report of 52"),
    ("title: A letter", "title: A long letter"),
    ("title: A letter", "title: A letter\n  label: The letter"),
    ("reliability: high", "reliability: low"),
    ("kind: company\n  definition: It sells", "kind: person\n  definition: It sells"),
    ("- id: bergen\n", "- id: coast\n"),
    ("- id: letter\n", "- id: note\n"),
    ("from: [opened]", "from: [opened, shared]"),
    ("brings: The cloud", "brings: A cloud"),
    ("party: acme", "party: borea"),
    (
        "- id: opened\n",
        "- id: first\n  statement: There was one before.\n  topics: [cloud]\n  sources: [{source: letter, lines: [8]}]\n  kind: reported\n- id: opened\n",
    ),
    ("statement: Acme", "statement: Acm\t"),
    ("[@sold]. The report", "[@fewer]. The report"),
    ("[@opened]. It may", "[@opened; @guess]. It may"),
    ("Nothing is cited here.", "Nothing is cited [@plan]."),
];

/// The files whose records come in another order, or are gone, or there twice.
const FILES: &[&str] =
    &["claims/cloud", "claims/phone", "sources", "events", "disagreements", "entities", "contributions"];

#[derive(Clone, Debug)]
pub enum Edit {
    /// Replaces the first text of a pair with the second, or back.
    Swap(usize, bool),
    /// Moves the first record of a file to its end.
    Turn(usize),
    /// Removes the last record of a file.
    Cut(usize),
    /// Brings all files of records back.
    Restore,
    /// Moves a comment, and so all places, without changing a record.
    Shift(usize),
}

pub fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let file = 0..FILES.len();
    let edit = prop_oneof![
        10 => (0..SWAPS.len(), any::<bool>()).prop_map(|(swap, back)| Edit::Swap(swap, back)),
        2 => file.clone().prop_map(Edit::Turn),
        1 => file.clone().prop_map(Edit::Cut),
        1 => Just(Edit::Restore),
        1 => file.prop_map(Edit::Shift),
    ];
    prop::collection::vec(edit, 1..4)
}

pub fn site() -> Memory {
    Memory::fixture(SITE)
}

fn file(number: usize) -> SitePath {
    SitePath::new(&format!("content/evidence/{}.yaml", FILES[number])).expect("a path")
}

/// The records of a file, each with its line breaks.
fn records(text: &str) -> Vec<String> {
    let mut records: Vec<String> = Vec::new();
    for line in text.split_inclusive('\n') {
        match records.last_mut() {
            Some(last) if !line.starts_with("- ") => last.push_str(line),
            _ => records.push(line.to_owned()),
        }
    }
    records
}

/// Makes an edit, and notes the changed files.
pub fn apply(edit: &Edit, files: &Memory, touched: &mut BTreeSet<SitePath>) {
    let mut rewrite = |path: &SitePath, change: &dyn Fn(String) -> String| {
        let Some(text) = files.text(path.as_str()) else { return };
        let changed = change(text.clone());
        if changed != text {
            files.insert(path.clone(), changed.into_bytes());
            touched.insert(path.clone());
        }
    };
    match edit {
        Edit::Swap(number, back) => {
            let (from, to) = SWAPS[*number];
            let (from, to) = if *back { (to, from) } else { (from, to) };
            for path in files.snapshot().into_keys().filter(|path| path.as_str() != "site.toml") {
                rewrite(&path, &|text| text.replace(from, to));
            }
        }
        Edit::Turn(number) => rewrite(&file(*number), &|text| {
            let mut records = records(&text);
            let first = 1.min(records.len());
            records.rotate_left(first);
            records.concat()
        }),
        Edit::Cut(number) => rewrite(&file(*number), &|text| {
            let mut records = records(&text);
            records.pop();
            records.concat()
        }),
        Edit::Restore => {
            let start = site();
            for number in 0..FILES.len() {
                let path = file(number);
                rewrite(&path, &|_| start.text(path.as_str()).unwrap_or_default());
            }
        }
        Edit::Shift(number) => rewrite(&file(*number), &|text| match text.strip_prefix("# moved\n") {
            Some(rest) => rest.to_owned(),
            None => format!("# moved\n{text}"),
        }),
    }
}
