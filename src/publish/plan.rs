use super::path_conflicts::PathConflicts;
use crate::source::{Output, Outputs, Role, SitePath};

/// When a step is taken. Stages are taken in this order; within one, steps may be taken in any order, or at once.
///
/// The order keeps a promise: **after any number of steps, every page that a reader reaches from the home page has the
/// pages and files it names.** New files come before the pages that name them, so that a page never points ahead; what
/// goes comes last, when no page points back. New data files come before changed pages, since pages may name them;
/// changed ones come after, since they name pages.
///
/// One thing cannot be done so: where a file gives way to a folder, or a folder to a file, the old must go before the
/// new can come. These swaps stand between new pages and changed ones: until the changed pages are written, links to
/// the old names lead nowhere. A change of case alone counts as such a swap, since to some file systems both names are
/// one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// Files named by their hash that were not there.
    NewFingerprinted,
    /// Other files that were not there.
    NewAsset,
    /// Pages that were not there; nothing leads to them yet.
    NewPage,
    /// Data files that were not there.
    NewData,
    /// Compressed forms that go: a server then gives out what they were made from, so they may go before it changes or
    /// goes as well.
    GoneCompressed,
    /// Removals of what stands where something new comes.
    MakeRoom,
    /// What comes there.
    TakeRoom,
    /// The home page where there was none: it opens the site, so all it leads to is there.
    NewHome,
    /// Files that are named by pages and changed under their name.
    ChangedAsset,
    /// Pages that changed.
    ChangedPage,
    /// The home page that changed: it announces what is there by now.
    ChangedHome,
    /// Data files that changed.
    ChangedData,
    /// The home page of a site that has none any more: it closes the site before the rest goes.
    GoneHome,
    /// Pages that go, before what they name: somebody may be reading one.
    GonePage,
    /// Data files that go.
    GoneData,
    /// All other files that go.
    GoneAsset,
}

/// One write or one removal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    /// When, and whether it writes or removes.
    pub stage: Stage,
    /// What.
    pub path: SitePath,
}

/// All steps from one set of outputs to another, in the order they are taken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The steps, sorted by stage, then by path.
    pub steps: Vec<Step>,
}

/// The steps from `old`, what of ours is there, to `new`; what is the same in both is not touched.
pub fn plan(old: &Outputs, new: &Outputs) -> Plan {
    let added: Vec<&SitePath> = new.keys().filter(|path| !old.contains_key(*path)).collect();
    let gone: Vec<&SitePath> = old.keys().filter(|path| !new.contains_key(*path)).collect();
    let room = PathConflicts::between(&added, &gone);
    let stage_of = |path: &SitePath, output: &Output| match old.get(path) {
        Some(before) if before.hash == output.hash && before.len == output.len => None,
        Some(_) => Some(Stage::of_changed(output.role)),
        None if output.role != Role::Home && room.blocked.contains(path) => Some(Stage::TakeRoom),
        None => Some(Stage::of_new(output.role)),
    };
    let write = |(path, output): (&SitePath, &Output)| {
        let mut stage = stage_of(path, output)?;
        // A compressed form says what its original says, so it comes when that does.
        if let Some(original) = output.original(path)
            && let Some(written) = new.get(&original).and_then(|output| stage_of(&original, output))
        {
            stage = if stage == Stage::TakeRoom { stage.max(written) } else { written };
        }
        Some(Step { stage, path: path.clone() })
    };
    let remove = |path: &&SitePath| {
        let stage = if room.blockers.contains(*path) { Stage::MakeRoom } else { Stage::of_gone(old.get(*path)?.role) };
        Some(Step { stage, path: (*path).clone() })
    };
    let mut steps: Vec<Step> = new.iter().filter_map(write).chain(gone.iter().filter_map(remove)).collect();
    steps.sort();
    Plan { steps }
}

