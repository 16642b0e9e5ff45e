/** The address of a view: all that decides what is on the page, so that a link brings another reader to the same view. */

import { useEffect, useState } from "preact/hooks";
import { ROOT } from "./root.ts";

export interface Filters {
  relation: string[];
  class: string[];
  modality: string[];
  polarity: string[];
  source: string[];
  min_belief: number;
  from: string;
  to: string;
  contradicted: boolean;
}

export type Show = "graph" | "table" | "timeline";

export interface Address extends Filters {
  view: "" | "sparql" | "text" | "documents";
  entity: string;
  statement: string;
  document: string;
  q: string;
  path: string;
  target: string; // the other end of the path: `to` in the address, where it cannot be a date
  query: string;
  depth: number;
  limit: number; // entities drawn; 0 is the usual number
  expand: string[];
  show: Show;
  sort: string;
  offset: number;
}

export const NO_FILTERS: Filters = {
  relation: [], class: [], modality: [], polarity: [], source: [],
  min_belief: 0, from: "", to: "", contradicted: false,
};

const EMPTY: Address = {
  ...NO_FILTERS,
  view: "", entity: "", statement: "", document: "", q: "", path: "", target: "", query: "",
  depth: 1, limit: 0, expand: [], show: "graph", sort: "", offset: 0,
};

const LISTS = ["relation", "class", "modality", "polarity", "source", "expand"] as const;
const WORDS = ["entity", "statement", "document", "q", "path", "query", "from", "sort"] as const;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function address(parts: Partial<Address>): Address {
  return { ...EMPTY, ...parts };
}

export function read(search: string): Address {
  const given = new URLSearchParams(search);
  const found: Address = { ...EMPTY };
  for (const name of LISTS) found[name] = [...new Set(given.getAll(name))];
  for (const name of WORDS) found[name] = given.get(name) ?? "";
  if (!DAY.test(found.from)) found.from = "";
  const to = given.get("to") ?? "";
  if (DAY.test(to)) found.to = to;
  else found.target = to;
  found.view = oneOf(given.get("view"), ["sparql", "text", "documents"] as const, "");
  found.show = oneOf(given.get("show"), ["graph", "table", "timeline"] as const, "graph");
  found.depth = number(given.get("depth"), 1, 3, 1);
  found.limit = number(given.get("limit"), 0, 500, 0);
  found.offset = number(given.get("offset"), 0, 100_000, 0);
  found.min_belief = Math.min(1, Math.max(0, Number(given.get("min_belief")) || 0));
  found.contradicted = given.get("contradicted") === "true";
  return found;
}

export function href(to: Address): string {
  const query = new URLSearchParams();
  if (to.view) query.set("view", to.view);
  for (const name of WORDS) if (to[name]) query.set(name, to[name]);
  if (to.to || to.target) query.set("to", to.target || to.to);
  for (const name of LISTS) for (const value of to[name]) query.append(name, value);
  if (to.depth !== 1) query.set("depth", String(to.depth));
  if (to.limit) query.set("limit", String(to.limit));
  if (to.min_belief) query.set("min_belief", String(to.min_belief));
  if (to.contradicted) query.set("contradicted", "true");
  if (to.show !== "graph") query.set("show", to.show);
  if (to.offset) query.set("offset", String(to.offset));
  const text = query.toString();
  return text ? `${ROOT}?${text}` : ROOT;
}

export function filtersOf(from: Address): Filters {
  const { relation, class: classes, modality, polarity, source, min_belief, from: since, to, contradicted } = from;
  return { relation, class: classes, modality, polarity, source, min_belief, from: since, to, contradicted };
}

export function go(to: Address, { replace = false } = {}): void {
  const url = href(to);
  if (replace) history.replaceState(null, "", url);
  else if (url !== location.pathname + location.search) history.pushState(null, "", url);
  dispatchEvent(new Event("kg:address"));
}

export function useAddress(): Address {
  const [current, setCurrent] = useState(() => read(location.search));
  useEffect(() => {
    const follow = () => setCurrent(read(location.search));
    addEventListener("popstate", follow);
    addEventListener("kg:address", follow);
    return () => {
      removeEventListener("popstate", follow);
      removeEventListener("kg:address", follow);
    };
  }, []);
  return current;
}

function oneOf<T extends string, D extends string>(value: string | null, known: readonly T[], otherwise: D): T | D {
  return known.find((one) => one === value) ?? otherwise;
}

function number(text: string | null, least: number, most: number, otherwise: number): number {
  const value = Number.parseInt(text ?? "", 10);
  return Number.isNaN(value) ? otherwise : Math.min(most, Math.max(least, value));
}
