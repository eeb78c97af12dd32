//! Records that name each other in every way, on a site with the whole theme.

use super::kinds::{each, ids};

type Input = Box<dyn Fn(usize) -> String>;

const SITE: &str =
    "//- site.toml\ntitle = 'T'\n[[topics]]\nid = 'all'\ntitle = 'All'\nsummary = 'All.'\n//- content/index.md\n# T\n";

fn source(number: usize, more: &str) -> String {
    format!(
        "- id: s{number}\n  kind: news\n  title: Report {number}\n  date: 2018-02-0{}\n  language: en\n  reliability: high\n  \
         reliability_reason: Known.\n{more}",
        number % 9 + 1
    )
}

fn claim(number: usize, sources: &str, more: &str) -> String {
    format!(
        "- id: c{number}\n  statement: Report {number} says that {number} were sold.\n  topics: [all]\n  sources:\n{sources}  \
         date: 2015\n  kind: reported\n{more}"
    )
}

fn rests_on(source: usize) -> String {
    format!("    - source: s{source}\n      lines: {}\n", source % 50 + 1)
}

fn event(number: usize, claims: &str) -> String {
    format!(
        "- id: e{number}\n  title: Event\n  date: 2015\n  status: happened\n  topics: [all]\n  claims: [{claims}]\n"
    )
}

fn disagreement(number: usize, claims: &str) -> String {
    format!(
        "- id: d{number}\n  question: Which?\n  topics: [all]\n  severity: high\n  readings:\n    - reading: One.\n      \
         claims: [{claims}]\n    - reading: Other.\n      claims: [c0]\n  verdict: Open.\n  why: Unclear.\n"
    )
}

fn sources(size: usize, more: impl Fn(usize) -> String) -> String {
    format!("//- content/evidence/sources.yaml\n{}", each(size, |number| source(number, &more(number))))
}

fn claims(size: usize, of: impl Fn(usize) -> String, more: impl Fn(usize) -> String) -> String {
    format!("//- content/evidence/claims/all.yaml\n{}", each(size, |number| claim(number, &of(number), &more(number))))
}

fn none(_: usize) -> String {
    String::new()
}

/// As many claims as sources, each with two of its own, and a page for each that cites it.
fn plain(size: usize) -> String {
    let of = move |number: usize| rests_on(number) + &rests_on((number + 1) % size.max(1));
    format!("{SITE}{}{}", sources(size, none), claims(size, of, none))
}

/// One sentence of many pieces, which cites two of a few claims.
fn told(size: usize, piece: fn(usize) -> String) -> String {
    let more = |_: usize| "  note: Not all of them were sold in the school.\n".to_owned();
    let claims = claims(20, |_| rests_on(0), more);
    format!(
        "{SITE}{}{claims}//- content/evidence/entities.yaml\n- {{ id: ann, name: Ann, kind: person, definition: Sold them. }}\n\
         //- content/told.md\n# T\n\n{}[@c1; @c2].\n",
        sources(1, none),
        each(size, piece)
    )
}