/// After a publish from `manifest` to `intent` was broken off: those of the files that are there, `current`, which no
/// page leads to. They are to be removed before the next plan is made, and not to be in it.
///
/// For such a file may name what is not there: a new page, what was not yet written; an old one, what was already
/// removed. If it stayed, and were a page of the next site as well, other pages would lead to it before it is changed.
/// New files are unreached until the last of them is written; old ones from when all that is new and changed is there
/// and the old home page, if it goes, is gone.
pub fn leftovers(manifest: &Outputs, intent: &Outputs, current: &Outputs) -> Vec<SitePath> {
    let in_place = |(path, output): (&SitePath, &Output)| current.get(path).is_some_and(|now| now.hash == output.hash);
    // A compressed form is reached when its original is, so it tells nothing of its own and goes with it.
    let is_new_to = |others: &Outputs, path: &SitePath, output: &Output| {
        !others.contains_key(path) && output.original(path).is_none_or(|original| !others.contains_key(&original))
    };
    let tells = |(_, output): &&(SitePath, Output)| output.role != Role::Compressed;
    let only_in = |some: &Outputs, others: &Outputs| -> Vec<(SitePath, Output)> {
        let only = some.iter().filter(|(path, output)| is_new_to(others, path, output));
        only.map(|(path, output)| (path.clone(), output.clone())).collect()
    };
    let (new, old) = (only_in(intent, manifest), only_in(manifest, intent));
    let old_home_stays = old.iter().any(|(path, output)| output.role == Role::Home && current.contains_key(path));
    let unreached = match () {
        () if !new.iter().filter(tells).all(|(path, output)| in_place((path, output))) => new,
        () if !old_home_stays && intent.iter().all(in_place) => old,
        () => return Vec::new(),
    };
    unreached.into_iter().map(|(path, _)| path).filter(|path| current.contains_key(path)).collect()
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// What is written, in order.
    pub fn writes(&self) -> impl Iterator<Item = &SitePath> {
        self.steps.iter().filter(|step| !step.stage.removes()).map(|step| &step.path)
    }

    /// What is removed, in order.
    pub fn deletes(&self) -> impl Iterator<Item = &SitePath> {
        self.steps.iter().filter(|step| step.stage.removes()).map(|step| &step.path)
    }
}

impl Stage {
    /// Whether its steps remove files; those of all others write them.
    pub fn removes(self) -> bool {
        matches!(
            self,
            Self::GoneCompressed | Self::MakeRoom | Self::GoneHome | Self::GoneData | Self::GonePage | Self::GoneAsset
        )
    }

    /// Whether its steps write files that were not there.
    pub fn adds(self) -> bool {
        self <= Self::NewHome && !self.removes()
    }

    fn of_new(role: Role) -> Self {
        match role {
            Role::Fingerprinted => Self::NewFingerprinted,
            Role::Asset => Self::NewAsset,
            Role::Page => Self::NewPage,
            Role::Home => Self::NewHome,
            Role::Data => Self::NewData,
            Role::Compressed => Self::NewAsset,
        }
    }

    fn of_changed(role: Role) -> Self {
        match role {
            Role::Fingerprinted | Role::Asset | Role::Compressed => Self::ChangedAsset,
            Role::Page => Self::ChangedPage,
            Role::Home => Self::ChangedHome,
            Role::Data => Self::ChangedData,
        }
    }

