// What a service in Node does with the lines of `generate.py`: `ajv` for the rules, `json-merge-patch` for the change.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import Ajv from "ajv/dist/2020.js";
import { apply } from "json-merge-patch";

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
const schema = (name) => ajv.compile(JSON.parse(readFileSync(new URL(`../schemas/${name}.json`, import.meta.url))));
const rules = { fireworks: schema("fireworks"), "trusted-twin": schema("trusted_twin"), elastic: schema("elastic") };

let out = "";
for await (const line of createInterface({ input: process.stdin })) {
  const { id, vendor, user, patch } = JSON.parse(line);
  const isValid = rules[vendor];
  let reply;
  if (isValid(patch)) {
    const body = apply(user, patch);
    // The page replaces the dictionary whole.
    if (vendor === "trusted-twin" && patch.description !== undefined) body.description = patch.description;
    reply = { id, status: 200, body };
  } else {
    reply = { id, status: 400, body: { errors: isValid.errors.map((error) => `${error.instancePath} ${error.message}`) } };
  }
  out += JSON.stringify(reply) + "\n";
  if (out.length > 65536) {
    process.stdout.write(out);
    out = "";
  }
}
process.stdout.write(out);
