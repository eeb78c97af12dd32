//! A small site with its own templates, for the tests of the development server: those in `src/serve` and in `tests/serve`.

use std::fs;
use std::path::Path;

pub const BASE: &str = r#"<!doctype html>
<html><head><title>{{ page.title }}</title><link rel="stylesheet" href="{{ root }}{{ site.assets["style.css"] or "" }}"></head>
<body><p>{{ site.title }}</p><ul>{% for c in page.children %}<li><a href="{{ root }}{{ c.href }}">{{ c.title }}</a></li>{% endfor %}</ul>
{% block more %}{% endblock %}{{ page.content | safe }}
</body></html>
"#;
pub const PLAIN: &str = "{% extends \"base.html\" %}";
const ENTITIES: &str = "{% extends \"base.html\" %}{% block more %}{% for group in entities %}{% for e in group.items %}\
                        <p id=\"{{ e.id }}\">{{ e.definition }}</p>{% endfor %}{% endfor %}{% endblock %}";

/// The files of the site, by path.
pub const FILES: [(&str, &str); 10] = [
    ("site.toml", "title = \"Bridge\"\n[output]\ntheme = false\n"),
    ("templates/base.html", BASE),
    ("templates/home.html", PLAIN),
    ("templates/page.html", PLAIN),
    ("templates/section.html", PLAIN),
    ("templates/entities.html", ENTITIES),
    ("content/index.md", "# Home\n\nWelcome here.\n"),
    ("content/one.md", "# One\n\nThe first page of all.\n"),
    ("content/guide/two.md", "# Two\n\nThe second page.\n"),
    ("content/data.zip", "0123456789"),
];

/// Writes a file below `root`, and creates its folders.
pub fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}
