// The answer, as elements. Whatever comes from a user or a body is put in as a text.

import { batch, curl, rust } from "./code.js";
import { make, pointed } from "./form.js";
import { long, place, read } from "./json.js";
import { moved, paint, spans } from "./marks.js";

const by = (id) => document.getElementById(id);

function counted(number, what) {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

// What is shown of a long text, and of a long list: a browser lays out no more than that while somebody types.
const CHARACTERS = 20_000;
const ROWS = 256;

function shortened(text) {
  return text.length > CHARACTERS ? `${text.slice(0, CHARACTERS)}\n… and ${text.length - CHARACTERS} more characters` : text;
}

function copied(label, text) {
  const button = make("button", { type: "button", class: "copy" }, "Copy");
  button.setAttribute("aria-label", `Copy: ${label}`);
  button.addEventListener("click", () => copy(button, text));
  return button;
}

/** Hands a text to the clipboard, and says so on the button. */
export async function copy(button, text) {
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    // Without a secure connection there is no clipboard.
    button.textContent = "Cannot copy here";
  }
  setTimeout(() => { button.textContent = before; }, 1500);
}

/** Shows a part, or hides it where there is nothing to show. */
function part(id, inside, where = ":scope > :last-child") {
  by(id).hidden = !inside.length;
  by(id).querySelector(where).replaceChildren(...inside);
}

/** A text in which names stand between backquotes. */
function named(text) {
  return text.split("`").map((part, at) => (at % 2 ? make("code", {}, part) : part));
}

const BASES = { stated: "the page says", standard: "a standard", inferred: "inferred", chosen: "chosen" };

/** What a rule rests on. */
function basis(rule) {
  if (!rule) return [];
  const words = make("p", { class: "words" }, make("span", { class: `basis ${rule.basis}` }, BASES[rule.basis]), " ");
  words.append(...(rule.basis === "stated" ? [make("q", {}, rule.words)] : named(rule.words)));
  const isPage = /^https:\/\//.test(rule.page);
  if (isPage) words.append(" ", make("a", { href: rule.page, rel: "noreferrer", target: "_blank" }, "the vendor’s page"));
  return [words];
}

/** Selects a span of the body. */
function select([start, end]) {
  const body = by("body");
  body.focus();
  body.setSelectionRange(start, end);
  body.scrollIntoView({ block: "center" });
}

function finding(state, rules, one, span) {
  const where = make("span", { class: "where" }, make("code", {}, one.pointer || "the whole"));
  const item = make("li", {}, make("p", { class: "message" }, where, " ", one.message));
  const rule = rules.get(one.rule);
  const foot = make("p", { class: "foot" }, make("code", {}, one.rule));
  if (span) {
    const { line, column } = place(state.body, span[0]);
    const button = make("button", { type: "button", class: "show" }, `line ${line}, column ${column}`);
    button.setAttribute("aria-label", `Show in the body: line ${line}, column ${column}`);
    button.addEventListener("click", () => select(span));
    foot.append(" ", button);
  }
  item.append(...basis(rule), foot);
  return item;
}

/** Whether a finding is about the body: a mask has its own field, and who may not ask is told of no place. */
function isOfBody({ rule, pointer }) {
  const isWhole = pointer === "" && !/\.body\.(malformed|object|utf8|depth)$|\.required$/.test(rule);
  return !isWhole && !/\.mask\./.test(rule);
}

function more(omitted, list) {
  if (omitted) list.push(make("li", {}, `and ${omitted} more`));
  return list;
}

function value(json) {
  return json === undefined ? make("span", { class: "none" }, "not there") : make("code", {}, shortened(long(json, false)));
}

const PASSWORD = "/security/password";

function changes(decided) {
  // On a narrow page rows are shown as blocks: the roles stay.
  const cell = (label, inside) => make("td", { role: "cell", "data-label": label }, inside);
  const row = (path, before, after) => make(
    "tr", { role: "row" }, make("th", { scope: "row", role: "rowheader" }, pointed(path)), cell("Before", before), cell("After", after),
  );
  const rows = decided.changes.slice(0, ROWS).map(({ path, before, after }) => row(path, value(before), value(after)));
  if (decided.changed.includes(PASSWORD)) {
    const unseen = () => make("span", { class: "none" }, "never shown");
    rows.push(row(PASSWORD, unseen(), unseen()));
  }
  if (!rows.length) return [make("p", {}, "Nothing: every value is as it was.")];
  const head = ["Member", "Before", "After"].map((name) => make("th", { scope: "col", role: "columnheader" }, name));
  const group = { role: "rowgroup" };
  return [make("table", { role: "table" }, make("thead", group, make("tr", { role: "row" }, ...head)), make("tbody", group, ...rows)), ...others(decided.changes)];
}

function others({ length }) {
  return length > ROWS ? [make("p", {}, `and ${length - ROWS} more`)] : [];
}

