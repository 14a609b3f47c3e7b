// The request in the languages of those who send it.

import { member, read, short } from "./json.js";
import { context, policy, request, update } from "./state.js";

/** A word of a shell. */
function word(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A string of Rust, with as many fences as it needs. */
function raw(text) {
  let fence = "";
  for (const [, found] of text.matchAll(/"(#*)/g)) if (found.length >= fence.length) fence = `${found}#`;
  return `r${fence}"${text}"${fence}`;
}

function text(user, name) {
  const { root } = read(user);
  const json = root && member(user, root, name);
  return json?.startsWith('"') ? JSON.parse(json) : "";
}

const VENDORS = {
  fireworks: {
    module: "fireworks",
    path: ({ user, mask }) => {
      const name = text(user, "name").split("/").map(encodeURIComponent).join("/") || "accounts/acme/users/alice";
      return `/v1/${name}${mask ? `?updateMask=${encodeURIComponent(mask)}` : ""}`;
    },
    key: "Bearer any-key",
    user: "user.reply(&ctx)",
    violations: "violations.reply()",
  },
  "trusted-twin": {
    module: "trusted_twin",
    path: ({ user }) => `/users/${encodeURIComponent(text(user, "uuid"))}`,
    key: "any-key",
    user: "user.reply()",
    violations: "violations.reply(&ctx)",
  },
  elastic: {
    module: "elastic",
    path: () => "/api/v1/user",
    key: "ApiKey any-key",
    user: "user.reply()",
    violations: "violations.reply()",
  },
};

/** To this stand-in, which has its own users and takes a policy, but not the rest of a context, from a request. */
export function curl(state) {
  const { path, key } = VENDORS[state.vendor];
  const headers = [`authorization: ${key}`, "content-type: application/json"];
  if (policy(state)) headers.push(`x-user-patch-policy: ${policy(state)}`);
  return [
    `curl -i -X PATCH ${word(location.origin + path(state))}`,
    ...headers.map((header) => `  -H ${word(header)}`),
    `  --data-raw ${word(state.body)}`,
  ].join(" \\\n");
}

/** A line for `user-patch batch`. */
export function batch(state) {
  return read(state.user).root ? request(state, "apply", update(state)) : "";
}

/** A program. */
export function rust(state) {
  const { module, user, violations } = VENDORS[state.vendor];
  const said = context(state);
  const ctx = said ? `serde_json::from_str(${raw(said)})?` : "Context::default()";
  const masked = state.mask && state.vendor === "fireworks";
  const parse = masked ? `Patch::parse_masked(body, ${raw(state.mask)}, &ctx)` : "Patch::parse(body, &ctx)";
  return `use user_patch::${module}::{Context, Patch, User};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut user = User::from_json(${raw(read(state.user).root ? short(state.user) : state.user)}.as_bytes())?;
    let ctx: Context = ${ctx};
    let body = ${raw(state.body)}.as_bytes();
    let patch = ${parse};
    let reply = match patch.and_then(|patch| patch.apply(&mut user, &ctx)) {
        Ok(_) => ${user},
        Err(violations) => ${violations},
    };
    println!("{} {}", reply.status, reply.body);
    Ok(())
}`;
}
