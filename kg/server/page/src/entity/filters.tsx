/** Filters with counts: each says how many statements of the entity it would leave, the others given. */

import { useEffect, useRef, useState } from "preact/hooks";
import { filtersOf, go, NO_FILTERS, type Address, type Filters } from "../base/address";
import { classLabel, relationLabel, useKnowledge, type Knowledge } from "../base/knowledge";
import type { Count, Facets } from "../base/types";
import { count } from "../base/words";

const FEW = 7;
type ListName = "relation" | "class" | "modality" | "polarity" | "source";

export function withFilters(address: Address, changed: Partial<Filters>): Address {
  return { ...address, ...changed, offset: 0 };
}

export function hasFilters(address: Address): boolean {
  return chipsOf(address, null).length > 0;
}

export function FilterPanel({ address, facets }: { address: Address; facets: Facets }) {
  const known = useKnowledge();
  const set = (changed: Partial<Filters>) => go(withFilters(address, changed));
  const list = (name: ListName, title: string, counts: Count[], label: (one: Count) => string) => (
    <Facet title={title} counts={counts} chosen={address[name]} label={label}
      onChange={(values) => set({ [name]: values })} />
  );
  return (
    <div class="filters">
      {list("relation", "Relation", facets.relations, (one) => one.label || relationLabel(known, one.name))}
      {list("class", "Class of the other", facets.classes, (one) => classLabel(known, one.name))}
      {list("modality", "How it is put", facets.modalities, (one) => one.name)}
      {list("polarity", "Polarity", facets.polarities, (one) => (one.name === "negative" ? "denied" : "affirmed"))}
      <fieldset>
        <legend>Contradicted</legend>
        <label class="choice">
          <input type="checkbox" checked={address.contradicted} onChange={(event) => set({ contradicted: event.currentTarget.checked })} />
          <span>only what is contradicted</span>
        </label>
      </fieldset>
      <Belief value={address.min_belief} beliefs={facets.beliefs} onChange={(min_belief) => set({ min_belief })} />
      <fieldset>
        <legend>Published</legend>
        <div class="dates">
          <label>from <input type="date" value={address.from} onChange={(event) => set({ from: event.currentTarget.value })} /></label>
          <label>to <input type="date" value={address.to} onChange={(event) => set({ to: event.currentTarget.value })} /></label>
        </div>
      </fieldset>
      {list("source", "Source", facets.sources, (one) => one.name)}
    </div>
  );
}

interface FacetProps {
  title: string;
  counts: Count[];
  chosen: string[];
  label: (one: Count) => string;
  onChange: (values: string[]) => void;
}

function Facet({ title, counts, chosen, label, onChange }: FacetProps) {
  const [isLong, setLong] = useState(false);
  const there = new Set(counts.map((one) => one.name));
  const all = [...counts, ...chosen.filter((name) => !there.has(name)).map((name) => ({ name, n: 0 }))];
  const shown = isLong ? all : all.filter((one, i) => i < FEW || chosen.includes(one.name));
  const toggle = (name: string) => (
    onChange(chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name])
  );
  return (
    <fieldset>
      <legend>{title}</legend>
      {!all.length && <p class="none">nothing to choose</p>}
      {shown.map((one) => (
        <label class="choice" key={one.name}>
          <input type="checkbox" checked={chosen.includes(one.name)} onChange={() => toggle(one.name)} />
          <span>{label(one)}</span> <span class="n">{one.n.toLocaleString("en")}</span>
        </label>
      ))}
      {all.length > FEW && (
        <button type="button" class="quiet" aria-expanded={isLong} onClick={() => setLong(!isLong)}>
          {isLong ? "Fewer" : `All ${all.length}`}<span class="for-readers-only"> of {title}</span>
        </button>
      )}
    </fieldset>
  );
}

const PAUSE_MS = 300;

function Belief({ value, beliefs, onChange }: { value: number; beliefs: number[]; onChange: (value: number) => void }) {
  const [moving, setMoving] = useState(value);
  const timer = useRef(0);
  useEffect(() => setMoving(value), [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const move = (to: number) => {
    setMoving(to);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => onChange(to), PAUSE_MS);
  };
  const most = Math.max(1, ...beliefs);
  return (
    <fieldset>
      <legend>Belief</legend>
      <div class="histogram" aria-hidden="true">
        {beliefs.map((n, i) => (
          <span key={i} title={`${(i / 10).toFixed(1)} to ${((i + 1) / 10).toFixed(1)}: ${count(n, "statement")}`}
            class={(i + 1) / 10 <= moving ? "out" : ""} style={{ height: `${n ? Math.max(6, (100 * n) / most) : 0}%` }} />
        ))}
      </div>
      <label class="range">
        <span>at least {moving.toFixed(2)}</span>
        <input type="range" min="0" max="1" step="0.05" value={moving}
          onInput={(event) => move(Number(event.currentTarget.value))} />
      </label>
    </fieldset>
  );
}

/** What is filtered by, each with a button that takes it away. */
export function Chips({ address }: { address: Address }) {
  const known = useKnowledge();
  const chips = chipsOf(address, known);
  if (!chips.length) return null;
  return (
    <ul class="chips" aria-label="Active filters">
      {chips.map((chip) => (
        <li key={chip.words}>
          <button type="button" onClick={() => go(withFilters(address, chip.without))}>
            <span class="for-readers-only">Remove filter </span>{chip.words} <span aria-hidden="true">×</span>
          </button>
        </li>
      ))}
      <li><button type="button" class="quiet" onClick={() => go(withFilters(address, NO_FILTERS))}>Clear all</button></li>
    </ul>
  );
}

interface Chip {
  words: string;
  without: Partial<Filters>;
}

function chipsOf(address: Address, known: Knowledge | null): Chip[] {
  const set = filtersOf(address);
  const lists: [ListName, (value: string) => string][] = [
    ["relation", (value) => (known ? relationLabel(known, value) : value)],
    ["class", (value) => `with ${known ? classLabel(known, value) : value}`],
    ["modality", (value) => value],
    ["polarity", (value) => (value === "negative" ? "denied" : "affirmed")],
    ["source", (value) => `source ${value}`],
  ];
  const chips = lists.flatMap(([name, words]) => set[name].map((value) => (
    { words: words(value), without: { [name]: set[name].filter((one) => one !== value) } }
  )));
  if (set.contradicted) chips.push({ words: "contradicted", without: { contradicted: false } as never });
  if (set.min_belief) chips.push({ words: `belief ${set.min_belief.toFixed(2)} or more`, without: { min_belief: 0 } as never });
  if (set.from) chips.push({ words: `from ${set.from}`, without: { from: "" } as never });
  if (set.to) chips.push({ words: `to ${set.to}`, without: { to: "" } as never });
  return chips;
}
