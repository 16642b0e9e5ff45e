/** The statements by the month in which they were published. */

import { useEffect, useRef, useState } from "preact/hooks";
import { filterParams, get } from "../base/api";
import { filtersOf, go, type Address } from "../base/address";
import { useLoaded } from "../base/load";
import { Empty, Pages, Show, StatementList } from "../base/parts";
import type { List, Statement } from "../base/types";
import { count, monthName } from "../base/words";
import { withFilters } from "./filters";

const PAGE = 60;

interface Props {
  address: Address;
  name: string;
  months: { month: string; n: number }[];
  chosen: string;
  onPick: (statement: Statement) => void;
}

export function Timeline({ address, name, months, chosen, onPick }: Props) {
  const pick = (month: string) => {
    const isChosen = address.from === `${month}-01` && address.to === lastDay(month);
    go(withFilters(address, isChosen ? { from: "", to: "" } : { from: `${month}-01`, to: lastDay(month) }));
  };
  if (!months.length) return <Empty><p>No statement that passes these filters has a date.</p></Empty>;
  return (
    <div class="timeline">
      <Bars months={filled(months)} address={address} name={name} onPick={pick} />
      <ByMonth address={address} chosen={chosen} onPick={onPick} />
    </div>
  );
}

interface BarsProps {
  months: { month: string; n: number }[];
  address: Address;
  name: string;
  onPick: (month: string) => void;
}

function Bars({ months, address, name, onPick }: BarsProps) {
  const row = useRef<HTMLDivElement>(null);
  const [current, setCurrent] = useState(months.length - 1);
  const most = Math.max(...months.map((one) => one.n));
  const active = Math.min(current, months.length - 1);
  useEffect(() => {
    if (row.current) row.current.scrollLeft = row.current.scrollWidth;
  }, [months.length]);
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowLeft: active - 1, ArrowRight: active + 1, Home: 0, End: months.length - 1 }[event.key];
    if (to === undefined || to < 0 || to >= months.length) return;
    event.preventDefault();
    setCurrent(to);
    row.current?.querySelectorAll("button")[to]?.focus();
  };
  return (
    <figure class="bars">
      <figcaption>Statements of {name} by month of publication, at most {count(most, "statement")} a month. A month chosen sets the dates.</figcaption>
      <div class="bar-row" ref={row} role="toolbar" aria-label="Months" onKeyDown={onKeyDown}>
        {months.map(({ month, n }, i) => (
          <button key={month} type="button" tabIndex={i === active ? 0 : -1} title={`${monthName(month)}: ${n}`}
            aria-label={`${monthName(month)}: ${count(n, "statement")}`} aria-pressed={isWithin(month, address)}
            onFocus={() => setCurrent(i)} onClick={() => onPick(month)}>
            <span class="bar-space"><span class="bar-fill" style={{ height: `${n ? Math.max(3, (100 * n) / most) : 0}%` }} /></span>
            <span class="bar-year" aria-hidden="true">{month.endsWith("-01") || i === 0 ? month.slice(0, 4) : ""}</span>
          </button>
        ))}
      </div>
    </figure>
  );
}

function ByMonth({ address, chosen, onPick }: Omit<Props, "months" | "name">) {
  const [offset, setOffset] = useState(0);
  const params = { entity: address.entity, sort: "newest", limit: PAGE, offset, ...filterParams(filtersOf(address)) };
  useEffect(() => setOffset(0), [address]);
  const loaded = useLoaded(JSON.stringify(params), (signal) => get<List<Statement>>("statements", params, signal));
  return (
    <Show of={loaded} what="statements">
      {({ items, total }) => (
        <>
          {[...grouped(items)].map(([month, statements]) => (
            <section key={month} class="month">
              <h2>{month ? monthName(month) : "Undated"}</h2>
              <StatementList of={statements} chosen={chosen} onPick={onPick} />
            </section>
          ))}
          <Pages total={total} offset={offset} limit={PAGE} what="statements" onGo={setOffset} />
        </>
      )}
    </Show>
  );
}

function grouped(statements: Statement[]): Map<string, Statement[]> {
  const months = new Map<string, Statement[]>();
  for (const one of statements) {
    const month = (one.last ?? "").slice(0, 7);
    months.set(month, [...(months.get(month) ?? []), one]);
  }
  return months;
}

/** Every month between the first and the last, also those without statements. */
function filled(months: { month: string; n: number }[]): { month: string; n: number }[] {
  const counts = new Map(months.map((one) => [one.month, one.n]));
  const ordered = [...counts.keys()].sort();
  const found: { month: string; n: number }[] = [];
  const last = ordered[ordered.length - 1]!;
  for (let month = ordered[0]!; month <= last && found.length < 1200; month = following(month)) {
    found.push({ month, n: counts.get(month) ?? 0 });
  }
  return found;
}

function following(month: string): string {
  const [year, number] = month.split("-").map(Number) as [number, number];
  return number === 12 ? `${String(year + 1).padStart(4, "0")}-01` : `${String(year).padStart(4, "0")}-${String(number + 1).padStart(2, "0")}`;
}

function lastDay(month: string): string {
  const [year, number] = month.split("-").map(Number) as [number, number];
  return `${month}-${String(new Date(Date.UTC(year, number, 0)).getUTCDate()).padStart(2, "0")}`;
}

function isWithin(month: string, { from, to }: Address): boolean {
  return Boolean(from || to) && (!from || month >= from.slice(0, 7)) && (!to || month <= to.slice(0, 7));
}
