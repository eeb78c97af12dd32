//! Converts lines of code to operations on the stack of scopes.

use std::sync::Arc;

use onig::Region;
use rustc_hash::FxHashMap;
use syntect::parsing::syntax_definition::ContextId;
use syntect::parsing::{ScopeStackOp, SyntaxReference, SyntaxSet};

use super::budget::{Budget, BudgetExceeded};
use super::class::{Bytes, is_word};
use super::rules::{Expression, Grammars, Key, Operation, Origin, Place, Rule, Scopes, Table, Target};

/// The maximum depth of nested contexts.
const DEPTH: usize = 100;

/// Reads code line by line. Methods return `None` if the code cannot be read, or not within the budget.
pub(in super::super) struct Lexer<'g> {
    grammars: &'g Grammars,
    set: &'g SyntaxSet,
    budget: Budget,
    stack: Vec<Level>,
    /// Heights of the stack at which a rule of a `with_prototype` matched: those of lower levels are suspended.
    suspended: Vec<usize>,
    /// The current rules, until the stack changes.
    table: Option<Arc<Table>>,
    /// Expressions with texts of groups filled in.
    filled: FxHashMap<String, Arc<Expression>>,
    region: Region,
    /// Bits of the rules that cannot match before the next token.
    idle: Vec<u64>,
    /// The bytes of the line.
    bytes: Bytes,
    ops: Vec<(usize, ScopeStackOp)>,
}

struct Level {
    target: Target,
    with_prototypes: Vec<ContextId>,
    /// The groups of the match that opened it, if rules refer to them.
    groups: Option<Arc<Groups>>,
}

/// Texts of the groups of a match, by number.
type Groups = Vec<Option<String>>;

/// The position in a line.
#[derive(Default)]
struct Cursor {
    at: usize,
    /// Where a context was pushed without consuming a character, and the height of the stack: a pop there would loop.
    pushed: (usize, usize),
}

/// A rule that matched.
struct Found {
    rule: usize,
    from: usize,
    to: usize,
}

impl<'g> Lexer<'g> {
    /// A lexer at the start of code.
    pub fn new(grammars: &'g Grammars, set: &'g SyntaxSet, syntax: &SyntaxReference, budget: Budget) -> Option<Self> {
        let id = grammars.start(set, syntax)?;
        let target = Target { id, scopes: grammars.scopes(set, id)? };
        let ops = target.scopes.content.first().map(|scope| (0, ScopeStackOp::Push(*scope)));
        Some(Self {
            grammars,
            set,
            budget,
            stack: vec![Level { target, with_prototypes: Vec::new(), groups: None }],
            suspended: Vec::new(),
            table: None,
            filled: FxHashMap::default(),
            region: Region::with_capacity(8),
            idle: Vec::new(),
            bytes: Bytes::NONE,
            ops: ops.into_iter().collect(),
        })
    }

    /// The remaining budget.
    pub fn budget(&self) -> &Budget {
        &self.budget
    }

    /// The scope operations of the next line, which must include its line end, with their offsets.
    pub fn line(&mut self, line: &str, ops: &mut Vec<(usize, ScopeStackOp)>) -> Option<()> {
        let mut cursor = Cursor::default();
        self.bytes = Bytes::in_text(line);
        while self.token(line, &mut cursor)? {}
        ops.clear();
        std::mem::swap(ops, &mut self.ops);
        Some(())
    }

    /// Finds the next match and applies its rule; returns whether there may be more.
    fn token(&mut self, line: &str, cursor: &mut Cursor) -> Option<bool> {
        let height = self.stack.len();
        while self.suspended.last().is_some_and(|rest| *rest >= height) {
            self.suspended.pop();
        }
        let table = self.table()?;
        let would_loop = cursor.pushed == (cursor.at, height);
        let found = match self.find(&table, line, cursor.at, would_loop)? {
            Next::Match(found) => found,
            Next::Nothing => return Some(false),
            Next::Loop => {
                // If only a pop matches that would undo the previous push, a character is skipped.
                let Some((step, _)) = line.get(cursor.at..)?.char_indices().nth(1) else { return Some(false) };
                cursor.at += step;
                return Some(true);
            }
        };
        let rule = table.rules.get(found.rule)?;
        if found.to == cursor.at && matches!(rule.operation, Operation::Push(_)) {
            cursor.pushed = (found.to, height + 1);
        }
        cursor.at = found.to;
        if matches!(rule.origin, Origin::WithPrototype(_)) {
            self.suspended.push(height);
        }
        self.push_scopes(rule, &found)?;
        self.apply_operation(rule, line)?;
        Some(true)
    }

    /// The current rules.
    fn table(&mut self) -> Option<Arc<Table>> {
        if let Some(table) = &self.table {
            return Some(table.clone());
        }
        let from = self.suspended.last().copied().unwrap_or_default();
        let with_prototypes =
            self.stack.iter().skip(from).flat_map(|level| level.with_prototypes.iter().copied()).collect();
        let key = Key { with_prototypes, context: self.stack.last()?.target.id };
        let table = self.grammars.table(self.set, &key)?;
        self.table = Some(table.clone());
        Some(table)
    }

