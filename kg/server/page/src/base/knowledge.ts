/** What the page knows of the graph as a whole: its counts, and the words of its ontology. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { GraphSummary, Ontology, OntologyClass, Relation } from "./types";

export interface Knowledge {
  graph: GraphSummary;
  ontology: Ontology;
  classes: Map<string, OntologyClass>;
  relations: Map<string, Relation>;
}

export const KnowledgeContext = createContext<Knowledge | null>(null);

export function useKnowledge(): Knowledge {
  return useContext(KnowledgeContext)!;
}

export function knowledge(graph: GraphSummary, ontology: Ontology): Knowledge {
  return {
    graph,
    ontology,
    classes: new Map(ontology.classes.map((one) => [one.name, one])),
    relations: new Map(ontology.relations.map((one) => [one.name, one])),
  };
}

export function classLabel(known: Knowledge | null, name: string): string {
  return known?.classes.get(name)?.label ?? apart(name);
}

export function relationLabel(known: Knowledge | null, name: string): string {
  return known?.relations.get(name)?.label ?? apart(name);
}

export function topOf(known: Knowledge | null, name: string): string {
  return known?.classes.get(name)?.top ?? name;
}

/** "named thing" of "NamedThing". */
function apart(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
}
