//! Texts that come compressed as well: `page.html.br` and `page.html.gz` beside `page.html`, for servers that give such
//! files out in the place of the first.

use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use brotli::enc::BrotliEncoderParams;
use brotli::enc::backward_references::BrotliEncoderMode;
use flate2::Compression;
use flate2::write::GzEncoder;
use rustc_hash::FxHashMap;

use crate::diag::Diagnostic;
use crate::render::HOST_FILES;
use crate::site::Files;
use crate::source::{CODINGS, Decoder, Encoder, Hash, Output, Outputs, Role, Sink, SitePath, Span};

use super::cache::Cache;

/// What the store calls the list of what is known.
const KEPT: &str = "compressed";
/// Files that gain by it; pictures, fonts and archives are compressed in themselves.
const TEXTS: [&str; 15] =
    ["css", "csv", "htm", "html", "ics", "js", "json", "map", "md", "mjs", "svg", "txt", "webmanifest", "xml", "yaml"];
/// Up to here no effort is spared, which takes Brotli about a second for each five of such files.
const SMALL: usize = 1 << 20;
/// Beyond this a file is left alone: it is held in memory whole.
const MOST: u64 = 64 << 20;

/// The compressed forms of some bytes, in the order of [`CODINGS`]; nothing where one is not smaller.
type Forms = [Option<(Hash, u64)>; 2];

/// Compresses, and remembers by their hash what bytes come to, so that the same is never compressed twice.
pub(super) struct Compressor {
    known: FxHashMap<Hash, Forms>,
    used: Mutex<FxHashMap<Hash, Forms>>,
}

impl Compressor {
    /// A compressor that knows what earlier builds found out.
    pub fn open(cache: Option<&Cache>) -> Self {
        let known = cache.and_then(|cache| cache.beside(KEPT)).and_then(|bytes| decode(&bytes)).unwrap_or_default();
        Self { known, used: Mutex::default() }
    }

    /// Whether this output comes compressed as well.
    pub fn wants(path: &SitePath, len: u64) -> bool {
        let is_text = TEXTS.iter().any(|text| path.extension().eq_ignore_ascii_case(text));
        is_text && len <= MOST && !HOST_FILES.contains(&path.as_str())
    }

    /// The compressed forms of an output with this hash, where the sink has them already. `is_free` tells where nothing
    /// else will stand.
    pub fn held(
        &self,
        path: &SitePath,
        hash: &Hash,
        sink: &dyn Sink,
        is_free: &dyn Fn(&SitePath) -> bool,
    ) -> Option<Vec<(SitePath, Output)>> {
        let forms = self.known.get(hash)?;
        let outputs: Vec<_> = outputs(path, forms).into_iter().flatten().filter(|(path, _)| is_free(path)).collect();
        if !outputs.iter().all(|(path, output)| sink.holds(path, &output.hash, output.len)) {
            return None;
        }
        self.note(hash, forms);
        Some(outputs)
    }

    /// Compresses an output and gives the sink what is smaller.
    ///
    /// # Errors
    /// What the sink says.
    pub fn put(
        &self,
        path: &SitePath,
        hash: &Hash,
        bytes: &[u8],
        sink: &dyn Sink,
        is_free: &dyn Fn(&SitePath) -> bool,
    ) -> io::Result<Vec<(SitePath, Output)>> {
        let made = [brotli(bytes), gzip(bytes)?].map(|made| Some(made).filter(|made| made.len() < bytes.len()));
        let forms = made.each_ref().map(|made| made.as_ref().map(|made| (Hash::of(made), made.len() as u64)));
        self.note(hash, &forms);
        let mut given = Vec::new();
        for (output, made) in outputs(path, &forms).into_iter().zip(&made) {
            if let Some(((path, output), made)) = output.zip(made.as_ref()).filter(|((path, _), _)| is_free(path)) {
                sink.put(&path, made)?;
                given.push((path, output));
            }
        }
        Ok(given)
    }

    /// Leaves for the next build what this one knows of its outputs.
    ///
    /// # Errors
    /// What the store says.
    pub fn save(&self, cache: &Cache) -> io::Result<()> {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        if *used == self.known { Ok(()) } else { cache.keep_beside(KEPT, &encode(&used)) }
    }

    fn note(&self, hash: &Hash, forms: &Forms) {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).insert(*hash, *forms);
    }
}

/// The files of the content that servers would give out in the place of an output that is made: `index.html.gz`.
pub(super) fn shadowing(files: &Files, outputs: &Outputs) -> Vec<Diagnostic> {
    let shadowed = |file: &SitePath| {
        let below = file.below("content")?;
        let (shadowed, coding) = below.rsplit_once('.')?;
        let is_compressed = ["br", "gz", "zst"].contains(&coding);
        let is_made = |path: &SitePath| {
            let own = ["content", "static"].map(|folder| SitePath::new(&format!("{folder}/{path}")));
            let [content, fixed] = own.map(|own| own.ok());
            outputs.contains_key(path)
                && !content.is_some_and(|path| files.content.contains(&path))
                && !fixed.is_some_and(|path| files.fixed.contains(&path))
        };
        (is_compressed && is_made(&SitePath::new(shadowed).ok()?)).then(|| {
            let message = format!("servers may give out `{file}` in the place of `{shadowed}`");
            Diagnostic::new("address-twice", Span::file(file), message).hint("give the file another name")
        })
    };
    files.content.iter().filter_map(shadowed).collect()
}