/// What each is called, its smallest size, and how it is written.
#[expect(clippy::too_many_lines, reason = "a table")]
pub fn kinds() -> Vec<(&'static str, usize, Input)> {
    let mut all: Vec<(&'static str, usize, Input)> = Vec::new();
    let mut add = |name, size, input: fn(usize) -> String| all.push((name, size, Box::new(input)));
    add("claims with sources of their own", 12, plain);
    add("claims of one source", 12, |size| {
        format!("{SITE}{}{}", sources(1, none), claims(size, |_| rests_on(0), none))
    });
    add("sources of one claim", 12, |size| {
        format!("{SITE}{}{}", sources(size, none), claims(1, |_| each(size, rests_on), none))
    });
    add("claims in a chain of time", 12, |size| {
        let after = |number: usize| format!("  after: [c{}]\n", number.saturating_sub(1));
        format!("{SITE}{}{}", sources(1, none), claims(size, |_| rests_on(0), after))
    });
    add("claims that each follow the first", 12, |size| {
        format!("{SITE}{}{}", sources(1, none), claims(size, |_| rests_on(0), |_| "  after: [c0]\n".to_owned()))
    });
    add("inferred claims", 12, |size| {
        let inferred =
            |number: usize| format!("  inferred:\n    from: [c{}]\n    rule: So.\n", number.saturating_sub(1));
        format!("{SITE}{}{}", sources(1, none), claims(size, |_| rests_on(0), inferred))
    });
    add("sources that draw on the one before", 12, |size| {
        let draws =
            |number: usize| if number == 0 { String::new() } else { format!("  draws_on: [s{}]\n", number - 1) };
        format!("{SITE}{}{}", sources(size, draws), claims(size, rests_on, none))
    });
    add("sources in a circle", 12, |size| {
        let draws = move |number: usize| format!("  draws_on: [s{}]\n", (number + 1) % size);
        format!("{SITE}{}{}", sources(size, draws), claims(size, rests_on, none))
    });
    add("a source that draws on all", 12, |size| {
        let draws = move |number: usize| {
            if number == 0 { format!("  draws_on: [{}]\n", ids(size, "s")) } else { String::new() }
        };
        format!("{SITE}{}{}", sources(size, draws), claims(size, rests_on, none))
    });
    add("words of a sentence", 100, |size| told(size, |_| "the report says that all were not sold ".to_owned()));
    add("parts of a sentence", 100, |size| told(size, |_| "some were sold, ".to_owned()));
    add("citations of a sentence", 50, |size| told(size, |number| format!("{number} were sold [@c{}] ", number % 20)));
    add("names of a sentence", 100, |size| told(size, |_| "Ann’s phone and Ann sold it from Ann ".to_owned()));
    add("scripts of a sentence", 100, |size| told(size, |_| "小米 не sold ﷽ ".to_owned()));
    add("things of a sentence", 100, |size| told(size, |_| "no school, church or hospital ".to_owned()));
    add("unknown references", 12, |size| {
        format!("{SITE}{}{}", sources(size, none), claims(size, |number| rests_on(number + 10_000), none))
    });
    add("unknown topics and entities", 12, |size| {
        let more = |number: usize| format!("  entities: [x{number}]\n");
        format!("{SITE}{}{}", sources(1, none), claims(size, |_| rests_on(0), more))
    });
    add("records with equal ids", 12, |size| {
        format!("{SITE}{}{}", sources(1, none), claims(size, |_| rests_on(0), none).replace("- id: c", "- id: c0 #"))
    });
    add("records with unknown keys", 12, |size| {
        format!("{SITE}{}", sources(size, |number| format!("  key{number}: 1\n")))
    });
    add("unknown keys of one record", 25, |size| {
        format!("{SITE}{}", sources(1, |_| each(size, |number| format!("  key{number}: 1\n"))))
    });
    add("records without their keys", 12, |size| {
        format!("{SITE}//- content/evidence/sources.yaml\n{}", each(size, |number| format!("- id: s{number}\n")))
    });
    add("a flow list", 25, |size| format!("{SITE}//- content/evidence/sources.yaml\n[{}]\n", ids(size, "s")));
    add("events", 12, |size| {
        let events = each(size, |number| event(number, &format!("c{number}")));
        format!("{}//- content/evidence/events.yaml\n{events}", plain(size))
    });
    add("an event of many claims", 12, |size| {
        format!("{}//- content/evidence/events.yaml\n{}", plain(size), event(0, &ids(size, "c")))
    });
    add("events of one claim", 12, |size| {
        let events = each(size, |number| event(number, "c0"));
        format!(
            "{SITE}{}{}//- content/evidence/events.yaml\n{events}",
            sources(1, none),
            claims(1, |_| rests_on(0), none)
        )
    });
    add("disagreements", 12, |size| {
        let found = each(size, |number| disagreement(number, &format!("c{number}")));
        format!("{}//- content/evidence/disagreements.yaml\n{found}", plain(size + 1))
    });
    // Of one source: the page of every source shows the whole disagreement, so that its sources would be pages of this size.
    add("a disagreement on many claims", 12, |size| {
        let found = disagreement(0, &ids(size, "c"));
        let all = claims(size + 1, |_| rests_on(0), none);
        format!("{SITE}{}{all}//- content/evidence/disagreements.yaml\n{found}", sources(1, none))
    });
    add("a page that shows all disagreements", 12, |size| {
        let found = each(size, |number| disagreement(number, &format!("c{number}")));
        let shown =
            each(size, |number| format!("A [@c{number}].\n\n```{{disagreement}} disagreement=d{number}\n```\n\n"));
        format!("{}//- content/evidence/disagreements.yaml\n{found}//- content/a.md\n# A\n\n{shown}", plain(size + 1))
    });
    add("a page that shows no disagreement", 12, |size| {
        let found = each(size, |number| disagreement(number, &format!("c{number}")));
        let cited = each(size, |number| format!("A [@c{number}].\n\n"));
        format!("{}//- content/evidence/disagreements.yaml\n{found}//- content/a.md\n# A\n\n{cited}", plain(size + 1))
    });
    add("entities", 12, |size| {
        let entity = |number| {
            format!(
                "- id: x{number}\n  name: Thing {number}\n  kind: company\n  definition: It.\n  aliases: [Name {number}]\n  \
                 misspellings:\n    - spelling: Thong {number}\n      source: s0\n      lines: 1\n"
            )
        };
        let names = |number: usize| format!("  entities: [x{number}]\n");
        format!(
            "{SITE}{}{}//- content/evidence/entities.yaml\n{}",
            sources(1, none),
            claims(size, |_| rests_on(0), names),
            each(size, entity)
        )
    });
    add("contributions", 12, |size| {
        let entity = |number| format!("- id: x{number}\n  name: Thing {number}\n  kind: company\n  definition: It.\n");
        let brought = |number| {
            format!("- id: b{number}\n  topic: all\n  party: x{number}\n  brings: It.\n  claims: [c{number}]\n")
        };
        format!(
            "{}//- content/evidence/entities.yaml\n{}//- content/evidence/contributions.yaml\n{}",
            plain(size),
            each(size, entity),
            each(size, brought)
        )
    });
    add("topics with a claim each", 12, |size| {
        let topics = each(size, |number| format!("[[topics]]\nid = 't{number}'\ntitle = 'T'\nsummary = 'S.'\n"));
        let site = SITE.replace("//- content/index.md\n", &format!("{topics}//- content/index.md\n"));
        let all = claims(size, |_| rests_on(0), none);
        let all = all.split("- id: ").enumerate().map(|(number, text)| {
            if number == 0 {
                text.to_owned()
            } else {
                format!("- id: {}", text.replace("[all]", &format!("[t{}]", number - 1)))
            }
        });
        let pages = each(size, |number| {
            format!("//- content/p{number}.md\n---\ntopic: t{number}\n---\n# P\n\nA [@c{number}].\n")
        });
        format!("{site}{}{}{pages}", sources(1, none), all.collect::<String>())
    });
    add("pages that cite one claim", 12, |size| {
        let pages = each(size, |number| format!("//- content/p{number}.md\n# P\n\nReport [@c0].\n"));
        format!("{SITE}{}{}{pages}", sources(1, none), claims(1, |_| rests_on(0), none))
    });
    add("pages that cite one source", 12, |size| {
        let pages = each(size, |number| format!("//- content/p{number}.md\n# P\n\nReport [@s0].\n"));
        format!("{SITE}{}{}{pages}", sources(1, none), claims(1, |_| rests_on(0), none))
    });
    add("citations of a source with claims", 12, |size| {
        let cited = each(size, |number| format!("It sold {number} [@s0].\n\n"));
        format!(
            "{SITE}{}{}//- content/a.md\n---\ntitle: A\ntopic: all\n---\n\n{cited}",
            sources(1, none),
            claims(size, |_| rests_on(0), none)
        )
    });
    add("citations in one sentence", 12, |size| {
        one_sentence(size, |number| format!("it sold {number} and not one [@c{number}], "))
    });
    add("figures in one sentence", 12, |size| {
        one_sentence(size, |number| format!("and {number} per cent of {} or one in {number} ", number + 1))
    });
    add("names in one sentence", 12, |size| {
        one_sentence(size, |number| format!("“Report and Nobody{number} will never sell all Things{number} "))
    });
    add("letters of many scripts in one sentence", 12, |size| {
        one_sentence(size, |number| format!("小米{number} и Ґ نص ß’s ’ "))
    });
    add("words beside one citation", 12, |size| {
        one_sentence(size, |number| format!("not all word{number} may be sold, "))
    });
    add("pages that link to claims", 12, |size| {
        let pages = each(size, |number| format!("//- content/p{number}.md\n# P\n\n[a](claims.md#c{number})\n"));
        format!("{}{pages}", plain(size))
    });
    add("pages that link to unknown claims", 12, |size| {
        let pages = each(size, |number| format!("//- content/p{number}.md\n# P\n\n[a](claims.md#q{number})\n"));
        format!("{}{pages}", plain(size))
    });
    all
}

/// A page of one sentence, with a claim for each piece of it.
fn one_sentence(size: usize, piece: impl Fn(usize) -> String) -> String {
    let cited = each(size, piece);
    let page = format!("//- content/a.md\n---\ntitle: A\ntopic: all\n---\n\nIt sold {cited} more [@c0; @c1].\n");
    format!("{SITE}{}{}{page}", sources(1, none), claims(size + 2, |_| rests_on(0), none))
}
