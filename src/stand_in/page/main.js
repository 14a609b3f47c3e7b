// What happens when.

import { catalogue, decide, policies as known } from "./ask.js";
import { EXAMPLES } from "./examples.js";
import { count, make, show, taken } from "./form.js";
import { copy, follow, render, words } from "./render.js";
import { look } from "./standin.js";
import { fragment, fromFragment, takeContext } from "./state.js";

const by = (id) => document.getElementById(id);
const [rules, policies] = await Promise.all([catalogue(), known()]);

let state;
let asked = 0;
let typing;
let resting;

async function ask() {
  by("answer").setAttribute("aria-busy", "true");
  const mine = ++asked;
  const question = state;
  let decided;
  try {
    decided = await decide(question);
  } catch (wrong) {
    decided = { kind: "wrong", of: "", what: `the stand-in does not answer (${wrong.message})` };
  }
  // An answer to what has been typed over since is none.
  if (mine !== asked) return;
  by("link").href = fragment(question);
  render(question, decided, rules);
  if (!performance.getEntriesByName("verdict").length) performance.mark("verdict");
  // A screen reader is told at rest, and not at each letter.
  clearTimeout(resting);
  resting = setTimeout(() => { by("spoken").textContent = words(decided); }, 700);
}

function changed() {
  state = taken(policies);
  count(state);
  follow(state);
  by("answer").setAttribute("aria-busy", "true");
  // What is being answered is none of this.
  asked += 1;
  clearTimeout(typing);
  typing = setTimeout(ask, 30);
}

/** The examples of a vendor; the first choice is what stands there and is none of them. */
function offer(vendor, chosen) {
  const options = EXAMPLES[vendor].map(({ name }, at) => make("option", { value: String(at) }, name));
  by("example").replaceChildren(make("option", { value: "" }, "Your own"), ...options);
  by("example").value = chosen;
}

function begin(next, example = "") {
  state = next;
  offer(state.vendor, example);
  show(state, policies);
  // As the fields have it: a text field keeps no carriage return.
  state = taken(policies);
  ask();
}

function fromExample(vendor, at) {
  const { user, body, mask, context } = EXAMPLES[vendor][at];
  const next = { vendor, user, body, mask: mask ?? "" };
  takeContext(next, context ?? "{}");
  begin(next, String(at));
}

function fromLink() {
  const linked = fromFragment(location.hash);
  if (linked) {
    choose(by("tab-try"));
    begin(linked);
  }
  return linked;
}

// The tabs, as the ARIA practices have them: arrows go from one to the other.
const tabs = [by("tab-try"), by("tab-standin")];
let watching;

function choose(tab) {
  for (const one of tabs) {
    const isChosen = one === tab;
    one.setAttribute("aria-selected", String(isChosen));
    one.tabIndex = isChosen ? 0 : -1;
    by(one.getAttribute("aria-controls")).hidden = !isChosen;
  }
  clearInterval(watching);
  if (tab.id !== "tab-standin") return;
  seen();
  watching = setInterval(() => { if (by("watch").checked && !document.hidden) seen(); }, 2000);
}

async function seen() {
  try {
    await look(use);
    by("refreshed").textContent = "";
  } catch (wrong) {
    by("refreshed").textContent = `The stand-in does not answer (${wrong.message}).`;
  }
}

function use(vendor, user) {
  choose(by("tab-try"));
  begin({ vendor, user, body: "{}", mask: "", context: {}, policy: {} });
  by("body").focus();
}

for (const tab of tabs) {
  tab.addEventListener("click", () => choose(tab));
  tab.addEventListener("keydown", ({ key }) => {
    const to = { ArrowRight: 1, ArrowLeft: -1, Home: -tabs.indexOf(tab), End: 1 - tabs.indexOf(tab) }[key];
    if (to === undefined) return;
    const next = tabs.at((tabs.indexOf(tab) + to) % tabs.length);
    choose(next);
    next.focus();
  });
}

const form = document.querySelector("form");
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", ({ target }) => {
  if (target.id === "example") {
    if (target.value) fromExample(state.vendor, Number(target.value));
  } else if (target.name === "vendor") {
    fromExample(target.value, 0);
  } else {
    by("example").value = "";
    changed();
  }
});
document.querySelector("[data-copy=link]").addEventListener("click", ({ target }) => copy(target, by("link").href));
by("refresh").addEventListener("click", seen);
addEventListener("hashchange", fromLink);

if (!fromLink()) fromExample("fireworks", 0);
document.documentElement.dataset.ready = "";
