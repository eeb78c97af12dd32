//! What a store says, in words that can be shown: no address with a signature in it, no body that repeats a key.

use std::error::Error as _;

/// Why a request failed, as far as that tells what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// There is no such bucket or container.
    NoBucket,
    /// The clock of this machine is wrong.
    Clock,
    /// The credentials have run out.
    Expired,
    /// The credentials are wrong, or there are none.
    Credentials,
    /// The credentials are right, and may not do this.
    Permission,
    /// Anything else.
    Other,
}

/// The codes by which S3, Azure and Google name each cause.
const CODES: [(Cause, &[&str]); 5] = [
    (
        Cause::NoBucket,
        &["NoSuchBucket", "ContainerNotFound", "The specified bucket does not exist", "ResourceNotFound"],
    ),
    (Cause::Clock, &["RequestTimeTooSkewed", "RequestExpired", "Request date header too old"]),
    (Cause::Expired, &["ExpiredToken", "TokenRefreshRequired", "Signature not valid in the specified time frame"]),
    (
        Cause::Credentials,
        &[
            "InvalidAccessKeyId",
            "SignatureDoesNotMatch",
            "InvalidClientTokenId",
            "InvalidToken",
            "AuthenticationFailed",
            "InvalidAuthenticationInfo",
            "NoAuthenticationInformation",
            "UnauthorizedAccess",
            "invalid_grant",
            "credential",
        ],
    ),
    (
        Cause::Permission,
        &["AccessDenied", "AuthorizationFailure", "AuthorizationPermissionMismatch", "InsufficientAccountPermissions"],
    ),
];

/// The whole chain of an error, for looking into; never shown.
fn chain(error: &object_store::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push('\n');
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}

/// What is behind an error of a store.
pub(super) fn cause(error: &object_store::Error) -> Cause {
    let text = chain(error);
    let named = CODES.iter().find(|(_, codes)| codes.iter().any(|code| text.contains(code)));
    match (named, error) {
        (Some((cause, _)), _) => *cause,
        (None, object_store::Error::Unauthenticated { .. }) => Cause::Credentials,
        (None, object_store::Error::PermissionDenied { .. }) => Cause::Permission,
        (None, _) => Cause::Other,
    }
}

/// The error in one line: the code and the message of the server where it sent them.
pub(super) fn short(error: &object_store::Error) -> String {
    let text = chain(error);
    let tag = |name: &str| {
        let (_, rest) = text.split_once(&format!("<{name}>"))?;
        let inner = rest.split_once('<')?.0.lines().next().unwrap_or_default();
        (!inner.is_empty()).then(|| inner.to_owned())
    };
    if let Some(code) = tag("Code") {
        return tag("Message").map_or(code.clone(), |message| format!("{code}: {message}"));
    }
    let words: Vec<&str> = text.lines().next().unwrap_or_default().split_whitespace().collect();
    // What follows `?` in an address may be a signature.
    let plain: Vec<&str> = words.iter().map(|word| word.split('?').next().unwrap_or(word)).collect();
    let mut line = plain.join(" ");
    if line.chars().count() > 300 {
        line = line.chars().take(300).chain("…".chars()).collect();
    }
    line
}
