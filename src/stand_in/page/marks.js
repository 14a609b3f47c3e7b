// Where in the body a finding is, and the marks behind the text field.

import { find, offset } from "./json.js";

/** How a member may be spelled beside the way that the pointer has it. */
function spellings(pointer) {
  const snake = pointer.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const camel = pointer.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
  return [pointer, snake, camel];
}

/** The spans of a finding in a body that was read: `[start, end, isOnlyAround]`. */
export function spans(body, { root, fault }, { pointer, message }) {
  // A text that cannot be read is told with its place.
  const told = / at line (\d+),? column (\d+)$/.exec(message);
  if (told || fault) {
    const at = Math.min(told ? offset(body, Number(told[1]), Number(told[2])) : fault.at, body.length);
    return [[at, at + 1, false]];
  }
  const found = spellings(pointer).map((one) => find(root, one));
  const { nodes, missing } = found.find((one) => !one.missing) ?? found[0];
  return nodes.map((node) => {
    // What is missing is shown where it would be: at the brace that opens.
    if (missing) return [node.start, node.start + 1, true];
    if (node.nameStart === undefined) return [node.start, node === root ? node.start + 1 : node.end, node === root];
    // Of what has several lines the name will do.
    return [node.nameStart, body.slice(node.start, node.end).includes("\n") ? node.nameEnd : node.end, false];
  });
}

/** Writes the text with its marks. The marks are behind a text field and in no one's reading order. */
export function paint(backdrop, text, marked) {
  const parts = [];
  let done = 0;
  for (const [start, end] of marked.toSorted(([a], [b]) => a - b)) {
    const from = Math.max(start, done);
    if (end <= from) continue;
    parts.push(text.slice(done, from));
    const mark = document.createElement("mark");
    // A mark where the text has ended still needs a width.
    mark.textContent = text.slice(from, end) || " ";
    parts.push(mark);
    done = Math.min(end, text.length);
  }
  // A last line that is empty has its height from what follows it.
  parts.push(text.slice(done), "\n");
  backdrop.replaceChildren(...parts);
}

/** The spans of a text in what it was edited to: those before and behind the edit, which is anything between what is the same. */
export function moved(marked, was, is) {
  const most = Math.min(was.length, is.length);
  let before = 0;
  while (before < most && was[before] === is[before]) before += 1;
  let behind = 0;
  while (behind < most - before && was.at(-1 - behind) === is.at(-1 - behind)) behind += 1;
  return marked.flatMap(([start, end, ...rest]) => {
    if (end <= before) return [[start, end, ...rest]];
    const by = is.length - was.length;
    return start >= was.length - behind ? [[start + by, end + by, ...rest]] : [];
  });
}
