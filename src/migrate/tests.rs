use super::*;
use crate::source::{Memory, line_column};

/// Carries a fixture over and shows the files that it makes, then what was told.
fn carried(fixture: &str) -> String {
    let files = Memory::fixture(fixture);
    let made = migrate(&files, "Old notes", &["note".to_owned()]);
    let mut out = format!("{}: {} pages\n", made.from.name(), made.pages);
    for (path, content) in &made.files {
        match content {
            Content::Text(text) => out.push_str(&format!("== {path}\n{text}")),
            Content::Copy(from) => out.push_str(&format!("== {path} from {from}\n")),
        }
    }
    for found in made.problems.iter() {
        let at = found.at.as_ref().map(|at| {
            let text = files.text(at.file.as_str()).unwrap_or_default();
            format!("{}:{}", at.file, line_column(&text, at.start).line)
        });
        out.push_str(&format!("{} {}\n", at.unwrap_or_default(), found.message));
    }
    out
}

#[test]
fn plain_markdown_keeps_what_fits_and_tells_the_rest() {
    insta::assert_snapshot!(carried(
        "//- README.md\n# Notes\n\n[a](notes/a.md) and [b](nope.md)\n//- notes/pic.png\nPNG\n//- notes/a.md\n---\ntitle: \
         \"A: b\"\ndescription: |\n  One\n  line\ndate: 2020-01-31 10:00:00\ndraft: true\nweight: 3\nauthor: me\ntags: \
         [x]\nurl: /old/a/\n---\n\n<b>raw</b> {{< call >}}\n//- evidence/c.md\n[a](../notes/a.md)\n//- node_modules/x/README.md\nx\n//- notes/b.md\n+++\ntitle = 'B'\nx = [1\n+++\ntext\n"
    ));
}

#[test]
fn zola() {
    insta::assert_snapshot!(carried(
        "//- config.toml\nbase_url = \"https://example.org\"\ntitle = \"Old\"\ncompile_sass = true\n//- \
         content/blog/_index.md\n+++\ntitle = \"Blog\"\nsort_by = \"date\"\n+++\n//- \
         content/blog/one/index.md\n+++\ntitle = \"One\"\ndate = 2020-01-31T10:00:00Z\naliases = [\"/old/one/\"]\n\
         [taxonomies]\ntags = [\"a\"]\n[extra]\nmood = \"good\"\n+++\n\nSee [two](@/blog/2021-02-03-two.md#part), \
         [home](/), ![pic](pic.png).\n\n{{ video(id=1) }}\n\n{% quote() %}\nx\n{% end %}\n//- \
         content/blog/one/pic.png\nPNG\n//- content/blog/2021-02-03-two.md\n## Part\n\nA `{{ code }}`.\n\n\
         ```rust,linenos,hl_lines=2\nx\n```\n//- static/a.css\nx\n//- templates/page.html\nx\n//- sass/a.scss\nx\n"
    ));
}

#[test]
fn hugo() {
    insta::assert_snapshot!(carried(
        "//- hugo.toml\nbaseURL = 'https://example.org/'\nlanguageCode = 'en-gb'\ntitle = 'Old'\n//- \
         content/posts/one.md\n---\ntitle: One\nlastmod: 2021-05-06T00:00:00Z\nweight: 2\ncategories: [c]\n---\n\
         [two](/posts/two/) [three](../three)\n\n{{< figure src=\"x.png\" alt=\"An x\" width=\"9\" >}} {{< tweet 1 >}}\n\nSee [two]({{< ref \"two.md#p\" >}}), \
         [deep]({{% relref \"deep\" %}}).\n\n```go {linenos=table}\nx\n```\n//- \
         content/posts/two.md\n---\ntitle: Two\n---\n{{%/* escaped */%}}\n//- content/a/deep.md\nx\n//- layouts/a.html\nx\n//- public/x.html\nx\n"
    ));
}

#[test]
fn mdbook() {
    insta::assert_snapshot!(carried(
        "//- book.toml\n[book]\ntitle = \"A book\"\nauthors = [\"x\"]\n//- src/SUMMARY.md\n# Summary\n\n[Intro](README.md)\
         \n\n- [First](guide/first.md)\n  - [Second](guide/second.md)\n- [Draft]()\n- [Gone](gone.md)\n//- src/README.md\n\
         # Intro\n\nGo to [first](guide/first.html#x).\n//- src/guide/first.md\n# First\n\n```rust,editable\n{{#include \
         ../a.rs}}\n```\n//- src/guide/second.md\n# Second\n\n```{note}\nx\n```\n\n```{.python}\nx\n```\n//- src/lost.md\n# Lost\n//- \
         src/a.rs\nfn main() {}\n"
    ));
}

#[test]
fn anything_can_be_carried_over() {
    for text in [
        "",
        "---\n",
        "+++\n+++\n",
        "---\n- a\n---\n",
        "---\na: *x\n---\n",
        "```",
        "```{",
        "{{<",
        "[a](",
        "\u{feff}---\nt: 1\n---\n",
    ] {
        for config in
            ["", "//- config.toml\nbase_url = 1\n", "//- book.toml\n[book]\nsrc = '..'\n", "//- hugo.yaml\n- a\n"]
        {
            carried(&format!(
                "{config}//- a.md\n{text}\n//- content/b.md\n{text}\n//- src/SUMMARY.md\n{text}\n//- src/c.md\n{text}\n"
            ));
        }
    }
}
