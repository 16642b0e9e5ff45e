/** Sends a query and reads what comes back. */

import { Failure } from "../base/api";
import { ROOT } from "../base/root.ts";

export interface Term {
  type: string; // uri, literal, bnode, triple
  value: string;
  datatype?: string;
  "xml:lang"?: string;
}

export type Answer = { ms: number } & (
  | { kind: "rows"; columns: string[]; rows: Record<string, Term | undefined>[]; json: string }
  | { kind: "truth"; isTrue: boolean }
  | { kind: "triples"; text: string }
);

const GRAPHS = new Set(["CONSTRUCT", "DESCRIBE"]);

export async function ask(query: string, type: string, signal: AbortSignal): Promise<Answer> {
  const started = performance.now();
  const wanted = GRAPHS.has(type) ? "text/turtle" : "application/sparql-results+json";
  const given = await sent(query, wanted, signal);
  const text = await given.text();
  const ms = performance.now() - started;
  if (!given.ok) throw failureOf(text, given.status);
  if (GRAPHS.has(type)) return { kind: "triples", text, ms };
  const result = JSON.parse(text) as { head: { vars?: string[] }; boolean?: boolean; results?: { bindings: Record<string, Term>[] } };
  if (typeof result.boolean === "boolean") return { kind: "truth", isTrue: result.boolean, ms };
  return { kind: "rows", columns: result.head.vars ?? [], rows: result.results?.bindings ?? [], json: text, ms };
}

async function sent(query: string, accept: string, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(`${ROOT}sparql`, {
      method: "POST", signal, body: query, headers: { Accept: accept, "Content-Type": "application/sparql-query" },
    });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new Failure("The server does not answer", "Check that it still runs and that you are connected.");
  }
}

function failureOf(text: string, status: number): Failure {
  try {
    const { title, detail } = JSON.parse(text) as { title?: string; detail?: string };
    return new Failure(title ?? "The query failed", detail ?? `The server answered ${status}.`, status);
  } catch {
    return new Failure("The query failed", text.slice(0, 2000) || `The server answered ${status}.`, status);
  }
}