function block(label, text, kind = "") {
  const shown = make("pre", { class: `code ${kind}`, tabindex: "0", "aria-label": label }, shortened(text));
  return make("div", { class: "block" }, make("div", { class: "bar" }, make("h3", {}, label), copied(label, text)), shown);
}

function patch(label, one, isBeside) {
  const heading = make("h3", {}, label);
  if (one.error) return make("div", { class: "block" }, heading, make("p", {}, one.error));
  if (one.unchanged) return make("div", { class: "block" }, heading, make("p", {}, `Nothing to send${isBeside ? " beside the password" : ""}.`));
  if (one.unreachable) {
    const reasons = one.unreachable.map(({ pointer, message }) => make("li", {}, make("code", {}, pointer), " ", message));
    return make("div", { class: "block" }, heading, make("p", {}, "No update leads there:"), make("ul", {}, ...more(one.omitted, reasons)));
  }
  const whole = block(label, one.body);
  if (one.mask) whole.append(make("p", {}, "with the update mask ", make("code", {}, one.mask)));
  return whole;
}

function patches(decided) {
  const hasPassword = decided.changed.includes(PASSWORD);
  const parts = [patch("There", decided.smallest, hasPassword), patch("Back", decided.undo)];
  if (hasPassword) parts.push(make("p", { class: "hint" }, "A password is in no user: no patch between two users has it, and none leads back from it."));
  return parts;
}

function reply({ status, headers, reply: body }) {
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP ${status}`, ...head, "", long(body)].join("\n");
}

/** The verdict in words. */
export function words(decided) {
  if (decided.kind === "wrong") return `Cannot be asked: ${decided.of ? `the ${decided.of}: ` : ""}${decided.what}`;
  if (decided.kind === "refused") {
    const all = decided.violations.length + (decided.omitted ?? 0);
    return `Refused with ${decided.status}: ${counted(all, "violation")}`;
  }
  const changed = decided.changed.length;
  const notices = decided.notices.length ? `, ${counted(decided.notices.length, "notice")}` : "";
  return `Accepted: ${changed ? `${counted(changed, "member")} ${changed === 1 ? "changes" : "change"}` : "nothing changes"}${notices}`;
}

/** Shows an answer. */
export function render(state, decided, rules) {
  const verdict = by("verdict");
  verdict.className = `verdict ${decided.kind}`;
  verdict.textContent = words(decided);

  const body = read(state.body);
  const placed = (one) => ({ one, found: isOfBody(one) ? spans(state.body, body, one) : [] });
  const violations = (decided.violations ?? []).map(placed);
  const notices = (decided.notices ?? []).map(placed);
  const isRefused = decided.kind === "refused";
  part("violations", more(isRefused ? decided.omitted : 0, violations.map(({ one, found }) => finding(state, rules, one, found[0]))));
  // What is noted of a member that the body has not has no place in it.
  part("notices", more(isRefused ? 0 : decided.omitted, notices.map(({ one, found }) => (
    finding(state, rules, one, found.find(([, , isAround]) => !isAround))
  ))));
  part("changes", decided.kind === "accepted" ? changes(decided) : []);
  part("reply", decided.reply === undefined ? [] : [shortened(reply(decided))]);
  part("patches", decided.kind === "accepted" ? patches(decided) : []);
  marks(state, decided, violations);
  part("request", read(state.user).fault ? [] : [requests(state)]);
  by("answer").setAttribute("aria-busy", "false");
}

function requests(state) {
  const hint = "It is answered by what this stand-in stores, as a caller who may do everything; of the context it takes the policy.";
  const asCurl = block("curl", curl(state), "lines");
  asCurl.append(make("p", { class: "hint" }, hint));
  return make("div", {}, asCurl, block("batch", batch(state)), block("Rust", rust(state), "lines"));
}

// The marks of each field as they are, and the text that they are of.
const painted = {};

function mark(field, text, marked) {
  painted[field] = { text, marked };
  paint(by(field === "body" ? "marks" : "user-marks"), text, marked);
}

/** Has the marks keep up with what is typed, until it is answered. */
export function follow(state) {
  for (const field of ["body", "user"]) {
    const { text, marked } = painted[field] ?? { text: "", marked: [] };
    if (text !== state[field]) mark(field, state[field], moved(marked, text, state[field]));
  }
}

/** The marks in the fields, and what a screen reader is told of these. */
function marks(state, decided, violations) {
  mark("body", state.body, violations.flatMap(({ found }) => found));
  const wrong = decided.kind === "wrong" && decided.of === "user" ? [[decided.at ?? 0, (decided.at ?? 0) + 1]] : [];
  mark("user", state.user, wrong);
  by("body").setAttribute("aria-invalid", String(violations.some(({ found }) => found.length)));
  by("mask").setAttribute("aria-invalid", String(violations.some(({ one }) => /\.mask\./.test(one.rule))));
  by("user").setAttribute("aria-invalid", String(wrong.length > 0));
}
