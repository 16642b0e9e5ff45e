/** How things look in the drawing, read from the style sheet, so that the drawing follows the theme. */

import type { Statement } from "../base/types";
import { isDenied, relationWords } from "../base/words";

export const TOPS = [
  "Agent", "Place", "Instrument", "Project", "Resource", "Activity", "Event", "Quantity", "Problem", "Document",
  "Concept", "NamedThing", "Phrase", "Literal",
] as const;

export type Shape = "ellipse" | "rectangle" | "diamond" | "hexagon" | "triangle" | "pentagon" | "octagon";

const SHAPES: Record<string, Shape> = {
  Agent: "ellipse", Place: "diamond", Instrument: "rectangle", Project: "pentagon", Resource: "hexagon",
  Activity: "triangle", Event: "octagon", Quantity: "rectangle", Document: "rectangle", Literal: "rectangle",
};

export function shapeOf(top: string): Shape {
  return SHAPES[top] ?? "ellipse";
}

export interface Looks {
  page: string;
  ink: string;
  faint: string;
  edge: string;
  denied: string;
  accent: string;
  tops: Record<string, string>;
}

export function looks(): Looks {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  return {
    page: colour("--drawing"),
    ink: colour("--ink"),
    faint: colour("--ink-2"),
    edge: colour("--edge"),
    denied: colour("--denied"),
    accent: colour("--accent"),
    tops: Object.fromEntries(TOPS.map((top) => [top, colour(`--top-${top}`)])),
  };
}

export const DASHES: Record<string, number[]> = {
  asserted: [],
  planned: [9, 5],
  possible: [2, 4],
  demanded: [11, 4, 2, 4],
};

export function isRed(statement: Statement): boolean {
  return isDenied(statement) || statement.contradicts !== null;
}

/** The words at an edge; what the colour says, they say too. */
export function edgeLabel(statement: Statement): string {
  const words = relationWords(statement).replace("not: ", "not ");
  return statement.contradicts && !isDenied(statement) ? `${words} (contradicted)` : words;
}

/** From 1 to 3.4: the firmer it is believed, the thicker. */
export function widthOf(statement: Statement): number {
  return 1 + 2.4 * (statement.belief ?? 0.3);
}

/** From 17 to 50: the more is said of it, the larger. */
export function sizeOf(nStatements: number): number {
  return Math.min(50, 14 + 2.9 * Math.log2(1 + nStatements));
}
