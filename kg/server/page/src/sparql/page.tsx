/** SPARQL: an editor, the named queries to begin with, and the answer. */

import "./sparql.css";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { go, type Address } from "../base/address";
import { get, type Failure } from "../base/api";
import { announce } from "../base/announce";
import { useKnowledge } from "../base/knowledge";
import { asFailure, useLoaded } from "../base/load";
import { Alert, CopyLink, Show, useTitle } from "../base/parts";
import { EntityPicker } from "../base/picker";
import { ROOT } from "../base/root.ts";
import type { List, NamedQuery, Ontology } from "../base/types";
import { count } from "../base/words";
import { ask, type Answer } from "./answer";
import { editor, type Editor } from "./editor";
import { Result } from "./result";

const LONGEST_LINK = 6000;

export function SparqlPage({ address: at }: { address: Address }) {
  const { ontology } = useKnowledge();
  const box = useRef<HTMLDivElement>(null);
  const held = useRef<Editor | null>(null);
  const asking = useRef<AbortController | null>(null);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isAsking, setAsking] = useState(false);
  useTitle("SPARQL");

  const run = async () => {
    if (!held.current) return;
    const query = held.current.getValue();
    if (query.length < LONGEST_LINK) go({ ...at, query }, { replace: true });
    asking.current?.abort();
    const controller = (asking.current = new AbortController());
    setAsking(true);
    setFailure(null);
    try {
      const given = await ask(query, held.current.getQueryType(), controller.signal);
      setAnswer(given);
      announce(given.kind === "rows" ? count(given.rows.length, "row") : "Answer below");
    } catch (error) {
      if (controller.signal.aborted) return;
      setAnswer(null);
      setFailure(asFailure(error));
    } finally {
      if (asking.current === controller) setAsking(false);
    }
  };
  const latest = useRef(run);
  latest.current = run;

  useEffect(() => {
    held.current = editor(box.current!, at.query || firstQuery(ontology), ontology, () => void latest.current());
    if (at.query) void latest.current();
    return () => {
      asking.current?.abort();
      held.current?.destroy();
      held.current = null;
    };
  }, []);
  // Back and Forward bring the query of that address.
  useEffect(() => {
    if (at.query && held.current && held.current.getValue() !== at.query) held.current.setValue(at.query);
  }, [at.query]);

  return (
    <div class="plain sparql">
      <h1>SPARQL</h1>
      <NamedQueries onText={(text) => {
        held.current?.setValue(text);
        held.current?.focus();
        announce("The query is in the editor");
      }} />
      <div class="editor" ref={box} />
      <div class="bar">
        <div class="buttons">
          <button type="button" class="main" disabled={isAsking} onClick={run}>{isAsking ? "Running …" : "Run"}</button>
          {isAsking && <button type="button" onClick={() => (asking.current?.abort(), setAsking(false))}>Stop</button>}
          <CopyLink />
        </div>
        <p class="small">Ctrl Enter runs, Ctrl Space completes. The endpoint for other tools: <code>{location.origin}{ROOT}sparql</code></p>
      </div>
      {failure && <Alert failure={failure} again={run} />}
      {answer && !failure && <div class={isAsking ? "stale" : "loaded"} aria-busy={isAsking}><Result of={answer} /></div>}
    </div>
  );
}

function firstQuery({ prefixes }: Ontology): string {
  const pol = prefixes.pol ?? "https://w3id.org/policy-kg/ontology#";
  return `PREFIX pol: <${pol}>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

# Who depends on what?
SELECT ?who ?name ?what ?on
WHERE {
  ?who pol:dependsOn ?what ; rdfs:label ?name .
  ?what rdfs:label ?on .
}
LIMIT 50
`;
}

function NamedQueries({ onText }: { onText: (text: string) => void }) {
  const loaded = useLoaded("queries", (signal) => get<List<NamedQuery>>("queries", {}, signal));
  const [name, setName] = useState("");
  const id = useId();
  return (
    <Show of={loaded} what="the named queries">
      {({ items }) => {
        const chosen = items.find((one) => one.name === name);
        return (
          <div class="named">
            <label for={id}>Begin with a question</label>
            <select id={id} value={name} onChange={(event) => setName(event.currentTarget.value)}>
              <option value="">choose one of {items.length} …</option>
              {items.map((one) => <option key={one.name} value={one.name}>{one.question}</option>)}
            </select>
            {chosen && <ParameterForm key={chosen.name} query={chosen} onText={onText} />}
          </div>
        );
      }}
    </Show>
  );
}

function ParameterForm({ query, onText }: { query: NamedQuery; onText: (text: string) => void }) {
  const { ontology } = useKnowledge();
  const [values, setValues] = useState<Record<string, string>>({});
  const [failure, setFailure] = useState<Failure | null>(null);
  const set = (name: string, value: string) => setValues((before) => ({ ...before, [name]: value }));
  const fill = async (event?: Event) => {
    event?.preventDefault();
    try {
      const { text } = await get<{ text: string }>(`queries/${encodeURIComponent(query.name)}/sparql`, values);
      setFailure(null);
      onText(text);
    } catch (error) {
      setFailure(asFailure(error));
    }
  };
  return (
    <form class="form" onSubmit={fill}>
      {query.parameters.map((one) => {
        const words = `${one.name}${one.is_required ? " (needed)" : ""}`;
        if (one.kind === "entity") return <EntityPicker key={one.name} label={words} isLabelShown placeholder={one.is_required ? "an entity" : "any"} onPick={(entity) => set(one.name, entity.iri)} onClear={() => set(one.name, "")} />;
        if (one.kind === "relation") {
          return (
            <label key={one.name}>{words} <select required={one.is_required} value={values[one.name] ?? ""} onChange={(event) => set(one.name, event.currentTarget.value)}>
              <option value="">{one.is_required ? "choose …" : "any"}</option>
              {ontology.relations.map((relation) => <option key={relation.name} value={relation.name}>{relation.label}</option>)}
            </select></label>
          );
        }
        const type = one.kind === "date" ? "date" : one.kind === "int" || one.kind === "number" ? "number" : "text";
        return <label key={one.name}>{words} <input {...({ type } as { type: "text" })} required={one.is_required} placeholder={one.default === null ? "" : String(one.default)} value={values[one.name] ?? ""} onInput={(event) => set(one.name, event.currentTarget.value)} /></label>;
      })}
      <button type="submit">Put it into the editor</button>
      {failure && <Alert failure={failure} />}
    </form>
  );
}
