// What comes from outside becomes text here, never markup, and nothing of it stays unseen: what
// controls, hides or turns the direction of text is written out.

// Unicode's Cc, Cf, Zl, Zp, and characters that are never seen.
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu;

function written_out(character) {
  const code = character.codePointAt(0);
  const names = { 9: "\\t", 10: "\\n", 13: "\\r" };
  const hex = code.toString(16).toUpperCase();
  return names[code] || (code < 256 ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`);
}

export function visible(text, most = 200) {
  const whole = String(text);
  const cut = whole.length > most ? whole.slice(0, most).toWellFormed() + "…" : whole;
  return cut.replace(unseen, written_out);
}

export function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== undefined && value !== false) {
      made.setAttribute(name, value === true ? "" : value);
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function drawn(tag, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

// Of names whose letters run from right to left, too: they turn nothing around them.
export function outside(text, most) {
  return element("bdi", {}, visible(text, most));
}

export function button(label, on_click, attributes) {
  const made = element("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", on_click);
  return made;
}

const numbers = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

export function number(value) {
  return numbers.format(value);
}

export function counted(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

export function clock(time, with_day = false) {
  const date = new Date(time * 1000);
  const two = (part) => String(part).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} `;
  const text = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const part = time % 1 === 0 ? "" : `.${String(date.getMilliseconds()).padStart(3, "0")}`;
  return (with_day ? day : "") + text + part;
}

// The bytes of a value that the server gives as text or as base64.
export function bytes_of(object, key) {
  const base64 = object[`${key}_base64`];
  if (base64 !== undefined) {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  }
  return new TextEncoder().encode(object[key] ?? "");
}

export function text_of(object, key) {
  const text = object[key];
  if (text !== undefined) {
    return text;
  }
  const base64 = object[`${key}_base64`];
  return base64 === undefined
    ? ""
    : String.fromCharCode(...bytes_of(object, key).subarray(0, 4096));
}

export function hex_of(bytes, most = 1024) {
  const shown = Array.from(bytes.subarray(0, most), (byte) => byte.toString(16).padStart(2, "0"));
  return shown.join(" ") + (bytes.length > most ? " …" : "");
}
