use crate::config::Config;
use crate::diag::Diagnostics;
use crate::source::{Memory, line_column};

use super::*;

/// Loads a fixture of evidence files, named below `content/evidence`, with the topics `cloud` and `pcs`.
fn load(fixture: &str) -> (Ledger, String) {
    let memory = Memory::fixture(&fixture.replace("//- ", "//- content/evidence/"));
    let read = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
    let texts: Vec<_> = memory.snapshot().iter().map(|(path, bytes)| (path.clone(), read(bytes))).collect();
    let topic = |id: &str| crate::config::Topic { id: id.into(), ..Default::default() };
    let config = Config { topics: ["cloud", "pcs"].map(topic).to_vec(), ..Config::default() };
    let mut diagnostics = Diagnostics::default();
    let ledger = Ledger::load(texts.clone(), &config, &mut diagnostics);
    let shown = diagnostics.iter().map(|problem| {
        let place = problem.at.as_ref().and_then(|span| {
            let (path, text) = texts.iter().find(|(path, _)| *path == span.file)?;
            let line = line_column(text, span.start).line;
            let word = text.get(span.start..span.end).unwrap_or("?").lines().next().unwrap_or_default();
            Some(format!("{}:{line} [{word}]", path.below(EVIDENCE)?))
        });
        let hint = problem.hint.as_deref().unwrap_or_default();
        let labels: String = problem.labels.iter().map(|(_, text)| format!(" + {text}")).collect();
        format!("{} {}: {} ({hint}){labels}", place.unwrap_or_default(), problem.code, problem.message)
    });
    let shown = shown.collect::<Vec<_>>().join("\n");
    (ledger, shown)
}

const GOOD: &str = "\
//- sources.yaml
- {id: report, kind: news, title: Deal signed, language: en, reliability: high, reliability_reason: dated, draws_on: [release]}
- {id: digest, kind: digest, description: A digest, language: en, reliability: low, reliability_reason: hearsay}
- {id: echo, kind: translation, description: A translation, language: en, reliability: low, reliability_reason: poor, draws_on: [report]}
//- entities.yaml
- {id: release, name: The companies’ announcement, kind: document, definition: What they gave out.}
- {id: xiaomi, name: Xiaomi, kind: company, definition: A maker of phones., misspellings: [{spelling: Xaomi, source: echo, lines: 3}]}
//- claims/cloud.yaml
- {id: both, statement: S., topics: [cloud], entities: [xiaomi], sources: [{source: report, lines: 1}, {source: digest}], kind: reported, date: 2015}
- {id: echoed, statement: S., topics: [cloud], sources: [{source: report}, {source: echo, lines: [1, 3-4]}], kind: reported, after: [both]}
- {id: single, statement: S., sources: [{source: digest}], kind: plan}
- {id: cited-original, statement: S., sources: [{source: digest, draws_on: [release]}, {source: report}], kind: statement}
- {id: guessed, statement: S., sources: [{source: digest}], kind: reported, date: 2018-02-23?, date_basis: Friday before the report.}
- {id: inferred, statement: S., inferred: {from: [both], rule: One thing follows.}, kind: reported}
- {id: hotly, statement: S., sources: [{source: digest}, {source: report}], kind: reported}
- {id: twice, statement: S., sources: [{source: digest, lines: 1}, {source: digest, lines: 9, draws_on: [release]}], kind: reported}
//- events.yaml
- {id: signing, title: Signed, date: 2015-06, claims: [both, hotly], topics: [cloud], status: happened}
- {id: launch, title: Launch, claims: [single], status: planned}
- {id: alone, title: Alone, date: 2018?, date_basis: Guess., claims: [single], status: happened}
- {id: united, title: United, claims: [single, echoed], status: happened}
- {id: dated, title: Dated, date: 2018, claims: [guessed, hotly], status: happened}
//- disagreements.yaml
- id: start
  question: When?
  topics: [cloud]
  severity: medium
  readings:
    - {reading: In 2015., claims: [hotly]}
    - {reading: In 2016., sources: [digest]}
  verdict: \"2015\"
  why: Because.
//- contributions.yaml
- {id: xiaomi-cloud, topic: cloud, party: xiaomi, brings: customers, claims: [both]}
";

