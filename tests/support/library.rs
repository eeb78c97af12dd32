//! A library with the odd names, titles and numbers that real ones have, made the same every time.

use dossier::evidence::SourceKind;
use serde_json::{Map, Value as Json, json};

/// Numbers that look random and are the same every time (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }

    fn pick<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[self.below(all.len())]
    }

    fn often(&mut self) -> bool {
        self.below(3) > 0
    }
}

const TITLES: &[&str] = &[
    "Words matter",
    "On 100 % of $5 & more: #1_of_{many} ~ \\emph{things}^2",
    "Über die Brücke – “quoted”",
    "NASA and the iPhone",
    "小米公司",
    "- a dash, a 'quote', a \"quote\": and a colon",
    "yes",
    "2001",
    "A title with @at and <angle> brackets",
    "L’Étranger … again?",
];

const PEOPLE: &[&str] = &[
    r#"{"family": "Smith", "given": "Jane"}"#,
    r#"{"family": "O'Brien-Núñez", "given": "J. K."}"#,
    r#"{"family": "Gogh", "given": "Vincent", "non-dropping-particle": "van"}"#,
    r#"{"family": "King", "given": "Martin Luther", "suffix": "Jr."}"#,
    r#"{"family": "De Los Santos", "given": "María"}"#,
    r#"{"family": "王", "given": "小明"}"#,
    r#"{"literal": "Reuters"}"#,
    r#"{"literal": "Doe, Roe, and Partners & Sons"}"#,
    r#"{"literal": "World Health Organization"}"#,
];

const DATES: &[&str] = &[
    r#"{"date-parts": [[2018]]}"#,
    r#"{"date-parts": [[2018, 2]]}"#,
    r#"{"date-parts": [[2018, 2, 28]]}"#,
    r#"{"date-parts": [[1999, 12], [2001, 1]]}"#,
    r#"{"date-parts": [[850]]}"#,
    r#"{"date-parts": [[1850]], "circa": true}"#,
    r#"{"date-parts": [[2018]], "season": 2}"#,
];

/// An item of CSL-JSON of a type, as a library may have it.
fn item(number: usize, dice: &mut Dice) -> Json {
    let kinds: Vec<&str> = SourceKind::ALL.iter().map(|kind| kind.csl()).collect();
    let style =
        [format!("smithWordsMatter{number}"), format!("DBLP:conf/icml/X{number}"), format!("foo_bar.{number}+a")];
    let mut item = Map::new();
    let parsed = |text: &str| serde_json::from_str::<Json>(text).expect("JSON");
    item.insert("id".into(), json!(style[number % 3]));
    item.insert("type".into(), json!(kinds[number % kinds.len()]));
    item.insert("title".into(), json!(dice.pick(TITLES)));
    item.insert("language".into(), json!(dice.pick(&["en", "de", "fr-CA", "zh-Hans"])));
    for key in ["author", "editor", "translator", "director", "interviewer"] {
        if dice.often() {
            let count = 1 + dice.below(4);
            item.insert(key.into(), (0..count).map(|_| parsed(dice.pick(PEOPLE))).collect());
        }
    }
    for key in ["issued", "accessed"] {
        if dice.often() {
            item.insert(key.into(), parsed(dice.pick(DATES)));
        }
    }
    for key in [
        "container-title",
        "collection-title",
        "publisher",
        "publisher-place",
        "event",
        "authority",
        "genre",
        "medium",
        "archive",
        "note",
        "title-short",
        "citation-label",
    ] {
        if dice.often() {
            item.insert(key.into(), json!(dice.pick(TITLES)));
        }
    }
    for key in [
        "edition",
        "version",
        "volume",
        "issue",
        "number",
        "section",
        "number-of-pages",
        "archive_location",
        "call-number",
    ] {
        if dice.often() {
            item.insert(key.into(), json!(dice.pick(&["1", "12a", "XIV", "2.10", "1/2", "007"])));
        }
    }
    let odd = [
        ("page", "37-39"),
        ("DOI", "10.1016/S0140-6736(20)30183-5"),
        ("ISBN", "978-0-306-40615-7"),
        ("ISSN", "0140-6736"),
        ("URL", "https://example.org/a_b?c=%7Bd%7D&e=~f#g"),
        ("dimensions", "1:02:03"),
    ];
    for (key, value) in odd {
        if dice.often() {
            item.insert(key.into(), json!(value));
        }
    }
    if dice.often() {
        let custom = json!({ "archive-url": "https://web.archive.org/a", "archive-date": "2019-05", "credit": "A & B", "license": "CC BY" });
        item.insert("custom".into(), custom);
    }
    // The schema of CSL-JSON does not have this type of CSL.
    if item["type"] == "event" {
        item["type"] = json!("document");
        item.entry("custom").or_insert_with(|| json!({}))["type"] = json!("event");
    }
    Json::Object(item)
}

/// So many items of CSL-JSON, of every type in turn.
pub fn library(count: usize) -> Vec<Json> {
    let mut dice = Dice(20);
    (0..count).map(|number| item(number, &mut dice)).collect()
}
