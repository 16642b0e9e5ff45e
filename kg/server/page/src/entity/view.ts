/** Loads what is drawn of an entity: its neighbourhood, and the neighbourhoods of those that were expanded. */

import { filterParams, get, type Params } from "../base/api";
import { filtersOf, type Address } from "../base/address";
import type { GraphNode, Neighbourhood, Statement } from "../base/types";

export const MOST_NODES = 500;
export const STEP = 30;
const EXPANSION = 14;

export interface View extends Neighbourhood {
  isFull: boolean; // no more entities can be drawn
  notes: string[];
}

export function usualLimit(): number {
  return innerWidth < 700 ? 11 : STEP;
}

export function neighbourhoodParams(address: Address): Params {
  return { iri: address.entity, depth: address.depth, limit: address.limit || usualLimit(), ...filterParams(filtersOf(address)) };
}

export async function loadView(address: Address, signal: AbortSignal): Promise<View> {
  const asked = get<Neighbourhood>("neighbourhood", neighbourhoodParams(address), signal);
  const further = address.expand.map((iri) => get<Neighbourhood>(
    "neighbourhood", { iri, limit: EXPANSION, ...filterParams(filtersOf(address)) }, signal));
  const [first, ...others] = await Promise.all([asked, ...further.map(orNothing)]);
  return merged(first, others.filter((one) => one !== null));
}

async function orNothing(asked: Promise<Neighbourhood>): Promise<Neighbourhood | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof DOMException) throw error;
    return null;
  }
}

function merged(first: Neighbourhood, others: Neighbourhood[]): View {
  const nodes = new Map<string, GraphNode>(first.nodes.map((node) => [node.iri, node]));
  const edges = new Map<string, Statement>(first.edges.map((edge) => [edge.id, edge]));
  const notes: string[] = [];
  for (const other of others) {
    if (!nodes.has(other.centre.iri)) continue;
    for (const node of other.nodes) {
      if (nodes.size < MOST_NODES && !nodes.has(node.iri)) nodes.set(node.iri, { ...node, depth: node.depth + 1 });
    }
    for (const edge of other.edges) {
      if (nodes.has(edge.subject.iri) && nodes.has(edge.object.iri)) edges.set(edge.id, edge);
    }
    if (other.total_nodes > EXPANSION) {
      notes.push(`Around ${other.centre.label} the ${EXPANSION} best of ${other.total_nodes} are drawn.`);
    }
  }
  const isFull = nodes.size >= MOST_NODES;
  if (isFull) notes.push(`${MOST_NODES} entities are drawn, which is the most. Filter to see others.`);
  if (first.total_edges > first.edges.length) {
    notes.push(`The ${first.edges.length.toLocaleString("en")} best of ${first.total_edges.toLocaleString("en")} statements among them are drawn.`);
  }
  return { ...first, nodes: [...nodes.values()], edges: [...edges.values()], isFull, notes };
}
