//! Content as an HTTP response (RFC 9110): validators, ranges, `HEAD`. It is sent in pieces, so that a response of any
//! size needs the memory of one piece.

use std::borrow::Cow;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH, IF_RANGE, RANGE,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use futures_util::stream::try_unfold;

use crate::disk::File;
use crate::source::Hash;

/// The size of a piece, in bytes.
const PIECE: u64 = 64 << 10;

/// The content of a response.
pub(super) struct Content {
    pub source: Source,
    /// The identity of the content, which becomes the validator; it differs for other content at the same address.
    pub hash: Hash,
    pub kind: Cow<'static, str>,
}

/// The source of the bytes.
pub(super) enum Source {
    /// Consecutive pieces in memory.
    Memory(Vec<Bytes>),
    /// An open file of this length.
    File(File, u64),
}

impl Source {
    fn len(&self) -> u64 {
        match self {
            Self::Memory(parts) => parts.iter().map(|part| part.len() as u64).sum(),
            Self::File(_, len) => *len,
        }
    }

    /// The next bytes of a non-empty range.
    fn read(&mut self, range: &Range<u64>) -> io::Result<Bytes> {
        let len = PIECE.min(range.end - range.start);
        match self {
            Self::Memory(parts) => {
                let mut start = range.start as usize;
                for part in parts {
                    if start < part.len() {
                        return Ok(part.slice(start..part.len().min(start + len as usize)));
                    }
                    start -= part.len();
                }
                Err(io::ErrorKind::UnexpectedEof.into())
            }
            Self::File(file, _) => {
                file.seek(SeekFrom::Start(range.start))?;
                let mut bytes = Vec::with_capacity(len as usize);
                file.take(len).read_to_end(&mut bytes)?;
                // The file was truncated meanwhile.
                if bytes.is_empty() { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(bytes.into()) }
            }
        }
    }

    /// A range of it as the body of a response.
    fn body(self, range: Range<u64>) -> Body {
        Body::from_stream(try_unfold((self, range), async |(mut source, range)| {
            if range.is_empty() {
                return Ok(None);
            }
            let waits = matches!(source, Source::File(..));
            let read = move || source.read(&range).map(|bytes| (bytes, source, range));
            let (bytes, source, range) = if waits { tokio::task::spawn_blocking(read).await?? } else { read()? };
            let rest = range.start + bytes.len() as u64..range.end;
            Ok::<_, io::Error>(Some((bytes, (source, rest))))
        }))
    }
}

/// The response for a request with these headers.
pub(super) fn content(status: StatusCode, content: Content, method: &Method, request: &HeaderMap) -> Response {
    let Content { source, hash, kind } = content;
    let tag = format!("\"{}\"", hash.short());
    let mut response = Response::new(Body::empty());
    set_header(&mut response, ETAG, &tag);
    set_header(&mut response, CONTENT_TYPE, &kind);
    set_header(&mut response, ACCEPT_RANGES, "bytes");
    if header(request, &IF_NONE_MATCH).is_some_and(|known| matches_etag(known, &tag)) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    let len = source.len();
    let same = header(request, &IF_RANGE).is_none_or(|known| known == tag);
    let range = header(request, &RANGE).filter(|_| same && status == StatusCode::OK);
    let range = match range.map_or(RequestedRange::All, |range| parse_range(range, len)) {
        RequestedRange::All => {
            *response.status_mut() = status;
            0..len
        }
        RequestedRange::Part(range) => {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            set_header(&mut response, CONTENT_RANGE, &format!("bytes {}-{}/{len}", range.start, range.end - 1));
            range
        }
        RequestedRange::Outside => {
            *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            set_header(&mut response, CONTENT_RANGE, &format!("bytes */{len}"));
            0..0
        }
    };
    set_header(&mut response, CONTENT_LENGTH, &(range.end - range.start).to_string());
    if method != Method::HEAD {
        *response.body_mut() = source.body(range);
    }
    response
}

/// The requested part of the bytes.
#[derive(Debug, PartialEq, Eq)]
enum RequestedRange {
    /// All bytes: also for several ranges, and for unknown units.
    All,
    Part(Range<u64>),
    /// A part outside of the content.
    Outside,
}

fn parse_range(range: &str, len: u64) -> RequestedRange {
    let number = |text: &str| text.trim().parse::<u64>().ok();
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return RequestedRange::All;
    };
    let range = match (first.trim(), number(first), last.trim(), number(last)) {
        ("", _, _, Some(count)) => len.saturating_sub(count)..len,
        (_, Some(first), "", _) => first..len,
        (_, Some(first), _, Some(last)) if first <= last => first..last.saturating_add(1).min(len),
        _ => return RequestedRange::All,
    };
    if range.start < range.end { RequestedRange::Part(range) } else { RequestedRange::Outside }
}

fn matches_etag(known: &str, tag: &str) -> bool {
    known.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}

fn header<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn set_header(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use axum::body::HttpBody;

    use super::*;

    #[test]
    fn ranges() {
        assert_eq!(parse_range("bytes=0-3", 10), RequestedRange::Part(0..4));
        assert_eq!(parse_range("bytes=8-99", 10), RequestedRange::Part(8..10));
        assert_eq!(parse_range("bytes=8-", 10), RequestedRange::Part(8..10));
        assert_eq!(parse_range("bytes=-3", 10), RequestedRange::Part(7..10));
        assert_eq!(parse_range("bytes=-99", 10), RequestedRange::Part(0..10));
        assert_eq!(parse_range("bytes=10-", 10), RequestedRange::Outside);
        assert_eq!(parse_range("bytes=-0", 10), RequestedRange::Outside);
        for odd in ["bytes=3-2", "bytes=0-1,3-4", "lines=1-2", "bytes=x-", "bytes=99999999999999999999-"] {
            assert_eq!(parse_range(odd, 10), RequestedRange::All, "{odd}");
        }
    }

    /// The pieces in which a range is sent.
    async fn pieces(source: Source, range: Range<u64>) -> Vec<Vec<u8>> {
        let mut body = source.body(range);
        let mut pieces = Vec::new();
        while let Some(frame) = std::future::poll_fn(|context| std::pin::Pin::new(&mut body).poll_frame(context)).await
        {
            pieces.push(frame.expect("a piece").into_data().expect("bytes").to_vec());
        }
        pieces
    }

    #[tokio::test]
    async fn a_range_from_memory_and_from_a_file_is_the_same() {
        let bytes: Vec<u8> = (0..300_000_u32).map(|number| number as u8 ^ (number >> 8) as u8).collect();
        let mut file = tempfile::tempfile().expect("a file");
        io::Write::write_all(&mut file, &bytes).expect("its bytes");
        for range in [0..300_000, 5..6, 69_999..70_011, 299_999..300_000, 100..100] {
            let memory = [&bytes[..70_000], &bytes[70_000..70_010], &bytes[70_010..]];
            let memory = Source::Memory(memory.into_iter().map(Bytes::copy_from_slice).collect());
            let file = Source::File(file.try_clone().expect("the file"), 300_000);
            for source in [memory, file] {
                let pieces = pieces(source, range.clone()).await;
                assert!(pieces.iter().all(|piece| piece.len() as u64 <= PIECE));
                assert_eq!(pieces.concat(), bytes[range.start as usize..range.end as usize]);
            }
        }
        let short = Source::File(file, 400_000);
        let body = axum::body::to_bytes(short.body(0..400_000), usize::MAX).await;
        assert!(body.is_err(), "a file that has become shorter ends the answer");
    }
}
