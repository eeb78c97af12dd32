//! `dossier serve`, used by browsers, editors and strangers. Every server listens on 127.0.0.1 and ends with its test.

mod connections;
mod content;
mod program;
mod watching;
#[path = "../support"]
mod support {
    pub mod run;
    pub mod served;
}

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use support::served::{PATIENCE, Served};
use tempfile::TempDir;

const BASE: &str = r#"<!doctype html>
<html><head><title>{{ page.title }}</title><link rel="stylesheet" href="{{ root }}{{ site.assets["style.css"] or "" }}"></head>
<body><p>{{ site.title }}</p><ul>{% for c in page.children %}<li><a href="{{ root }}{{ c.href }}">{{ c.title }}</a></li>{% endfor %}</ul>
{% block more %}{% endblock %}{{ page.content | safe }}
</body></html>
"#;
const PLAIN: &str = "{% extends \"base.html\" %}";
const ENTITIES: &str = "{% extends \"base.html\" %}{% block more %}{% for group in entities %}{% for e in group.items %}\
                        <p id=\"{{ e.id }}\">{{ e.definition }}</p>{% endfor %}{% endfor %}{% endblock %}";

fn site() -> TempDir {
    let temp = tempfile::tempdir().expect("a folder");
    let files = [
        ("site.toml", "title = \"Bridge\"\n[output]\ntheme = false\n"),
        ("templates/base.html", BASE),
        ("templates/home.html", PLAIN),
        ("templates/page.html", PLAIN),
        ("templates/section.html", PLAIN),
        ("templates/404.html", PLAIN),
        ("templates/entities.html", ENTITIES),
        ("content/index.md", "# Home\n\nWelcome here.\n"),
        ("content/one.md", "# One\n\nThe first page of all.\n"),
        ("content/guide/two.md", "# Two\n\nThe second page.\n"),
        ("content/guide/page.txt", "beside the pages\n"),
        ("content/data.zip", "0123456789"),
    ];
    for (path, text) in files {
        write(temp.path(), path, text);
    }
    temp
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

/// Sends requests until the response satisfies this condition.
fn until(served: &Served, path: &str, holds: impl Fn(u16, &str) -> bool) {
    let start = Instant::now();
    let mut last = String::new();
    while start.elapsed() < PATIENCE {
        let answer = served.get(path);
        if holds(answer.status, &answer.text()) {
            return;
        }
        last = format!("{} {}", answer.status, answer.text());
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{path} never came to that: {last}");
}
