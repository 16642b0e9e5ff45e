/** The statements as a table: what the drawing shows, for those who read rather than look. */

import { useMemo, useState } from "preact/hooks";
import { filterParams, get } from "../base/api";
import { filtersOf, type Address } from "../base/address";
import { announce } from "../base/announce";
import { useLoaded } from "../base/load";
import { Empty, Marks, Pages, Show } from "../base/parts";
import type { List, Statement } from "../base/types";
import { belief, count, isDenied } from "../base/words";

const PAGE = 100;

type Column = "subject" | "relation" | "object" | "put" | "belief" | "evidence" | "documents" | "last";

const COLUMNS: { name: Column; title: string; of: (one: Statement) => string | number; isNumber?: boolean }[] = [
  { name: "subject", title: "Subject", of: (one) => one.subject.label },
  { name: "relation", title: "Relation", of: (one) => one.predicate.label },
  { name: "object", title: "Object", of: (one) => one.object.label },
  { name: "put", title: "How it is put", of: (one) => `${one.modality} ${one.polarity}` },
  { name: "belief", title: "Belief", of: (one) => one.belief ?? -1, isNumber: true },
  { name: "evidence", title: "Sentences", of: (one) => one.n_evidence, isNumber: true },
  { name: "documents", title: "Documents", of: (one) => one.n_documents, isNumber: true },
  { name: "last", title: "Last published", of: (one) => one.last ?? "" },
];

interface Props {
  address: Address;
  name: string;
  drawn: Statement[];
  chosen: string;
  onPick: (statement: Statement) => void;
}

type Scope = "all" | "drawn";

export function TableView({ address, name, drawn, chosen, onPick }: Props) {
  const [scope, setScope] = useState<Scope>(address.expand.length || address.depth > 1 ? "drawn" : "all");
  return (
    <div class="table-view">
      <fieldset class="scope">
        <legend class="for-readers-only">Which statements</legend>
        <label class="choice"><input type="radio" name="scope" checked={scope === "all"} onChange={() => setScope("all")} /><span>all of {name}</span></label>
        <label class="choice"><input type="radio" name="scope" checked={scope === "drawn"} onChange={() => setScope("drawn")} /><span>the {drawn.length} that are drawn</span></label>
      </fieldset>
      {scope === "all"
        ? <AllStatements address={address} name={name} chosen={chosen} onPick={onPick} />
        : <StatementTable of={drawn} caption={`Statements drawn around ${name}`} chosen={chosen} onPick={onPick} />}
    </div>
  );
}

const SORTS = [["belief", "most believed"], ["newest", "newest"], ["oldest", "oldest"], ["evidence", "most sentences"]] as const;

function AllStatements({ address, name, chosen, onPick }: Omit<Props, "drawn">) {
  const [sort, setSort] = useState<string>("belief");
  const [offset, setOffset] = useState(0);
  const params = { entity: address.entity, sort, limit: PAGE, offset, ...filterParams(filtersOf(address)) };
  const loaded = useLoaded(JSON.stringify(params), (signal) => get<List<Statement>>("statements", params, signal));
  return (
    <Show of={loaded} what="statements">
      {({ items, total }) => (
        <>
          <div class="bar">
            <label>First the <select value={sort} onChange={(event) => (setSort(event.currentTarget.value), setOffset(0))}>
              {SORTS.map(([value, words]) => <option key={value} value={value}>{words}</option>)}
            </select></label>
            <Pages total={total} offset={offset} limit={PAGE} what="statements" onGo={setOffset} />
          </div>
          <StatementTable of={items} caption={`${count(total, "statement")} of ${name}`} chosen={chosen} onPick={onPick} />
        </>
      )}
    </Show>
  );
}

interface TableProps {
  of: Statement[];
  caption: string;
  chosen: string;
  onPick: (statement: Statement) => void;
}

export function StatementTable({ of: statements, caption, chosen, onPick }: TableProps) {
  const [order, setOrder] = useState<{ by: Column; isDown: boolean } | null>(null);
  const rows = useMemo(() => ordered(statements, order), [statements, order]);
  if (!statements.length) return <Empty><p>No statement passes these filters. Take one away, or clear them all.</p></Empty>;
  const sortBy = (by: Column, title: string) => {
    const isDown = order?.by === by ? !order.isDown : COLUMNS.find((one) => one.name === by)!.isNumber === true;
    setOrder({ by, isDown });
    announce(`Rows sorted by ${title}, ${isDown ? "descending" : "ascending"}`);
  };
  return (
    <div class="wide" tabIndex={0} role="region" aria-label={caption}>
      <table>
        <caption>{caption}{order && <span class="small"> (the rows shown, sorted by {COLUMNS.find((one) => one.name === order.by)!.title.toLowerCase()})</span>}</caption>
        <thead>
          <tr>
            {COLUMNS.map(({ name, title, isNumber }) => (
              <th key={name} scope="col" class={isNumber ? "number" : ""} aria-sort={order?.by === name ? (order.isDown ? "descending" : "ascending") : undefined}>
                <button type="button" onClick={() => sortBy(name, title)}>{title}<span aria-hidden="true" class="arrow">{order?.by === name ? (order.isDown ? " ▾" : " ▴") : ""}</span></button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.id} class={one.id === chosen ? "chosen" : ""} onClick={() => onPick(one)}>
              <td>{one.subject.label}</td>
              <td><button type="button" class="as-link" aria-pressed={one.id === chosen} onClick={(event) => (event.stopPropagation(), onPick(one))}
                aria-label={`${one.subject.label} ${isDenied(one) ? "not " : ""}${one.predicate.label} ${one.object.label}: show the evidence`}>
                {isDenied(one) && <i class="denied">not: </i>}{one.predicate.label}
              </button></td>
              <td>{one.object.label}</td>
              <td><Marks of={one} /></td>
              <td class="number">{belief(one.belief)}</td>
              <td class="number">{one.n_evidence}</td>
              <td class="number">{one.n_documents}</td>
              <td class="date">{one.last ?? "undated"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ordered(statements: Statement[], order: { by: Column; isDown: boolean } | null): Statement[] {
  if (!order) return statements;
  const of = COLUMNS.find((one) => one.name === order.by)!.of;
  const sign = order.isDown ? -1 : 1;
  return [...statements].sort((a, b) => {
    const [x, y] = [of(a), of(b)];
    return sign * (typeof x === "number" ? x - (y as number) : x.localeCompare(y as string, "en"));
  });
}
