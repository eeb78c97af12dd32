use super::path_conflicts::PathConflicts;
use crate::source::{Output, Outputs, Role, SitePath};

/// When a step is applied. Stages are applied in this order; within one, steps may be applied in any order, or in
/// parallel.
///
/// The order guarantees: **after any number of steps, every page that a reader can reach from the home page has the
/// pages and files it links to.** New files come before the pages that link to them; removals come last, when no page
/// links to them. New data files come before changed pages, since pages may link to them; changed data files come
/// after, since they link to pages.
///
/// There is one exception: if a file is replaced by a folder, or a folder by a file, the old one must be removed before
/// the new one can be written. These swaps come between new pages and changed ones: until the changed pages are
/// written, links to the old names are broken. A change of case alone counts as such a swap, since on some file systems
/// both names are one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// New files with a hash in their name.
    NewFingerprinted,
    /// Other new files.
    NewAsset,
    /// New pages; no page links to them yet.
    NewPage,
    /// New data files.
    NewData,
    /// Removed compressed files: a server then serves their originals, so they may be removed before those change.
    GoneCompressed,
    /// Removals of files that conflict with new ones.
    RemoveConflicting,
    /// The new files in their place.
    WriteConflicting,
    /// A new home page, which opens the site: everything it links to exists.
    NewHome,
    /// Changed files that pages link to.
    ChangedAsset,
    /// Changed pages.
    ChangedPage,
    /// A changed home page: everything it links to exists now.
    ChangedHome,
    /// Changed data files.
    ChangedData,
    /// A removed home page: it closes the site before the rest is removed.
    GoneHome,
    /// Removed pages, before the files they link to: a reader may have one open.
    GonePage,
    /// Removed data files.
    GoneData,
    /// All other removed files.
    GoneAsset,
}

/// One write or one removal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    /// The stage, which also says whether it writes or removes.
    pub stage: Stage,
    /// The output.
    pub path: SitePath,
}

/// All steps from one set of outputs to another, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The steps, sorted by stage, then by path.
    pub steps: Vec<Step>,
}

/// The steps from `old`, the published files, to `new`; files that are the same in both are left alone.
pub fn plan(old: &Outputs, new: &Outputs) -> Plan {
    let added: Vec<&SitePath> = new.keys().filter(|path| !old.contains_key(*path)).collect();
    let gone: Vec<&SitePath> = old.keys().filter(|path| !new.contains_key(*path)).collect();
    let conflicts = PathConflicts::between(&added, &gone);
    let stage_of = |path: &SitePath, output: &Output| match old.get(path) {
        Some(before) if before.hash == output.hash && before.len == output.len => None,
        Some(_) => Some(Stage::of_changed(output.role)),
        None if output.role != Role::Home && conflicts.blocked.contains(path) => Some(Stage::WriteConflicting),
        None => Some(Stage::of_new(output.role)),
    };
    let write = |(path, output): (&SitePath, &Output)| {
        let mut stage = stage_of(path, output)?;
        // A compressed file belongs to the stage of its original.
        if let Some(original) = output.original(path)
            && let Some(written) = new.get(&original).and_then(|output| stage_of(&original, output))
        {
            stage = if stage == Stage::WriteConflicting { stage.max(written) } else { written };
        }
        Some(Step { stage, path: path.clone() })
    };
    let remove = |path: &&SitePath| {
        let stage = if conflicts.blockers.contains(*path) {
            Stage::RemoveConflicting
        } else {
            Stage::of_gone(old.get(*path)?.role)
        };
        Some(Step { stage, path: (*path).clone() })
    };
    let mut steps: Vec<Step> = new.iter().filter_map(write).chain(gone.iter().filter_map(remove)).collect();
    steps.sort();
    Plan { steps }
}

