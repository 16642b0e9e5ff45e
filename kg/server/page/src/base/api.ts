/** Asks the JSON API; a failure carries the title and detail of the problem document. */

import type { Filters } from "./address";
import { ROOT } from "./root.ts";

export type Params = Record<string, string | number | boolean | readonly string[] | null | undefined>;

export class Failure extends Error {
  constructor(readonly title: string, readonly detail: string, readonly status = 0) {
    super(`${title}: ${detail}`);
  }
}

export function url(path: string, params: Params = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (Array.isArray(value)) value.forEach((one) => query.append(name, one));
    else if (value !== null && value !== undefined && value !== "" && value !== false) query.set(name, String(value));
  }
  const text = query.toString();
  return `${ROOT}api/v1/${path}${text ? `?${text}` : ""}`;
}

export function filterParams(filters: Filters): Params {
  return { ...filters, min_belief: filters.min_belief || null };
}

export async function get<T>(path: string, params: Params = {}, signal?: AbortSignal): Promise<T> {
  return (await answer(url(path, params), { headers: { Accept: "application/json" }, signal })).json() as Promise<T>;
}

export async function post<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  const headers = { Accept: "application/json", "Content-Type": "application/json" };
  const given = await answer(url(path), { method: "POST", headers, body: JSON.stringify(body), signal });
  return given.json() as Promise<T>;
}

export async function text(path: string, params: Params, accept: string): Promise<string> {
  // Not from the cache, where the JSON of the same address may lie.
  const given = await answer(url(path, params), { headers: { Accept: accept }, cache: "no-store" });
  const type = given.headers.get("Content-Type") ?? "";
  if (!type.startsWith(accept)) throw new Failure("The server cannot write that", `It gave ${type}, not ${accept}.`);
  return given.text();
}

async function answer(address: string, init: RequestInit): Promise<Response> {
  let given: Response;
  try {
    given = await fetch(address, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Failure("The server does not answer", "Check that it still runs and that you are connected.");
  }
  if (!given.ok) throw await failureOf(given);
  return given;
}

async function failureOf(given: Response): Promise<Failure> {
  const usual = `The server answered ${given.status}.`;
  try {
    const problem = (await given.json()) as { title?: unknown; detail?: unknown };
    const detail = typeof problem.detail === "string" ? problem.detail : usual;
    return new Failure(typeof problem.title === "string" ? problem.title : "That did not work", detail, given.status);
  } catch {
    return new Failure("That did not work", usual, given.status);
  }
}

/** Every item of a list, page by page, up to `most`. */
export async function all<T>(path: string, params: Params, most: number): Promise<{ items: T[]; total: number }> {
  const items: T[] = [];
  let total = 0;
  do {
    const page = await get<{ total: number; items: T[] }>(path, { ...params, limit: 500, offset: items.length });
    if (!page.items.length) break;
    items.push(...page.items);
    total = page.total;
  } while (items.length < Math.min(total, most));
  return { items, total };
}
