//! The contexts of a syntax set, with their rules in the order in which they are tried.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use onig::{Regex, RegexOptions, Syntax};
use rustc_hash::FxHashMap;
use syntect::parsing::syntax_definition::{
    CaptureMapping, Context, ContextId, ContextReference, MatchOperation, MatchPattern, context_iter,
};
use syntect::parsing::{ClearAmount, Scope, SyntaxReference, SyntaxSet};

use super::budget::Cost;
use super::first::First;
use super::pattern::{cost, first, not_continued};

/// Prepared contexts of a syntax set, each prepared on its first use.
#[derive(Default)]
pub(in super::super) struct Grammars {
    contexts: RwLock<FxHashMap<ContextId, Option<Arc<Scopes>>>>,
    tables: RwLock<FxHashMap<Key, Option<Arc<Table>>>>,
    expressions: RwLock<FxHashMap<String, Option<Arc<Expression>>>>,
    starts: RwLock<FxHashMap<usize, Option<ContextId>>>,
}

/// The key of a table of rules: the `with_prototype`s of the levels below, and the context.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub with_prototypes: Vec<ContextId>,
    pub context: ContextId,
}

/// The scopes of a context.
#[derive(Debug)]
pub(super) struct Scopes {
    pub meta: Vec<Scope>,
    pub content: Vec<Scope>,
    pub clear: Option<ClearAmount>,
    pub uses_backrefs: bool,
}

/// A regular expression, compiled when it is first tried.
pub(super) struct Expression {
    pub text: String,
    pub first: First,
    regex: OnceLock<Option<Regex>>,
    cost: Cost,
    /// The variant for positions where the previous match did not end, if it differs (`\\G`).
    not_continued: Option<Box<Self>>,
}

/// The origin of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A `with_prototype` of a level below, by its number.
    WithPrototype(usize),
    /// The prototype of the syntax.
    Prototype,
    /// The context itself.
    Context,
}

/// A rule: an expression, and the operation after a match.
pub(super) struct Rule {
    pub origin: Origin,
    pub expression: Arc<Expression>,
    pub has_backrefs: bool,
    pub scope: Vec<Scope>,
    pub captures: CaptureMapping,
    pub operation: Operation,
    pub with_prototype: Option<ContextId>,
}

/// The operation of a rule on the stack of contexts.
pub(super) enum Operation {
    Push(Vec<Target>),
    Set(Vec<Target>),
    Pop,
    None,
}

/// A context to push or set.
#[derive(Clone)]
pub(super) struct Target {
    pub id: ContextId,
    pub scopes: Arc<Scopes>,
}

/// The rules of a [`Key`], with bit sets of those that may match at a position.
pub(super) struct Table {
    pub rules: Vec<Rule>,
    words: usize,
    /// For each byte, and the end of the text: a bit for each rule that may match there.
    by_byte: Vec<u64>,
    /// The rules that match at the start of a line only.
    start: Vec<u64>,
    /// The rules that match at a word's edge only.
    boundary: Vec<u64>,
}

impl Grammars {
    /// The first context of `syntax`.
    pub(super) fn start(&self, set: &SyntaxSet, syntax: &SyntaxReference) -> Option<ContextId> {
        let number = set.syntaxes().iter().position(|other| std::ptr::eq(other, syntax))?;
        once(&self.starts, &number, || {
            // The first context pushes the main one at once, under the scope of the syntax.
            let contexts = (0usize..).map_while(|at| Some((number, at)).filter(|id| context(set, id).is_some()));
            let mut starts = contexts.filter(|id| context(set, id).is_some_and(|found| is_start(found, syntax.scope)));
            let (start, None) = (starts.next()?, starts.next()) else { return None };
            postcard::from_bytes(&postcard::to_stdvec(&start).ok()?).ok()
        })
    }

    /// The scopes of a context.
    pub(super) fn scopes(&self, set: &SyntaxSet, id: ContextId) -> Option<Arc<Scopes>> {
        once(&self.contexts, &id, || {
            let context = context(set, &id)?;
            Some(Arc::new(Scopes {
                meta: context.meta_scope.clone(),
                content: context.meta_content_scope.clone(),
                clear: context.clear_scopes,
                uses_backrefs: context.uses_backrefs,
            }))
        })
    }

    /// The table of rules for `key`.
    pub(super) fn table(&self, set: &SyntaxSet, key: &Key) -> Option<Arc<Table>> {
        once(&self.tables, key, || {
            let mut rules = Vec::new();
            for (number, id) in key.with_prototypes.iter().enumerate() {
                self.collect(set, *id, Origin::WithPrototype(number), &mut rules)?;
            }
            if let Some(id) = context(set, &key.context)?.prototype {
                self.collect(set, id, Origin::Prototype, &mut rules)?;
            }
            self.collect(set, key.context, Origin::Context, &mut rules)?;
            Some(Arc::new(Table::new(rules)))
        })
    }

    fn collect(&self, set: &SyntaxSet, id: ContextId, origin: Origin, rules: &mut Vec<Rule>) -> Option<()> {
        for (context, at) in context_iter(set, context(set, &id)?) {
            rules.push(self.rule(set, context.match_at(at).ok()?, origin)?);
        }
        Some(())
    }

