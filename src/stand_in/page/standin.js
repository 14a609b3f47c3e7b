// The second tab: the stand-in's users, and what was last asked of it.

import { make, pointed } from "./form.js";
import { long, member, read, textAt } from "./json.js";

const by = (id) => document.getElementById(id);
const NAMES = { fireworks: "Fireworks AI", "trusted-twin": "Trusted Twin", elastic: "Elastic Cloud Enterprise" };

let shown = "";

async function got(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.text();
}

function users(text, use) {
  const { root } = read(text);
  return root.items.filter(({ items }) => items.length).flatMap((vendor) => [
    make("h3", {}, NAMES[vendor.name]),
    ...vendor.items.map((entry) => {
      const of = (name) => member(text, entry, name);
      const id = JSON.parse(of("id"));
      const name = of("account") ? `${JSON.parse(of("account"))} / ${id}` : id;
      const called = ["displayName", "full_name", "name"].map((one) => textAt(of("user"), `/${one}`)).find((one) => one?.startsWith('"'));
      const user = long(of("user"));
      const button = make("button", { type: "button" }, "Try an update of it");
      button.setAttribute("aria-label", `Try an update of ${name}`);
      button.addEventListener("click", () => use(vendor.name, user));
      const inside = make("pre", { class: "code", tabindex: "0", "aria-label": `The user ${name}` }, user);
      return make("details", {}, make("summary", {}, name, ...(called ? [" ", make("span", { class: "hint" }, JSON.parse(called))] : [])), inside, button);
    }),
  ]);
}

function requests(entries) {
  if (!entries.length) return [make("p", {}, "None yet.")];
  const head = ["Time (UTC)", "Method", "Path", "Status", "ms"].map((name) => make("th", { scope: "col" }, name));
  const rows = entries.map(({ time, method, path, status, ms }) => make("tr", {},
    make("td", {}, make("time", { datetime: time, title: time }, time.slice(11, -1))),
    make("td", {}, method),
    make("td", {}, pointed(path)),
    make("td", { class: status < 400 ? "yes" : "no" }, String(status)),
    make("td", { class: "number" }, ms.toFixed(1)),
  ));
  return [make("table", {}, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows))];
}

/** Looks, and shows what is new. What is the same stays as it is, opened and focused. */
export async function look(use) {
  const [all, last] = await Promise.all([got("/-/users"), got("/-/requests")]);
  if (shown !== all + last) {
    const open = new Set([...by("users").querySelectorAll("details[open] > summary")].map(({ textContent }) => textContent));
    by("users").replaceChildren(...users(all, use));
    for (const one of by("users").querySelectorAll("details")) one.open = open.has(one.firstElementChild.textContent);
    by("requests").replaceChildren(...requests(JSON.parse(last)));
    shown = all + last;
  }
}