#[test]
fn links_records_and_computes_their_standing() {
    let (ledger, problems) = load(GOOD);
    assert_eq!(problems, "");
    let claims = ledger.claims.iter().map(|claim| {
        let standing = ledger.standing(claim);
        format!("{}: {} | {}", claim.id, standing.word(), standing.sentence())
    });
    insta::assert_snapshot!(claims.collect::<Vec<_>>().join("\n"), @r"
    both: corroborated | Two independent sources say so.
    echoed: single-source | Two sources say so, but both pass on the companies’ announcement.
    single: plan | One source says so: a digest. It was a plan; whether it came about is not known.
    cited-original: single-source | Two sources say so, but both pass on the companies’ announcement. It is a party’s own statement.
    guessed: inferred | Its date is inferred: Friday before the report.
    inferred: inferred | No source says so; we infer it: One thing follows.
    hotly: disputed | Two independent sources say so. Sources disagree on it.
    twice: single-source | One source says so: a digest.
    ");
    let events = ledger.events.iter().map(|event| {
        let standing = ledger.event_standing(event);
        format!("{}: {} | {}", event.id, standing.word(), standing.sentence())
    });
    insta::assert_snapshot!(events.collect::<Vec<_>>().join("\n"), @r"
    signing: disputed | Two independent sources say so. Sources disagree on it.
    launch: plan | One source says so: a digest. It was a plan; whether it came about is not known.
    alone: plan | Its date is inferred: Guess. It was a plan; whether it came about is not known.
    united: corroborated | Three sources say so, two of them independent.
    dated: disputed | One source says so: a digest. Sources disagree on it.
    ");
}

#[test]
fn finds_who_names_whom() {
    let (ledger, _) = load(GOOD);
    let ids = |claims: &mut dyn Iterator<Item = &Claim>| claims.map(|claim| claim.id.to_string()).collect::<Vec<_>>();
    assert_eq!(ids(&mut ledger.claims_of_source("echo")), ["echoed"]);
    assert_eq!(ids(&mut ledger.only_in_source("digest")), ["single", "guessed", "twice"]);
    assert_eq!(ids(&mut ledger.claims_of_entity("xiaomi")), ["both"]);
    assert_eq!(ids(&mut ledger.claims_of_topic("cloud")), ["both", "echoed"]);
    assert_eq!(ids(&mut ledger.claims_of_topic("nowhere")), [""; 0]);
    assert_eq!(ledger.events_of_claim("single").count(), 3);
    assert_eq!(ledger.events_of_topic("cloud").count(), 1);
    assert_eq!(ledger.disagreements_of_claim("hotly").count(), 1);
    assert_eq!(ledger.disagreements_of_topic("cloud").count(), 1);
    assert_eq!(ledger.source("report").map(Source::name), Some("Deal signed"));
    assert!(
        ledger.event("signing").is_some() && ledger.disagreement("start").is_some() && ledger.claim("no").is_none()
    );
}

#[test]
fn tells_what_does_not_fit() {
    let (_, problems) = load(
        "\
//- sources.yaml
- id: report
  kind: news
  url: javascript:alert(1)
  language: English
  reliability: high
  reliability_reason: dated
  draws_on: [xiaomi, releas]
  sha256: abc
  date: 2018~
//- entities.yaml
- {id: release, name: Release, kind: document, definition: D.}
- {id: xiaomi, name: Xiaomi, kind: company, definition: D., misspellings: [{spelling: Xaomi, source: reprot}]}
//- claims/a.yaml
- {id: report, statement: S., sources: [{source: report}], kind: reported}
- {id: Azure 2015, statement: ' ', sources: [{source: report}], kind: reported}
- {id: bare, statement: S., kind: reported}
- {id: from-nothing, statement: S., kind: reported, inferred: {from: [], rule: R.}}
- {id: strange, statement: S., topics: [clouds], entities: [xiomi], sources: [{source: repot}], kind: reported}
- {id: doubtful, statement: S., sources: [{source: report}], kind: reported, date: 2018?}
- {id: bad-kind, statement: S., sources: [{source: report}], kind: rumour}
- {id: uses-lost, statement: S., sources: [{source: report}], kind: reported, after: [bad-kind]}
//- events.yaml
- {id: early, title: T, date: 2014, claims: [later], topics: [pcs], status: happened}
//- claims/b.yaml
- {id: first, statement: S., sources: [{source: report}], kind: reported, date: 2018}
- {id: middle, statement: S., sources: [{source: report}], kind: reported, after: [first]}
- {id: later, statement: S., sources: [{source: report}], kind: reported, date: 2016, after: [middle]}
//- disagreements.yaml
- {id: d, question: Q, severity: high, readings: [{reading: One.}], verdict: V, why: W}
//- source.yaml
- id: x
//- claims/c.yml
- id: y
",
    );
    insta::assert_snapshot!(problems, @r"
    claims/a.yaml:7 [rumour] wrong-type: expected `reported`, `statement`, `plan`, `forecast`, `analysis` or `speculation`, found the text `rumour` ()
    claims/c.yml:1 [] unknown-file: `claims/c.yml` is not an evidence file, so its content would be ignored (did you mean `claims/c.yaml`?)
    source.yaml:1 [] unknown-file: `source.yaml` is not an evidence file, so its content would be ignored (did you mean `sources.yaml`?)
    claims/a.yaml:1 [report] duplicate-id: the id `report` is used twice (rename one of the two, and update what refers to it) + first used here
    claims/a.yaml:2 [Azure 2015] bad-id: `Azure 2015` is not a valid id (use lower-case letters, digits and hyphens: `azure-2015`)
    sources.yaml:1 [report] missing-key: the source `report` has neither a title nor a description (add its `title`, or a `description` in your own words)
    sources.yaml:3 [javascript:alert(1)] bad-url: `javascript:alert(1)` is not a web address (write the whole address, from `https://` or `http://`)
    sources.yaml:8 [abc] bad-value: this is not a SHA-256 (write the 64 lower-case hexadecimal digits that `sha256sum FILE` prints)
    sources.yaml:9 [2018~] missing-date-basis: `2018~` is uncertain, but `date_basis` is missing (add `date_basis`: how the date is known)
    claims/a.yaml:2 [' '] bad-value: the statement is empty (write what is claimed)
    claims/a.yaml:3 [bare] claim-without-source: the claim `bare` has no source (name at least one source, or explain with `inferred` how it is known)
    claims/a.yaml:4 [R.] claim-without-source: the claim `from-nothing` is inferred from nothing (list the claims it follows from in `from`)
    claims/a.yaml:6 [2018?] missing-date-basis: `2018?` is uncertain, but `date_basis` is missing (add `date_basis`: how the date is known)
    disagreements.yaml:1 [d] bad-value: the disagreement `d` has fewer than two readings (list each answer as a reading)
    disagreements.yaml:1 [One.] bad-value: this reading has no `claims` and no `sources` (name the `claims` or the `sources` that support it)
    sources.yaml:7 [xiaomi] unknown-reference: `xiaomi` is of kind `company`, not a document (only a source, or an entity of kind `document`, can be listed in `draws_on`)
    sources.yaml:7 [releas] unknown-reference: there is no source or document `releas` (did you mean `release`?)
    claims/a.yaml:5 [clouds] unknown-reference: there is no topic `clouds` (did you mean `cloud`?)
    claims/a.yaml:5 [xiomi] unknown-reference: there is no entity `xiomi` (did you mean `xiaomi`?)
    claims/a.yaml:5 [repot] unknown-reference: there is no source `repot` (did you mean `report`?)
    entities.yaml:2 [reprot] unknown-reference: there is no source `reprot` (did you mean `report`?)
    events.yaml:1 [2014] date-conflict: the event is dated `2014`, but its claim `later` is dated `2016` (correct one of the dates, or remove the claim from the event) + the date of the claim
    claims/b.yaml:3 [2016] impossible-order: `later` is dated `2016`, but it comes after `first`, which is dated `2018` (correct a date, or the `after` and `before` of the claims) + the date of the earlier one
    ");
}

#[test]
fn finds_circles_of_any_length() {
    let (_, problems) = load(
        "\
//- sources.yaml
- {id: a, kind: news, title: T, language: en, reliability: high, reliability_reason: R, draws_on: [b]}
- {id: b, kind: news, title: T, language: en, reliability: high, reliability_reason: R, draws_on: [a]}
//- claims/a.yaml
- {id: c1, statement: S., sources: [{source: a}, {source: b}], kind: reported, after: [c2], before: [c3]}
- {id: c2, statement: S., sources: [{source: a}], kind: reported, after: [c3]}
- {id: c3, statement: S., sources: [{source: a}], kind: reported}
- {id: c4, statement: S., sources: [{source: a}], kind: reported, after: [c4]}
- {id: c5, statement: S., inferred: {from: [c6], rule: R}, kind: reported}
- {id: c6, statement: S., inferred: {from: [c5], rule: R}, kind: reported}
",
    );
    insta::assert_snapshot!(problems, @r"
    claims/a.yaml:1 [c3] circular-reference: these claims all come after one another, in a circle: `c1`, `c3`, `c2` (remove one of these references) + and this + and this
    claims/a.yaml:4 [c4] circular-reference: these claims all come after one another, in a circle: `c4` (remove one of these references)
    claims/a.yaml:5 [c6] circular-reference: these claims are inferred from one another: `c5`, `c6` (remove one of these references) + and this
    sources.yaml:1 [b] circular-reference: these sources draw on one another: `a`, `b` (remove one of these references) + and this
    ");
}

#[test]
fn what_cannot_be_read_does_not_make_other_records_wrong() {
    let (ledger, problems) = load(
        "//- claims/a.yaml\n- {id: a, statement: S., sources: [{source: s}], kind: reported}\n//- sources.yaml\n- id: s: t\n",
    );
    assert_eq!(ledger.claims.len(), 1);
    assert_eq!(problems.lines().count(), 1, "{problems}");
}

#[test]
fn the_same_mistake_in_every_record_is_told_a_thousand_times_at_most() {
    let records = |record: &str| format!("//- claims/a.yaml\n{}", record.repeat(3000));
    for record in [
        "- {id: a, statement: S., kind: rumour}\n",
        "- {id: a, statement: S., kind: plan, sources: [{source: nowhere}]}\n",
        "-\n",
    ] {
        let (_, problems) = load(&records(record));
        let lines = problems.lines().count();
        assert!((1001..=2002).contains(&lines), "{record}: {lines}");
        assert!(problems.contains("too-many-problems: there are more than 1000 problems like these"), "{record}");
    }
}

#[test]
fn hostile_evidence_ends_in_a_clear_error() {
    let nested = |record: &str, count: usize| format!("- {}\n", record.repeat(count));
    for (text, code) in [
        (nested("a: {", 16_000).repeat(3), "too-large"),
        ("[".repeat(100_000), "too-large"),
        (nested("x", 100_000), "too-large"),
        ("- \"\n".repeat(40_000), "wrong-type"),
        ("- &a [*a, *a]\n".into(), "too-large"),
        (format!("- &a {{id: a}}\n{}", "- *a\n".repeat(20_000)), "missing-key"),
        ("\u{0}".repeat(70_000), "too-large"),
        ("- \u{0}\n".into(), "yaml-syntax"),
        ("--- \n- a\n--- \n- b\n".into(), "yaml-syntax"),
        ("key: value\n".into(), "wrong-type"),
    ] {
        let (_, problems) = load(&format!("//- claims/a.yaml\n{text}"));
        assert!(problems.contains(code), "{}…: {problems}", text.chars().take(20).collect::<String>());
    }
}

#[test]
fn a_file_says_once_what_its_records_have_in_common() {
    let (ledger, problems) = load(
        "\
//- sources/library/all.yaml
- defaults: {kind: book, date: 2018}
- {id: smithWordsMatter2018, title: Words, authors: ['Smith, Jane', 'Lee, Bo'], page_count: 300}
- {id: foo_bar, title: Talk, kind: speech, publisher: A Club, date: 2019-05}
- {id: a-thing, description: A thing, public: false, authors: ['Name, Secret'], label: the thing}
- {id: b-thing, description: A thing, authors: ['Name, Secret'], public: false}
//- claims/cloud.yaml
- defaults:
    kind: reported
    topics: [cloud]
- id: one
  statement: S.
  sources: [smithWordsMatter2018]
- id: two
  statement: S.
  topics: []
  sources:
    - smithWordsMatter2018, ch. 7, p. 212
    - source: foo_bar
      at: line 9, 12:34-12:50
      quote: so it is
  kind: plan
",
    );
    assert_eq!(problems, "");
    let [one, two] = *ledger.claims.iter().collect::<Vec<_>>() else { panic!("two claims") };
    assert_eq!((one.kind, one.topics.len()), (ClaimKind::Reported, 1));
    assert_eq!((two.kind, two.topics.len()), (ClaimKind::Plan, 0));
    let places: Vec<String> = two.sources.iter().map(Support::place).collect();
    assert_eq!(places, ["chap. 7, p. 212", "12:34–12:50, line 9"]);
    assert_eq!(two.sources[1].lines.value, Lines(vec![(9, 9)]));
    assert!(ledger.span(&two.sources[0].source).is_some() && ledger.span(&one.topics[0]).is_some());
    let names: Vec<String> = ledger.sources.iter().map(Source::short_name).collect();
    assert_eq!(names, ["Smith and Lee 2018", "A Club, May 2019", "the thing", "b thing"]);
    let slugs: Vec<&str> = ledger.sources.iter().map(|source| source.slug.as_str()).collect();
    assert_eq!(slugs, ["smithwordsmatter2018", "foo-bar", "a-thing", "b-thing"]);
    let kinds: Vec<SourceKind> = ledger.sources.iter().take(2).map(|source| source.kind).collect();
    assert_eq!(kinds, [SourceKind::Book, SourceKind::Speech]);
}
