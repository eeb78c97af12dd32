//! The way from inputs to a snapshot, from nothing or from the snapshot before.

use std::borrow::Cow;
use std::sync::Arc;

use crate::config::Config;
use crate::diag::Diagnostics;
use crate::evidence::track;
use crate::pipeline::cache::Cache;
use crate::pipeline::inputs::{self, Inputs};
use crate::pipeline::name_rules::NameRules;
use crate::pipeline::parsed::{Keep, Parser};
use crate::pipeline::theme::Themed;
use crate::pipeline::timings::Timer;
use crate::pipeline::{Progress, Request};
use crate::source::{Files, Listing, SitePath};

use super::checks::ProseRules;
use super::{Found, Snapshot, Touched};

/// Reads, parses, links and checks. `None` where nothing can be linked; the problems say why.
///
/// # Errors
/// The problems for which nothing can be linked: there is no configuration, or none that can be read.
pub fn prepare(
    files: &dyn Files,
    request: &Request,
    keep: Keep,
    progress: Progress<'_>,
) -> Result<Snapshot, Diagnostics> {
    let aids = PrepareContext { progress, cache: None, timer: &Timer::default() };
    prepare_with(files, request, keep, Arc::new(files.list()), &aids)
}

/// As [`prepare`], of files that were listed already, with what earlier builds left.
pub(in crate::pipeline) fn prepare_with(
    files: &dyn Files,
    request: &Request,
    keep: Keep,
    listing: Arc<Listing>,
    aids: &PrepareContext<'_>,
) -> Result<Snapshot, Diagnostics> {
    from_inputs(files, request, keep, None, &Touched { listing: Some(listing), files: Cow::default() }, aids)
}

/// What helps with the making of a snapshot, and leaves no trace in it.
pub(in crate::pipeline) struct PrepareContext<'a> {
    pub progress: Progress<'a>,
    pub cache: Option<Arc<Cache>>,
    pub timer: &'a Timer<'a>,
}

/// As [`prepare`], from a snapshot made before with the same request: what has not been touched is not read again, and
/// the result is the same as if it were.
///
/// # Errors
/// As [`prepare`].
pub fn advance(
    files: &dyn Files,
    request: &Request,
    keep: Keep,
    before: Option<&Snapshot>,
    touched: &Touched<'_>,
    progress: Progress<'_>,
) -> Result<Snapshot, Diagnostics> {
    let aids = PrepareContext { progress, cache: None, timer: &Timer::default() };
    from_inputs(files, request, keep, before, touched, &aids)
}

fn from_inputs(
    files: &dyn Files,
    request: &Request,
    keep: Keep,
    before: Option<&Snapshot>,
    touched: &Touched<'_>,
    aids: &PrepareContext<'_>,
) -> Result<Snapshot, Diagnostics> {
    let files = &Themed::behind(files);
    let settings = |path: &SitePath| path.as_str() == "site.toml";
    let before = before.filter(|_| !touched.files.iter().any(settings));
    let mut listing = match (&touched.listing, before) {
        (Some(listing), _) => listing.clone(),
        (None, Some(before)) => before.listing.clone(),
        (None, None) => Arc::new(files.list()),
    };
    let before = before.filter(|before| before.listing.refused == listing.refused);
    let mut problems = Diagnostics::default();
    let config = match before {
        Some(before) => before.site.config.clone(),
        None => match inputs::config(files, &listing, &mut problems) {
            Some(mut config) => {
                if let Some(base_url) = &request.base_url {
                    config.set_base_url(base_url);
                }
                if request.portable {
                    config.make_portable();
                }
                config.output.precompress = request.precompress.unwrap_or(config.output.precompress);
                config.check.overrule(&request.levels);
                Arc::new(config)
            }
            None => return Err(problems),
        },
    };
    if config.output.theme && (touched.listing.is_some() || before.is_none()) {
        Themed::complete(Arc::make_mut(&mut listing));
    }
    let stage = Stage { files, request, keep, before, touched, listing, config, aids };
    Ok(stage.run(problems))
}

/// One way from inputs to a snapshot.
pub(super) struct Stage<'a> {
    pub files: &'a dyn Files,
    pub request: &'a Request,
    pub keep: Keep,
    pub before: Option<&'a Snapshot>,
    pub touched: &'a Touched<'a>,
    pub listing: Arc<Listing>,
    pub config: Arc<Config>,
    pub aids: &'a PrepareContext<'a>,
}

