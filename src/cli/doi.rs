//! Looks up the entry of a DOI at the agency that registered it, by content negotiation.

use crate::bibliography::Entry;

use super::say_err;

/// The entry of a DOI.
#[cfg(feature = "external")]
pub(super) fn look_up(doi: &str, resolver: &str) -> Result<Entry, u8> {
    let answer = ask(doi, resolver);
    let read = answer.and_then(|answer| {
        crate::bibliography::read_doi(&answer, doi)
            .map_err(|faults| faults.into_iter().map(|fault| fault.message).collect::<Vec<_>>().join("; "))
    });
    read.map_err(|message| {
        say_err(&format!(
            "error: cannot look up the DOI `{doi}`: {}; nothing was written\n",
            message.replace(char::is_control, " ")
        ));
        super::INPUT_ERRORS
    })
}

/// The answer of the resolver, of which the first mebibyte is the most that is read.
#[cfg(feature = "external")]
fn ask(doi: &str, resolver: &str) -> Result<String, String> {
    const LIMIT: u64 = 1 << 20;
    let url = format!("{}/{}", resolver.trim_end_matches('/'), crate::bibliography::doi_path(doi));
    let request = super::external::agent().get(&url).header("Accept", "application/vnd.citationstyles.csl+json");
    let mut answer = request.call().map_err(|error| error.to_string())?;
    match answer.status().as_u16() {
        200 => answer.body_mut().with_config().limit(LIMIT).read_to_string().map_err(|error| error.to_string()),
        404 => Err("it is not registered".to_owned()),
        406 => Err("its registry has no CSL-JSON for it".to_owned()),
        status => Err(format!("the resolver answers {status}")),
    }
}

/// Reports that this program cannot look up DOIs, and what can.
#[cfg(not(feature = "external"))]
pub(super) fn look_up(doi: &str, resolver: &str) -> Result<Entry, u8> {
    let code = super::without_feature("external");
    let url = format!("{resolver}/{}", crate::bibliography::doi_path(doi));
    say_err("help: or let another program ask:\n");
    say_err(&format!(
        "    curl -LsSf -H 'Accept: application/vnd.citationstyles.csl+json' '{url}' | dossier new source ID --from -\n"
    ));
    Err(code)
}
