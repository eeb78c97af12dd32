//! `--timings`: how long each phase of a build took.

use std::time::Duration;

use serde_json::json;

use crate::pipeline::Timings;

/// As a table.
pub(super) fn timings_table(timings: &Timings, all: Duration) -> String {
    let mut out = String::from("\nphase                         ms\n");
    for (phase, took) in &timings.phases {
        out.push_str(&format!("{phase:<24} {:>7.1}\n", millis(*took)));
    }
    out.push_str(&format!("{:<24} {:>7.1}\n", "all", millis(all)));
    if !timings.templates.is_empty() {
        out.push_str("\nrendering by template         ms   pages\n");
        for (template, took, pages) in &timings.templates {
            out.push_str(&format!("{template:<24} {:>7.1} {pages:>7}\n", millis(*took)));
        }
        out.push_str("\nslowest pages                 ms\n");
        for (page, took) in &timings.pages {
            out.push_str(&format!("{page:<24} {:>7.2}\n", millis(*took)));
        }
    }
    let Timings { parsed_before, rendered_before, .. } = timings;
    out.push_str(&format!("\nreused from the cache: {parsed_before} pages parsed, {rendered_before} pages rendered\n"));
    out
}

/// As one line of JSON; all times in milliseconds.
pub(super) fn timings_json(timings: &Timings, all: Duration) -> String {
    let phases: Vec<_> =
        timings.phases.iter().map(|(name, took)| json!({ "phase": name, "ms": millis(*took) })).collect();
    let templates: Vec<_> = timings
        .templates
        .iter()
        .map(|(name, took, pages)| json!({ "template": name, "ms": millis(*took), "pages": pages }))
        .collect();
    let pages: Vec<_> = timings.pages.iter().map(|(name, took)| json!({ "page": name, "ms": millis(*took) })).collect();
    let line = json!({ "timings": {
        "ms": millis(all),
        "phases": phases,
        "templates": templates,
        "pages": pages,
        "parsed_before": timings.parsed_before,
        "rendered_before": timings.rendered_before,
    } });
    format!("{line}\n")
}

fn millis(took: Duration) -> f64 {
    (took.as_secs_f64() * 1e5).round() / 100.0
}
