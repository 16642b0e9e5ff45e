/** The drawing itself: cytoscape on a canvas, with the keyboard. */

import type { Core, EdgeSingular, ElementDefinition, NodeSingular } from "cytoscape";
import { useEffect, useImperativeHandle, useRef, useState } from "preact/hooks";
import type { Ref as PreactRef } from "preact";
import { announce } from "../base/announce";
import { onTheme } from "../base/theme";
import type { Statement } from "../base/types";
import { count, entities } from "../base/words";
import type { DrawnEdge, DrawnNode } from "./drawn";
import { boxOf, LABEL_WIDTH } from "./drawn";
import { place, type Point } from "./layout";
import { DASHES, looks, shapeOf } from "./looks";
import { svgOf } from "./svg";

export interface Handle {
  fit: () => void;
  zoom: (factor: number) => void;
  arrange: () => void;
  png: () => Promise<Blob>;
  svg: () => string;
}

interface Props {
  name: string;
  nodes: DrawnNode[];
  edges: DrawnEdge[];
  centre: string;
  places?: Map<string, Point>; // where all nodes go, if not in rings
  chosenNode: string;
  chosenStatement: string;
  hovered: string | null; // the statement that a list points to
  onNode: (iri: string) => void;
  onStatements: (statements: Statement[]) => void;
  onExpand: (iri: string) => void;
  handle: PreactRef<Handle>;
}

const STILL = matchMedia("(prefers-reduced-motion: reduce)");

