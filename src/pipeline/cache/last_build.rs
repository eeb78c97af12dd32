use crate::diag::Diagnostics;
use crate::site::LeftOut;
use crate::source::{Decoder, Encoder, Hash, Store};

use super::checksum::{seal, sealed};

/// What the last build was made from, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pipeline) struct Last {
    /// Of the request and of all paths and sizes.
    pub listing: Hash,
    /// Of the bytes of all inputs but those.
    pub inputs: Hash,
    /// Of the paths of inputs that nobody reads, such as ignored ones.
    pub unread: Vec<u64>,
    /// Of all outputs.
    pub outputs: Hash,
    pub problems: Diagnostics,
    pub pages: usize,
    pub left_out: LeftOut,
}

impl Last {
    /// What the last build left, where it is whole.
    pub fn load(store: &dyn Store) -> Option<Self> {
        let bytes = store.load("last");
        let mut from = Decoder::new(sealed(bytes.as_deref())?);
        Some(Self {
            listing: from.hash()?,
            inputs: from.hash()?,
            unread: from.list(Decoder::word)?,
            outputs: from.hash()?,
            pages: from.size()?,
            left_out: LeftOut {
                drafts: from.size()?,
                future: from.size()?,
                expired: from.size()?,
                temporary: from.size()?,
                known: from.size()?,
            },
            problems: Diagnostics::decode(None, &mut from)?,
        })
    }

    /// It as bytes, sealed.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Encoder::default();
        out.hash(&self.listing);
        out.hash(&self.inputs);
        out.list(self.unread.iter(), |out, word| out.word(*word));
        out.hash(&self.outputs);
        let LeftOut { drafts, future, expired, temporary, known } = self.left_out;
        [self.pages, drafts, future, expired, temporary, known].into_iter().for_each(|count| out.size(count));
        self.problems.encode(None, &mut out);
        seal(&[&out.bytes])
    }
}
