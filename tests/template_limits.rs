//! Templates that would run for ever, fill the memory or overflow the stack: each ends the command with an error that names
//! the template, and nothing is published.

mod support {
    pub mod files;
    pub mod run;
    pub mod site;
}

use support::run::{Run, dossier};
use support::site::Site;

const SITE: &str = "//- site.toml
title = 'T'
output = { theme = false, search = false, template_seconds = SECONDS }
//- content/index.md
# Home
";
/// A list that one line of a template can loop over without calling `range` again.
const ALL: &str = "{% set all = range(end=100000) %}";

fn build(templates: &[(String, String)], seconds: u32) -> Run {
    let site = Site::new(&SITE.replace("SECONDS", &seconds.to_string()));
    for (name, text) in templates {
        site.write(&format!("templates/{name}"), text);
    }
    let run = dossier(site.root(), &["build"]);
    assert!(run.code == 0 || !site.path("public/index.html").exists(), "{run:?}");
    run
}

#[track_caller]
fn ends(text: &str, seconds: u32, code: &str, said: &str) -> Run {
    let run = build(&[("home.html".to_owned(), text.to_owned())], seconds);
    let (first, rest) = run.err.split_once('\n').unwrap_or_default();
    assert_eq!(run.code, 1, "{text}: {run:?}");
    assert!(first.starts_with(&format!("error[{code}]: ")) && first.contains(said), "{text}: {first}");
    assert!(rest.contains("templates/home.html"), "{text}: {rest}");
    run
}

#[test]
fn loops_over_range_have_a_budget_of_numbers() {
    let text = "a\n{% for a in range(end=100000) %}{% for b in range(end=100000) %}{% endfor %}{% endfor %}";
    let run = ends(text, 20, "template-limit", "makes more than 1000000 numbers by `range`");
    assert!(run.err.contains("templates/home.html:2:"), "{run:?}");
}

#[test]
fn loops_that_do_nothing_end() {
    ends(
        &format!("{ALL}{{% for a in all %}}{{% for b in all %}}{{% endfor %}}{{% endfor %}}"),
        1,
        "template-limit",
        "`home.html` takes longer than 1 s for one page",
    );
    ends(
        &format!("{ALL}{{% for a in all %}}{{% set x = [1 for b in all if b < 0] %}}{{% endfor %}}"),
        1,
        "template-limit",
        "takes longer than 1 s",
    );
}

#[test]
fn loops_that_write_end() {
    let text = format!("{ALL}{{% for a in all %}}{{% for b in all %}}{{{{ a }}}}{{% endfor %}}{{% endfor %}}");
    let run = build(&[("home.html".to_owned(), text)], 1);
    // Whichever limit is reached first.
    let said = ["error[template-limit]: `home.html` ", "error[template-output-limit]: `home.html` "];
    assert!(run.code == 1 && said.iter().any(|said| run.err.starts_with(said)), "{run:?}");
}

#[test]
fn calls_that_multiply_end() {
    ends(
        "{% component f(n: integer) %}{% if n > 0 %}{{ <f n={n - 1} /> }}{{ <f n={n - 1} /> }}{{ <f n={n - 1} /> }}{{ <f n={n - 1} /> }}\
         {% endif %}{% endcomponent f %}{{ <f n={18} /> }}",
        1,
        "template-limit",
        "takes longer than 1 s",
    );
    let steps = (0..40).map(|at| {
        let next = format!("{{% include \"{:02}.html\" %}}", at + 1);
        (format!("{at:02}.html"), next.repeat(2))
    });
    let mut templates: Vec<_> = steps.chain([("40.html".to_owned(), String::new())]).collect();
    templates.push(("home.html".to_owned(), "{% include \"00.html\" %}".to_owned()));
    let run = build(&templates, 1);
    assert!(run.code == 1 && run.err.starts_with("error[template-limit]: `home.html` takes longer"), "{run:?}");
}

/// Only Linux says what a process holds without being asked through another program.
#[cfg(target_os = "linux")]
#[test]
fn values_that_double_end() {
    let looped = |body: &str| {
        format!("{{% set_global v = \"0123456789abcdef\" %}}{{% for n in range(end=100) %}}{body}{{% endfor %}}")
    };
    for body in [
        "{% set_global v = v ~ v %}",
        "{% set_global v %}{{ v | safe }}{{ v | safe }}{% endset %}",
        "{% set_global v = v | replace(from=\"0\", to=v) %}",
        "{% set_global v = [v, v] | join(sep=v) %}",
    ] {
        ends(&looped(body), 60, "template-limit", "`home.html` makes values of more than");
    }
    ends(
        "{% set_global a = [1, 2] %}{% for n in range(end=100) %}{% set_global a = [...a, ...a] %}{% endfor %}",
        60,
        "template-limit",
        "`home.html` makes values of more than",
    );
    ends(
        "{% set_global a = [1, 2] %}{% for n in range(end=64) %}{% set_global a = [a, a] %}{% endfor %}{{ a }}",
        1,
        "template-limit",
        "`home.html` ",
    );
}

#[test]
fn chains_of_templates_are_rendered_or_refused() {
    let chain = |length: usize, how: &str| -> Vec<(String, String)> {
        let step = |at: usize| format!("{{% {how} \"t{at:05}.html\" %}}");
        let links = (1..length).map(|at| (format!("t{at:05}.html"), step(at + 1)));
        links.chain([("home.html".to_owned(), step(1)), (format!("t{length:05}.html"), "the end".to_owned())]).collect()
    };
    for how in ["include", "extends"] {
        let run = build(&chain(30, how), 20);
        assert_eq!(run.code, 0, "{how}: {run:?}");
        for length in [300, 2_000] {
            let run = build(&chain(length, how), 20);
            let said = "error[template-limit]: `home.html` is the start of more than 64 templates that include or extend each other";
            assert!(run.code == 1 && run.err.starts_with(said), "{how} {length}: {run:?}");
        }
    }
}

#[test]
fn circles_end() {
    ends("{% include \"home.html\" %}", 20, "template-cycle", "`home.html` includes itself");
    ends("{% extends \"home.html\" %}", 20, "template-cycle", "`home.html` extends itself");
    ends(
        "{% component f() %}{{ <f /> }}{% endcomponent f %}{{ <f /> }}",
        20,
        "template-limit",
        "`home.html` calls components that call each other more than 20 deep",
    );
    let both = [("a.html", "b.html"), ("b.html", "home.html")];
    let mut templates: Vec<_> =
        both.map(|(name, next)| (name.to_owned(), format!("{{% include \"{next}\" %}}"))).into();
    templates.push((
        "home.html".to_owned(),
        "{% component f() %}{% include \"a.html\" %}{% endcomponent f %}{{ <f /> }}".to_owned(),
    ));
    let run = build(&templates, 1);
    assert!(run.code == 1 && run.err.starts_with("error[template-"), "{run:?}");
}
