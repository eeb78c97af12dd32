//! Front matter of the new site.

use jiff::civil::Date;
use serde_yaml::Value;

use super::super::values::{Map, quoted};
use super::FrontMatter;

impl FrontMatter {
    /// The front matter in YAML between its fences.
    pub fn write(&self, aliases: &[String]) -> String {
        let text =
            |key: &str, value: &Option<String>| value.as_ref().map(|value| format!("{key}: {}\n", quoted(value)));
        let date = |key: &str, value: Option<Date>| value.map(|value| format!("{key}: {value}\n"));
        let lines = [
            text("title", &self.title),
            text("summary", &self.summary),
            self.order.map(|order| format!("order: {order}\n")),
            date("date", self.date),
            date("updated", self.updated),
            date("expires", self.expires),
            self.is_draft.then(|| "draft: true\n".to_owned()),
            self.toc.map(|toc| format!("toc: {toc}\n")),
            self.math.then(|| "math: true\n".to_owned()),
        ];
        let mut out: String = lines.into_iter().flatten().collect();
        if !aliases.is_empty() {
            let aliases: Vec<String> = aliases.iter().map(|alias| quoted(alias)).collect();
            out.push_str(&format!("aliases: [{}]\n", aliases.join(", ")));
        }
        let mut extra = self.extra.clone();
        for (key, tag) in &self.tags {
            let list = extra.entry(Value::from(key.as_str())).or_insert_with(|| Value::Sequence(Vec::new()));
            if let Value::Sequence(list) = list {
                list.push(Value::from(tag.as_str()));
            }
        }
        if !extra.is_empty() {
            let extra: Map = [(Value::from("extra"), Value::Mapping(extra))].into_iter().collect();
            out.push_str(&serde_yaml::to_string(&extra).unwrap_or_default());
        }
        let mut out = if out.is_empty() { out } else { format!("---\n{out}---\n") };
        if let Some(unread) = &self.unread {
            out.push_str(&format!("<!--\n{}-->\n\n", unread.replace("-->", "-- >")));
        }
        out
    }
}
