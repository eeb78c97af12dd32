use std::collections::BTreeMap;

use crate::source::{Hash, Output, Outputs, Role, SitePath};

/// An object to publish: a file of the build with its headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// The file with its bytes: the one at its own path, or a compressed version of it.
    pub file: SitePath,
    /// That file.
    pub output: Output,
    /// `Content-Type`.
    pub media_type: String,
    /// `Cache-Control`.
    pub cache_control: String,
    /// `Content-Encoding`, if the file is compressed.
    pub coding: Option<&'static str>,
}

/// All objects, by path.
pub type Objects = BTreeMap<SitePath, Object>;

/// How files become objects.
pub struct ObjectMetadata<'a> {
    /// The extension of the compressed files, `br` or `gz`, that replace their originals, since a bucket serves the
    /// same bytes to all clients. If it is empty, compressed files are not uploaded.
    pub coding: Option<&'static str>,
    /// The media type of a path.
    pub media_type: &'a dyn Fn(&SitePath) -> String,
    /// The `Cache-Control` of a path.
    pub cache_control: &'a dyn Fn(&SitePath, Role) -> String,
}

/// The objects to publish, for these outputs.
pub fn objects(outputs: &Outputs, metadata: &ObjectMetadata<'_>) -> Objects {
    let originals = outputs.iter().filter(|(_, output)| output.role != Role::Compressed);
    originals
        .map(|(path, output)| {
            let compressed = metadata.coding.and_then(|coding| {
                let twin = SitePath::new(&format!("{path}.{coding}")).ok()?;
                let found = outputs.get(&twin).filter(|found| found.role == Role::Compressed)?;
                Some((twin, Output { role: output.role, ..found.clone() }))
            });
            let coding =
                compressed.as_ref().and(metadata.coding).map(|coding| if coding == "gz" { "gzip" } else { coding });
            let (file, stored) = compressed.unwrap_or_else(|| (path.clone(), output.clone()));
            let object = Object {
                file,
                output: stored,
                media_type: (metadata.media_type)(path),
                cache_control: (metadata.cache_control)(path, output.role),
                coding,
            };
            (path.clone(), object)
        })
        .collect()
}

impl Object {
    /// The identity of this object. If the store keeps headers, they are part of it, so that an object is written again
    /// when they change.
    pub fn identity(&self, with_headers: bool) -> Output {
        let Output { hash, len, role } = self.output;
        if !with_headers {
            return Output { hash, len, role };
        }
        let (coding, media_type, cache_control) =
            (self.coding.unwrap_or_default(), &self.media_type, &self.cache_control);
        let text = format!("{}\n{media_type}\n{cache_control}\n{coding}", hash.hex());
        Output { hash: Hash::of(text.as_bytes()), len, role }
    }
}
