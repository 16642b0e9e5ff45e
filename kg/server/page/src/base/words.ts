/** How things are written on the page. */

import type { Statement } from "./types";

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
}

/** An entity's kinds end in -y now and then. */
export function entities(n: number): string {
  return count(n, "entity", "entities");
}

export function days(first: string | null, last: string | null): string {
  if (!first && !last) return "undated";
  return first === last || !last || !first ? (first ?? last)! : `${first} to ${last}`;
}

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** "March 2026" of "2026-03". */
export function monthName(month: string): string {
  const [year, number] = month.split("-");
  return `${MONTHS[Number(number) - 1] ?? number} ${year}`;
}

export function isDenied(statement: Statement): boolean {
  return statement.polarity === "negative";
}

/** "not enacts" of what is denied. */
export function relationWords(statement: Statement): string {
  return isDenied(statement) ? `not: ${statement.predicate.label}` : statement.predicate.label;
}

export function sentenceOf(statement: Statement): string {
  return `${statement.subject.label} ${relationWords(statement)} ${statement.object.label}`;
}

export function belief(value: number | null): string {
  return value === null ? "unknown" : value.toFixed(2);
}

export const MODALITIES: Record<string, string> = {
  asserted: "stated as so",
  planned: "planned or agreed",
  possible: "possible or expected",
  demanded: "demanded or urged",
};

/** The address, if it may be linked to: only the web, never a script. */
export function webAddress(address: string | null | undefined): string | null {
  if (!address) return null;
  try {
    const { protocol } = new URL(address);
    return protocol === "http:" || protocol === "https:" ? address : null;
  } catch {
    return null;
  }
}

/** "3 documents, 2 independent": documents that repeat another's words are one voice. */
export function documents(one: { n_documents: number; n_independent: number | null }): string {
  const said = count(one.n_documents, "document");
  return one.n_documents > 1 && one.n_independent !== null ? `${said}, ${one.n_independent} independent` : said;
}
