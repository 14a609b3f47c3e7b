// The form: its fields from a state, and a state from its fields.

import { CONTEXT, fallback } from "./state.js";

const by = (id) => document.getElementById(id);

/** An element: its attributes, and what is in it. A text is put in as a text. */
export function make(tag, attributes = {}, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...inside);
  return element;
}

/** A path, in which a line may end before each slash. */
export function pointed(path) {
  const parts = path.split(/(?=\/)/);
  return make("code", {}, ...parts.flatMap((part, at) => (at ? [make("wbr"), part] : [part])));
}

function field(label, control) {
  return make("label", { class: "field" }, make("span", {}, label), control);
}

function choice(values, chosen, name) {
  const options = values.map((value, at) => {
    const words = value.replace(/^"|"$/g, "");
    return make("option", { value }, at ? words : `${words} (default)`);
  });
  const select = make("select", { name }, ...options);
  // What a link says and nobody knows is shown, and refused by the one who is asked.
  if (!values.includes(chosen)) select.append(make("option", { value: chosen }, chosen));
  select.value = chosen;
  return select;
}

/** Shows a state. */
export function show(state, policies) {
  for (const radio of document.querySelectorAll("[name=vendor]")) radio.checked = radio.value === state.vendor;
  by("body").value = state.body;
  by("user").value = state.user;
  by("mask").value = state.mask;
  by("mask-field").hidden = state.vendor !== "fireworks";

  by("context").replaceChildren(...CONTEXT[state.vendor].map((one) => {
    const said = state.context[one.key] ?? fallback(one);
    const values = one.kind === "yes" ? ["true", "false"] : one.values;
    const hint = { list: "not said", time: "2026-02-01T09:00:00Z", text: "" }[one.kind];
    const control = values ? choice(values, said, one.key)
      : make("input", { class: "code", name: one.key, placeholder: hint, spellcheck: "false", autocapitalize: "off" });
    control.value = said;
    return field(one.label, control);
  }));
  by("policy").replaceChildren(...policies[state.vendor].map(({ key, values, number, nullable }) => {
    const said = state.policy[key] ?? values[0];
    const control = number
      ? make("input", { class: "code", name: key, inputmode: "numeric", pattern: nullable ? "[0-9]+|null" : "[0-9]+" })
      : choice(values, said, key);
    control.value = said;
    return field(make("code", {}, key), control);
  }));
  const unknown = Object.keys(state.policy).filter((key) => !policies[state.vendor].some((one) => one.key === key));
  // A switch that a link has and the vendor has not: it is asked as it is, and told to be none.
  by("policy").dataset.beside = JSON.stringify(Object.fromEntries(unknown.map((key) => [key, state.policy[key]])));
  by("context-part").open = Object.keys(state.context).length > 0;
  by("policy-part").open = Object.keys(state.policy).length > 0;
  count(state);
}

/** Says how many fields differ from the default, where they are folded away. */
export function count(state) {
  const said = (fields) => (fields.length ? `${fields.length} set` : "");
  by("context-count").textContent = said(Object.keys(state.context));
  by("policy-count").textContent = said(Object.keys(state.policy));
}

/** The state that the fields have. */
export function taken(policies) {
  const vendor = document.querySelector("[name=vendor]:checked").value;
  const state = { vendor, body: by("body").value, user: by("user").value, mask: by("mask").value.trim(), context: {}, policy: {} };
  for (const one of CONTEXT[vendor]) {
    const value = by("context").querySelector(`[name=${one.key}]`).value;
    if (value.trim() !== fallback(one)) state.context[one.key] = value;
  }
  for (const { key, values, number } of policies[vendor]) {
    const value = by("policy").querySelector(`[name=${key}]`).value.trim();
    // What is typed and no number is a string, which is then told to be wrong.
    const json = number && value !== "null" && !/^(0|[1-9][0-9]*)$/.test(value) ? JSON.stringify(value) : value;
    if (value && json !== values[0]) state.policy[key] = json;
  }
  Object.assign(state.policy, JSON.parse(by("policy").dataset.beside || "{}"));
  return state;
}