    /// The first match from `at` on; of several at one position, that of the first rule.
    fn find(&mut self, table: &Table, line: &str, at: usize, would_loop: bool) -> Option<Next> {
        self.idle.clear();
        self.idle.resize(table.words(), 0);
        let bytes = line.as_bytes();
        let mut before = at.checked_sub(1).and_then(|at| bytes.get(at)).copied();
        for here in at..=bytes.len() {
            let byte = bytes.get(here).copied();
            if byte.is_some_and(|byte| byte & 0xC0 == 0x80) {
                before = byte;
                continue;
            }
            let place = Place { at: here, byte, start: here == 0, boundary: boundary(before, byte) };
            match self.find_at(table, line, place, here == at, would_loop && here == at)? {
                Next::Nothing => {}
                next => return Some(next),
            }
            before = byte;
        }
        Some(Next::Nothing)
    }

    /// As [`Lexer::find`], for one position; `ended` is whether the previous match ended there.
    fn find_at(&mut self, table: &Table, line: &str, place: Place, ended: bool, would_loop: bool) -> Option<Next> {
        let (at, deepest) = (place.at, self.stack.len() >= DEPTH);
        let mut looped = false;
        for word in 0..table.words() {
            let mut bits = table.candidates(place, word) & !self.idle.get(word)?;
            while bits != 0 {
                let number = word * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let rule = table.rules.get(number)?;
                let push = matches!(rule.operation, Operation::Push(_));
                if (deepest && push) || !rule.expression.first.is_met(place.byte, self.bytes) {
                    continue;
                }
                let Some(to) = self.try_rule(rule, line, at, ended).ok()? else { continue };
                match rule.operation {
                    Operation::None if to == at => *self.idle.get_mut(word)? |= 1 << (number % 64),
                    Operation::Pop if would_loop && to == at => looped = true,
                    _ => return Some(Next::Match(Found { rule: number, from: at, to })),
                }
            }
        }
        Some(if looped { Next::Loop } else { Next::Nothing })
    }

    /// The end of a match of `rule` at `at`; `ended` is whether the previous match ended there.
    fn try_rule(&mut self, rule: &Rule, line: &str, at: usize, ended: bool) -> Result<Option<usize>, BudgetExceeded> {
        let filled = match self.groups(rule) {
            Some(groups) => Some(self.filled(&rule.expression.text, &groups).ok_or(BudgetExceeded)?),
            None => None,
        };
        let regex = filled.as_ref().unwrap_or(&rule.expression).regex(ended).ok_or(BudgetExceeded)?;
        self.budget.try_at(regex, line, at, &mut self.region)
    }

    /// The groups that a rule may refer to.
    fn groups(&self, rule: &Rule) -> Option<Arc<Groups>> {
        if !rule.has_backrefs {
            return None;
        }
        let level = match rule.origin {
            Origin::Prototype => None,
            Origin::Context => self.stack.last(),
            Origin::WithPrototype(number) => {
                let from = self.suspended.last().copied().unwrap_or_default();
                let levels = self.stack.iter().skip(from);
                levels.flat_map(|level| level.with_prototypes.iter().map(move |_| level)).nth(number)
            }
        };
        level?.groups.clone()
    }

    /// An expression with the texts of groups in place of `\1` and the like.
    fn filled(&mut self, text: &str, groups: &Groups) -> Option<Arc<Expression>> {
        let text = fill(text, groups);
        self.budget.spend(text.len())?;
        if !self.filled.contains_key(&text) {
            self.filled.insert(text.clone(), Arc::new(Expression::new(&text)?));
        }
        self.filled.get(&text).cloned()
    }

    /// Adds the scope operations of a match.
    fn push_scopes(&mut self, rule: &Rule, found: &Found) -> Option<()> {
        let now = self.stack.last()?.target.scopes.clone();
        self.before(&now, &rule.operation, found.from);
        self.ops.extend(rule.scope.iter().map(|scope| (found.from, ScopeStackOp::Push(*scope))));
        let mut inner = Vec::new();
        for (group, scopes) in &rule.captures {
            let Some((from, to)) = self.region.pos(*group).filter(|(from, to)| from != to) else { continue };
            // Groups come in any order; outer ones are pushed first, and pops go before pushes.
            inner.extend(scopes.iter().map(|scope| ((from, from as i32 - to as i32), ScopeStackOp::Push(*scope))));
            inner.push(((to, i32::MIN), ScopeStackOp::Pop(scopes.len())));
        }
        inner.sort_by_key(|(place, _)| *place);
        self.ops.extend(inner.into_iter().map(|((at, _), op)| (at, op)));
        if !rule.scope.is_empty() {
            self.ops.push((found.to, ScopeStackOp::Pop(rule.scope.len())));
        }
        self.after(&now, &rule.operation, found.to);
        Some(())
    }

