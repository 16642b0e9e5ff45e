/** From statements to what is drawn of them. */

import type { Ref, Statement } from "../base/types";
import { isDenied } from "../base/words";
import { edgeLabel, isRed, sizeOf, widthOf } from "./looks";
import type { Box } from "./layout";

export interface DrawnNode {
  id: string;
  ref: Ref;
  label: string;
  top: string;
  size: number;
  nStatements: number;
}

export interface DrawnEdge {
  id: string;
  source: string;
  target: string;
  label: string;
  labelAt: "middle" | "source" | "target";
  width: number;
  modality: string; // of a bundle: asserted
  isRed: boolean;
  kind: "statement" | "bundle" | "tie";
  statements: Statement[];
}

const FEW = innerWidth < 700 ? 24 : innerWidth < 1200 ? 50 : 70; // edges that can be told apart
const CROWDED = 7;

export function drawnNode(ref: Ref, top: string, nStatements: number): DrawnNode {
  return { id: ref.iri, ref, label: shortened(ref.label, 64), top, size: sizeOf(nStatements), nStatements };
}

/** One edge for each statement, between two nodes with many the best of them and a bundle of the others: the more there
 *  is to draw, the fewer. Between two nodes that `isNear` leaves out, a thin line says that there is something. */
export function drawnEdges(statements: readonly Statement[], isNear: (one: Statement) => boolean = () => true): DrawnEdge[] {
  const pairs = new Map<string, Statement[]>();
  const degree = new Map<string, Set<string>>();
  for (const one of statements) {
    const ends = [one.subject.iri, one.object.iri].sort() as [string, string];
    const key = ends.join("\n");
    pairs.set(key, [...(pairs.get(key) ?? []), one]);
    if (!isNear(one)) continue;
    degree.set(ends[0], (degree.get(ends[0]) ?? new Set()).add(ends[1]));
    degree.set(ends[1], (degree.get(ends[1]) ?? new Set()).add(ends[0]));
  }
  const groups = [...pairs.values()].map(best);
  const near = groups.filter((group) => isNear(group[0]!));
  const most = mostParallel(near);
  return [
    ...near.flatMap((group) => {
      const alone = group.length > most + 1 ? group.slice(0, most) : group;
      const rest = group.slice(alone.length);
      return [...alone.map((one) => edgeOf(one, degree)), ...(rest.length ? [bundle(rest, degree)] : [])];
    }),
    ...groups.filter((group) => !isNear(group[0]!)).map(tie),
  ];
}

function best(group: Statement[]): Statement[] {
  return [...group].sort((a, b) => (b.belief ?? 0) - (a.belief ?? 0) || (a.id < b.id ? -1 : 1));
}

/** How many edges between two nodes leave the drawing readable. */
function mostParallel(groups: Statement[][]): number {
  for (const most of [4, 3, 2]) {
    const n = groups.reduce((sum, group) => sum + Math.min(group.length, most + 1), 0);
    if (n <= FEW) return most;
  }
  return 1;
}

function edgeOf(one: Statement, degree: Map<string, Set<string>>): DrawnEdge {
  const source = one.subject.iri;
  const target = one.object.iri;
  return {
    id: `s:${one.id}`, source, target, label: edgeLabel(one), labelAt: labelAt(source, target, degree),
    width: widthOf(one), modality: one.modality, isRed: isRed(one), kind: "statement", statements: [one],
  };
}

function bundle(rest: Statement[], degree: Map<string, Set<string>>): DrawnEdge {
  const { subject, object } = rest[0]!;
  const nDenied = rest.filter(isDenied).length;
  return {
    id: `b:${rest[0]!.id}`, source: subject.iri, target: object.iri, label: `+ ${rest.length} more${nDenied ? `, ${nDenied} not` : ""}`,
    labelAt: labelAt(subject.iri, object.iri, degree), width: 5, modality: "asserted",
    isRed: nDenied > 0, kind: "bundle", statements: rest,
  };
}

function tie(group: Statement[]): DrawnEdge {
  const { id, subject, object } = group[0]!;
  return {
    id: `t:${id}`, source: subject.iri, target: object.iri, label: "", labelAt: "middle", width: 1, modality: "asserted",
    isRed: group.some(isDenied), kind: "tie", statements: group,
  };
}

/** Around a node with many edges there is no room for words in the middle of them; they move towards the other end. */
function labelAt(source: string, target: string, degree: Map<string, Set<string>>): "middle" | "source" | "target" {
  const out = degree.get(source)?.size ?? 0;
  const into = degree.get(target)?.size ?? 0;
  if (Math.max(out, into) < CROWDED || Math.min(out, into) >= CROWDED) return "middle";
  return out > into ? "target" : "source";
}

export const LABEL_WIDTH = 118;
const CHARACTER = 6.9;
const LINE = 15;

export function boxOf(node: DrawnNode): Box {
  const wanted = node.label.length * CHARACTER;
  const lines = Math.ceil(wanted / (LABEL_WIDTH - 14));
  return {
    id: node.id,
    width: Math.max(node.size, Math.min(LABEL_WIDTH, wanted)),
    height: node.size + 8 + lines * LINE,
    group: node.top,
  };
}

export function shortened(words: string, most: number): string {
  const points = Array.from(words);
  return points.length <= most ? words : `${points.slice(0, most - 1).join("")}…`;
}
