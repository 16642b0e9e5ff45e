/** The view of an entity: filters, its statements drawn, in a table or by month, and the panel of what is chosen. */

import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { address as addressOf, filtersOf, go, type Address, type Show as Shown } from "../base/address";
import { all, filterParams, text } from "../base/api";
import { announce } from "../base/announce";
import { topOf, useKnowledge } from "../base/knowledge";
import { asFailure, useLoaded } from "../base/load";
import { Alert, ClassTag, CopyLink, Empty, Link, Menu, StatementList, useTitle, Waiting } from "../base/parts";
import { csv, fileName, save } from "../base/save";
import type { Ref, Statement } from "../base/types";
import { count, entities } from "../base/words";
import { Canvas, type Handle } from "../drawing/canvas";
import { drawnEdges, drawnNode } from "../drawing/drawn";
import { Legend } from "../drawing/legend";
import { CardPanel } from "./card";
import { EvidencePanel } from "./evidence";
import { Chips, FilterPanel, hasFilters } from "./filters";
import { TableView } from "./table";
import { Timeline } from "./timeline";
import { loadView, MOST_NODES, neighbourhoodParams, STEP, usualLimit, type View } from "./view";

const MOST_ROWS = 20_000;
const SHOWS: [Shown, string][] = [["graph", "Graph"], ["table", "Table"], ["timeline", "Timeline"]];

export function EntityPage({ address }: { address: Address }) {
  const { statement: _, show: __, offset: ___, ...wanted } = address;
  const loaded = useLoaded(JSON.stringify(wanted), (signal) => loadView(address, signal));
  const view = loaded.value && isOf(address.entity, loaded.value, loaded.key) ? loaded.value : null;
  useTitle(view?.centre.label);
  useEffect(() => void import("cytoscape"), []); // on its way while the graph is asked for
  useEffect(() => {
    if (view && !loaded.isLoading) announce(`${view.centre.label}: ${entities(view.nodes.length)} and ${count(view.edges.length, "statement")} drawn`);
  }, [view, loaded.isLoading]);
  // The address may name the entity by its label: from here on it goes by its IRI.
  useEffect(() => {
    if (view && view.centre.iri !== address.entity && !loaded.isLoading) go({ ...address, entity: view.centre.iri }, { replace: true });
  }, [view]);

  if (loaded.failure) {
    return (
      <div class="plain">
        <h1>No graph to show</h1>
        <Alert failure={loaded.failure} again={loaded.again} />
        {!address.entity.includes("://") && <p><Link to={addressOf({ q: address.entity })}>Search for “{address.entity}”</Link></p>}
      </div>
    );
  }
  if (!view) return <div class="plain"><h1 class="for-readers-only">An entity</h1><Waiting for="the graph" /></div>;
  return <Loaded address={address} view={view} isLoading={loaded.isLoading} />;
}

/** Whether the view is of that entity, which the address may name by its label. */
function isOf(entity: string, view: View, key: string | null): boolean {
  return view.centre.iri === entity || (JSON.parse(key ?? "{}") as { entity?: string }).entity === entity;
}

