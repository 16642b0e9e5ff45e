/** Cuts a text at the ends of stretches. The API counts code points, JavaScript counts UTF-16 units. */

export type Role = "sentence" | "subject" | "predicate" | "object" | "time" | "cue";

export interface Stretch {
  start: number;
  end: number;
  role: Role;
  id: string; // of the statement
}

export interface Piece {
  text: string;
  start: number;
  stretches: Stretch[];
}

/** The text in pieces, each with the stretches that cover it.
 *  `offset` is the number of the first code point of `text` in the document. */
export function pieces(text: string, stretches: readonly Stretch[], offset = 0): Piece[] {
  const points = Array.from(text);
  const end = offset + points.length;
  const inside = stretches.filter((one) => one.start < end && one.end > offset && one.start < one.end);
  const starts = [...inside].sort((a, b) => a.start - b.start);
  const cuts = new Set([offset, end]);
  for (const one of inside) {
    cuts.add(Math.max(offset, one.start));
    cuts.add(Math.min(end, one.end));
  }
  const found: Piece[] = [];
  let open: Stretch[] = [];
  let next = 0;
  const ordered = [...cuts].sort((a, b) => a - b);
  for (let i = 0; i + 1 < ordered.length; i++) {
    const from = ordered[i]!;
    const to = ordered[i + 1]!;
    open = open.filter((one) => one.end > from);
    while (next < starts.length && starts[next]!.start <= from) open.push(starts[next++]!);
    found.push({ text: points.slice(from - offset, to - offset).join(""), start: from, stretches: [...open] });
  }
  return found;
}

export function length(text: string): number {
  return Array.from(text).length;
}

export function slice(text: string, start: number, end: number): string {
  return Array.from(text).slice(start, end).join("");
}
