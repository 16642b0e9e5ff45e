/** How two entities hang together: chains of statements from one to the other. */

import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { address, filtersOf, go, type Address } from "../base/address";
import { filterParams, get } from "../base/api";
import { topOf, useKnowledge } from "../base/knowledge";
import { useLoaded } from "../base/load";
import { CopyLink, Empty, Show, StatementList, useTitle } from "../base/parts";
import { EntityPicker } from "../base/picker";
import type { EntityCard, Path, Statement } from "../base/types";
import { count } from "../base/words";
import { Canvas, type Handle } from "../drawing/canvas";
import { drawnEdges, drawnNode } from "../drawing/drawn";
import { placeInRows } from "../drawing/layout";
import { EvidencePanel } from "../entity/evidence";
import { Chips } from "../entity/filters";
import { Legend } from "../drawing/legend";

interface Paths {
  paths: Path[];
  is_complete: boolean;
}

export function PathPage({ address: at }: { address: Address }) {
  const from = useName(at.path);
  const to = useName(at.target);
  const length = Math.min(6, Math.max(1, at.limit || 4));
  const params = { from: at.path, to: at.target, max_length: length, limit: 4 };
  const isAsked = at.path !== "" && at.target !== "";
  // `from` and `to` name the entities here.
  const { from: since, to: until, ...others } = filterParams(filtersOf(at));
  const filters = { ...others, since, until };
  const key = JSON.stringify({ ...params, ...filters });
  const loaded = useLoaded(isAsked ? key : null, (signal) => get<Paths>("path", { ...filters, ...params }, signal));
  useTitle(isAsked && from && to ? `Paths from ${from} to ${to}` : "Paths");
  return (
    <div class="plain">
      <h1>Paths between two entities</h1>
      <div class="form">
        <EntityPicker label="From" isLabelShown placeholder="an entity" initial={from} onPick={(one) => go({ ...at, path: one.iri, statement: "" })} />
        <EntityPicker label="To" isLabelShown placeholder="another entity" initial={to} onPick={(one) => go({ ...at, target: one.iri, statement: "" })} />
        <label>At most <select value={length} onChange={(event) => go({ ...at, limit: Number(event.currentTarget.value) })}>
          {[1, 2, 3, 4, 5, 6].map((n) => <option key={n} value={n}>{count(n, "step")}</option>)}
        </select></label>
        {isAsked && <button type="button" onClick={() => go({ ...at, path: at.target, target: at.path, statement: "" })}>Swap</button>}
        {isAsked && <CopyLink />}
      </div>
      <Chips address={at} />
      {!isAsked && <Empty><p>Choose two entities to see the chains of statements that lead from one to the other.</p></Empty>}
      {isAsked && <Show of={loaded} what="paths">{(found) => <Found found={found} at={at} length={length} />}</Show>}
    </div>
  );
}

function Found({ found, at, length }: { found: Paths; at: Address; length: number }) {
  const known = useKnowledge();
  const handle = useRef<Handle>(null);
  const [hovered, setHovered] = useState<string | null>(null);
  const { nodes, edges, places } = useMemo(() => {
    const refs = new Map(found.paths.flatMap((path) => path.nodes).map((ref) => [ref.iri, ref]));
    const statements = new Map(found.paths.flatMap((path) => path.edges).map((one) => [one.id, one]));
    return {
      nodes: [...refs.values()].map((ref) => drawnNode(ref, topOf(known, ref.class), 6)),
      edges: drawnEdges([...statements.values()]),
      places: placeInRows(found.paths.map((path) => path.nodes.map((node) => node.iri)), innerWidth < 700),
    };
  }, [found]);
  const pick = (one: Statement) => go({ ...at, statement: one.id }, { replace: true });
  if (!found.paths.length) {
    return <Empty><p>No chain of at most {count(length, "statement")} leads from one to the other{found.is_complete ? "" : " among those that could be looked at in time"}. {length < 6 && "Allow more steps."}</p></Empty>;
  }
  return (
    <div class="path-columns">
      <div>
        <div class="drawing path">
          <Canvas key={JSON.stringify([...places.keys()])} name="Paths" nodes={nodes} edges={edges} centre={at.path} places={places} chosenNode="" chosenStatement={at.statement} hovered={hovered}
            onNode={(iri) => iri && iri !== at.path && iri !== at.target && go(address({ entity: iri }))}
            onStatements={([one]) => one && pick(one)} onExpand={() => undefined} handle={handle} />
        </div>
        <Legend nodes={nodes} />
        {!found.is_complete && <p class="note">The search was cut short: there may be other paths.</p>}
        {found.paths.map((path, i) => (
          <section key={path.edges.map((one) => one.id).join()}>
            <h2>{i + 1}. {path.nodes.map((node) => node.label).join(" – ")}</h2>
            <StatementList of={path.edges} chosen={at.statement} onPick={pick} onHover={setHovered} />
          </section>
        ))}
      </div>
      <aside class="panel" aria-label="Evidence">
        {at.statement
          ? <EvidencePanel id={at.statement} contraryAt={(id) => ({ ...at, statement: id })} />
          : <Empty><p>Choose a statement to see the sentences behind it.</p></Empty>}
      </aside>
    </div>
  );
}

function useName(iri: string): string {
  const loaded = useLoaded(iri || null, (signal) => get<EntityCard>("entity", { iri }, signal));
  const [name, setName] = useState("");
  useEffect(() => setName(loaded.value && iri ? loaded.value.label : ""), [loaded.value, iri]);
  return name;
}