impl Stage<'_> {
    /// `problems` are those of the configuration, where it was read again.
    fn run(self, problems: Diagnostics) -> Snapshot {
        let config = || Found { config: Arc::new(problems), ..Found::default() };
        let mut found = self.before.map_or_else(config, |before| before.found.clone());
        let same_files = |before: &&Snapshot| Arc::ptr_eq(&before.listing, &self.listing) && !self.touches_drawing();
        let inputs = match self.before.filter(same_files) {
            Some(before) => before.inputs.clone(),
            None => {
                let mut problems = Diagnostics::default();
                let inputs = inputs::sort(self.files, &self.listing, &self.config, &mut problems);
                found.inputs = Arc::new(problems);
                Arc::new(inputs)
            }
        };
        let parser = self.before.map_or_else(|| Arc::new(self.parser()), |before| before.parser.clone());
        let templates = || match self.kept(&inputs, |inputs| &inputs.templates) {
            Some(before) => before.templates.clone(),
            None => {
                let mut problems = Diagnostics::default();
                let templates = self.templates(&inputs, &mut problems);
                found.templates = Arc::new(problems);
                Arc::new(templates)
            }
        };
        let ledger = || match self.kept(&inputs, |inputs| &inputs.evidence) {
            Some(before) => (before.site.ledger.clone(), None),
            None => {
                let mut problems = Diagnostics::default();
                (Arc::new(self.ledger(&inputs, &mut problems)), Some(problems))
            }
        };
        let ((ledger, told), templates) = rayon::join(ledger, templates);
        self.aids.timer.lap("records");
        let rules = ProseRules::new(&ledger, &self.config);
        let of_records = || {
            let Some(mut problems) = told else {
                return self.before.map(|before| before.checked_records.clone()).unwrap_or_default();
            };
            let records = self.records(&rules, &mut problems);
            found.evidence = Arc::new(problems);
            records
        };
        let (mut read, checked_records) = rayon::join(|| self.pages(&inputs, &parser, &rules), of_records);
        let checked = self.prose(&rules, &parser, &mut read);
        self.aids.timer.lap("reading");
        let relinked = self.relink(&inputs, &ledger, &templates, &read);
        let fast = relinked.is_some();
        let mut linked = self.before.map(|before| before.linked.clone()).unwrap_or_default();
        let site = relinked.unwrap_or_else(|| {
            let mut problems = Diagnostics::default();
            let (site, reads) = track(|| self.link(&inputs, &ledger, &templates, &read, &mut problems));
            found.linking = Arc::new(problems);
            linked = (ledger.state_of(&reads), reads);
            Arc::new(site)
        });
        let pictures = self.pictures(&site, &read, fast);
        self.aids.timer.lap("linking");
        let same_templates = self.before.is_some_and(|before| Arc::ptr_eq(&before.templates, &templates));
        let same_ledger = self.before.is_some_and(|before| Arc::ptr_eq(&before.site.ledger, &ledger));
        let change = self.change(&site, &pictures, &read, fast && same_templates && same_ledger);
        let mut snapshot = Snapshot {
            site,
            templates,
            pictures,
            change,
            listing: self.listing.clone(),
            names: self.before.map_or_else(|| Arc::new(NameRules::new(&self.config)), |before| before.names.clone()),
            inputs,
            parser,
            pages: read.pages.clone(),
            checked,
            checked_records,
            linked,
            found,
        };
        self.check(&mut snapshot, &read.fresh, fast);
        self.aids.timer.lap("checks");
        snapshot
    }

    fn parser(&self) -> Parser {
        Parser::new(&self.config, self.keep, self.aids.cache.clone())
    }

    /// Whether a drawing has changed: whether it may be published is known by its text.
    fn touches_drawing(&self) -> bool {
        self.touched
            .files
            .iter()
            .any(|path| path.below("content").is_some() && path.extension().eq_ignore_ascii_case("svg"))
    }

    pub(super) fn is_touched(&self, path: &SitePath) -> bool {
        self.touched.files.contains(path)
    }

    /// The snapshot before, where these inputs of it are neither touched nor others than now.
    fn kept(&self, inputs: &Inputs, list: impl Fn(&Inputs) -> &Vec<SitePath>) -> Option<&Snapshot> {
        let now = list(inputs);
        self.before.filter(|before| list(&before.inputs) == now && !now.iter().any(|path| self.is_touched(path)))
    }
}
