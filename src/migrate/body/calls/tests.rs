use super::*;
use crate::migrate::report::Report;
use crate::migrate::tests::page;
use crate::migrate::{Generator, values};

fn converted(generator: Generator, text: &str) -> (String, String) {
    let mut values = values::yaml("title: Site\nparams: {version: '2'}\nname: N\n").expect("YAML");
    values.insert("plugins".into(), "macros".into());
    let site = OldSite { generator, values, ..OldSite::default() };
    let page = page("a.md", text);
    let mut report = Report::default();
    let mut text = Text::new(text, 0);
    convert(Calls::of(&site), &site, &page, &mut text, &mut Notes { file: &page.source, report: &mut report });
    let messages: Vec<String> = report.problems().iter().map(|found| found.message.clone()).collect();
    (text.into_string(), messages.join("; "))
}

#[test]
fn calls_become_markdown_where_they_stand_for_it() {
    for (generator, before, after) in [
        (Generator::Hugo, "[a]({{< ref \"b.md#c\" >}}) [d]({{% relref `d` %}})", "[a](x-page:b.md#c) [d](x-page:d)"),
        (Generator::Hugo, "{{< figure src=\"x y.png\" alt=\"An [x]\" >}}", "![An  x ](<x y.png>)"),
        (Generator::Hugo, "{{</* tweet 1 */>}} {{%/* b */%}}", "{{< tweet 1 >}} {{% b %}}"),
        (Generator::Hugo, "{{< param version >}}", "2"),
        (Generator::Hugo, "{{< highlight go \"linenos=true\" >}}\nx\n{{< /highlight >}}", "\n```go\nx\n```\n"),
        (
            Generator::Hugo,
            "{{% alert title=\"T\" color=\"warning\" %}}\nx\n\ny\n{{% /alert %}}",
            "\n> [!WARNING]\n> **T**\n>\n> x\n> \n> y\n\n",
        ),
        (Generator::Zola, "{% tip() %}\nx\n{% end %} {{/* no() */}}", "\n> [!TIP]\n> x\n\n {{ no() }}"),
        (Generator::Jekyll, "{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
        (Generator::Jekyll, "{% highlight ruby %}\nx\n{% endhighlight %}", "\n```ruby\nx\n```\n"),
        (
            Generator::Jekyll,
            "[a]({{ site.baseurl }}/b/) [c]({% post_url 2020-01-01-c %}) {{ '/d.png' | relative_url }} {{ site.name }}",
            "[a](/b/) [c](x-page:2020-01-01-c) /d.png N",
        ),
        (
            Generator::Quarto,
            "{{< video https://x.org/v.mp4 >}} {{{< var x >}}} {{< kbd Ctrl+C >}}",
            "[Video](<https://x.org/v.mp4>) {{< var x >}} <kbd>Ctrl+C</kbd>",
        ),
        (Generator::Obsidian, "{{title}} {% x %}", "{{title}} {% x %}"),
    ] {
        assert_eq!(converted(generator, before).0, after, "{before}");
    }
}

#[test]
fn other_calls_stay_and_are_reported() {
    for (generator, text, messages) in [
        (Generator::Hugo, "{{< chart 1 >}}x{{< /chart >}}", "`chart`"),
        (Generator::Zola, "{{ chart(id=1) }} {{ value }} {% set x = f(1) %}", "`chart`"),
        (Generator::Jekyll, "{% include a.html %}", "`include`"),
        (Generator::Jekyll, "{{ site.data.x | sort }}", "`site.data.x`"),
        (Generator::Plain, "{{< chart >}} `{{< no >}}`", "`chart`"),
    ] {
        let (after, report) = converted(generator, text);
        assert_eq!(after, text);
        assert!(report.ends_with(messages), "{text}: {report}");
    }
    let (text, report) = converted(Generator::Jekyll, "a{% comment %}secret{% endcomment %}b");
    assert!(text == "ab" && report.contains("`comment`"), "{report}");
}
