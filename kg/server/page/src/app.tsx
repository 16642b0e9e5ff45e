/** The page around the views: search, navigation, theme. */

import sign from "./favicon.svg";
import { useEffect, useRef, useState } from "preact/hooks";
import { address, go, useAddress, type Address } from "./base/address";
import { get } from "./base/api";
import { knowledge, KnowledgeContext } from "./base/knowledge";
import { useLoaded } from "./base/load";
import { Alert, Link, Waiting } from "./base/parts";
import { EntityPicker } from "./base/picker";
import { ROOT } from "./base/root.ts";
import { choose, onTheme, theme } from "./base/theme";
import type { GraphSummary, Ontology } from "./base/types";
import { EntityPage } from "./entity/page";
import { DocumentPage, DocumentsPage } from "./views/documents";
import { PathPage } from "./views/path";
import { SearchPage, StartPage } from "./views/start";
import { StatementPage } from "./views/statement";
import { TextPage } from "./views/text";

export function App() {
  const at = useAddress();
  const loaded = useLoaded("graph", async (signal) => {
    const [graph, ontology] = await Promise.all([get<GraphSummary>("graph", {}, signal), get<Ontology>("ontology", {}, signal)]);
    return knowledge(graph, ontology);
  });
  useFocusOnNewView(at);
  return (
    <KnowledgeContext.Provider value={loaded.value}>
      <a class="skip" href="#main" onClick={skip}>Skip to the content</a>
      <Header at={at} />
      <main id="main" tabIndex={-1}>
        {loaded.failure && <div class="plain"><h1>No graph to show</h1><Alert failure={loaded.failure} again={loaded.again} /></div>}
        {!loaded.failure && !loaded.value && <div class="plain"><Waiting for="the graph" /></div>}
        {loaded.value && <View at={at} />}
      </main>
      <p id="said" class="for-readers-only" role="status" aria-live="polite" />
    </KnowledgeContext.Provider>
  );
}

/** Those who work by keyboard or by ear begin at the top of a new view, not where the old one was left. */
function useFocusOnNewView(at: Address) {
  const isThere = useRef(false);
  const what = at.view || at.entity || at.document || (at.path || at.target ? "path" : "") || at.statement || at.q;
  useEffect(() => {
    if (isThere.current) {
      document.getElementById("main")?.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    isThere.current = true;
  }, [what]);
}

function View({ at }: { at: Address }) {
  if (at.view === "documents") return <DocumentsPage address={at} />;
  if (at.view === "text") return <TextPage />;
  if (at.view === "sparql") return <LazySparql at={at} />;
  if (at.path || at.target) return <PathPage address={at} />;
  if (at.entity) return <EntityPage address={at} />;
  if (at.document) return <DocumentPage key={at.document} address={at} />;
  if (at.statement) return <StatementPage address={at} />;
  if (at.q) return <SearchPage address={at} />;
  return <StartPage />;
}

/** The editor is large: it comes only where it is wanted. */
function LazySparql({ at }: { at: Address }) {
  const loaded = useLoaded("sparql", async () => (await import("./sparql/page")).SparqlPage);
  const Page = loaded.value;
  if (Page) return <Page address={at} />;
  return <div class="plain">{loaded.failure ? <Alert failure={loaded.failure} again={loaded.again} /> : <Waiting for="the editor" />}</div>;
}

function Header({ at }: { at: Address }) {
  const here = (isHere: boolean) => (isHere ? ("page" as const) : undefined);
  return (
    <header>
      <Link to={address({})} class="home" aria-label="kg: start page"><img src={sign} alt="" width="24" height="24" /><span>kg</span></Link>
      <div class="search" role="search">
        <Picker at={at} />
      </div>
      <nav class="views" aria-label="Views">
        <Link to={address({ view: "documents" })} aria-current={here(at.view === "documents" || at.document !== "")}>Documents</Link>
        <Link to={address({ view: "text" })} aria-current={here(at.view === "text")}>Read a text</Link>
        <Link to={address({ view: "sparql" })} aria-current={here(at.view === "sparql")}>SPARQL</Link>
        <a href={`${ROOT}api/`}>API</a>
      </nav>
      <ThemeButton />
    </header>
  );
}

function Picker({ at }: { at: Address }) {
  return (
    <EntityPicker label="Search for an entity" placeholder="Search: a country, body, person, law …" initial={at.view ? "" : at.q} shortcut="/"
      onPick={(one) => go(address({ entity: one.iri }))} onWords={(words) => go(address({ q: words }))} />
  );
}

function ThemeButton() {
  const [now, setNow] = useState(theme());
  useEffect(() => onTheme(() => setNow(theme())), []);
  const other = now === "dark" ? "light" : "dark";
  return <button type="button" class="theme" onClick={() => choose(other)} aria-label={`Switch to the ${other} theme`} title={`Switch to the ${other} theme`}>{now === "dark" ? "☀" : "☾"}</button>;
}

function skip(event: MouseEvent) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}
