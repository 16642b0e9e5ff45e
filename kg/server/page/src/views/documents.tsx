/** The documents, and one of them with its statements marked. */

import { useMemo, useState } from "preact/hooks";
import { address, go, type Address } from "../base/address";
import { get } from "../base/api";
import { useKnowledge } from "../base/knowledge";
import { useLoaded } from "../base/load";
import { CopyLink, Empty, Link, Pages, Show, StatementList, useTitle, WebLink } from "../base/parts";
import type { Document, FullDocument, List, PlacedStatement, Place } from "../base/types";
import { count } from "../base/words";
import { MarkedText, stretchesOf } from "./marked";

const PAGE = 50;
const SORTS = [["newest", "newest first"], ["oldest", "oldest first"], ["title", "by title"]] as const;

export function DocumentsPage({ address: at }: { address: Address }) {
  const { graph } = useKnowledge();
  const sort = at.sort || "newest";
  const params = { q: at.q, source: at.source, from: at.from, to: at.to, sort, limit: PAGE, offset: at.offset };
  const loaded = useLoaded(JSON.stringify(params), (signal) => get<List<Document>>("documents", params, signal));
  const [words, setWords] = useState(at.q);
  const set = (changed: Partial<Address>) => go({ ...at, offset: 0, ...changed });
  const search = (event: Event) => {
    event.preventDefault();
    set({ q: words.trim() });
  };
  useTitle("Documents");
  return (
    <div class="plain">
      <h1>Documents</h1>
      <form class="form" role="search" aria-label="Documents" onSubmit={search}>
        <label>Title has <input type="search" value={words} onInput={(event) => setWords(event.currentTarget.value)} /></label>
        <label>Source <select value={at.source[0] ?? ""} onChange={(event) => set({ source: event.currentTarget.value ? [event.currentTarget.value] : [] })}>
          <option value="">all</option>
          {[...new Set([...graph.sources.map((one) => one.name), ...at.source])].map((name) => <option key={name} value={name}>{name}</option>)}
        </select></label>
        <label>From <input type="date" value={at.from} onChange={(event) => set({ from: event.currentTarget.value })} /></label>
        <label>To <input type="date" value={at.to} onChange={(event) => set({ to: event.currentTarget.value })} /></label>
        <label>Order <select value={sort} onChange={(event) => set({ sort: event.currentTarget.value })}>
          {SORTS.map(([value, title]) => <option key={value} value={value}>{title}</option>)}
        </select></label>
        <button type="submit">Search</button>
      </form>
      <Show of={loaded} what="documents">
        {({ items, total }) => (total === 0
          ? <Empty><p>No document is like that. Use fewer words, or <Link to={address({ view: "documents" })}>show all</Link>.</p></Empty>
          : <>
            <p role="status">{count(total, "document")}</p>
            <ul class="documents">
              {items.map((one) => (
                <li key={one.id}>
                  <Link to={address({ document: one.id })}>{one.title || one.url || "Untitled document"}</Link>
                  <span class="facts"><span>{about(one)}</span>{one.n_statements !== undefined && <span>{count(one.n_statements, "statement")}</span>}</span>
                </li>
              ))}
            </ul>
            <Pages total={total} offset={at.offset} limit={PAGE} what="documents" onGo={(offset) => go({ ...at, offset })} />
          </>)}
      </Show>
    </div>
  );
}

function about(one: Document): string {
  return [one.publisher, one.author, one.published ?? "undated"].filter(Boolean).join(" · ");
}

const STATEMENTS = 500;

export function DocumentPage({ address: at }: { address: Address }) {
  const params = { id: at.document, limit: STATEMENTS, offset: at.offset };
  const loaded = useLoaded(JSON.stringify(params), (signal) => get<FullDocument>("document", params, signal));
  useTitle(loaded.value?.title ?? "Document");
  return (
    <div class="reading">
      <Show of={loaded} what="the document">{(one) => <Reading of={one} at={at} />}</Show>
    </div>
  );
}

function Reading({ of: document, at }: { of: FullDocument; at: Address }) {
  const [pointed, setPointed] = useState<string | null>(null);
  const statements = document.statements.items;
  const stretches = useMemo(() => statements.flatMap((one) => stretchesOf(one.id, placesOf(one))), [document]);
  const pick = (id: string) => go({ ...at, statement: id }, { replace: true });
  return (
    <div class="reading-columns">
      <article>
        <h1>{document.title || "Untitled document"}</h1>
        <p class="facts"><span>{about(document)}</span>{document.url && <WebLink href={document.url}>original</WebLink>}<CopyLink /></p>
        {document.text === null
          ? <Empty><p>The text has changed since these statements were taken from it. Build the graph again to see it here.</p></Empty>
          : <MarkedText text={document.text} stretches={stretches} active={pointed ?? at.statement} onPick={pick} />}
      </article>
      <aside aria-label="Statements of the document">
        <h2>{count(document.statements.total, "statement")}</h2>
        {!statements.length && <Empty><p>Nothing was read out of this document.</p></Empty>}
        {at.statement && <p><Link to={address({ statement: at.statement })}>All evidence of the chosen statement</Link></p>}
        <StatementList of={statements} chosen={at.statement} onPick={(one) => pick(one.id)} onHover={setPointed} />
        <Pages total={document.statements.total} offset={at.offset} limit={STATEMENTS} what="statements" onGo={(offset) => go({ ...at, offset })} />
      </aside>
    </div>
  );
}

function placesOf(statement: PlacedStatement): Place[] {
  return Array.isArray(statement.evidence) ? statement.evidence : statement.evidence.items;
}
