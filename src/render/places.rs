//! Where the entries of long lists are: scripts by which an address from the time when the list was on one page leads on.

use std::collections::BTreeMap;

use crate::site::PageId;

use super::view::{Views, places};

/// The scripts, by name.
pub fn place_files(views: Views<'_>) -> Vec<(String, Vec<u8>)> {
    let of_list = |(id, list): (PageId, &crate::site::LongList)| {
        let name = places(&views.site.parts_folder(id));
        let file = |number| {
            let places = list.bucket(number).into_iter();
            let places: BTreeMap<&str, &str> =
                places.map(|(id, page)| (id, views.site.page(page).href.as_str())).collect();
            let json = serde_json::to_string(&places).unwrap_or_default();
            (format!("{name}{number}.js"), format!("window.dossierPlaces={json};\n").into_bytes())
        };
        (0..list.buckets()).map(file).collect::<Vec<_>>()
    };
    views.site.long_lists().flat_map(of_list).collect()
}
