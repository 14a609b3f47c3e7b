//! Source files with their mutants as branches.

use std::{collections::HashSet, fs, path::Path, process::Command};

use proc_macro2::LineColumn;
use syn::{
    BinOp, Block, Expr, ExprBinary, ExprCall, ExprMatch, ExprPath, ExprStruct, ExprUnary, ImplItemFn, ItemFn, ItemImpl,
    ItemMod, Pat, Signature, Type, UnOp,
    spanned::Spanned,
    visit::{self, Visit},
};

/// A source file of which mutants are made.
pub struct Source {
    pub path: String,
    pub text: String,
    pub mutants: Vec<Mutant>,
    pub constants: Vec<Constant>,
}

/// A constant function. Nothing can be asked there, so that it is made an ordinary one, unless a constant needs it.
pub struct Constant {
    pub name: String,
    /// Where the word `const` is.
    pub word: (usize, usize),
    pub is_needed: bool,
}

/// One change, as insertions.
pub struct Mutant {
    pub id: u32,
    pub name: String,
    /// Where the branch begins and ends in the original, and what stands there.
    pub begin: usize,
    pub end: usize,
    pub before: String,
    pub after: String,
    pub is_viable: bool,
    /// Whether `.cargo/mutants.toml` has it, with the reason why no test can tell.
    pub has_reason: bool,
    /// How its name begins in the list of `cargo mutants`, and what else it has.
    told: (String, String),
    /// Which constant function it is in.
    pub constant: Option<usize>,
}

impl Source {
    /// Whether a mutant stands in a function that has to stay constant.
    pub fn is_held(&self, mutant: &Mutant) -> bool {
        mutant.constant.is_some_and(|at| self.constants[at].is_needed)
    }

    /// The text with every viable mutant in it, and where each one's own text is.
    pub fn instrumented(&self) -> (String, Vec<(u32, std::ops::Range<usize>)>) {
        let mut insertions: Vec<(usize, i64, &str, Option<u32>)> = Vec::new();
        for (at, mutant) in self.mutants.iter().enumerate() {
            if !mutant.is_viable || self.is_held(mutant) {
                continue;
            }
            let length = (mutant.end - mutant.begin) as i64;
            let at = at as i64;
            // At one place: what ends comes first, the inner one before the outer one; what begins, the outer one first.
            insertions.push((mutant.begin, 1 << 40 | (1_000_000 - length) << 16 | at, &mutant.before, Some(mutant.id)));
            insertions.push((mutant.end, length << 16 | (65_535 - at), &mutant.after, None));
        }
        for constant in self.constants.iter().filter(|constant| !constant.is_needed) {
            insertions.push((constant.word.0, 0, "/*", None));
            insertions.push((constant.word.1, 0, "*/", None));
        }
        insertions.sort_by_key(|&(place, order, ..)| (place, order));
        let (mut out, mut from, mut ranges) = (String::new(), 0, Vec::new());
        for (place, _, text, id) in insertions {
            out.push_str(&self.text[from..place]);
            from = place;
            if let Some(id) = id {
                ranges.push((id, out.len()..out.len() + text.len()));
            }
            out.push_str(text);
        }
        out.push_str(&self.text[from..]);
        (out, ranges)
    }
}

/// Reads the files and finds their mutants.
pub fn read(copy: &Path, files: &[String]) -> Vec<Source> {
    let mut next = 1;
    let bodies: Vec<serde_json::Value> =
        serde_json::from_str(&listed(copy, files, &["--json", "--no-config"])).expect("the list of cargo mutants");
    let all = listed(copy, files, &["--no-config"]);
    let without_reason = listed(copy, files, &[]);
    let without_reason: HashSet<&str> = without_reason.lines().collect();
    files
        .iter()
        .map(|path| {
            let text = fs::read_to_string(copy.join(path)).expect("a source file");
            let file = syn::parse_file(&text).expect("Rust");
            let mut finder = Finder {
                text: &text,
                lines: lines(&text),
                path,
                next,
                found: Vec::new(),
                constants: Vec::new(),
                constant: None,
                of: String::new(),
            };
            finder.visit_file(&file);
            finder.bodies(&bodies);
            next = finder.next;
            let mut mutants = finder.found;
            let begin = format!("{path}:");
            let mut known: Vec<&str> = all.lines().filter(|line| line.starts_with(&begin)).collect();
            mutants.retain_mut(|mutant| {
                let Some(at) = known.iter().position(|line| mutant.is_told_as(line)) else { return false };
                known.swap_remove(at).clone_into(&mut mutant.name);
                mutant.has_reason = !without_reason.contains(&*mutant.name);
                true
            });
            known.iter().for_each(|name| println!("cannot be a branch: {name}"));
            Source { mutants, constants: finder.constants, path: path.clone(), text }
        })
        .collect()
}

impl Mutant {
    fn is_told_as(&self, line: &str) -> bool {
        line.strip_prefix(&*self.told.0).is_some_and(|rest| rest.contains(&*self.told.1))
    }
}

