//! Error texts of a store that are safe to show: without signed addresses, and without response bodies that repeat a
//! key.

use std::error::Error as _;

/// Why a request failed, as far as it matters for the hint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// There is no such bucket or container.
    NoBucket,
    /// The clock of this machine is wrong.
    Clock,
    /// The credentials have expired.
    Expired,
    /// The credentials are wrong or missing.
    Credentials,
    /// The credentials are correct, but lack a permission.
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
            // Only machines of that cloud have these.
            "169.254.169.254",
            "metadata.google.internal",
        ],
    ),
    (
        Cause::Permission,
        &["AccessDenied", "AuthorizationFailure", "AuthorizationPermissionMismatch", "InsufficientAccountPermissions"],
    ),
];

/// The whole chain of an error, for classification only; never shown.
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

/// The source of a store's error.
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

/// The problem with the environment, if a store cannot even be configured. The client's own text is not shown: it can
/// repeat the value of a variable.
const SETUP: [(&str, &str); 9] = [
    ("Account must be specified", "`AZURE_STORAGE_ACCOUNT_NAME` is not set"),
    ("Missing AccessKeyId", "`AWS_SECRET_ACCESS_KEY` is set, and `AWS_ACCESS_KEY_ID` is not"),
    ("Missing SecretAccessKey", "`AWS_ACCESS_KEY_ID` is set, and `AWS_SECRET_ACCESS_KEY` is not"),
    ("Invalid Access Key", "`AZURE_STORAGE_ACCOUNT_KEY` is not base64"),
    ("SAS", "`AZURE_STORAGE_SAS_KEY` is not a shared access signature"),
    ("Unable to open service account file", "the file that `GOOGLE_APPLICATION_CREDENTIALS` names cannot be read"),
    ("Unable to decode service account file", "the Google credentials in the environment are not in Google's format"),
    ("pem", "the private key of the Google service account cannot be read as one"),
    ("as boolean", "a variable that must be `true` or `false` is neither, such as `AWS_ALLOW_HTTP`"),
];

/// Why a store cannot be configured from the environment.
pub(super) fn configuration_error(error: &object_store::Error) -> &'static str {
    let text = chain(error);
    let known = SETUP.iter().find(|(sign, _)| text.contains(sign));
    known.map_or("a variable of this store has a value that cannot be used", |(_, words)| words)
}

/// The error in one line: the code and the message of the server, if it sent them.
pub(super) fn summary(error: &object_store::Error) -> String {
    let text = chain(error);
    let tag = |name: &str| {
        let (_, rest) = text.split_once(&format!("<{name}>"))?;
        let inner = rest.split_once('<')?.0.lines().next().unwrap_or_default();
        (!inner.is_empty()).then(|| inner.to_owned())
    };
    if let Some(code) = tag("Code") {
        return tag("Message").map_or(code.clone(), |message| format!("{code}: {message}"));
    }
    if ["169.254.169.254", "metadata.google.internal"].iter().any(|machine| text.contains(machine)) {
        return "there are no credentials in the environment, and this machine has none of its own".to_owned();
    }
    if text.contains("builder error") {
        return "the server is not reached by `https`, which `AWS_ALLOW_HTTP=true` or `AZURE_ALLOW_HTTP=true` would allow"
            .to_owned();
    }
    let words: Vec<&str> = text.lines().next().unwrap_or_default().split_whitespace().collect();
    // The query of an address may be a signature.
    let plain: Vec<&str> = words.iter().map(|word| word.split('?').next().unwrap_or(word)).collect();
    let mut line = plain.join(" ");
    if line.chars().count() > 300 {
        line = line.chars().take(300).chain("…".chars()).collect();
    }
    line
}

#[cfg(test)]
mod tests {
    use object_store::Error;

    use super::{Cause, cause, configuration_error, summary};

    fn generic(text: &str) -> Error {
        Error::Generic { store: "S3", source: text.to_owned().into() }
    }

    #[test]
    fn a_server_error_is_shown_without_secrets() {
        let body = "Server returned non-2xx status code: 403 Forbidden: <Error><Code>InvalidAccessKeyId</Code>\
                    <Message>The key does not exist.</Message><AWSAccessKeyId>AKIASECRET</AWSAccessKeyId></Error>";
        assert_eq!(summary(&generic(body)), "InvalidAccessKeyId: The key does not exist.");
        assert_eq!(cause(&generic(body)), Cause::Credentials);
        let signed = "Error performing GET http://host/site/a.html?sig=SECRET&se=1 - HTTP error: timeout";
        assert_eq!(
            summary(&generic(signed)),
            "Generic S3 error: Error performing GET http://host/site/a.html - HTTP error: timeout"
        );
    }

    #[test]
    fn an_invalid_variable_is_named_without_its_value() {
        let repeated = "Unable to decode service account file: invalid type: string \"SECRET\"";
        assert!(configuration_error(&generic(repeated)).contains("Google credentials"));
        assert!(!configuration_error(&generic("failed to parse SECRET as number")).contains("SECRET"));
    }

    #[test]
    fn without_credentials_the_hint_is_to_set_them() {
        let asked = generic("Error performing PUT http://169.254.169.254/latest/api/token in 1 s");
        assert_eq!(cause(&asked), Cause::Credentials);
        assert!(summary(&asked).starts_with("there are no credentials in the environment"));
    }
}
