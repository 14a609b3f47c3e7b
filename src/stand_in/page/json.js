// A strict reader of JSON (RFC 8259) that tells where each value stands. The page splices texts and never prints a number that
// it has read: a number keeps each of its digits.

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const WORD = /true|false|null/y;
// What a string may have up to its end or its first fault.
const PLAIN = /[^"\\\u0000-\u001f]+/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/**
 * Reads a text. Gives `{root}`, a node, or `{fault: {at, what}}`.
 *
 * A node has `kind` (object, array, string, number, word), `start` and `end`, and where it is an object or an array `items`:
 * nodes, which in an object also have `name` and its place, `nameStart` and `nameEnd`. No recursion, whatever the depth.
 */
export function read(text) {
  let at = 0;
  const open = [];
  let root = null;
  // The name that the next value has.
  let named = null;

  const take = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found ? found[0] : "";
  };
  const fault = (what) => ({ fault: { at, what } });
  const string = () => {
    at += 1;
    while (text[at] !== '"') {
      if (!take(PLAIN) && !take(ESCAPE)) return false;
    }
    at += 1;
    return true;
  };
  const name = () => {
    take(SPACE);
    const start = at;
    if (text[at] !== '"') return "a name in quotation marks is missing";
    if (!string()) return "the name is not a string";
    named = { name: JSON.parse(text.slice(start, at)), nameStart: start, nameEnd: at };
    take(SPACE);
    if (text[at] !== ":") return "a colon is missing";
    at += 1;
    return "";
  };
  const put = (kind, start) => {
    const node = { kind, start, end: at, ...named };
    named = null;
    if (open.length) open.at(-1).items.push(node);
    else root = node;
    return node;
  };

  for (;;) {
    take(SPACE);
    const start = at;
    const first = text[at];
    let opened = false;
    if (first === "{" || first === "[") {
      at += 1;
      const node = put(first === "{" ? "object" : "array", start);
      node.items = [];
      open.push(node);
      take(SPACE);
      opened = text[at] !== (first === "{" ? "}" : "]");
      if (opened && first === "{") {
        const wrong = name();
        if (wrong) return fault(wrong);
      }
    } else if (first === '"') {
      if (!string()) return fault(at < text.length ? "not a part of a string" : "the string does not end");
      put("string", start);
    } else if (take(NUMBER)) {
      put("number", start);
    } else if (take(WORD)) {
      put("word", start);
    } else {
      return fault("a value is missing");
    }
    if (opened) continue;

    // After a value: what is open goes on, or ends.
    for (;;) {
      take(SPACE);
      const outer = open.at(-1);
      if (!outer) return at === text.length ? { root } : fault("nothing may follow");
      const next = text[at];
      if (next === ",") {
        at += 1;
        if (outer.kind === "object") {
          const wrong = name();
          if (wrong) return fault(wrong);
        }
        break;
      }
      if (next !== (outer.kind === "object" ? "}" : "]")) return fault("a comma or the end is missing");
      at += 1;
      outer.end = at;
      open.pop();
    }
  }
}

/** The names of a JSON Pointer (RFC 6901). */
export function names(pointer) {
  return pointer.split("/").slice(1).map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Where a pointer leads: `{nodes, missing}`, every node of that name, and whether these are only what is around it. */
export function find(root, pointer) {
  let nodes = [root];
  for (const name of names(pointer)) {
    const next = nodes.flatMap((node) => {
      if (node.kind === "object") return node.items.filter((item) => item.name === name);
      const isIndex = node.kind === "array" && /^(0|[1-9][0-9]*)$/.test(name);
      return isIndex && node.items[name] ? [node.items[name]] : [];
    });
    if (!next.length) return { nodes, missing: true };
    nodes = next;
  }
  return { nodes, missing: false };
}

/** The text that a pointer leads to, or undefined. */
export function textAt(text, pointer) {
  const { nodes, missing } = find(read(text).root, pointer);
  return missing ? undefined : text.slice(nodes.at(-1).start, nodes.at(-1).end);
}

/** The text of a member, or undefined. The last of that name, where there are several. */
export function member(text, node, name) {
  const found = node.items?.findLast((item) => item.name === name);
  return found && text.slice(found.start, found.end);
}

/** A text that was read, without white space between its tokens. */
export function short(text) {
  return text.replace(/"(?:[^"\\]+|\\.)*"|[ \t\n\r]+/g, (part) => (part[0] === '"' ? part : ""));
}

/** A text that was read, in lines; what is short stays on one line, but for the outermost where `isOpen`. */
export function long(text, isOpen = true) {
  const { root } = read(text);
  if (!root) return text;
  const lines = (node, indent) => {
    const here = text.slice(node.start, node.end);
    if (!node.items?.length) return node.items ? short(here) : here;
    const [begin, end] = node.kind === "object" ? "{}" : "[]";
    const items = node.items.map((item) => {
      const before = node.kind === "object" ? `${text.slice(item.nameStart, item.nameEnd)}: ` : "";
      return before + lines(item, `${indent}  `);
    });
    const flat = items.every((item) => !item.includes("\n")) ? items.join(", ") : "";
    if ((indent || !isOpen) && flat && flat.length < 60) return begin + flat + end;
    return `${begin}\n${items.map((item) => `${indent}  ${item}`).join(",\n")}\n${indent}${end}`;
  };
  return lines(root, "");
}

/** Line and column of an offset, from 1. Columns count characters. */
export function place(text, at) {
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: [...before.at(-1)].length + 1 };
}

/** The offset of a line and column. */
export function offset(text, line, column) {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return before + [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
}