/// What `cargo mutants` makes of the files.
fn listed(copy: &Path, files: &[String], arguments: &[&str]) -> String {
    let mut command = Command::new("cargo");
    command.args(["mutants", "--list"]).args(arguments).current_dir(copy);
    files.iter().for_each(|file| {
        command.args(["-f", file]);
    });
    String::from_utf8(command.output().expect("cargo mutants").stdout).expect("the list of cargo mutants")
}

fn lines(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

struct Finder<'t> {
    text: &'t str,
    lines: Vec<usize>,
    path: &'t str,
    next: u32,
    found: Vec<Mutant>,
    constants: Vec<Constant>,
    constant: Option<usize>,
    /// Whose functions they are.
    of: String,
}

impl Finder<'_> {
    /// `column` counts characters, from 0.
    fn at(&self, line: usize, column: usize) -> usize {
        let begin = self.lines[line - 1];
        self.text[begin..].char_indices().nth(column).map_or(self.text.len(), |(at, _)| begin + at)
    }

    fn range(&self, node: &impl Spanned) -> (usize, usize) {
        let span = node.span();
        let place = |place: LineColumn| self.at(place.line, place.column);
        (place(span.start()), place(span.end()))
    }

    /// `told` is where `cargo mutants` says that the change is, how it is called there, and what else its name has.
    fn add(
        &mut self,
        (begin, end): (usize, usize),
        (place, what, with): (usize, &str, &str),
        before: impl FnOnce(u32) -> String,
        after: &str,
    ) {
        let id = self.next;
        self.next += 1;
        let line = self.lines.partition_point(|&line| line <= place);
        let column = self.text[self.lines[line - 1]..place].chars().count() + 1;
        let before = before(id);
        self.found.push(Mutant {
            id,
            name: String::new(),
            has_reason: false,
            told: (format!("{}:{line}:{column}: {what}", self.path), with.to_owned()),
            begin,
            end,
            before,
            after: after.to_owned(),
            is_viable: true,
            constant: self.constant,
        });
    }

    fn function(&mut self, signature: &Signature, block: &Block) {
        let around = self.constant;
        self.constant = signature.constness.as_ref().map(|word| {
            let word = self.range(word);
            let name = format!("{}::{}", self.of, signature.ident);
            self.constants.push(Constant { name, word, is_needed: false });
            self.constants.len() - 1
        });
        self.visit_block(block);
        self.constant = around;
    }

    /// A branch instead of an expression.
    fn instead(&mut self, range: (usize, usize), told: (usize, &str, &str), changed: &str) {
        self.add(range, told, |id| format!("(if crate::mutant({id}) {{ {changed} }} else {{ "), " })");
    }

    /// Whole functions, as they are listed.
    fn bodies(&mut self, listed: &[serde_json::Value]) {
        for mutant in listed {
            let number = |of: &str, what: &str| mutant["span"][of][what].as_u64().expect("a place") as usize;
            if mutant["file"] != self.path || mutant["genre"] != "FnValue" {
                continue;
            }
            let (line, column) = (number("start", "line"), number("start", "column") - 1);
            let begin = self.at(line, column);
            let replacement = mutant["replacement"].as_str().expect("a replacement").to_owned();
            let header = &self.text[..begin];
            let header = &header[header.rfind("fn ").map_or(0, |at| header[..at].rfind('\n').unwrap_or(0))..];
            let returned = mutant["function"]["return_type"].as_str().unwrap_or_default();
            self.constant = self.constants.iter().rposition(|constant| constant.word.0 < begin);
            if !header.contains("const fn") {
                self.constant = None;
            }
            let with = format!(" with {replacement}");
            let told = (begin, "replace ", &*with);
            // One type for both: what is returned is not named.
            if returned.contains("impl ") {
                let end = self.at(number("end", "line"), number("end", "column") - 1);
                let other = |id| {
                    format!(
                        "if crate::mutant({id}) {{ crate::Changed::Other({replacement}) }} else {{ crate::Changed::Own({{ "
                    )
                };
                self.add((begin, end), told, other, " }) }");
                continue;
            }
            self.add((begin, begin), told, |id| format!("if crate::mutant({id}) {{ return {replacement}; }} "), "");
        }
    }
}

fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let path = attribute.path();
        path.is_ident("test")
            || path.is_ident("cfg") && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test")
    })
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_mod(&mut self, node: &'ast ItemMod) {
        if !is_test(&node.attrs) {
            visit::visit_item_mod(self, node);
        }
    }

    fn visit_item_fn(&mut self, node: &'ast ItemFn) {
        if !is_test(&node.attrs) {
            self.function(&node.sig, &node.block);
        }
    }

    fn visit_item_impl(&mut self, node: &'ast ItemImpl) {
        if let Type::Path(path) = &*node.self_ty {
            self.of = path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        }
        visit::visit_item_impl(self, node);
        self.of.clear();
    }

    /// How much room is asked for in advance is left alone, as `cargo mutants` does.
    fn visit_expr_call(&mut self, node: &'ast ExprCall) {
        let is_room = |path: &ExprPath| path.path.segments.last().is_some_and(|last| last.ident == "with_capacity");
        if !matches!(&*node.func, Expr::Path(path) if is_room(path)) {
            visit::visit_expr_call(self, node);
        }
    }

    fn visit_impl_item_fn(&mut self, node: &'ast ImplItemFn) {
        self.function(&node.sig, &node.block);
    }

    /// How long an array is, is a constant.
    fn visit_expr_repeat(&mut self, node: &'ast syn::ExprRepeat) {
        self.visit_expr(&node.expr);
    }

    fn visit_item_const(&mut self, _: &'ast syn::ItemConst) {}
    fn visit_impl_item_const(&mut self, _: &'ast syn::ImplItemConst) {}
    fn visit_item_static(&mut self, _: &'ast syn::ItemStatic) {}
    fn visit_type(&mut self, _: &'ast syn::Type) {}
    fn visit_pat(&mut self, _: &'ast Pat) {}
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_expr_binary(&mut self, node: &'ast ExprBinary) {
        let range = self.range(node);
        let (left, right) = (self.range(&node.left), self.range(&node.right));
        let place = self.range(&node.op).0;
        let op = &self.text[left.1..right.0];
        let op = op.trim();
        let others: &[&str] = match node.op {
            BinOp::Eq(_) => &["!="],
            BinOp::Ne(_) => &["=="],
            BinOp::And(_) => &["||"],
            BinOp::Or(_) => &["&&"],
            BinOp::Lt(_) => &["==", ">", "<="],
            BinOp::Gt(_) => &["==", "<", ">="],
            BinOp::Le(_) => &[">"],
            BinOp::Ge(_) => &["<"],
            BinOp::Add(_) => &["-", "*"],
            BinOp::Sub(_) => &["+", "/"],
            BinOp::Mul(_) => &["+", "/"],
            BinOp::Div(_) => &["%", "*"],
            BinOp::Rem(_) => &["/", "+"],
            BinOp::Shl(_) => &[">>"],
            BinOp::Shr(_) => &["<<"],
            BinOp::BitAnd(_) => &["|", "^"],
            BinOp::BitOr(_) => &["&", "^"],
            BinOp::BitXor(_) => &["|", "&"],
            BinOp::AddAssign(_) => &["-=", "*="],
            BinOp::SubAssign(_) => &["+=", "/="],
            BinOp::MulAssign(_) => &["+=", "/="],
            BinOp::BitOrAssign(_) => &["&="],
            BinOp::BitAndAssign(_) => &["|="],
            _ => &[],
        };
        for other in others {
            let [left, right] = [left, right].map(|(from, to)| &self.text[from..to]);
            let changed = format!("({left}) {other} ({right})");
            let changed = if other.ends_with('=') && other.len() == 2 && !["!=", "==", "<=", ">="].contains(other) {
                format!("{left} {other} {right}")
            } else {
                changed
            };
            self.instead(range, (place, &format!("replace {op} with {other} in "), ""), &changed);
        }
        visit::visit_expr_binary(self, node);
    }

    fn visit_expr_unary(&mut self, node: &'ast ExprUnary) {
        let op = match node.op {
            UnOp::Not(_) => "!",
            UnOp::Neg(_) => "-",
            _ => return visit::visit_expr_unary(self, node),
        };
        let is_literal = matches!(*node.expr, Expr::Lit(_));
        if !is_literal {
            let (range, inside) = (self.range(node), self.range(&node.expr));
            let changed = self.text[inside.0..inside.1].to_owned();
            self.instead(range, (range.0, &format!("delete {op} in "), ""), &changed);
        }
        visit::visit_expr_unary(self, node);
    }

    fn visit_expr_struct(&mut self, node: &'ast ExprStruct) {
        if let Some(rest) = &node.dot2_token {
            let (begin, end) = self.range(node);
            let starts: Vec<_> =
                node.fields.iter().map(|field| self.range(field).0).chain([self.range(rest).0]).collect();
            for (field, cut) in node.fields.iter().zip(starts.windows(2)) {
                let changed = format!("{}{}", &self.text[begin..cut[0]], &self.text[cut[1]..end]);
                let name = &self.text[self.range(&field.member).0..self.range(&field.member).1];
                let told = (self.range(field).0, &*format!("delete field {name} "), "");
                self.instead((begin, end), told, &changed);
            }
        }
        visit::visit_expr_struct(self, node);
    }

    fn visit_expr_match(&mut self, node: &'ast ExprMatch) {
        let has_wild = node.arms.iter().any(|arm| matches!(arm.pat, Pat::Wild(_)) && arm.guard.is_none());
        for arm in &node.arms {
            if let Some((_, guard)) = &arm.guard {
                if !matches!(**guard, Expr::Let(_)) {
                    let range = self.range(&**guard);
                    for with in ["true", "false"] {
                        let told = (range.0, "replace match guard ", &*format!(" with {with} in "));
                        self.instead(range, told, with);
                    }
                }
            } else if has_wild && !matches!(arm.pat, Pat::Wild(_)) {
                let (_, end) = self.range(&arm.pat);
                let told = (self.range(arm).0, "delete match arm ", "");
                self.add((end, end), told, |id| format!(" if !crate::mutant({id}) "), "");
            }
        }
        visit::visit_expr_match(self, node);
    }
}
