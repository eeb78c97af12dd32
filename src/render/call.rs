//! Component calls from Markdown: their arguments checked against the template's, and turned into values.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use tera::{ComponentArg, ComponentArgType, ComponentInfo, Value};

use crate::diag::{Diagnostic, Diagnostics, did_you_mean};
use crate::evidence::{Memo, RecordKind};
use crate::parse::{ADDRESS, Call, PageMetadata};
use crate::site::Site;

use super::view::{Views, too_large};
use super::{HashedValue, Renderer, Templates};

/// An argument of this name takes an id, and the component gets the record.
const RECORD_KINDS: [&str; 6] = ["claim", "source", "event", "disagreement", "entity", "topic"];

/// A component with an argument of this name gets the disagreements, all or those of its topic, with what each source says.
const COMPARISON: &str = "comparison";

fn given_topic(call: &Call) -> Option<&str> {
    call.args.iter().find(|(name, ..)| name == "topic").map(|(_, id, _)| id.as_str())
}

/// Says what is wrong with the component calls of a page.
pub fn check_calls(metadata: &PageMetadata, site: &Site, templates: &Templates, problems: &mut Diagnostics) {
    // Where a template does not compile, nobody knows which components there would be.
    for call in metadata.calls.iter().filter(|_| templates.is_whole) {
        check(call, site, templates, problems);
    }
}

fn check(call: &Call, site: &Site, templates: &Templates, problems: &mut Diagnostics) {
    let Some(component) = templates.component(&call.name) else {
        let names = templates.prose_component_names();
        let message = format!("there is no component `{}`", call.name);
        let found = Diagnostic::new("unknown-component", call.span.clone(), message);
        problems.push(match did_you_mean(&call.name, names.iter().map(String::as_str)) {
            Some(near) => found.hint(format!("did you mean `{near}`?")),
            None => found.hint(format!("there are {}; add others in `templates/components`", names.join(", "))),
        });
        return;
    };
    for (name, value, span) in &call.args {
        let Some(arg) = component.args().iter().find(|arg| arg.name() == name) else {
            if component.rest_param().is_none() {
                problems.push(unknown_argument(call, name, span, &component));
            }
            continue;
        };
        if let Some(message) = wrong_value(arg, value, site) {
            let found = Diagnostic::new("component-argument", span.clone(), message);
            let near = nearest_record(site, name, value);
            problems.push(match near {
                Some(near) => found.hint(format!("did you mean `{near}`?")),
                None => found,
            });
        }
    }
    if takes(&component, COMPARISON)
        && let Some(message) = too_large(&site.ledger, given_topic(call))
    {
        let found = Diagnostic::new("component-argument", call.span.clone(), message);
        problems.push(found.hint("compare those of one `topic`, or link to the page of disagreements"));
    }
    for arg in component.args().iter().filter(|arg| arg.is_required() && !is_given(arg)) {
        if call.args.iter().all(|(name, ..)| name != arg.name()) {
            let message = format!("`{}` needs the argument `{}`", call.name, arg.name());
            problems.push(Diagnostic::new("component-argument", call.span.clone(), message).hint(format!(
                "write ```{{{}}} {}=…",
                call.name,
                arg.name()
            )));
        }
    }
}

fn unknown_argument(call: &Call, name: &str, span: &crate::source::Span, component: &ComponentInfo) -> Diagnostic {
    let names: Vec<&str> = component.args().iter().filter(|arg| !is_given(arg)).map(ComponentArg::name).collect();
    let message = format!("`{}` has no argument `{name}`", call.name);
    let found = Diagnostic::new("component-argument", span.clone(), message);
    match did_you_mean(name, names.iter().copied()) {
        Some(near) => found.hint(format!("did you mean `{near}`?")),
        None if names.is_empty() => found.hint("it takes none"),
        None => found.hint(format!("it takes {}", names.join(", "))),
    }
}

/// `root` and `lang` come from the page, `comparison` from the records and `weakest` from the body, not from the call.
fn is_given(arg: &ComponentArg) -> bool {
    matches!(arg.name(), "root" | "lang" | COMPARISON | "weakest")
}

/// Whether a component has an argument of this name.
pub(super) fn takes(component: &ComponentInfo, name: &str) -> bool {
    component.args().iter().any(|arg| arg.name() == name)
}

fn wrong_value(arg: &ComponentArg, value: &str, site: &Site) -> Option<String> {
    if RECORD_KINDS.contains(&arg.name()) {
        let known = site.ledger.may_hold(value) || is_record(site, arg.name(), value);
        return (!known).then(|| format!("there is no {} `{value}`", arg.name()));
    }
    typed(arg.arg_type(), value).err()
}

fn is_record(site: &Site, kind: &str, id: &str) -> bool {
    match RecordKind::named(kind) {
        Some(kind) => site.ledger.has(kind, id),
        None => site.topic(id).is_some(),
    }
}

fn nearest_record<'s>(site: &'s Site, kind: &str, id: &str) -> Option<&'s str> {
    match RecordKind::named(kind) {
        Some(kind) => site.ledger.nearest(kind, id),
        None if kind == "topic" => did_you_mean(id, site.config.topics.iter().map(|topic| topic.id.as_str())),
        None => None,
    }
}