    fn of_gone(role: Role) -> Self {
        match role {
            Role::Fingerprinted | Role::Asset => Self::GoneAsset,
            Role::Page => Self::GonePage,
            Role::Home => Self::GoneHome,
            Role::Data => Self::GoneData,
            Role::Compressed => Self::GoneCompressed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Hash;

    /// Outputs written as `name=content`, the role told by the name.
    fn outputs(text: &str) -> Outputs {
        let output = |item: &str| {
            let (name, content) = item.split_once('=').unwrap_or((item, ""));
            let role = match name.rsplit('.').next() {
                _ if name == "index.html" => Role::Home,
                Some("html") => Role::Page,
                Some("css") => Role::Fingerprinted,
                Some("xml") => Role::Data,
                Some("br") => Role::Compressed,
                _ => Role::Asset,
            };
            Some((SitePath::new(name).ok()?, Output { hash: Hash::of(content.as_bytes()), len: 1, role }))
        };
        text.split_whitespace().filter_map(output).collect()
    }

    fn steps(old: &str, new: &str) -> String {
        let plan = plan(&outputs(old), &outputs(new));
        plan.steps.iter().map(|step| format!("{:?} {}\n", step.stage, step.path)).collect()
    }

    #[test]
    fn what_did_not_change_is_not_touched() {
        assert_eq!(steps("index.html=1 a.css feed.xml", "index.html=1 a.css feed.xml"), "");
    }

    #[test]
    fn a_first_publish_ends_with_the_home_page() {
        insta::assert_snapshot!(steps("", "a.html b.css c.png feed.xml index.html z.html"), @r#"
        NewFingerprinted b.css
        NewAsset c.png
        NewPage a.html
        NewPage z.html
        NewData feed.xml
        NewHome index.html
        "#);
    }

    #[test]
    fn new_comes_before_changed_and_changed_before_removed() {
        insta::assert_snapshot!(steps(
            "index.html=1 a.html=1 a.png=1 old.css old.html feed.xml=1 old.xml old.png",
            "index.html=2 a.html=2 a.png=2 new.css new.html feed.xml=2 new.xml new.png",
        ), @r#"
        NewFingerprinted new.css
        NewAsset new.png
        NewPage new.html
        NewData new.xml
        ChangedAsset a.png
        ChangedPage a.html
        ChangedHome index.html
        ChangedData feed.xml
        GonePage old.html
        GoneData old.xml
        GoneAsset old.css
        GoneAsset old.png
        "#);
    }

    #[test]
    fn compressed_forms_come_with_what_they_are_made_from_and_go_before_it() {
        insta::assert_snapshot!(steps(
            "index.html=1 index.html.br=1 a.html=1 b.html=1 b.html.br=1 d.html d.html.br e.html=1 f.html=1 f.html.br",
            "index.html=2 index.html.br=2 a.html=2 a.html.br=2 b.html=2 c.html c.html.br c.css c.css.br e.html=1 e.html.br \
             f.html=1 f.html.br=2",
        ), @r#"
        NewFingerprinted c.css
        NewFingerprinted c.css.br
        NewAsset e.html.br
        NewPage c.html
        NewPage c.html.br
        GoneCompressed b.html.br
        GoneCompressed d.html.br
        ChangedAsset f.html.br
        ChangedPage a.html
        ChangedPage a.html.br
        ChangedPage b.html
        ChangedHome index.html
        ChangedHome index.html.br
        GonePage d.html
        "#);
    }

    #[test]
    fn a_site_is_taken_down_from_its_home_page() {
        insta::assert_snapshot!(steps("a.html b.css feed.xml index.html", ""), @r#"
        GoneHome index.html
        GonePage a.html
        GoneData feed.xml
        GoneAsset b.css
        "#);
    }

    #[test]
    fn what_stands_in_the_way_goes_right_before_what_comes() {
        insta::assert_snapshot!(steps(
            "index.html=1 docs about/team.png about/us/map.png Case.html cafe\u{301}.html other.html",
            "index.html=2 docs/index.html docs/more/a.html about case.html caf\u{e9}.html new.html",
        ), @r#"
        NewPage new.html
        MakeRoom Case.html
        MakeRoom about/team.png
        MakeRoom about/us/map.png
        MakeRoom café.html
        MakeRoom docs
        TakeRoom about
        TakeRoom café.html
        TakeRoom case.html
        TakeRoom docs/index.html
        TakeRoom docs/more/a.html
        ChangedHome index.html
        GonePage other.html
        "#);
    }
}
