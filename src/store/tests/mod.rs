//! Publishing into a store in memory, request by request, and into a folder.

mod counting;
mod protocol;

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::TryStreamExt;
use object_store::{GetOptions, ObjectStore};

use super::{Bucket, ObjectMetadata, Objects, Options, Published, Session, StoreError, StoreErrors, objects};
use crate::source::{Hash, Memory, Output, Outputs, Role, SitePath, media_type};
use counting::Counting;

/// A site written as `name=content` words; `.css` is fingerprinted, `.xml` is data, `.gz` is compressed.
pub fn site(text: &str) -> (Memory, Outputs) {
    let (memory, mut outputs) = (Memory::default(), Outputs::new());
    for word in text.split_whitespace() {
        let (name, content) = word.split_once('=').unwrap_or((word, word));
        let path = SitePath::new(name).unwrap();
        let role = match path.extension() {
            _ if name == "index.html" => Role::Home,
            "html" => Role::Page,
            "css" => Role::Fingerprinted,
            "gz" => Role::Compressed,
            "xml" => Role::Data,
            _ => Role::Asset,
        };
        let output = Output { hash: Hash::of(content.as_bytes()), len: content.len() as u64, role };
        memory.insert(path.clone(), content.as_bytes().to_vec());
        outputs.insert(path, output);
    }
    (memory, outputs)
}

pub fn objects_with(outputs: &Outputs, coding: Option<&'static str>) -> Objects {
    let metadata = ObjectMetadata {
        coding,
        media_type: &|path| media_type(path).into_owned(),
        cache_control: &|_, role| if role == Role::Fingerprinted { "immutable" } else { "no-cache" }.to_owned(),
    };
    objects(outputs, &metadata)
}

pub fn options(run: &str) -> Options {
    Options {
        site: "deal".to_owned(),
        run: run.to_owned(),
        ended: None,
        by: format!("{run}@here"),
        now: 0,
        max_deletes: 256,
        jobs: 4,
        take_over: false,
        replace_site: false,
        repair: false,
    }
}

/// Publishes a site as this run, and returns problems as text.
pub async fn publish(store: &Arc<Counting>, text: &str, options: Options) -> Result<Published, String> {
    let (files, outputs) = site(text);
    let bucket = Bucket::new(store.clone(), "s3://bucket", "", true);
    let objects = objects_with(&outputs, Some("gz"));
    let words =
        |faults: StoreErrors| faults.iter().map(|fault| format!("{}: {fault}\n", fault.code())).collect::<String>();
    let session = Session::begin(&bucket, &objects, options).await.map_err(|fault: StoreError| words(vec![fault]))?;
    session.publish(&files, &|_| {}).await.map_err(words)
}

/// All objects that readers can request.
pub async fn all(store: &dyn ObjectStore) -> BTreeMap<String, String> {
    let listed: Vec<_> = store.list(None).try_collect().await.unwrap();
    let mut all = BTreeMap::new();
    for meta in listed.into_iter().filter(|meta| !meta.location.as_ref().contains(".dossier")) {
        let bytes = store.get_opts(&meta.location, GetOptions::default()).await.unwrap().bytes().await.unwrap();
        all.insert(meta.location.to_string(), String::from_utf8(bytes.to_vec()).unwrap());
    }
    all
}

pub fn expected(text: &str) -> BTreeMap<String, String> {
    let (files, outputs) = site(text);
    let objects = objects_with(&outputs, Some("gz"));
    objects.iter().map(|(path, object)| (path.to_string(), files.text(object.file.as_str()).unwrap())).collect()
}