/// Records as components get them, each made when a call first names it.
#[derive(Default)]
pub(super) struct Records(Mutex<FxHashMap<(String, String), Arc<Memo<Option<HashedValue>>>>>);

impl Records {
    pub fn get(&self, kind: &str, id: &str, views: Views<'_>) -> Option<HashedValue> {
        if kind != COMPARISON && !RECORD_KINDS.contains(&kind) {
            return None;
        }
        let key = (kind.to_owned(), id.to_owned());
        let memo = self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default().clone();
        memo.get(|| record(kind, id, views)).clone()
    }
}

/// The arguments of a checked call of a page, as the component gets them.
pub(super) fn arguments(
    call: &Call,
    metadata: &PageMetadata,
    renderer: &Renderer,
    root: &str,
) -> BTreeMap<String, HashedValue> {
    let mut values = BTreeMap::new();
    let Some(component) = renderer.templates.component(&call.name) else { return values };
    let takes = |name: &str| takes(&component, name);
    let views = renderer.views();
    for (name, value) in [("root", root), ("lang", views.site.config.language.as_str())] {
        if takes(name) {
            values.insert(name.to_owned(), HashedValue::of(value));
        }
    }
    if takes(COMPARISON) {
        let topic = given_topic(call).unwrap_or_default();
        values
            .extend(renderer.common.records.get(COMPARISON, topic, views).map(|shown| (COMPARISON.to_owned(), shown)));
    }
    for (name, value, _) in &call.args {
        if name == ADDRESS {
            let link = renderer.resolve_link(metadata, value);
            values.insert(name.clone(), HashedValue::of(&link.written(root)));
            for (name, length) in lengths(call, link.size) {
                if takes(name) {
                    values.insert(name.to_owned(), HashedValue::of(&length));
                }
            }
            continue;
        }
        let arg_type = component.args().iter().find(|arg| arg.name() == name).and_then(ComponentArg::arg_type);
        let word = || typed(arg_type, value).unwrap_or_else(|_| Value::from(value.as_str()));
        let record = renderer.common.records.get(name, value, views);
        values.insert(name.clone(), record.unwrap_or_else(|| HashedValue::of(&word())));
    }
    values
}

/// The width and the height of a picture that the call does not give itself; where it gives one of them, the other keeps
/// the picture's shape.
fn lengths(call: &Call, size: Option<(u32, u32)>) -> Vec<(&'static str, u32)> {
    let given =
        |wanted: &str| call.args.iter().find(|(name, ..)| name == wanted).map(|(_, value, _)| value.parse::<u32>());
    let scaled = |length: u32, to: u32, from: u32| {
        let length = u64::from(length) * u64::from(to) / u64::from(from.max(1));
        u32::try_from(length).unwrap_or(u32::MAX).max(1)
    };
    let Some((width, height)) = size.filter(|(width, height)| *width > 0 && *height > 0) else { return Vec::new() };
    match (given("width"), given("height")) {
        (None, None) => vec![("width", width), ("height", height)],
        (Some(Ok(given)), None) => vec![("height", scaled(height, given, width))],
        (None, Some(Ok(given))) => vec![("width", scaled(width, given, height))],
        _ => Vec::new(),
    }
}

fn record(kind: &str, id: &str, views: Views<'_>) -> Option<HashedValue> {
    let ledger = &views.site.ledger;
    match kind {
        "claim" => ledger.claim(id).map(|found| views.claim(found).shown().clone()),
        "source" => ledger.source(id).map(|found| HashedValue::of(&views.source(found, None))),
        "event" => ledger.event(id).map(|found| HashedValue::of(&views.event(found))),
        "disagreement" => ledger.disagreement(id).map(|found| views.disagreement(found).shown().clone()),
        "entity" => ledger.entity(id).map(|found| HashedValue::of(&views.entity(found, None))),
        "topic" => views.topic(id).map(|found| HashedValue::of(&found)),
        COMPARISON => Some(HashedValue::of(&views.comparison(Some(id).filter(|id| !id.is_empty())))),
        _ => None,
    }
}

/// A word of Markdown as the type that the component asks for.
fn typed(wanted: Option<ComponentArgType>, value: &str) -> Result<Value, String> {
    let wrong = |what: &str| format!("`{value}` is not {what}");
    match wanted {
        Some(ComponentArgType::Bool) => match value {
            "true" => Ok(Value::from(true)),
            "false" => Ok(Value::from(false)),
            _ => Err(wrong("`true` or `false`")),
        },
        Some(ComponentArgType::Integer) => value.parse::<i64>().map(Value::from).map_err(|_| wrong("a whole number")),
        Some(ComponentArgType::Float | ComponentArgType::Number) => {
            value.parse::<f64>().map(Value::from).map_err(|_| wrong("a number"))
        }
        Some(ComponentArgType::Array | ComponentArgType::Map | ComponentArgType::Bytes) => {
            Err(wrong("a value that Markdown can pass"))
        }
        Some(_) | None => Ok(Value::from(value)),
    }
}