function Loaded({ address, view, isLoading }: { address: Address; view: View; isLoading: boolean }) {
  const known = useKnowledge();
  const handle = useRef<Handle>(null);
  const panel = useRef<HTMLElement>(null);
  const [node, setNode] = useState("");
  const [several, setSeveral] = useState<Statement[]>([]);
  const [hovered, setHovered] = useState<string | null>(null);
  const [among, setAmong] = useState<boolean | null>(null);
  const nodes = useMemo(() => view.nodes.map((one) => drawnNode(one, topOf(known, one.class), one.n_statements)), [view]);
  const { edges, nAmong, isAmong } = useEdges(view, address, node, among);
  const chosenNode = view.nodes.find((one) => one.iri === node);
  useEffect(() => {
    setNode("");
    setSeveral([]);
  }, [address.entity]);

  const pick = (one: Statement) => {
    setSeveral((now) => (now.includes(one) ? now : []));
    go({ ...address, statement: one.id }, { replace: address.statement !== "" });
    if (innerWidth <= 900) panel.current?.scrollIntoView({ block: "start" });
  };
  const pickNode = (iri: string) => {
    setNode(iri === view.centre.iri ? "" : iri);
    setSeveral([]);
    if (address.statement) go({ ...address, statement: "" }, { replace: true });
  };
  const pickSeveral = (statements: Statement[]) => {
    if (statements.length === 1) return pick(statements[0]!);
    setSeveral(statements);
    if (address.statement) go({ ...address, statement: "" }, { replace: true });
  };
  const expand = (iri: string) => {
    const ref = view.nodes.find((one) => one.iri === iri);
    if (!ref || ref.class === "Literal" || iri === view.centre.iri) return;
    const isThere = address.expand.includes(iri);
    go({ ...address, expand: isThere ? address.expand.filter((one) => one !== iri) : [...address.expand, iri] });
  };

  return (
    <div class="work">
      <aside class="filter-side" aria-label="Filters">
        <details open={innerWidth > 1100}>
          <summary>Filters{hasFilters(address) ? " (active)" : ""}</summary>
          <FilterPanel address={address} facets={view.facets} />
        </details>
      </aside>
      <div class="middle">
        <Head centre={view.centre} />
        <div class="bar">
          <nav class="tabs" aria-label="Ways to see the statements">
            {SHOWS.map(([show, title]) => (
              <Link key={show} to={{ ...address, show }} aria-current={address.show === show ? "page" : undefined}>{title}</Link>
            ))}
          </nav>
          <div class="buttons">
            <PathMenu address={address} />
            <Exports address={address} view={view} handle={handle} />
            <CopyLink />
          </div>
        </div>
        <Chips address={address} />
        <div class={isLoading ? "shown stale" : "shown"} aria-busy={isLoading}>
          {address.show === "graph" && (
            <>
              <DrawingBar address={address} view={view} handle={handle}>
                {nAmong > 0 && <label class="choice small"><input type="checkbox" checked={isAmong} onChange={() => setAmong(!isAmong)} /><span>ties among the others ({nAmong.toLocaleString("en")})</span></label>}
              </DrawingBar>
              <div class="drawing">
                {view.edges.length === 0 && <NothingDrawn address={address} />}
                <Canvas name={`${view.centre.label}: policy graph`} nodes={nodes} edges={edges} centre={view.centre.iri}
                  chosenNode={node} chosenStatement={address.statement} hovered={hovered}
                  onNode={pickNode} onStatements={pickSeveral} onExpand={expand} handle={handle} />
              </div>
              <Legend nodes={nodes} />
              <p class="note">A click chooses, a double click expands. In the drawing, arrow keys choose, Enter shows, E expands, + − and 0 zoom.</p>
              {view.notes.map((note) => <p class="note" key={note}>{note}</p>)}
            </>
          )}
          {address.show === "table" && <TableView address={address} name={view.centre.label} drawn={view.edges} chosen={address.statement} onPick={pick} />}
          {address.show === "timeline" && <Timeline address={address} name={view.centre.label} months={view.facets.months} chosen={address.statement} onPick={pick} />}
        </div>
      </div>
      <aside class="panel" aria-label="Details" ref={panel}>
        {address.statement ? (
          <>
            <button type="button" class="quiet back" onClick={() => go({ ...address, statement: "" }, { replace: true })}>
              ‹ {several.length ? "Back to the statements" : chosenNode?.label ?? view.centre.label}
            </button>
            <EvidencePanel id={address.statement} contraryAt={(id) => ({ ...address, statement: id })} />
          </>
        ) : several.length ? (
          <>
            <h2>{count(several.length, "statement")}</h2>
            <StatementList of={several} onPick={pick} />
          </>
        ) : (
          <CardPanel of={chosenNode ?? view.centre} isCentre={!chosenNode} isExpanded={address.expand.includes(node)} view={address}
            drawn={view.edges} onPick={pick} onHover={setHovered} onExpand={expand} />
        )}
      </aside>
    </div>
  );
}

const MOST_AMONG = 24;

/** What is drawn: all around the centre, what was expanded and what is chosen, and what leads further out; among those
 *  that are equally far only if that is little, or wanted. */
function useEdges(view: View, address: Address, node: string, among: boolean | null) {
  return useMemo(() => {
    const hubs = new Set([view.centre.iri, ...address.expand]);
    const leads = leadsOf(view);
    const isNear = ({ subject, object }: Statement) => (
      hubs.has(subject.iri) || hubs.has(object.iri) || leads.get(subject.iri) === object.iri || leads.get(object.iri) === subject.iri
    );
    const isWanted = (one: Statement) => isNear(one) || one.subject.iri === node || one.object.iri === node;
    const nAmong = view.edges.filter((one) => !isNear(one)).length;
    const isAmong = among ?? nAmong <= MOST_AMONG;
    if (nAmong <= MOST_AMONG && isAmong) return { edges: drawnEdges(view.edges), nAmong, isAmong };
    const shown = isAmong ? view.edges : view.edges.filter(isWanted);
    return { edges: drawnEdges(shown, isWanted), nAmong, isAmong };
  }, [view, node, among]);
}

