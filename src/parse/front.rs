use serde::Deserialize;

/// The front matter of a page: every key is optional.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct FrontMatter {
    /// The page's name; a leading level-one heading where it is absent, else the file's name.
    pub title: Option<String>,
    /// One or two sentences for lists, search engines and cards.
    pub summary: Option<String>,
    /// The id of the one topic the page is about.
    pub topic: Option<String>,
    /// Its place among its siblings; pages without one come after, by date, then title.
    pub order: Option<i64>,
    /// The day it was first published, `YYYY-MM-DD`. Pages of the future stay out.
    pub date: Option<Day>,
    /// The day it was last changed in substance.
    pub updated: Option<Day>,
    /// From this day on it stays out.
    pub expires: Option<Day>,
    /// Whether it stays out unless drafts are asked for.
    pub draft: bool,
    /// The template, `topic` for `templates/topic.html`.
    pub template: Option<String>,
    /// The last part of its address instead of the file's name.
    pub slug: Option<String>,
    /// Former addresses, which lead here.
    pub aliases: Vec<String>,
    /// A picture for cards, found from the page.
    pub image: Option<String>,
    /// What the picture shows.
    pub image_alt: Option<String>,
    /// Whether a table of contents is wanted; the template decides where nothing is said.
    pub toc: Option<bool>,
    /// Whether `$…$` is mathematics here.
    pub math: bool,
    /// The least share of factual paragraphs, in percent, that must be cited.
    pub coverage: Option<u8>,
    /// Why this page needs no citations.
    pub uncited: Option<String>,
    /// What was wrong and has been put right.
    pub corrections: Vec<Correction>,
    /// Whatever the template wants to know.
    pub extra: serde_json::Map<String, serde_json::Value>,
}

/// One entry of the log of corrections.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Correction {
    /// The day of the correction.
    pub date: Day,
    /// What was wrong and what stands there now.
    pub text: String,
}

/// A calendar day, proleptic Gregorian.
pub type Day = jiff::civil::Date;
