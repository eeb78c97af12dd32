//! The ledger as files for other programs. All of them are written from the same views as the pages.

use serde_json::{Map, Value, json};

use crate::data::to_id;
use crate::evidence::Ledger;

use super::SharedView;
use super::feed::last_change;
use super::view::{ClaimView, EventView, SourceView, Views, full_href};

/// The names of the data files that a ledger makes; none for what is empty.
pub fn data_names(ledger: &Ledger) -> Vec<&'static str> {
    let claims = (!ledger.claims.is_empty()).then_some("claims.json");
    let sources = (!ledger.sources.is_empty()).then_some("sources.json");
    let events = if ledger.events.is_empty() { &[][..] } else { &["timeline.json", "timeline.csv", "timeline.ics"] };
    claims.into_iter().chain(events.iter().copied()).chain(sources).collect()
}

/// The data files that [`data_names`] names, with their bytes.
pub fn data_files(views: Views<'_>) -> Vec<(&'static str, Vec<u8>)> {
    let ledger = &views.site.ledger;
    let claims = || ledger.claims.iter().map(|claim| views.claim(claim)).collect::<Vec<SharedView<ClaimView>>>();
    let events: Vec<EventView> = views.events(None).into_iter().map(|event| views.event(event)).collect();
    let file = |name| match name {
        "claims.json" => pretty(&claims()),
        "timeline.json" => pretty(&events),
        "timeline.csv" => csv(&events),
        "timeline.ics" => ics(views, &events),
        _ => pretty(&ledger.sources.iter().map(|source| csl(&views.source(source))).collect::<Vec<_>>()),
    };
    data_names(ledger).into_iter().map(|name| (name, file(name))).collect()
}

fn pretty<T: serde::Serialize>(data: &T) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(data).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// The timeline as RFC 4180 has it.
fn csv(events: &[EventView]) -> Vec<u8> {
    let mut text = "id,title,edtf,date,start,end,status,standing,disputed,topics,sources,claims\r\n".to_owned();
    for event in events {
        let when = event.when.as_ref();
        let of = |part: fn(&super::view::WhenView) -> Option<&str>| when.and_then(part).unwrap_or_default().to_owned();
        let ids = |ids: Vec<&str>| ids.join(" ");
        let fields = [
            event.id.clone(),
            event.title.clone(),
            of(|when| Some(&when.edtf)),
            of(|when| Some(&when.text)),
            of(|when| when.start.as_deref()),
            of(|when| when.end.as_deref()),
            event.status.to_owned(),
            event.standing.word.to_owned(),
            event.standing.disputed.to_string(),
            ids(event.topics.iter().map(|topic| topic.id.as_str()).collect()),
            ids(event.sources.iter().map(|source| source.id.as_str()).collect()),
            ids(event.claims.iter().map(|claim| claim.id.as_str()).collect()),
        ];
        text.push_str(&fields.map(|field| quoted(&field)).join(","));
        text.push_str("\r\n");
    }
    text.into_bytes()
}

/// Quotes a CSV field where it must be, and keeps spreadsheets from taking it for a formula.
fn quoted(field: &str) -> String {
    let field = if field.starts_with(['=', '+', '-', '@', '\t']) { format!("'{field}") } else { field.to_owned() };
    if field.contains([',', '"', '\n', '\r']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field }
}

