//! Bytes that tell which program wrote them, and whether they are whole.

use crate::source::Hash;

/// The program that may read what this one wrote: itself.
const PROGRAM: &str = concat!("dossier cache 1 ", env!("DOSSIER_PROGRAM"), "\n");

/// What was written under this program's name and came back whole.
pub(super) fn sealed(bytes: Option<&[u8]>) -> Option<&[u8]> {
    let (body, seal) = bytes?.split_last_chunk::<32>()?;
    let body = body.strip_prefix(PROGRAM.as_bytes())?;
    (Hash::of(body).bytes() == seal).then_some(body)
}

/// `body` as [`sealed`] reads it.
pub(super) fn seal(body: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(PROGRAM.len() + body.iter().map(|part| part.len()).sum::<usize>() + 32);
    [&[PROGRAM.as_bytes()], body].concat().into_iter().for_each(|part| bytes.extend_from_slice(part));
    let hash = Hash::of(bytes.get(PROGRAM.len()..).unwrap_or_default());
    bytes.extend_from_slice(hash.bytes());
    bytes
}