    fn rule(&self, set: &SyntaxSet, pattern: &MatchPattern, origin: Origin) -> Option<Rule> {
        let targets = |references: &[ContextReference]| {
            let target = |reference: &ContextReference| {
                let id = reference.id().ok()?;
                Some(Target { id, scopes: self.scopes(set, id)? })
            };
            references.iter().map(target).collect::<Option<Vec<_>>>()
        };
        Some(Rule {
            origin,
            expression: self.expression(pattern.regex.regex_str())?,
            has_backrefs: pattern.has_captures,
            scope: pattern.scope.clone(),
            captures: pattern.captures.clone().unwrap_or_default(),
            operation: match &pattern.operation {
                MatchOperation::Push(references) => Operation::Push(targets(references)?),
                MatchOperation::Set(references) => Operation::Set(targets(references)?),
                MatchOperation::Pop => Operation::Pop,
                MatchOperation::None => Operation::None,
            },
            with_prototype: pattern.with_prototype.as_ref().map(ContextReference::id).transpose().ok()?,
        })
    }

    /// All expressions so far.
    #[cfg(test)]
    pub(super) fn expressions(&self) -> Vec<Arc<Expression>> {
        self.expressions.read().unwrap().values().flatten().cloned().collect()
    }

    /// An expression by its text; `None` for one that this engine does not know how to run.
    pub(super) fn expression(&self, text: &str) -> Option<Arc<Expression>> {
        once(&self.expressions, text, || Expression::new(text).map(Arc::new))
    }
}

impl Expression {
    pub fn new(text: &str) -> Option<Self> {
        let not_continued = match not_continued(text) {
            Some(text) => Some(Box::new(Self::new(&text)?)),
            None => None,
        };
        Some(Self {
            text: text.to_owned(),
            first: first(text)?,
            cost: cost(text),
            regex: OnceLock::new(),
            not_continued,
        })
    }

    /// The compiled expression for a position; `ended` is whether the previous match ended there.
    pub fn regex(&self, ended: bool) -> Option<(&Regex, Cost)> {
        if let Some(not_continued) = self.not_continued.as_ref().filter(|_| !ended) {
            return not_continued.regex(true);
        }
        let compile =
            || Regex::with_options(&self.text, RegexOptions::REGEX_OPTION_CAPTURE_GROUP, Syntax::default()).ok();
        self.regex.get_or_init(compile).as_ref().map(|regex| (regex, self.cost))
    }
}

/// A position in a line: its offset, the byte there, and its surroundings.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub at: usize,
    pub byte: Option<u8>,
    pub start: bool,
    /// Whether it may be a word boundary.
    pub boundary: bool,
}

impl Table {
    fn new(rules: Vec<Rule>) -> Self {
        let words = rules.len().div_ceil(64);
        let mut table = Self {
            words,
            by_byte: vec![0; 257 * words],
            start: vec![0; words],
            boundary: vec![0; words],
            rules: Vec::new(),
        };
        for (at, rule) in rules.iter().enumerate() {
            let (word, bit, first) = (at / 64, 1 << (at % 64), rule.expression.first);
            let holds = (0..=u8::MAX).map(|byte| first.bytes.has(byte)).chain([first.end]);
            for (row, holds) in table.by_byte.chunks_mut(words).zip(holds) {
                set(row, word, bit, holds);
            }
            set(&mut table.start, word, bit, first.start);
            set(&mut table.boundary, word, bit, first.boundary);
        }
        Self { rules, ..table }
    }

    /// The number of 64-bit words of a bit set of the rules.
    pub fn words(&self) -> usize {
        self.words
    }

    /// One 64-bit word of the set of rules that may match at a position.
    pub fn candidates(&self, place: Place, word: usize) -> u64 {
        let get = |bits: &[u64], at: usize| bits.get(at).copied().unwrap_or_default();
        let row = place.byte.map_or(256, usize::from);
        let mut bits = get(&self.by_byte, row * self.words + word);
        if !place.start {
            bits &= !get(&self.start, word);
        }
        if !place.boundary {
            bits &= !get(&self.boundary, word);
        }
        bits
    }
}

fn set(bits: &mut [u64], word: usize, bit: u64, holds: bool) {
    if let Some(bits) = bits.get_mut(word).filter(|_| holds) {
        *bits |= bit;
    }
}

/// The cached value of `make` for a key.
fn once<K, Q, V>(known: &RwLock<FxHashMap<K, Option<V>>>, key: &Q, make: impl FnOnce() -> Option<V>) -> Option<V>
where
    K: std::hash::Hash + Eq + std::borrow::Borrow<Q>,
    Q: std::hash::Hash + Eq + ToOwned<Owned = K> + ?Sized,
    V: Clone,
{
    if let Some(found) = known.read().unwrap_or_else(PoisonError::into_inner).get(key) {
        return found.clone();
    }
    let made = make();
    let mut known = known.write().unwrap_or_else(PoisonError::into_inner);
    known.entry(key.to_owned()).or_insert(made).clone()
}

/// A reference to a context by its id. `syntect` has no public constructor for these, so it is deserialized.
fn reference(id: &impl serde::Serialize) -> Option<ContextReference> {
    /// The index of the variant `ContextReference::Direct`.
    const DIRECT: u32 = 4;
    postcard::from_bytes(&postcard::to_stdvec(&(DIRECT, id)).ok()?).ok()
}

fn context<'s>(set: &'s SyntaxSet, id: &impl serde::Serialize) -> Option<&'s Context> {
    reference(id)?.resolve(set).ok()
}

fn is_start(context: &Context, scope: Scope) -> bool {
    use syntect::parsing::syntax_definition::Pattern;
    let [Pattern::Match(only)] = context.patterns.as_slice() else { return false };
    // A main context may push another syntax in the same way, but then it has a `with_prototype`.
    let pushes = matches!(only.operation, MatchOperation::Push(_)) && only.with_prototype.is_none();
    pushes && only.regex.regex_str().is_empty() && only.scope.is_empty() && context.meta_content_scope == [scope]
}
