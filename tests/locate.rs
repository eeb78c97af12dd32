//! `dossier where` and `dossier rename`, on a site that names records in all ways.

mod support {
    pub mod files;
    pub mod run;
    pub mod site;
}

use support::site::Site;

const RECORDS: &str = "//- site.toml
title = 'T'
//- content/evidence/sources.yaml
- {id: smithWords2018, kind: news, title: A report, reliability: high, reliability_reason: It is dated.}
- {id: digest, kind: news, title: A digest, draws_on: [smithWords2018, notice]}
//- content/evidence/entities.yaml
- {id: acme, name: Acme, kind: company, definition: A company.}
- {id: notice, name: The notice, kind: document, definition: A notice., misspellings: [{spelling: Notise, source: digest}]}
//- content/evidence/claims/all.yaml
- {id: opened, statement: Acme opened a shop, kind: reported, entities: [acme], sources: [{source: smithWords2018, draws_on: [notice]}]}
- {id: \"closed\", statement: Acme closed the shop, kind: reported, sources: [digest], after: [opened]}
- {id: guessed, statement: The shop was open, kind: reported, inferred: {rule: It closed later., from: [opened, closed]}}
//- content/evidence/events.yaml
- {id: opening, title: The shop opens, date: 2018, claims: [opened], status: happened}
//- content/evidence/disagreements.yaml
- {id: which-shop, question: Which shop?, severity: low, verdict: This one., why: It is named., readings: [{reading: This, claims: [opened]}, {reading: That, sources: [digest]}]}
";

const PAGES: &str = "//- content/index.md
---
title: Home
answers:
  - question: Did it open?
    answer: It did [@opened].
    claims: [opened, closed]
    disagreement: which-shop
extra:
  uncertainties: [which-shop]
---
Acme opened a shop [@opened; see @closed, and more], as @smithWords2018 says [@smithWords2018].
The word opened is no id, [opened](claims.md#opened) is a link, and so is [it](sources/smithwords2018.md).

```{claim} claim=opened
```

```{event} event=opening
```
//- content/note.md
---
title: Note
draft: true
---
The shop opened [@opened]. See [the opening](timeline.md#opening) and [which](disagreements.md#which-shop).
//- templates/components/own.html
{% component own(claim: map = {}) %}{% if claim.id == 'opened' %}x{% endif %}{% endcomponent own %}
";

fn site() -> Site {
    Site::new(&format!("{RECORDS}{PAGES}"))
}

#[test]
fn every_place_that_names_a_record_is_listed() {
    let site = site();
    let run = site.run(&["where", "opened"]);
    assert_eq!(
        (run.code, run.err.as_str()),
        (
            0,
            "claim `opened`: 1 definition, 4 references, 3 citations, 1 component argument, 1 front-matter key, 1 link\n"
        )
    );
    let expected = "content/evidence/claims/all.yaml:1:8: definition
content/evidence/claims/all.yaml:2:94: reference
content/evidence/claims/all.yaml:3:105: reference
content/evidence/disagreements.yaml:1:133: reference
content/evidence/events.yaml:1:61: reference
content/index.md:5:21: citation
content/index.md:11:21: citation
content/note.md:5:18: citation
content/index.md:14:12: component argument
content/index.md:6:14: front-matter key
content/index.md:12:27: link
";
    assert_eq!(run.out, expected);
    let json = site.run(&["where", "opening", "--format", "json"]).out;
    let lines: Vec<serde_json::Value> = json.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let ways: Vec<&str> = lines.iter().filter_map(|line| line["by"].as_str()).collect();
    assert_eq!(ways, ["definition", "component argument", "link"]);
    assert_eq!((lines[2]["file"].as_str(), lines[2]["line"].as_u64()), (Some("content/note.md"), Some(5)));
}

#[test]
fn a_record_gets_its_new_id_everywhere_and_the_site_means_the_same() {
    for (old, new) in [
        ("opened", "opened-in-2018"),
        ("closed", "shut"),
        ("smithWords2018", "smith:2018"),
        ("digest", "news"),
        ("notice", "announcement"),
        ("acme", "company"),
        ("opening", "start"),
        ("which-shop", "what-shop"),
    ] {
        let site = site();
        let before = site.run(&["check", "--drafts"]);
        let places = site.run(&["where", old]).out.lines().count();
        let dry = site.run(&["rename", old, new, "--dry-run"]);
        assert_eq!((dry.code, dry.out.lines().count()), (0, places), "{old}: {}{}", dry.out, dry.err);
        assert_eq!(site.run(&["where", old]).out.lines().count(), places, "a dry run writes nothing");
        let run = site.run(&["rename", old, new]);
        assert_eq!(run.code, 0, "{old}: {}", run.err);
        assert_eq!(site.run(&["where", new]).out.lines().count(), places, "{old}");
        assert_eq!(site.run(&["where", old]).code, 1, "{old}");
        let after = site.run(&["check", "--drafts"]);
        let counts = |err: &str| err.lines().last().map(str::to_owned);
        assert_eq!((after.code, counts(&after.err)), (before.code, counts(&before.err)), "{old}: {}", after.err);
    }
}

#[test]
fn words_stay_and_templates_are_named() {
    let site = site();
    let run = site.run(&["rename", "opened", "opened-in-2018"]);
    assert!(run.err.contains("warning: templates/components/own.html:1:"), "{}", run.err);
    assert!(run.err.contains("11 places in 5 files changed"), "{}", run.err);
    let home = site.text("content/index.md");
    assert!(home.contains("The word opened is no id, [opened](claims.md#opened-in-2018) is a link"), "{home}");
    assert!(home.contains("Acme opened a shop [@opened-in-2018; see @closed, and more]"), "{home}");
    assert!(site.text("templates/components/own.html").contains("== 'opened'"));
}

#[test]
fn what_cannot_be_renamed_is_left_as_it_is() {
    let site = site();
    let all = || ["content/index.md", "content/evidence/claims/all.yaml"].map(|file| site.text(file));
    let before = all();
    for (old, new, code, said) in [
        ("opend", "begun", 1, "error: no record has the id `opend`\nhelp: did you mean `opened`?\n"),
        ("opened", "closed", 1, "error: there is a claim `closed` already\n"),
        ("opened", "Not an id", 2, "error: `Not an id` cannot be the id of a claim\n"),
        ("digest", "a b", 2, "error: `a b` cannot be the id of a source\n"),
    ] {
        let run = site.run(&["rename", old, new]);
        assert_eq!(run.code, code, "{old} {new}: {}", run.err);
        assert!(run.err.starts_with(said), "{}", run.err);
        assert_eq!(all(), before);
    }
}

#[test]
fn a_place_that_cannot_be_edited_or_read_stops_all_of_it() {
    for (from, to, said) in [
        ("[it](sources/smithwords2018.md)", "[it]\n\n[it]: sources/smithwords2018.md\n", "content/index.md:12:"),
        ("after: [opened]", "after: [\"open\\u0065d\"]", "content/evidence/claims/all.yaml:2:"),
        ("after: [opened]", "after: [opened", "content/evidence/claims/all.yaml"),
        ("title: Note", "title: [", "content/note.md"),
        ("The shop opened [@opened].", "The shop opened [@opened, lime 3].", "content/note.md:5:"),
    ] {
        let text = format!("{RECORDS}{PAGES}").replace(from, to);
        let site = Site::new(&text);
        let old = if from.starts_with("[it]") { "smithWords2018" } else { "opened" };
        let run = site.run(&["rename", old, "other"]);
        assert_eq!(run.code, 1, "{to}: {}", run.out);
        assert!(run.err.contains(said) && run.err.contains("nothing was "), "{to}: {}", run.err);
        assert!(!site.text("content/index.md").contains("@other"));
    }
}