export function Canvas(props: Props) {
  const box = useRef<HTMLDivElement>(null);
  const cy = useRef<Core | null>(null);
  const now = useRef(props);
  const stood = useRef<{ centre: string; places: Map<string, Point> }>({ centre: "", places: new Map() });
  const [isReady, setReady] = useState(false);
  now.current = props;

  useEffect(() => {
    let isGone = false;
    void import("cytoscape").then(({ default: cytoscape }) => {
      if (isGone || !box.current) return;
      standInForStyles();
      cy.current = cytoscape({
        container: box.current, style: styleSheet() as never, minZoom: 0.08, maxZoom: 3, boxSelectionEnabled: false,
        selectionType: "single", autounselectify: true,
      });
      listen(cy.current, now);
      setReady(true);
    });
    const offTheme = onTheme(() => cy.current?.style(styleSheet() as never));
    return () => {
      isGone = true;
      offTheme();
      cy.current?.destroy();
      cy.current = null;
    };
  }, []);

  useEffect(() => {
    if (!cy.current) return;
    if (stood.current.centre !== props.centre) stood.current = { centre: props.centre, places: new Map() };
    const isFirst = stood.current.places.size === 0;
    const isMore = draw(cy.current, props, stood.current.places);
    if (isFirst || isMore) fit(cy.current, isFirst);
  }, [isReady, props.nodes, props.edges, props.centre]);

  useEffect(() => {
    if (cy.current) mark(cy.current, props);
  }, [isReady, props.nodes, props.edges, props.chosenNode, props.chosenStatement, props.hovered, props.centre]);

  useEffect(() => {
    if (!box.current) return;
    const observer = new ResizeObserver(() => {
      if (!cy.current) return;
      cy.current.resize();
      fit(cy.current, true);
    });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);

  useImperativeHandle(props.handle, () => ({
    fit: () => cy.current && fit(cy.current, false),
    zoom: (factor) => cy.current && zoom(cy.current, factor),
    arrange: () => {
      if (!cy.current) return;
      stood.current.places.clear();
      draw(cy.current, now.current, stood.current.places);
      fit(cy.current, false);
    },
    png: () => cy.current!.png({ output: "blob-promise", full: true, scale: 2, bg: looks().page }),
    svg: () => svgOf(cy.current!, now.current.name),
  }), []);

  const help = `Drawing of ${entities(props.nodes.length)} and their statements. `
    + "Arrow keys go from entity to entity, Enter chooses, E expands, plus and minus zoom, 0 shows all. "
    + "The table shows the same statements.";
  return (
    <div class="canvas" ref={box} tabIndex={0} role="application" aria-label={help}
      onKeyDown={(event) => cy.current && onKey(event, cy.current, now.current)} />
  );
}

/** Cytoscape puts a style element into the page unless one of that id is there, which the content security policy of the
 *  server forbids; the one rule that it would hold is in the style sheet. */
function standInForStyles(): void {
  const id = "__________cytoscape_stylesheet";
  if (document.getElementById(id)) return;
  const standIn = document.createElement("meta");
  standIn.id = id;
  document.head.append(standIn);
}

// ---- what is drawn

/** Brings the drawing to what there is now; whether nodes came. */
function draw(cy: Core, props: Props, places: Map<string, Point>): boolean {
  const boxes = props.nodes.map(boxOf);
  const stretch = Math.min(1.5, Math.max(0.8, cy.width() / Math.max(1, cy.height())));
  const found = props.places ?? place(boxes, props.edges, props.centre, places, stretch);
  const wanted = new Set([...props.nodes.map((node) => node.id), ...props.edges.map((edge) => edge.id)]);
  let isMore = false;
  cy.batch(() => {
    cy.elements().filter((element) => !wanted.has(element.id())).remove();
    for (const node of props.nodes) {
      const at = found.get(node.id)!;
      places.set(node.id, at);
      const known = cy.getElementById(node.id);
      if (known.nonempty()) known.data(nodeData(node)).position({ ...at });
      else {
        cy.add({ group: "nodes", data: nodeData(node), position: { ...at } });
        isMore = true;
      }
      // Words on the far side of the centre, where no edge to it runs.
      cy.getElementById(node.id).toggleClass("above", at.y < found.get(props.centre)!.y - 20);
    }
    for (const edge of props.edges) {
      const known = cy.getElementById(edge.id);
      if (known.nonempty()) known.data(edgeData(edge));
      else cy.add({ group: "edges", data: edgeData(edge) });
      cy.getElementById(edge.id).classes(edgeClasses(edge));
    }
  });
  return isMore;
}

function nodeData(node: DrawnNode): ElementDefinition["data"] {
  return { id: node.id, label: node.label, top: node.top, size: node.size };
}

function edgeData(edge: DrawnEdge): ElementDefinition["data"] {
  const { id, source, target, label, width, modality } = edge;
  return { id, source, target, label, width, modality, offset: 16 + Math.min(label.length, 24) * 2.9 };
}

function edgeClasses(edge: DrawnEdge): string[] {
  return [`at-${edge.labelAt}`, ...(edge.isRed ? ["denied"] : []), edge.kind];
}

/** Marks the centre, what is chosen and what a list points to. */
function mark(cy: Core, props: Props): void {
  const { centre, chosenNode, chosenStatement, hovered } = props;
  cy.batch(() => {
    cy.elements().removeClass("centre chosen pointed-to");
    cy.getElementById(centre).addClass("centre");
    if (chosenNode) cy.getElementById(chosenNode).addClass("chosen");
    for (const [id, name] of [[chosenStatement, "chosen"], [hovered, "pointed-to"]] as const) {
      const edge = id && props.edges.find((one) => one.statements.some((statement) => statement.id === id));
      if (edge) cy.getElementById(edge.id).addClass(name);
    }
  });
}

function fit(cy: Core, isAtOnce: boolean): void {
  if (!cy.nodes().length || !cy.width()) return;
  const shown = cy.elements().boundingBox();
  const padding = cy.width() < 500 ? 14 : 28;
  const level = Math.min((cy.width() - 2 * padding) / shown.w, (cy.height() - 2 * padding) / shown.h, 1.25);
  const pan = {
    x: cy.width() / 2 - level * (shown.x1 + shown.w / 2),
    y: cy.height() / 2 - level * (shown.y1 + shown.h / 2),
  };
  cy.stop();
  if (isAtOnce || STILL.matches) cy.viewport({ zoom: level, pan });
  else cy.animate({ zoom: level, pan, duration: 250 });
}

function zoom(cy: Core, factor: number): void {
  cy.zoom({ level: cy.zoom() * factor, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
}

// ---- what the reader does

function listen(cy: Core, now: { current: Props }): void {
  cy.on("tap", "node", (event) => now.current.onNode((event.target as NodeSingular).id()));
  cy.on("dbltap", "node", (event) => now.current.onExpand((event.target as NodeSingular).id()));
  cy.on("tap", "edge", (event) => {
    const id = (event.target as EdgeSingular).id();
    const edge = now.current.edges.find((one) => one.id === id);
    if (edge) now.current.onStatements(edge.statements);
  });
  cy.on("tap", (event) => event.target === cy && now.current.onNode(""));
  cy.on("mouseover", "node, edge", (event) => {
    event.target.addClass("pointed-to");
    if (event.target.isNode()) event.target.connectedEdges().addClass("near");
    const container = cy.container();
    if (container) container.style.cursor = "pointer";
  });
  cy.on("mouseout", "node, edge", (event) => {
    event.target.removeClass("pointed-to");
    cy.edges().removeClass("near");
    const container = cy.container();
    if (container) container.style.cursor = "";
  });
}

const DIRECTIONS: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 }, ArrowRight: { x: 1, y: 0 }, ArrowUp: { x: 0, y: -1 }, ArrowDown: { x: 0, y: 1 },
};

function onKey(event: KeyboardEvent, cy: Core, props: Props): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const direction = DIRECTIONS[event.key];
  const chosen = props.chosenNode || props.centre;
  if (direction) step(cy, props, chosen, direction);
  else if (event.key === "Enter") props.onNode(chosen);
  else if (event.key === "e" || event.key === "E") props.onExpand(chosen);
  else if (event.key === "+" || event.key === "=") zoom(cy, 1.25);
  else if (event.key === "-") zoom(cy, 0.8);
  else if (event.key === "0") fit(cy, false);
  else if (event.key === "Escape") props.onNode("");
  else return;
  event.preventDefault();
}

