// Asks the stand-in, which answers with the library's own decisions. The page decides nothing.

import { member, place, read, short, textAt } from "./json.js";
import { request, update } from "./state.js";

async function exchange(line) {
  const answer = await fetch("/-/exchange", { method: "POST", body: line });
  if (!answer.ok) throw new Error(`the stand-in answered ${answer.status}`);
  const text = await answer.text();
  return { text, said: JSON.parse(text), get: (name) => member(text, read(text).root, name) };
}

/** The catalogue, by id. */
export async function catalogue() {
  const rules = await (await fetch("/-/rules")).json();
  return new Map(rules.map((rule) => [rule.id, rule]));
}

/** The switches of each vendor's policy: their values as JSON, the default first. */
export async function policies() {
  const text = await (await fetch("/-/policies")).text();
  const { root } = read(text);
  const known = JSON.parse(text);
  for (const vendor of root.items) {
    vendor.items.forEach((item, at) => {
      const values = item.items.find(({ name }) => name === "values");
      known[vendor.name][at].values = values.items.map(({ start, end }) => text.slice(start, end));
    });
  }
  return known;
}

/** A change, or what it consists of where an object is another one. */
function inside({ path, before, after }) {
  const [from, to] = [before, after].map((text) => text && read(text).root);
  if (from?.kind !== "object" || to?.kind !== "object") return [{ path, before, after }];
  const names = new Set([...from.items, ...to.items].map(({ name }) => name));
  const parts = [...names].flatMap((name) => {
    const [was, is] = [member(before, from, name), member(after, to, name)];
    const escaped = name.replaceAll("~", "~0").replaceAll("/", "~1");
    return was === is ? [] : inside({ path: `${path}/${escaped}`, before: was, after: is });
  });
  return parts.length ? parts : [{ path, before, after }];
}

/** A patch between two users: `{body, mask}`, `{unchanged}` or `{unreachable}`. */
async function between(state, op, from, to) {
  const { said, get } = await exchange(request(state, op, [["from", from], ["to", to]]));
  if (said.error) return { error: said.error };
  if (said.unreachable) return { unreachable: said.unreachable, omitted: said.omitted };
  return { unchanged: said.unchanged === true, body: get("patch"), mask: said.mask };
}

/** What the stand-in decides: `kind` is accepted, refused, or wrong where nothing could be asked. */
export async function decide(state) {
  const stored = read(state.user);
  if (stored.fault) {
    const { line, column } = place(state.user, stored.fault.at);
    return { kind: "wrong", of: "user", at: stored.fault.at, what: `line ${line}, column ${column}: ${stored.fault.what}` };
  }
  const before = short(state.user);
  const members = update(state, true);
  const { said, get } = await exchange(request(state, "apply", members));
  if (said.error) {
    const of = /^`(\w+)`/.exec(said.error)?.[1] ?? "";
    return { kind: "wrong", of, what: said.error.replace(/^`\w+`: /, "").replace(/ at column \d+$/, "") };
  }
  const { status, headers, changed, notices, violations, omitted } = said;
  const decided = { status, headers, changed, notices, violations, omitted, reply: get("body") };
  if (status !== 200) return { kind: "refused", ...decided };

  const after = get("user") ?? decided.reply;
  const [audit, smallest, undo] = await Promise.all([
    exchange(request(state, "audit", members)),
    between(state, "diff", before, after),
    between(state, "undo", before, after),
  ]);
  const operations = audit.said.audit ?? [];
  const changes = operations.flatMap(({ path }, at) => (
    inside({ path, before: textAt(before, path), after: textAt(audit.text, `/audit/${at}/value`) })
  ));
  return { kind: "accepted", ...decided, after, changes, smallest, undo };
}
