//! Sources in the terms of schema.org.

use serde_json::{Map, Value, json};

use crate::evidence::{Name, Source, SourceKind};

/// A source as schema.org has it; nothing where it is not public.
pub fn schema_org(source: &Source) -> Option<Value> {
    source.public.then(|| Value::Object(item(source)))
}

fn item(source: &Source) -> Map<String, Value> {
    let mut item = Map::new();
    let mut add = |key: &str, value: Option<Value>| {
        item.extend(value.map(|value| (key.to_owned(), value)));
    };
    let text = |text: &Option<String>| text.as_ref().map(|text| json!(text));
    add("@type", Some(json!(kind(source.kind))));
    add("name", Some(json!(source.name())));
    for (key, names) in [
        ("author", &source.authors),
        ("editor", &source.editors),
        ("translator", &source.translators),
        ("director", &source.directors),
    ] {
        add(key, (!names.is_empty()).then(|| names.iter().map(name).collect()));
    }
    add("datePublished", source.date.as_ref().and_then(|date| date.iso()).map(Value::from));
    let whole = |name: &String| json!({ "@type": "CreativeWork", "name": name });
    add("isPartOf", source.container.as_ref().or(source.series.as_ref()).map(whole));
    add("publisher", source.publisher.as_ref().map(|name| json!({ "@type": "Organization", "name": name })));
    add("pagination", source.pages.as_ref().map(|pages| json!(pages.value.0)));
    add("isbn", source.isbn.as_ref().map(|isbn| json!(isbn.value.0)));
    let doi = source.doi.as_ref().map(|doi| format!("https://doi.org/{}", doi.value));
    add("identifier", doi.as_ref().map(|doi| json!(doi)));
    add("url", source.url.as_ref().map(|url| url.value.clone()).or(doi).map(Value::from));
    add("archivedAt", source.archive_url.as_ref().map(|url| json!(url.value)));
    add("license", text(&source.licence));
    add("creditText", text(&source.credit));
    add("inLanguage", source.language.as_ref().map(|language| json!(language.value)));
    item
}

fn name(name: &Name) -> Value {
    match name {
        // A body, or a pseudonym.
        Name::Literal(name) => json!(name),
        Name::Person { given, suffix, .. } => {
            let mut person = Map::new();
            let parts =
                [("familyName", name.short()), ("givenName", given.clone()), ("honorificSuffix", suffix.clone())];
            person.insert("@type".into(), json!("Person"));
            person.insert("name".into(), json!(name.spoken()));
            person.extend(
                parts.into_iter().filter(|(_, part)| !part.is_empty()).map(|(key, part)| (key.into(), json!(part))),
            );
            Value::Object(person)
        }
    }
}

/// The type of a work.
fn kind(kind: SourceKind) -> &'static str {
    match kind.csl() {
        "article-newspaper" => "NewsArticle",
        "article-journal" | "paper-conference" | "article" => "ScholarlyArticle",
        "article-magazine" => "Article",
        "book" | "classic" => "Book",
        "chapter" => "Chapter",
        "thesis" => "Thesis",
        "report" => "Report",
        "motion_picture" => "VideoObject",
        "broadcast" => "Episode",
        "post" => "SocialMediaPosting",
        "post-weblog" => "BlogPosting",
        "webpage" => "WebPage",
        "bill" | "legislation" | "regulation" => "Legislation",
        "dataset" => "Dataset",
        "software" => "SoftwareApplication",
        "map" => "Map",
        "graphic" | "figure" => "ImageObject",
        "song" => "MusicRecording",
        "review" | "review-book" => "Review",
        "periodical" => "Periodical",
        _ => "CreativeWork",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::schema_org;
    use crate::bibliography::source;

    #[test]
    fn a_source_has_its_type_and_who_made_it() {
        let paper = source(
            "{id: a, kind: paper, title: T, authors: ['Doe, Jane', Reuters], container: J, date: 2018-02, doi: 10.1000/182, pages: 3-9}",
        );
        let expected = json!({
            "@type": "ScholarlyArticle", "name": "T", "datePublished": "2018-02", "pagination": "3-9",
            "author": [{ "@type": "Person", "name": "Jane Doe", "familyName": "Doe", "givenName": "Jane" }, "Reuters"],
            "isPartOf": { "@type": "CreativeWork", "name": "J" },
            "identifier": "https://doi.org/10.1000/182", "url": "https://doi.org/10.1000/182",
        });
        assert_eq!(schema_org(&paper), Some(expected));
        assert_eq!(schema_org(&source("{id: a, kind: book, title: T, description: D, public: false}")), None);
    }
}
