//! Bytes as an HTTP response (RFC 9110): validators, ranges, heads.

use std::ops::Range;
use std::sync::Arc;

use axum::body::Body;
use axum::http::header::{
    ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderName, IF_NONE_MATCH, IF_RANGE, RANGE,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;

use crate::source::Hash;

/// What is answered.
pub(super) struct Content {
    pub bytes: Arc<[u8]>,
    /// Of the bytes; it makes the validator.
    pub hash: Hash,
    pub kind: std::borrow::Cow<'static, str>,
}

/// The response for a request with these headers.
pub(super) fn content(status: StatusCode, content: Content, method: &Method, asked: &HeaderMap) -> Response {
    let Content { bytes, hash, kind } = content;
    let tag = format!("\"{}\"", hash.short());
    let mut response = Response::new(Body::empty());
    set(&mut response, ETAG, &tag);
    set(&mut response, CONTENT_TYPE, &kind);
    set(&mut response, ACCEPT_RANGES, "bytes");
    if text(asked, &IF_NONE_MATCH).is_some_and(|known| matches(known, &tag)) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        return response;
    }
    let len = bytes.len();
    let same = text(asked, &IF_RANGE).is_none_or(|known| known == tag);
    let range = text(asked, &RANGE).filter(|_| same && status == StatusCode::OK);
    let part = match range.map_or(Wanted::All, |range| wanted(range, len)) {
        Wanted::All => {
            *response.status_mut() = status;
            0..len
        }
        Wanted::Part(range) => {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            set(&mut response, CONTENT_RANGE, &format!("bytes {}-{}/{len}", range.start, range.end - 1));
            range
        }
        Wanted::Outside => {
            *response.status_mut() = StatusCode::RANGE_NOT_SATISFIABLE;
            set(&mut response, CONTENT_RANGE, &format!("bytes */{len}"));
            0..0
        }
    };
    set(&mut response, CONTENT_LENGTH, &part.len().to_string());
    if method != Method::HEAD {
        *response.body_mut() = Body::from(bytes.get(part).unwrap_or_default().to_vec());
    }
    response
}

/// What of the bytes is asked for.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    /// All: also for several ranges, and for units that we do not know.
    All,
    Part(Range<usize>),
    /// A part that is not there.
    Outside,
}

fn wanted(range: &str, len: usize) -> Wanted {
    let number = |text: &str| text.trim().parse::<usize>().ok();
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Wanted::All;
    };
    let range = match (first.trim(), number(first), last.trim(), number(last)) {
        ("", _, _, Some(count)) => len.saturating_sub(count)..len,
        (_, Some(first), "", _) => first..len,
        (_, Some(first), _, Some(last)) if first <= last => first..last.saturating_add(1).min(len),
        _ => return Wanted::All,
    };
    if range.start < range.end { Wanted::Part(range) } else { Wanted::Outside }
}

fn matches(known: &str, tag: &str) -> bool {
    known.split(',').map(str::trim).any(|known| known == "*" || known.trim_start_matches("W/") == tag)
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn set(response: &mut Response, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// Escapes text for HTML, in content and in quoted attributes.
pub(super) fn escape(text: &str, out: &mut String) {
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            char => out.push(char),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        assert_eq!(wanted("bytes=0-3", 10), Wanted::Part(0..4));
        assert_eq!(wanted("bytes=8-99", 10), Wanted::Part(8..10));
        assert_eq!(wanted("bytes=8-", 10), Wanted::Part(8..10));
        assert_eq!(wanted("bytes=-3", 10), Wanted::Part(7..10));
        assert_eq!(wanted("bytes=-99", 10), Wanted::Part(0..10));
        assert_eq!(wanted("bytes=10-", 10), Wanted::Outside);
        assert_eq!(wanted("bytes=-0", 10), Wanted::Outside);
        for odd in ["bytes=3-2", "bytes=0-1,3-4", "lines=1-2", "bytes=x-", "bytes=99999999999999999999-"] {
            assert_eq!(wanted(odd, 10), Wanted::All, "{odd}");
        }
    }
}
