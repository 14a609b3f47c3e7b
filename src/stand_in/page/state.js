// What is asked: the form's content as data, as a request of `exchange`, and as a link.

import { member, read, short } from "./json.js";

/** What each vendor's context has beside the policy. */
export const CONTEXT = {
  fireworks: [
    { key: "admin", kind: "yes", label: "An admin asks" },
    { key: "now", kind: "time", label: "Time of the update" },
  ],
  "trusted-twin": [
    { key: "effect", kind: "choice", of: "statement", values: ["allow", "deny"], label: "Effect of the caller’s statement" },
    { key: "actions", kind: "list", of: "statement", value: "update_user", label: "Its actions" },
    { key: "roles", kind: "list", label: "Roles of the account" },
    { key: "trace", kind: "text", label: "Trace" },
    { key: "now", kind: "time", label: "Time of the update" },
  ],
  elastic: [
    { key: "assignableRoles", kind: "list", label: "Roles the caller may assign" },
    { key: "knownRoles", kind: "list", label: "Roles that exist" },
    { key: "actor", kind: "text", label: "Who asks" },
    { key: "now", kind: "time", label: "Time of the update" },
  ],
};

/** What a field of the context holds where nothing is said. */
export function fallback({ kind, value, values }) {
  return kind === "yes" ? "true" : kind === "choice" ? values[0] : (value ?? "");
}

/** A list as it is typed: names between commas, `[]` for one that is empty. */
function list(typed) {
  return typed.trim() === "[]" ? [] : typed.split(",").map((name) => name.trim()).filter(Boolean);
}

function asJson(kind, typed) {
  if (kind === "yes") return typed;
  if (kind === "list") return JSON.stringify(list(typed));
  if (kind === "time" && /^[0-9]+(\.[0-9]+)?$/.test(typed.trim())) return typed.trim();
  return JSON.stringify(typed.trim());
}

function object(members) {
  return `{${members.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(",")}}`;
}

/** The policy as JSON, or nothing where it is the default one. */
export function policy(state) {
  const said = Object.entries(state.policy);
  return said.length ? object(said) : "";
}

/** The context as JSON, or nothing where it is the default one. */
export function context(state) {
  const members = [];
  const fields = CONTEXT[state.vendor];
  const said = fields.filter(({ key }) => key in state.context);
  if (said.some(({ of }) => of)) {
    // The statement is given whole.
    const parts = fields.filter(({ of }) => of);
    const value = (field) => asJson(field.kind, state.context[field.key] ?? fallback(field));
    members.push(["statement", object(parts.map((field) => [field.key, value(field)]))]);
  }
  for (const { key, kind } of said.filter(({ of }) => !of)) members.push([key, asJson(kind, state.context[key])]);
  if (policy(state)) members.push(["policy", policy(state)]);
  return members.length ? object(members) : "";
}

/** Takes a context that was written as JSON into fields and switches; what is none of them is left out. */
export function takeContext(state, json) {
  const { root } = read(json);
  state.context = {};
  state.policy = {};
  if (root?.kind !== "object") return;
  for (const { key, kind, of } of CONTEXT[state.vendor]) {
    const around = of ? root.items.findLast((item) => item.name === of) : root;
    const text = around && member(json, around, key);
    if (text === undefined || text === "null") continue;
    const value = JSON.parse(text);
    if (kind === "list" && Array.isArray(value)) state.context[key] = value.length ? value.join(", ") : "[]";
    else if (kind === "yes" && typeof value === "boolean") state.context[key] = text;
    else if (kind === "time" && typeof value === "number") state.context[key] = text;
    else if (typeof value === "string" && kind !== "list" && kind !== "yes") state.context[key] = value;
  }
  const switches = root.items.findLast((item) => item.name === "policy");
  for (const item of switches?.items ?? []) {
    if (item.name) state.policy[item.name] = short(json.slice(item.start, item.end));
  }
}

/** A request of `exchange`, on one line. The texts in it have to be JSON. */
export function request(state, op, members) {
  const asked = [["vendor", JSON.stringify(state.vendor)], ["op", JSON.stringify(op)], ...members];
  const said = context(state);
  return object(said ? [...asked, ["context", said]] : asked);
}

/**
 * The members of a request that has the user, the body and the mask. `isExact`: the body as the very text that was typed, and not
 * as the JSON that it is.
 */
export function update(state, isExact) {
  const isText = isExact || !read(state.body).root;
  const body = isText ? ["patchText", JSON.stringify(state.body)] : ["patch", short(state.body)];
  const members = [["user", short(state.user)], body];
  return state.mask && state.vendor === "fireworks" ? [...members, ["mask", JSON.stringify(state.mask)]] : members;
}

/** The state as a fragment: it is sent to nobody. */
export function fragment(state) {
  const parts = new URLSearchParams({ vendor: state.vendor, body: state.body, user: state.user });
  if (state.mask && state.vendor === "fireworks") parts.set("mask", state.mask);
  if (context(state)) parts.set("context", context(state));
  return `#${parts}`;
}

/** The state that a fragment holds, or nothing. */
export function fromFragment(hash) {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const vendor = parts.get("vendor");
  if (!Object.hasOwn(CONTEXT, vendor ?? "")) return null;
  const state = { vendor, body: parts.get("body") ?? "", user: parts.get("user") ?? "", mask: parts.get("mask") ?? "" };
  takeContext(state, parts.get("context") ?? "{}");
  return state;
}
