/** The drawing as SVG: shapes and words that can be edited and printed at any size. */

import type { Core, EdgeSingular, NodeSingular } from "cytoscape";
import { DASHES, looks, shapeOf, type Looks } from "./looks";
import type { Point } from "./layout";

const LINE = 15;
const CHARACTERS_A_LINE = 18;
const SIDES: Record<string, [number, number]> = { // corners, and where the first one is, in turns
  triangle: [3, -0.25], diamond: [4, -0.25], pentagon: [5, -0.25], hexagon: [6, 0], octagon: [8, 1 / 16],
};

export function svgOf(cy: Core, name: string): string {
  const now = looks();
  const box = cy.elements().boundingBox();
  const [x, y, w, h] = [box.x1 - 20, box.y1 - 20, box.w + 40, box.h + 40].map(Math.round) as [number, number, number, number];
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${x} ${y} ${w} ${h}" width="${w}" height="${h}" font-family="system-ui, sans-serif">`,
    `<title>${escaped(name)}</title>`,
    `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${now.page}"/>`,
    ...cy.edges().map((edge) => edgeSvg(edge, now)),
    ...cy.nodes().map((node) => nodeSvg(node, now)),
    "</svg>",
  ];
  return parts.join("\n");
}

function nodeSvg(node: NodeSingular, now: Looks): string {
  const { x, y } = node.position();
  const r = Number(node.data("size")) / 2;
  const isCentre = node.hasClass("centre");
  const fill = now.tops[String(node.data("top"))] ?? now.faint;
  const paint = `fill="${fill}" stroke="${isCentre ? now.accent : now.page}" stroke-width="${isCentre ? 4 : 1.5}"`;
  const lines = wrapped(String(node.data("label")));
  const size = isCentre ? 15 : 12.5;
  const first = node.hasClass("above") ? -r - 8 - (lines.length - 1) * LINE : r + 6 + size * 0.8;
  const words = lines.map((line, i) => (
    text(line, x, y + first + i * LINE, size, now.ink, now, isCentre ? ' font-weight="bold"' : "")
  ));
  return [shapeSvg(shapeOf(String(node.data("top"))), x, y, r, paint), ...words].join("\n");
}

function shapeSvg(shape: string, x: number, y: number, r: number, paint: string): string {
  if (shape === "rectangle") return `<rect x="${n(x - r)}" y="${n(y - r)}" width="${n(2 * r)}" height="${n(2 * r)}" ${paint}/>`;
  const sides = SIDES[shape];
  if (!sides) return `<circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}" ${paint}/>`;
  const [corners, first] = sides;
  const points = Array.from({ length: corners }, (_, i) => {
    const angle = 2 * Math.PI * (first + i / corners);
    return `${n(x + r * Math.cos(angle))},${n(y + r * Math.sin(angle))}`;
  });
  return `<polygon points="${points.join(" ")}" ${paint}/>`;
}

function edgeSvg(edge: EdgeSingular, now: Looks): string {
  const isDenied = edge.hasClass("denied");
  const colour = isDenied ? now.denied : now.edge;
  const dash = DASHES[String(edge.data("modality"))] ?? [];
  const [from, to] = [edge.sourceEndpoint(), edge.targetEndpoint()];
  const bends = edge.controlPoints() ?? [];
  if (![from.x, from.y, to.x, to.y].every(Number.isFinite)) return "";
  const last = bends[bends.length - 1] ?? from;
  const line = `<path d="${pathOf(from, bends, to)}" fill="none" stroke="${colour}" stroke-width="${n(Number(edge.data("width")))}"`
    + `${dash.length ? ` stroke-dasharray="${dash.join(" ")}"` : ""}${edge.hasClass("statement") ? "" : ' opacity="0.45"'}/>`;
  const head = edge.hasClass("statement") ? arrow(last, to, colour) : "";
  return [line, head, edgeWords(edge, from, bends, to, isDenied ? now.denied : now.faint, now)].join("\n");
}

function pathOf(from: Point, bends: Point[], to: Point): string {
  const start = `M${n(from.x)} ${n(from.y)}`;
  if (!bends.length) return `${start} L${n(to.x)} ${n(to.y)}`;
  if (bends.length === 1) return `${start} Q${n(bends[0]!.x)} ${n(bends[0]!.y)} ${n(to.x)} ${n(to.y)}`;
  const [one, two] = [bends[0]!, bends[bends.length - 1]!];
  return `${start} C${n(one.x)} ${n(one.y)} ${n(two.x)} ${n(two.y)} ${n(to.x)} ${n(to.y)}`;
}

function arrow(from: Point, to: Point, colour: string): string {
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const corner = (turn: number) => `${n(to.x - 9 * Math.cos(angle + turn))},${n(to.y - 9 * Math.sin(angle + turn))}`;
  return `<polygon points="${n(to.x)},${n(to.y)} ${corner(0.4)} ${corner(-0.4)}" fill="${colour}"/>`;
}

function edgeWords(edge: EdgeSingular, from: Point, bends: Point[], to: Point, colour: string, now: Looks): string {
  const end = Math.min(0.5, Number(edge.data("offset")) / Math.max(1, Math.hypot(to.x - from.x, to.y - from.y)));
  const share = edge.hasClass("at-source") ? end : edge.hasClass("at-target") ? 1 - end : 0.5;
  const at = along(from, bends[0] ?? middle(from, to), to, share);
  let turn = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI;
  if (turn > 90) turn -= 180;
  if (turn < -90) turn += 180;
  const rotate = ` transform="rotate(${n(turn)} ${n(at.x)} ${n(at.y)})"`;
  return text(String(edge.data("label")), at.x, at.y + 3.5, 10.5, colour, now, rotate);
}

function along(from: Point, bend: Point, to: Point, t: number): Point {
  const on = (a: number, b: number, c: number) => (1 - t) ** 2 * a + 2 * t * (1 - t) * b + t ** 2 * c;
  return { x: on(from.x, bend.x, to.x), y: on(from.y, bend.y, to.y) };
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

function text(words: string, x: number, y: number, size: number, colour: string, now: Looks, more: string): string {
  return `<text x="${n(x)}" y="${n(y)}" font-size="${size}" text-anchor="middle" fill="${colour}" stroke="${now.page}" `
    + `stroke-width="3" paint-order="stroke" stroke-linejoin="round"${more}>${escaped(words)}</text>`;
}

function wrapped(words: string): string[] {
  const lines = [""];
  for (const word of words.split(/\s+/)) {
    const last = lines[lines.length - 1]!;
    if (last && last.length + word.length >= CHARACTERS_A_LINE) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}

function escaped(words: string): string {
  const printable = words.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
  return printable.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}
