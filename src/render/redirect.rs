use crate::site::{encode, root_from};
use crate::source::SitePath;

use super::body::escape;

/// The page that stands at a former address and leads to the new one, on any host and without script.
pub fn redirect(from: &SitePath, to_href: &str, title: &str, lang: &str) -> Vec<u8> {
    let mut href = root_from(from);
    href.push_str(to_href);
    let (mut address, mut name, mut language) = (String::new(), String::new(), String::new());
    escape(&href, &mut address);
    escape(title, &mut name);
    escape(lang, &mut language);
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{name}</title>\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <meta http-equiv=\"refresh\" content=\"0; url={address}\">\n</head>\n<body>\n\
         <p>This page has moved: <a href=\"{address}\">{name}</a>.</p>\n</body>\n</html>\n"
    )
    .into_bytes()
}

/// The output file of a former address as front matter gives it: `old/name`, `old/name.html` or `old/`.
pub fn alias_output(alias: &str) -> Option<SitePath> {
    let alias = alias.trim_start_matches('/');
    let file = match alias {
        folder if folder.ends_with('/') => format!("{folder}index.html"),
        file if file.ends_with(".html") || file.ends_with(".htm") => file.to_owned(),
        bare => format!("{bare}.html"),
    };
    SitePath::new(&file).ok().filter(|path| !encode(path.as_str()).is_empty())
}
