use std::collections::BTreeMap;

use crate::source::{Hash, Output, Outputs, Role, SitePath};

/// What an object shall be: a file of the build under headers of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// The file whose bytes it holds: the one of its own path, or a compressed form of it.
    pub file: SitePath,
    /// That file.
    pub output: Output,
    /// `Content-Type`.
    pub media_type: String,
    /// `Cache-Control`.
    pub cache_control: String,
    /// `Content-Encoding`, where the file is a compressed form.
    pub coding: Option<&'static str>,
}

/// All objects, by path.
pub type Objects = BTreeMap<SitePath, Object>;

/// How files become objects.
pub struct ObjectMetadata<'a> {
    /// The extension of the compressed forms, `br` or `gz`, that stand in for what they are made from, since a bucket
    /// gives out one form to everybody. Where none is named, compressed forms stay at home.
    pub coding: Option<&'static str>,
    /// The media type of a path.
    pub media_type: &'a dyn Fn(&SitePath) -> String,
    /// How long a path may be kept by caches.
    pub cache_control: &'a dyn Fn(&SitePath, Role) -> String,
}

/// What shall be in the bucket, where these outputs are built.
pub fn objects(outputs: &Outputs, dress: &ObjectMetadata<'_>) -> Objects {
    let originals = outputs.iter().filter(|(_, output)| output.role != Role::Compressed);
    originals
        .map(|(path, output)| {
            let compressed = dress.coding.and_then(|coding| {
                let twin = SitePath::new(&format!("{path}.{coding}")).ok()?;
                let found = outputs.get(&twin).filter(|found| found.role == Role::Compressed)?;
                Some((twin, Output { role: output.role, ..found.clone() }))
            });
            let coding =
                compressed.as_ref().and(dress.coding).map(|coding| if coding == "gz" { "gzip" } else { coding });
            let (file, stored) = compressed.unwrap_or_else(|| (path.clone(), output.clone()));
            let object = Object {
                file,
                output: stored,
                media_type: (dress.media_type)(path),
                cache_control: (dress.cache_control)(path, output.role),
                coding,
            };
            (path.clone(), object)
        })
        .collect()
}

impl Object {
    /// What tells this object from others at its path. Where headers are kept they count as well, so that an object is
    /// written again when they change.
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