/** For each entity further out, the best one nearer to the centre that leads to it. */
function leadsOf(view: View): Map<string, string> {
  const nodes = new Map(view.nodes.map((one) => [one.iri, one]));
  const leads = new Map<string, string>();
  for (const { subject, object } of view.edges) {
    const ends = [nodes.get(subject.iri), nodes.get(object.iri)].sort((a, b) => (a?.depth ?? 0) - (b?.depth ?? 0));
    const [near, far] = ends;
    if (!near || !far || near.depth === far.depth) continue;
    const before = nodes.get(leads.get(far.iri) ?? "");
    if (!before || near.rank < before.rank) leads.set(far.iri, near.iri);
  }
  return leads;
}

function Head({ centre }: { centre: Ref }) {
  return (
    <div class="head">
      <h1>{centre.label}</h1>
      <ClassTag name={centre.class} />
    </div>
  );
}

interface DrawingBarProps {
  address: Address;
  view: View;
  handle: { current: Handle | null };
  children: ComponentChildren;
}

function DrawingBar({ address, view, handle, children }: DrawingBarProps) {
  const limit = address.limit || usualLimit();
  const isMore = limit < view.total_nodes && !view.isFull && limit < MOST_NODES;
  const total = `${view.is_total_exact === false ? "at least " : ""}${view.total_nodes.toLocaleString("en")}`;
  return (
    <div class="bar drawing-bar">
      <p class="small">
        {view.total_nodes > 0 ? <>{Math.min(limit, view.total_nodes)} of {total} neighbours drawn, the best supported first</> : "no neighbours"}
      </p>
      <div class="buttons">
        {children}
        {isMore && <button type="button" onClick={() => go({ ...address, limit: Math.min(MOST_NODES, limit + STEP) })}>Show more</button>}
        {limit > usualLimit() && <button type="button" onClick={() => go({ ...address, limit: 0 })}>Show fewer</button>}
        {address.expand.length > 0 && <button type="button" onClick={() => go({ ...address, expand: [] })}>Fold all in</button>}
        <label class="depth">Steps <select value={address.depth} onChange={(event) => go({ ...address, depth: Number(event.currentTarget.value) })}>
          {[1, 2, 3].map((depth) => <option key={depth} value={depth}>{depth}</option>)}
        </select></label>
        <span class="joined">
          <button type="button" aria-label="Zoom out" onClick={() => handle.current?.zoom(0.8)}>−</button>
          <button type="button" aria-label="Zoom in" onClick={() => handle.current?.zoom(1.25)}>+</button>
          <button type="button" onClick={() => handle.current?.fit()}>Fit</button>
          <button type="button" onClick={() => handle.current?.arrange()}>Arrange</button>
        </span>
      </div>
    </div>
  );
}

function NothingDrawn({ address }: { address: Address }) {
  return (
    <Empty>
      {hasFilters(address)
        ? <p>No statement passes these filters. Take one away, or clear them all.</p>
        : <p>Nothing is stated of this entity. Search for another one.</p>}
    </Empty>
  );
}

function PathMenu({ address }: { address: Address }) {
  return <Link class="button" to={addressOf({ path: address.entity })}>Path to …</Link>;
}

function Exports({ address, view, handle }: { address: Address; view: View; handle: { current: Handle | null } }) {
  const [problem, setProblem] = useState("");
  const name = view.centre.label;
  const guarded = (work: () => Promise<void> | void) => async () => {
    setProblem("");
    try {
      await work();
      announce("Saved");
    } catch (error) {
      setProblem(asFailure(error).message);
    }
  };
  const asCsv = guarded(async () => {
    const isWider = address.depth > 1 || address.expand.length > 0;
    const params = { entity: address.entity, sort: "belief", ...filterParams(filtersOf(address)) };
    const statements = isWider ? view.edges : (await all<Statement>("statements", params, MOST_ROWS)).items;
    save(fileName(name, "csv"), csv(statements), "text/csv");
  });
  const asTurtle = guarded(async () => {
    save(fileName(name, "ttl"), await text("neighbourhood", neighbourhoodParams(address), "text/turtle"), "text/turtle");
  });
  const isDrawn = address.show === "graph";
  return (
    <>
      <Menu label="Export">
        <button type="button" disabled={!isDrawn} onClick={guarded(async () => save(fileName(name, "png"), await handle.current!.png()))}>Picture (PNG)</button>
        <button type="button" disabled={!isDrawn} onClick={guarded(() => save(fileName(name, "svg"), handle.current!.svg(), "image/svg+xml"))}>Drawing (SVG)</button>
        <button type="button" onClick={asCsv}>Statements (CSV)</button>
        <button type="button" onClick={asTurtle}>RDF with evidence (Turtle)</button>
      </Menu>
      {problem && <p class="note" role="alert">{problem}</p>}
    </>
  );
}