/// The outputs that forms become.
fn outputs(path: &SitePath, forms: &Forms) -> [Option<(SitePath, Output)>; 2] {
    let output = |coding: &str, form: Option<(Hash, u64)>| {
        let (hash, len) = form?;
        let path = SitePath::new(&format!("{path}.{coding}")).ok()?;
        Some((path, Output { hash, len, role: Role::Compressed }))
    };
    let ([br, gz], [brotli, gzip]) = (CODINGS, *forms);
    [output(br, brotli), output(gz, gzip)]
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let params = BrotliEncoderParams {
        quality: if bytes.len() <= SMALL { 11 } else { 9 },
        size_hint: bytes.len(),
        mode: BrotliEncoderMode::BROTLI_MODE_TEXT,
        ..BrotliEncoderParams::default()
    };
    let mut made = Vec::new();
    match brotli::BrotliCompress(&mut &*bytes, &mut made, &params) {
        Ok(_) => made,
        // From memory into memory nothing fails; if it did, the form would be absent.
        Err(_) => bytes.to_vec(),
    }
}

/// The head has neither a time nor a name: the same bytes always come to the same.
fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn encode(known: &FxHashMap<Hash, Forms>) -> Vec<u8> {
    let mut all: Vec<(&Hash, &Forms)> = known.iter().collect();
    all.sort_by_key(|(hash, _)| hash.bytes());
    let mut out = Encoder::default();
    out.list(all.into_iter(), |out, (hash, forms)| {
        out.hash(hash);
        for form in forms {
            out.option(form.as_ref(), |out, (hash, len)| {
                out.hash(hash);
                out.number(*len);
            });
        }
    });
    out.bytes
}

fn decode(bytes: &[u8]) -> Option<FxHashMap<Hash, Forms>> {
    let mut from = Decoder::new(bytes);
    let form = |from: &mut Decoder<'_>| from.option(|from| Some((from.hash()?, from.number()?)));
    let all: Vec<(Hash, Forms)> = from.list(|from| Some((from.hash()?, [form(from)?, form(from)?])))?;
    Some(all.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Memory;

    #[test]
    fn both_forms_are_smaller_the_same_every_time_and_come_back() {
        let text = "Every claim has a source. ".repeat(50);
        let path = SitePath::new("a.html").expect("a path");
        let (compressor, sink) = (Compressor::open(None), Memory::default());
        let hash = Hash::of(text.as_bytes());
        let made = compressor.put(&path, &hash, text.as_bytes(), &sink, &|_| true).expect("memory takes all");
        let names: Vec<&str> = made.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(names, ["a.html.br", "a.html.gz"]);
        let files = sink.snapshot();
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut &*files[&made[0].0], &mut back).expect("it is Brotli");
        assert_eq!(back, text.as_bytes());
        let mut back = String::new();
        io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&*files[&made[1].0]), &mut back)
            .expect("it is gzip");
        assert_eq!(back, text);
        assert_eq!(files[&made[1].0][4..8], [0; 4], "no time");
        let again = compressor.put(&path, &hash, text.as_bytes(), &Memory::default(), &|_| true).expect("again");
        assert_eq!(again, made);
        let known = Compressor {
            known: decode(&encode(&compressor.used.lock().expect("one thread"))).expect("whole"),
            used: Mutex::default(),
        };
        assert_eq!(known.held(&path, &hash, &sink, &|_| true), Some(made));
        assert_eq!(known.held(&path, &hash, &Memory::default(), &|_| true), None, "known, and not there");
        assert_eq!(known.held(&path, &Hash::of(b"other"), &sink, &|_| true), None, "not known");
    }

    #[test]
    fn what_would_grow_or_is_taken_stays_out() {
        let (compressor, sink) = (Compressor::open(None), Memory::default());
        let path = SitePath::new("a.txt").expect("a path");
        let put = |bytes: &[u8], free: bool| compressor.put(&path, &Hash::of(bytes), bytes, &sink, &|_| free);
        assert_eq!(put(b"x", true).expect("nothing"), []);
        assert_eq!(put("abc".repeat(99).as_bytes(), false).expect("nothing"), []);
        assert!(sink.snapshot().is_empty());
        let wants = |path: &str, len| Compressor::wants(&SitePath::new(path).expect("a path"), len);
        assert!(wants("a/B.HTML", 9) && wants("feed.xml", MOST));
        assert!(!wants("a.png", 9) && !wants("a.html.br", 9) && !wants("a.csv", MOST + 1) && !wants("_headers", 9));
        assert!(!wants("staticwebapp.config.json", 9), "a host reads it, no browser does");
    }
}
