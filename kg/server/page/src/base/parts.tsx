/** Small parts that every view uses. */

import type { ComponentChildren } from "preact";
import { useContext, useEffect, useRef, useState } from "preact/hooks";
import { address, go, href, type Address } from "./address";
import type { Failure } from "./api";
import { announce } from "./announce";
import { classLabel, KnowledgeContext, topOf } from "./knowledge";
import type { Loaded } from "./load";
import { copy } from "./save";
import type { Ref, Statement } from "./types";
import { belief, count, days, documents, isDenied, MODALITIES, webAddress } from "./words";

interface LinkProps {
  to: Address;
  class?: string;
  children: ComponentChildren;
  "aria-current"?: "page" | undefined;
  "aria-label"?: string;
  title?: string;
}

/** A link to a view of this page: the browser can still open it in a tab of its own. */
export function Link({ to, children, ...rest }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
  };
  return <a href={href(to)} onClick={follow} {...rest}>{children}</a>;
}

export function EntityLink({ of: entity }: { of: Ref }) {
  if (entity.class === "Literal" || entity.value !== undefined) return <span class="literal">{entity.label}</span>;
  return <Link to={address({ entity: entity.iri })} class="entity">{entity.label}</Link>;
}

/** A link out of here; plain text where the address is none of the web. */
export function WebLink({ href: given, children }: { href: string | null | undefined; children: ComponentChildren }) {
  const safe = webAddress(given);
  if (!safe) return <>{children}</>;
  return <a href={safe} rel="noopener noreferrer" target="_blank" class="out">{children}<span class="for-readers-only"> (opens in a new tab)</span></a>;
}

/** The sign of a class: its colour and shape in the drawing, with its name. */
export function ClassTag({ name }: { name: string }) {
  const known = useContext(KnowledgeContext); // the search field is there before the ontology is
  return <span class="class-tag"><Dot top={topOf(known, name)} />{classLabel(known, name)}</span>;
}

export function Dot({ top }: { top: string }) {
  return <span class={`dot top-${top}`} aria-hidden="true" />;
}

/** How a statement is put; in short only what is out of the ordinary. */
export function Marks({ of: one, isShort = false }: { of: Statement; isShort?: boolean }) {
  if (isShort && one.modality === "asserted" && !isDenied(one) && !one.contradicts) return null;
  return (
    <span class="marks">
      {isDenied(one) && <span class="mark denied">denied</span>}
      {one.contradicts && <span class="mark denied">contradicted</span>}
      {!(isShort && one.modality === "asserted") && <span class={`mark ${one.modality}`} title={MODALITIES[one.modality]}>{one.modality}</span>}
    </span>
  );
}

export function Words({ of: one }: { of: Statement }) {
  return (
    <span class="words">
      <b>{one.subject.label}</b> <span class={isDenied(one) ? "relation denied" : "relation"}>{isDenied(one) && <i>not: </i>}{one.predicate.label}</span> <b>{one.object.label}</b>
    </span>
  );
}

interface StatementListProps {
  of: readonly Statement[];
  chosen?: string;
  onPick: (statement: Statement) => void;
  onHover?: (id: string | null) => void;
}

const A_FEW = 100;

/** Statements one under the other, each a button. */
export function StatementList({ of: statements, chosen, onPick, onHover }: StatementListProps) {
  const [most, setMost] = useState(A_FEW);
  return (
    <ul class="statements">
      {statements.slice(0, most).map((one) => (
        <li key={one.id}>
          <button type="button" class="statement" aria-pressed={one.id === chosen} onClick={() => onPick(one)}
            onMouseEnter={() => onHover?.(one.id)} onMouseLeave={() => onHover?.(null)}
            onFocus={() => onHover?.(one.id)} onBlur={() => onHover?.(null)}>
            <Words of={one} />
            <span class="facts"><Marks of={one} isShort />{facts(one).map((fact) => <span class="whole" key={fact}>{fact}</span>)}</span>
          </button>
        </li>
      ))}
      {statements.length > most && <li><button type="button" onClick={() => setMost(most + 5 * A_FEW)}>{(statements.length - most).toLocaleString("en")} more</button></li>}
    </ul>
  );
}

function facts(one: Statement): string[] {
  if (one.belief === null && !one.last) return []; // of a text that is in no graph
  return [`belief ${belief(one.belief)}`, documents(one), days(one.first, one.last)];
}

export function Alert({ failure, again }: { failure: Failure; again?: () => void }) {
  return (
    <div class="notice alert" role="alert">
      <p><strong>{failure.title}</strong></p>
      <p>{failure.detail}</p>
      {again && <button type="button" onClick={again}>Try again</button>}
    </div>
  );
}

export function Waiting({ for: what }: { for: string }) {
  return <p class="waiting" role="status">Loading {what} …</p>;
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <div class="notice empty">{children}</div>;
}

/** What was loaded; before that that it loads, or why it did not. */
export function Show<T>({ of: loaded, what, children }: { of: Loaded<T>; what: string; children: (value: T) => ComponentChildren }) {
  if (loaded.failure) return <Alert failure={loaded.failure} again={loaded.again} />;
  if (loaded.value === null) return loaded.isLoading ? <Waiting for={what} /> : null;
  return <div class={loaded.isLoading ? "stale" : "loaded"} aria-busy={loaded.isLoading}>{children(loaded.value)}</div>;
}

interface PagesProps {
  total: number;
  offset: number;
  limit: number;
  what: string;
  onGo: (offset: number) => void;
}

export function Pages({ total, offset, limit, what, onGo }: PagesProps) {
  if (total <= limit && offset === 0) return null;
  const last = Math.min(total, offset + limit);
  return (
    <nav class="pages" aria-label={`Pages of ${what}`}>
      <button type="button" disabled={offset === 0} onClick={() => onGo(Math.max(0, offset - limit))}>Previous</button>
      <span>{(offset + 1).toLocaleString("en")} to {last.toLocaleString("en")} of {total.toLocaleString("en")}</span>
      <button type="button" disabled={last >= total} onClick={() => onGo(offset + limit)}>Next</button>
    </nav>
  );
}

export function CopyLink() {
  const [said, setSaid] = useState("");
  const copyIt = async () => {
    const isCopied = await copy(location.href);
    const words = isCopied ? "Link copied" : "Copy it from the address bar";
    setSaid(words);
    announce(words);
    setTimeout(() => setSaid(""), 2500);
  };
  return <button type="button" onClick={copyIt}>{said || "Copy link"}</button>;
}

/** A button with a short list of things to do. */
export function Menu({ label, children }: { label: string; children: ComponentChildren }) {
  const box = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event) => {
      if (box.current?.open && !(event.target instanceof Node && box.current.contains(event.target))) box.current.open = false;
    };
    addEventListener("pointerdown", close);
    return () => removeEventListener("pointerdown", close);
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !box.current) return;
    box.current.open = false;
    box.current.querySelector("summary")?.focus();
  };
  return (
    <details class="menu" ref={box} onKeyDown={onKeyDown}>
      <summary>{label}</summary>
      <div class="menu-list" onClick={() => box.current && (box.current.open = false)}>{children}</div>
    </details>
  );
}

export function useTitle(words: string | null | undefined): void {
  useEffect(() => {
    document.title = words ? `${words} – kg` : "kg: policy knowledge graph";
  }, [words]);
}