/// After a publish from `manifest` to `intent` was interrupted: the existing files, out of `current`, that no page
/// links to. They must be removed before the next plan is made, and must not be in it.
///
/// Such a file may link to files that do not exist: a new page to files that were not written yet, an old page to files
/// that were already removed. If it stayed, and were also a page of the next site, other pages would link to it before
/// it is changed. New files are unreached until the last of them is written; old ones are unreached once all new and
/// changed files are written and the old home page, if it is removed, is gone.
pub fn leftovers(manifest: &Outputs, intent: &Outputs, current: &Outputs) -> Vec<SitePath> {
    let in_place = |(path, output): (&SitePath, &Output)| current.get(path).is_some_and(|now| now.hash == output.hash);
    // A compressed file is reached if its original is, so it is treated like it.
    let is_new_to = |others: &Outputs, path: &SitePath, output: &Output| {
        !others.contains_key(path) && output.original(path).is_none_or(|original| !others.contains_key(&original))
    };
    let is_original = |(_, output): &&(SitePath, Output)| output.role != Role::Compressed;
    let only_in = |some: &Outputs, others: &Outputs| -> Vec<(SitePath, Output)> {
        let only = some.iter().filter(|(path, output)| is_new_to(others, path, output));
        only.map(|(path, output)| (path.clone(), output.clone())).collect()
    };
    let (new, old) = (only_in(intent, manifest), only_in(manifest, intent));
    let old_home_stays = old.iter().any(|(path, output)| output.role == Role::Home && current.contains_key(path));
    let unreached = match () {
        () if !new.iter().filter(is_original).all(|(path, output)| in_place((path, output))) => new,
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

    /// The outputs to write, in order.
    pub fn writes(&self) -> impl Iterator<Item = &SitePath> {
        self.steps.iter().filter(|step| !step.stage.removes()).map(|step| &step.path)
    }

    /// The outputs to remove, in order.
    pub fn deletes(&self) -> impl Iterator<Item = &SitePath> {
        self.steps.iter().filter(|step| step.stage.removes()).map(|step| &step.path)
    }
}

impl Stage {
    /// Whether its steps remove files; those of all others write them.
    pub fn removes(self) -> bool {
        matches!(
            self,
            Self::GoneCompressed
                | Self::RemoveConflicting
                | Self::GoneHome
                | Self::GoneData
                | Self::GonePage
                | Self::GoneAsset
        )
    }

    /// Whether its steps write new files.
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
    use super::super::{InterruptedPublish, resume};
    use super::*;
    use crate::source::Hash;

    /// Outputs from `name=content`; the name determines the role.
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
    fn unchanged_files_need_no_step() {
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
    fn new_files_come_before_changed_ones_and_removals_last() {
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
    fn compressed_files_are_written_with_their_originals_and_removed_before_them() {
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
    fn conflicting_files_are_removed_right_before_the_new_ones() {
        insta::assert_snapshot!(steps(
            "index.html=1 docs about/team.png about/us/map.png Case.html cafe\u{301}.html other.html",
            "index.html=2 docs/index.html docs/more/a.html about case.html caf\u{e9}.html new.html",
        ), @r#"
        NewPage new.html
        RemoveConflicting Case.html
        RemoveConflicting about/team.png
        RemoveConflicting about/us/map.png
        RemoveConflicting café.html
        RemoveConflicting docs
        WriteConflicting about
        WriteConflicting café.html
        WriteConflicting case.html
        WriteConflicting docs/index.html
        WriteConflicting docs/more/a.html
        ChangedHome index.html
        GonePage other.html
        "#);
    }

    #[test]
    fn an_old_compressed_page_is_overwritten_before_the_home_page_leads_to_it() {
        let (manifest, intent) = (outputs(""), outputs("a.html=2"));
        let (current, new) = (outputs("a.html=2 a.html.br=1"), outputs("a.html=3 a.html.br=3 index.html=3"));
        let unreached = outputs("a.html.br=1").into_keys().collect();
        let interrupted =
            InterruptedPublish { manifest: &manifest, intent: &intent, unreached: &unreached, current: &current };
        let steps = resume(interrupted, &new).0.steps;
        let steps: String = steps.iter().map(|step| format!("{:?} {}\n", step.stage, step.path)).collect();
        insta::assert_snapshot!(steps, @r#"
        NewPage a.html
        NewPage a.html.br
        NewHome index.html
        "#);
    }
}
