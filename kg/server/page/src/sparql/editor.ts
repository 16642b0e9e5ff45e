/** The editor for queries: Yasqe, without what it would fetch from other hosts. */

import "@zazuko/yasqe/build/yasqe.min.css";
import Yasqe from "@zazuko/yasqe";
import type { Ontology } from "../base/types";

/** What the page needs of an editor; CodeMirror's types do not come with Yasqe. */
export interface Editor {
  getValue(): string;
  setValue(text: string): void;
  getQueryType(): string;
  refresh(): void;
  focus(): void;
  destroy(): void;
  on(event: "change", call: () => void): void;
}

export function editor(parent: HTMLElement, text: string, ontology: Ontology, run: () => void): Editor {
  Yasqe.defaults.autocompleters = [];
  for (const name of Object.keys(Yasqe.Autocompleters)) if (name !== "variables") delete Yasqe.Autocompleters[name];
  register("relations", ontology.relations.map((one) => one.iri), isAtPredicate);
  register("classes", ontology.classes.map((one) => one.iri), isAtClass);
  const made = new Yasqe(parent, {
    value: text,
    autocompleters: ["variables", "relations", "classes"],
    showQueryButton: false,
    resizeable: true,
    persistenceId: null,
    prefixCcApi: null,
    consumeShareLink: null,
    createShareableLink: null,
    pluginButtons: () => [],
    collapsePrefixesOnLoad: false,
    lineWrapping: true,
    viewportMargin: Infinity,
    // Tab leaves the editor: who works by keyboard must be able to get out.
    extraKeys: {
      Tab: false, "Shift-Tab": false, "Ctrl-Enter": run, "Cmd-Enter": run,
      "Ctrl-Space": (yasqe: { autocomplete(): void }) => yasqe.autocomplete(),
      "Ctrl-/": (yasqe: { commentLines(): void }) => yasqe.commentLines(),
    },
    screenReaderLabel: "SPARQL query; Control and Enter runs it",
  } as never);
  return made as unknown as Editor;
}

interface Place {
  getCompleteToken(): { string: string; state: { lastProperty?: string; possibleCurrent?: string[] } };
  getPrefixesFromQuery(): Record<string, string>;
}

/** Offers these IRIs where the query can take one. */
function register(name: string, iris: string[], isThere: (place: Place) => boolean): void {
  if (Yasqe.Autocompleters[name]) return;
  Yasqe.registerAutocompleter({
    name,
    bulk: false,
    autoShow: false,
    persistenceId: null,
    isValidCompletionPosition: (yasqe) => isThere(yasqe as unknown as Place),
    get: (_, token) => {
      const typed = (token?.autocompletionString ?? "").toLowerCase();
      return iris.filter((iri) => iri.toLowerCase().startsWith(typed)).slice(0, 60);
    },
    preProcessToken: (yasqe, token) => {
      const typed = (token as unknown as { string: string }).string;
      const [prefix, rest] = typed.split(":");
      const base = rest === undefined ? undefined : (yasqe as unknown as Place).getPrefixesFromQuery()[prefix ?? ""];
      return { ...token, autocompletionString: base ? base + rest : typed.replace(/^</, ""), tokenPrefix: prefix, tokenPrefixUri: base };
    },
    postProcessSuggestion: (_, token, iri) => (
      token.tokenPrefixUri ? `${token.tokenPrefix}:${iri.slice(token.tokenPrefixUri.length)}` : `<${iri}>`
    ),
  }, false);
}

function isAtPredicate(place: Place): boolean {
  const token = place.getCompleteToken();
  return !token.string.startsWith("?") && (token.state.possibleCurrent ?? []).includes("a");
}

function isAtClass(place: Place): boolean {
  const token = place.getCompleteToken();
  return !token.string.startsWith("?") && /^(a|rdf:type)$/.test(token.state.lastProperty ?? "");
}
