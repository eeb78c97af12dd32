use super::*;
use crate::migrate::report::Report;
use crate::source::SitePath;

fn converted(generator: Generator, text: &str) -> (String, Vec<String>) {
    let file = SitePath::new("a.md").expect("a path");
    let mut report = Report::default();
    let mut text = Text::new(text, 0);
    convert(generator, &mut text, &mut Notes { file: &file, report: &mut report });
    (text.into_string(), report.problems().iter().map(|found| found.message.clone()).collect())
}

#[test]
fn admonitions_become_alerts() {
    for (generator, text, expected) in [
        (Generator::MkDocs, "!!! note\n    Text\n\n    more\n\nAfter\n", "> [!NOTE]\n> Text\n>\n> more\n\nAfter\n"),
        (Generator::MkDocs, "!!! danger \"Stop\"\n    x\nAfter\n", "> [!CAUTION]\n> **Stop**\n>\n> x\n\nAfter\n"),
        (Generator::MkDocs, "!!! example\n    x\n", "> [!NOTE]\n> **Example**\n>\n> x\n"),
        (Generator::MkDocs, "!!! note \"\"\n    x\n", "> [!NOTE]\n> x\n"),
        (Generator::MkDocs, "- a\n\n    !!! tip\n        x\n", "- a\n\n    > [!TIP]\n    > x\n"),
        (Generator::MkDocs, "!!! note\n    ```\n    !!! no\n    ```\n", "> [!NOTE]\n> ```\n> !!! no\n> ```\n"),
        (Generator::MkDocs, "!!! note\n    !!! tip\n        x\n", "> [!NOTE]\n> > [!TIP]\n> > x\n"),
        (Generator::MkDocs, "/// warning | W\n    type: x\n\nx\n///\n", "> [!WARNING]\n> **W**\n>\n>\n> x\n\n"),
        (Generator::Plain, ":::note[My title]\nx\n:::\nAfter\n", "> [!NOTE]\n> **My title**\n>\n> x\n\nAfter\n"),
        (Generator::Plain, ":::tip\n\nx\n\n:::\n", "> [!TIP]\n>\n> x\n>\n\n"),
        (Generator::Quarto, "::: {.callout-tip title=\"T\"}\nx\n:::\n", "> [!TIP]\n> **T**\n>\n> x\n\n"),
        (Generator::Quarto, ":::: {.columns}\n::: {.callout-note}\nx\n:::\n::::\n", "> [!NOTE]\n> x\n\n\n"),
        (Generator::Obsidian, "> [!faq]- Why\n> x\n", "> [!NOTE]\n> **Why**\n>\n> x\n"),
        (Generator::Hugo, "> [!NOTE]\n> x\n", "> [!NOTE]\n> x\n"),
        (Generator::Plain, "> [!TIP] Do\n> x\n", "> [!TIP]\n> **Do**\n>\n> x\n"),
    ] {
        assert_eq!(converted(generator, text).0, expected, "{text}");
    }
}

#[test]
fn what_is_no_box_stays() {
    for (generator, text) in [
        (Generator::Plain, ":::note\nnever closed\n"),
        (Generator::Jekyll, "!!! note\n    x\n"),
        (Generator::Plain, "```\n:::note\nx\n:::\n```\n"),
        (Generator::MkDocs, "::: pkg.module\n    options:\n"),
    ] {
        assert_eq!(converted(generator, text).0, text);
    }
    let (text, messages) = converted(Generator::Quarto, "::: {.content-visible when-format=\"pdf\"}\nx\n:::\nAfter\n");
    assert_eq!(text, "After\n");
    assert!(messages[0].contains("content-visible"), "{messages:?}");
    assert!(converted(Generator::MkDocs, "??? note\n    x\n").1[0].contains("???"));
    assert_eq!(converted(Generator::MkDocs, "=== \"A\"\n    x\n").0, "**A**\n\nx\n");
}
