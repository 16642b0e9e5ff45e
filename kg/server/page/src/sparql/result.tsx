/** The answer to a query; entities, statements and documents in it lead into the page. */

import { useMemo, useState } from "preact/hooks";
import { address } from "../base/address";
import { announce } from "../base/announce";
import { useKnowledge } from "../base/knowledge";
import { Empty, Link, Pages, WebLink } from "../base/parts";
import { cell, save } from "../base/save";
import { count } from "../base/words";
import type { Answer, Term } from "./answer";

const PAGE = 200;

export function Result({ of: answer }: { of: Answer }) {
  const took = `${(answer.ms / 1000).toFixed(2)} s`;
  if (answer.kind === "truth") return <p class="notice" role="status"><strong>{answer.isTrue ? "Yes" : "No"}</strong> <span class="small">{took}</span></p>;
  if (answer.kind === "triples") {
    return (
      <section aria-label="Answer" class="loaded">
        <div class="bar"><p role="status">{count(answer.text.split("\n").length, "line")} of Turtle in {took}</p><button type="button" onClick={() => save("answer.ttl", answer.text, "text/turtle")}>Save as Turtle</button></div>
        <pre class="wide" tabIndex={0}>{answer.text.slice(0, 200_000)}</pre>
      </section>
    );
  }
  return <Rows answer={answer} took={took} />;
}

function Rows({ answer, took }: { answer: Extract<Answer, { kind: "rows" }>; took: string }) {
  const [offset, setOffset] = useState(0);
  const [order, setOrder] = useState<{ by: string; isDown: boolean } | null>(null);
  const rows = useMemo(() => ordered(answer.rows, order), [answer, order]);
  const shown = rows.slice(offset, offset + PAGE);
  const sortBy = (by: string) => {
    const isDown = order?.by === by && !order.isDown;
    setOrder({ by, isDown });
    setOffset(0);
    announce(`Rows sorted by ${by}, ${isDown ? "descending" : "ascending"}`);
  };
  if (!rows.length) return <Empty><p role="status">No rows ({took}). Loosen the query: fewer patterns, OPTIONAL, or another name.</p></Empty>;
  return (
    <section aria-label="Answer" class="loaded">
      <div class="bar">
        <p role="status">{count(rows.length, "row")} in {took}</p>
        <div class="buttons">
          <Pages total={rows.length} offset={offset} limit={PAGE} what="rows" onGo={setOffset} />
          <button type="button" onClick={() => save("answer.csv", csv(answer.columns, rows), "text/csv")}>Save as CSV</button>
          <button type="button" onClick={() => save("answer.json", answer.json, "application/json")}>Save as JSON</button>
        </div>
      </div>
      <div class="wide" tabIndex={0} role="region" aria-label="Rows">
        <table>
          <caption class="for-readers-only">Answer to the query</caption>
          <thead><tr>{answer.columns.map((name) => (
            <th key={name} scope="col" aria-sort={order?.by === name ? (order.isDown ? "descending" : "ascending") : undefined}>
              <button type="button" onClick={() => sortBy(name)}>{name.replaceAll("_", " ")}<span aria-hidden="true">{order?.by === name ? (order.isDown ? " ▾" : " ▴") : ""}</span></button>
            </th>
          ))}</tr></thead>
          <tbody>{shown.map((row, i) => (
            <tr key={offset + i}>{answer.columns.map((name) => (
              <td key={name} class={isNumber(row[name]) ? "number" : ""}><Cell of={row[name]} name={name} /></td>
            ))}</tr>
          ))}</tbody>
        </table>
      </div>
    </section>
  );
}

const STATEMENT_ID = /^[0-9a-f]{16,64}$/;

function Cell({ of: term, name }: { of: Term | undefined; name: string }) {
  const { ontology } = useKnowledge();
  if (!term) return null;
  if (term.type !== "uri") {
    if (name === "statement" && STATEMENT_ID.test(term.value)) return <Link to={address({ statement: term.value })}>{term.value.slice(0, 8)}…</Link>;
    return <span title={term.datatype}>{term.value}{term["xml:lang"] && <span class="small"> @{term["xml:lang"]}</span>}</span>;
  }
  const to = viewOf(term.value, base(ontology.prefixes));
  const words = shortened(term.value, ontology.prefixes);
  return to ? <Link to={to} title={term.value}>{words}</Link> : <WebLink href={term.value}>{words}</WebLink>;
}

/** Where the IRIs of this graph begin: its ontology lies there too. */
function base(prefixes: Record<string, string>): string {
  return (prefixes.pol ?? "https://w3id.org/policy-kg/ontology#").replace(/ontology#?$/, "");
}

/** The view of what the IRI names, if it is of this graph. */
function viewOf(iri: string, start: string) {
  if (!iri.startsWith(start)) return null;
  const [kind = "", ...rest] = iri.slice(start.length).split("/");
  const id = rest.join("/");
  if (kind.startsWith("ontology") || kind.startsWith("evidence") || !id) return null;
  if (kind === "statement") return address({ statement: id });
  if (kind === "document") return address({ document: id });
  return address({ entity: iri });
}

function shortened(iri: string, prefixes: Record<string, string>): string {
  const found = Object.entries(prefixes).filter(([, start]) => iri.startsWith(start) && iri.length > start.length);
  const [longest] = found.sort((a, b) => b[1].length - a[1].length);
  if (!longest) return iri;
  const rest = iri.slice(longest[1].length);
  return `${longest[0]}:${decoded(rest)}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isNumber(term: Term | undefined): boolean {
  return Boolean(term?.datatype && /#(integer|decimal|double|float)$/.test(term.datatype));
}

function ordered(rows: Record<string, Term | undefined>[], order: { by: string; isDown: boolean } | null) {
  if (!order) return rows;
  const sign = order.isDown ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [a[order.by], b[order.by]];
    if (isNumber(x) && isNumber(y)) return sign * (Number(x!.value) - Number(y!.value));
    return sign * (x?.value ?? "").localeCompare(y?.value ?? "", "en");
  });
}

function csv(columns: string[], rows: Record<string, Term | undefined>[]): string {
  const lines = rows.map((row) => columns.map((name) => {
    const term = row[name];
    return isNumber(term) ? term!.value : cell(term?.value ?? null);
  }).join(","));
  return `${[columns.map(cell).join(","), ...lines].join("\r\n")}\r\n`;
}
