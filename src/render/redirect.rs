use crate::parse::push_attribute;
use crate::site::{Redirect, Site, root_from};
use crate::source::SitePath;

/// The page that stands at a former address and leads to the new one, on any host and without script.
pub fn redirect(site: &Site, from: &SitePath, redirect: &Redirect) -> Vec<u8> {
    let page = site.page(redirect.page);
    let href = format!("{}{}", root_from(from), page.href);
    let (mut address, mut name, mut language) = (String::new(), String::new(), String::new());
    push_attribute(&mut address, &href);
    push_attribute(&mut name, &page.metadata.title);
    push_attribute(&mut language, &site.config.language);
    format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{name}</title>\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"robots\" content=\"noindex\">\n\
         <meta http-equiv=\"refresh\" content=\"0; url={address}\">\n</head>\n<body>\n\
         <p>This page has moved: <a href=\"{address}\">{name}</a>.</p>\n</body>\n</html>\n"
    )
    .into_bytes()
}