/// The timeline as iCalendar (RFC 5545): all-day entries that block no time; what is coarser than a day says so in its
/// summary, and what has no bounds is left out, since a calendar cannot show it.
fn ics(views: Views<'_>, events: &[EventView]) -> Vec<u8> {
    let config = &views.site.config;
    let name = ics_text(&config.title);
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".into(),
        "PRODID:-//Dossier//Timeline//EN".into(),
        "CALSCALE:GREGORIAN".into(),
        // The standard's name (RFC 7986), and the one that programs know.
        format!("NAME:{name}"),
        format!("X-WR-CALNAME:{name}"),
    ];
    // An entry is the same one in every copy of the file, and no other site's.
    let host = config.base_url().and_then(|base| base.split_once("://")?.1.split('/').next());
    let whose = host.map_or_else(|| to_id(&config.title), str::to_owned);
    let changed = views.site.pages.iter().filter_map(last_change).max();
    for event in events {
        let Some(when) = &event.when else { continue };
        let day = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<jiff::civil::Date>().ok());
        let (Some(start), Some(end)) = (day(&when.start), day(&when.end)) else { continue };
        let Ok(after) = end.tomorrow() else { continue };
        let exact = when.precision == "day" && !when.inferred && !when.approximate;
        let stamp =
            changed.map_or_else(|| start.strftime("%Y%m%d").to_string(), |day| day.to_string().replace('-', ""));
        let summary = if exact { event.title.clone() } else { format!("{} ({})", event.title, when.text) };
        lines.extend([
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{}@{whose}", event.id),
            format!("DTSTAMP:{stamp}T000000Z"),
            format!("DTSTART;VALUE=DATE:{}", start.strftime("%Y%m%d")),
            format!("DTEND;VALUE=DATE:{}", after.strftime("%Y%m%d")),
            format!("SUMMARY:{}", ics_text(&summary)),
            format!("DESCRIPTION:{}", ics_text(&event.standing.sentence)),
            format!(
                "CATEGORIES:{}",
                event.topics.iter().map(|topic| ics_text(&topic.title)).collect::<Vec<_>>().join(",")
            ),
            format!("STATUS:{}", if when.inferred { "TENTATIVE" } else { "CONFIRMED" }),
            "TRANSP:TRANSPARENT".into(),
        ]);
        lines.extend(config.base_url().map(|base| format!("URL:{base}{}", full_href(views.site, &event.href))));
        lines.push("END:VEVENT".into());
    }
    lines.push("END:VCALENDAR".into());
    lines.iter().flat_map(|line| folded(line)).collect()
}

fn ics_text(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n");
    text.replace(char::is_control, " ")
}

/// A content line of at most 75 octets a row, as section 3.1 asks.
fn folded(line: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(line.len() + 4);
    let mut row = 0;
    for char in line.chars() {
        if row + char.len_utf8() > 75 {
            bytes.extend_from_slice(b"\r\n ");
            row = 1;
        }
        bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
        row += char.len_utf8();
    }
    bytes.extend_from_slice(b"\r\n");
    bytes
}

/// A source as CSL-JSON 1.0.2 has it.
fn csl(source: &SourceView) -> Value {
    let mut item = Map::new();
    item.insert("id".into(), json!(source.id));
    item.insert("type".into(), json!(csl_type(source.kind)));
    item.insert("title".into(), json!(source.title));
    item.insert("language".into(), json!(source.language));
    if let Some(publisher) = &source.publisher {
        item.insert("publisher".into(), json!(publisher));
    }
    if let Some(url) = &source.url {
        item.insert("URL".into(), json!(url));
    }
    if let Some(when) = &source.date {
        item.insert("issued".into(), issued(when));
    }
    if source.described {
        item.insert("note".into(), json!("title in our words"));
    }
    Value::Object(item)
}

fn csl_type(kind: &str) -> &'static str {
    match kind {
        "press-release" => "pamphlet",
        "interview" => "interview",
        "paper" => "article-journal",
        "dataset" => "dataset",
        "web-page" => "webpage",
        "book" => "book",
        "other" => "document",
        _ => "article-newspaper",
    }
}

fn issued(when: &super::view::WhenView) -> Value {
    let count = match when.precision {
        "year" => 1,
        "month" => 2,
        "day" => 3,
        _ => 0,
    };
    let start = when.start.as_deref().filter(|start| count > 0 && !start.starts_with('-'));
    let parts = start
        .and_then(|start| start.split('-').take(count).map(|part| part.parse().ok()).collect::<Option<Vec<i64>>>());
    match parts {
        Some(parts) if when.inferred || when.approximate => json!({ "date-parts": [parts], "circa": true }),
        Some(parts) => json!({ "date-parts": [parts] }),
        None => json!({ "literal": when.text }),
    }
}