    /// Adds the scopes of contexts that include the match itself.
    fn before(&mut self, now: &Scopes, operation: &Operation, at: usize) {
        let (targets, sets) = match operation {
            Operation::Pop => return self.pop_scopes(at, now.content.len()),
            Operation::None => return,
            Operation::Push(targets) => (targets, false),
            Operation::Set(targets) => (targets, true),
        };
        if sets && now.clear.is_some() {
            self.ops.push((at, ScopeStackOp::Restore));
        }
        for Target { scopes, .. } in targets {
            if let Some(amount) = scopes.clear.filter(|_| !sets) {
                self.ops.push((at, ScopeStackOp::Clear(amount)));
            }
            self.ops.extend(scopes.meta.iter().map(|scope| (at, ScopeStackOp::Push(*scope))));
        }
    }

    /// Adds the scopes of contexts that begin after the match.
    fn after(&mut self, now: &Scopes, operation: &Operation, at: usize) {
        let (targets, sets) = match operation {
            Operation::Pop => {
                self.pop_scopes(at, now.meta.len());
                if now.clear.is_some() {
                    self.ops.push((at, ScopeStackOp::Restore));
                }
                return;
            }
            Operation::None => return,
            Operation::Push(targets) => (targets, false),
            Operation::Set(targets) => (targets, true),
        };
        let own = if sets { now.meta.len() + now.content.len() } else { 0 };
        let clears = |scopes: &Scopes| !scopes.content.is_empty() || (scopes.clear.is_some() && sets);
        if own == 0 && !targets.iter().any(|target| clears(&target.scopes)) {
            return;
        }
        let pushed: usize = targets.iter().map(|target| target.scopes.meta.len()).sum();
        self.pop_scopes(at, pushed + own);
        for Target { scopes, .. } in targets {
            if let Some(amount) = scopes.clear.filter(|_| sets) {
                self.ops.push((at, ScopeStackOp::Clear(amount)));
            }
            let all = scopes.meta.iter().chain(&scopes.content);
            self.ops.extend(all.map(|scope| (at, ScopeStackOp::Push(*scope))));
        }
    }

    fn pop_scopes(&mut self, at: usize, count: usize) {
        if count > 0 {
            self.ops.push((at, ScopeStackOp::Pop(count)));
        }
    }

    /// Applies the operation of a rule to the stack of contexts.
    fn apply_operation(&mut self, rule: &Rule, line: &str) -> Option<()> {
        let (targets, mut kept) = match &rule.operation {
            Operation::None => return Some(()),
            Operation::Pop => {
                self.table = None;
                self.stack.pop();
                return (!self.stack.is_empty()).then_some(());
            }
            Operation::Push(targets) => (targets, Vec::new()),
            // The `with_prototype` of a context is in force until its level is popped.
            Operation::Set(targets) => (targets, self.stack.pop()?.with_prototypes),
        };
        self.table = None;
        for (at, target) in targets.iter().enumerate() {
            let mut with_prototypes = std::mem::take(&mut kept);
            if at + 1 == targets.len() {
                with_prototypes.extend(rule.with_prototype);
            }
            let refers = |id: &ContextId| self.grammars.scopes(self.set, *id).map(|scopes| scopes.uses_backrefs);
            let mut uses = target.scopes.uses_backrefs;
            for id in &with_prototypes {
                uses |= refers(id)?;
            }
            let groups = uses.then(|| Arc::new(texts(&self.region, line)));
            self.stack.push(Level { target: target.clone(), with_prototypes, groups });
        }
        (!self.stack.is_empty()).then_some(())
    }
}

/// The next match in a line.
enum Next {
    Match(Found),
    /// Only a pop that would undo the previous push.
    Loop,
    Nothing,
}

/// Whether a word may begin or end between two bytes.
fn boundary(before: Option<u8>, byte: Option<u8>) -> bool {
    let word = |byte: Option<u8>| byte.map_or(Some(false), |byte| byte.is_ascii().then(|| is_word(byte.into())));
    match (word(before), word(byte)) {
        (Some(before), Some(here)) => before != here,
        _ => true,
    }
}

fn texts(region: &Region, line: &str) -> Groups {
    let text = |group| region.pos(group).and_then(|(from, to)| line.get(from..to)).map(str::to_owned);
    (0..10).map(text).collect()
}

/// Replaces `\0` to `\9` by the texts of groups.
fn fill(expression: &str, groups: &Groups) -> String {
    let mut out = String::with_capacity(expression.len());
    let mut escaped = false;
    for char in expression.chars() {
        match char.to_digit(10).filter(|_| escaped) {
            Some(group) => {
                for char in groups.get(group as usize).into_iter().flatten().flat_map(|text| text.chars()) {
                    if r"\.+*?()|[]{}^$#&-~".contains(char) {
                        out.push('\\');
                    }
                    out.push(char);
                }
            }
            None if escaped => out.extend(['\\', char]),
            None if char != '\\' => out.push(char),
            None => {}
        }
        escaped = char == '\\' && !escaped;
    }
    if escaped {
        out.push('\\');
    }
    out
}
