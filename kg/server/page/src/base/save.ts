/** Writes files for the reader: statements as CSV, texts, pictures. */

import type { Statement } from "./types";

export function save(name: string, content: Blob | string, type = "text/plain"): void {
  const blob = typeof content === "string" ? new Blob([content], { type: `${type};charset=utf-8` }) : content;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** A name for a file, of letters that every system takes. */
export function fileName(words: string, ending: string): string {
  const plain = words.normalize("NFKD").replace(/\p{M}+/gu, "").replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "").toLowerCase();
  return `${plain.slice(0, 60) || "graph"}.${ending}`;
}

const COLUMNS: [string, (statement: Statement) => string | number | null][] = [
  ["statement", (one) => one.id],
  ["subject", (one) => one.subject.label],
  ["subject_iri", (one) => one.subject.iri],
  ["relation", (one) => one.predicate.name],
  ["object", (one) => one.object.label],
  ["object_iri", (one) => (one.object.class === "Literal" ? "" : one.object.iri)],
  ["polarity", (one) => one.polarity],
  ["modality", (one) => one.modality],
  ["belief", (one) => one.belief],
  ["n_evidence", (one) => one.n_evidence],
  ["n_documents", (one) => one.n_documents],
  ["sources", (one) => one.sources.join("; ")],
  ["first", (one) => one.first],
  ["last", (one) => one.last],
  ["contradicts", (one) => one.contradicts],
];

export function csv(statements: readonly Statement[]): string {
  const head = COLUMNS.map(([name]) => name).join(",");
  const rows = statements.map((one) => COLUMNS.map(([, value]) => cell(value(one))).join(","));
  return `${[head, ...rows].join("\r\n")}\r\n`;
}

/** A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe before it. */
export function cell(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = /^\s*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export async function copy(words: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    return copyBySelection(words); // without https browsers keep the clipboard to themselves
  }
}

function copyBySelection(words: string): boolean {
  const field = document.createElement("textarea");
  field.value = words;
  field.setAttribute("readonly", "");
  field.className = "for-readers-only";
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  return isCopied;
}