/** Chooses the nearest node in that direction. */
function step(cy: Core, props: Props, from: string, direction: Point): void {
  const start = cy.getElementById(from);
  if (start.empty()) return;
  const { x, y } = start.position();
  let best: { id: string; cost: number } | null = null;
  cy.nodes().forEach((node) => {
    const [dx, dy] = [node.position("x") - x, node.position("y") - y];
    const ahead = dx * direction.x + dy * direction.y;
    const aside = Math.abs(dx * direction.y) + Math.abs(dy * direction.x);
    const cost = ahead + 2.2 * aside;
    if (node.id() !== from && ahead > 4 && (!best || cost < best.cost)) best = { id: node.id(), cost };
  });
  const found = best as { id: string } | null;
  if (!found) return announce("Nothing further that way");
  const node = props.nodes.find((one) => one.id === found.id)!;
  props.onNode(found.id);
  announce(`${node.label}, ${count(node.nStatements, "statement")}`);
}

// ---- how it looks

function styleSheet(): unknown[] {
  const now = looks();
  const font = "system-ui, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif";
  const words = { "font-family": font, color: now.ink, "text-outline-color": now.page, "text-outline-width": 2.5 };
  const ends = { "text-rotation": "autorotate", "source-text-rotation": "autorotate", "target-text-rotation": "autorotate" };
  return [
    {
      selector: "node",
      style: {
        ...words, label: "data(label)", "font-size": 12.5, "text-valign": "bottom", "text-margin-y": 4,
        "text-wrap": "wrap", "text-max-width": `${LABEL_WIDTH}px`, width: "data(size)", height: "data(size)",
        "background-color": now.faint, "border-width": 1.5, "border-color": now.page, "min-zoomed-font-size": 5,
        "overlay-opacity": 0, "z-index": 10,
      },
    },
    ...Object.entries(now.tops).map(([top, colour]) => (
      { selector: `node[top = "${top}"]`, style: { "background-color": colour, shape: shapeOf(top) } }
    )),
    {
      selector: "edge",
      style: {
        ...words, ...ends, color: now.faint, "font-size": 10.5, width: "data(width)", "curve-style": "bezier",
        "control-point-step-size": 44, "line-color": now.edge, "target-arrow-color": now.edge,
        "target-arrow-shape": "triangle", "arrow-scale": 0.9, "min-zoomed-font-size": 6, "overlay-opacity": 0,
        "loop-direction": "-45deg", "loop-sweep": "60deg",
      },
    },
    { selector: "edge.at-middle", style: { label: "data(label)" } },
    { selector: "edge.at-source", style: { "source-label": "data(label)", "source-text-offset": "data(offset)" } },
    { selector: "edge.at-target", style: { "target-label": "data(label)", "target-text-offset": "data(offset)" } },
    ...Object.entries(DASHES).filter(([, dash]) => dash.length).map(([modality, dash]) => (
      { selector: `edge[modality = "${modality}"]`, style: { "line-style": "dashed", "line-dash-pattern": dash } }
    )),
    { selector: "edge.denied", style: { "line-color": now.denied, "target-arrow-color": now.denied, color: now.denied } },
    { selector: "edge.bundle", style: { "target-arrow-shape": "none", "line-opacity": 0.45, "font-weight": "bold" } },
    { selector: "node.above", style: { "text-valign": "top", "text-margin-y": -4 } },
    {
      selector: "edge.tie",
      style: { "target-arrow-shape": "none", "line-opacity": 0.4, "curve-style": "straight", "z-index": 0 },
    },
    { selector: "node.centre", style: { "border-width": 7, "border-style": "double", "border-color": now.accent, "font-weight": "bold", "font-size": 15 } },
    { selector: "edge.near", style: { color: now.ink, "line-color": now.ink, "target-arrow-color": now.ink, "z-index": 8 } },
    { selector: "node.pointed-to", style: { "border-color": now.ink, "border-width": 3, "z-index": 20 } },
    { selector: "edge.pointed-to", style: { "underlay-color": now.accent, "underlay-opacity": 0.25, "underlay-padding": 5, "font-size": 12, color: now.ink, "z-index": 15 } },
    { selector: "node.chosen", style: { "border-width": 5, "border-color": now.accent, "z-index": 20 } },
    { selector: "edge.chosen", style: { "underlay-color": now.accent, "underlay-opacity": 0.4, "underlay-padding": 5, color: now.ink, "font-weight": "bold", "z-index": 15 } },
  ];
}
