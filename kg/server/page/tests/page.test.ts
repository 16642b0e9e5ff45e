/** What the page counts on, without a browser: `npm test`. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { address, href, read } from "../src/base/address.ts";
import { cell, csv, fileName } from "../src/base/save.ts";
import { pieces, type Stretch } from "../src/base/spans.ts";
import type { Statement } from "../src/base/types.ts";
import { webAddress } from "../src/base/words.ts";
import { place, type Box } from "../src/drawing/layout.ts";

const KAZAKHSTAN = "https://w3id.org/policy-kg/entity/country/KAZ";

test("an address is read back as it was written", () => {
  const view = address({
    entity: KAZAKHSTAN, depth: 2, relation: ["enacts", "funds"], source: ["A & B"], min_belief: 0.35, from: "2026-01-01",
    to: "2026-02-28", contradicted: true, expand: ["urn:a b", "urn:ü"], show: "table", statement: "ab12", limit: 60,
  });

  assert.deepEqual(read(href(view).slice(1)), view);
});

test("the other end of a path is no date", () => {
  const view = address({ path: KAZAKHSTAN, target: "https://example.org/x" });

  assert.equal(href(view), `/?path=${encodeURIComponent(KAZAKHSTAN)}&to=https%3A%2F%2Fexample.org%2Fx`);
  assert.deepEqual(read(href(view).slice(1)), view);
});

test("what is no number, view or date in an address is left out", () => {
  assert.deepEqual(read("?depth=x&limit=-4&view=admin&show=<b>&from=yesterday&min_belief=7"), address({ min_belief: 1 }));
});

test("pieces of a text put together are the text, and stretches are counted in code points", () => {
  const text = "𝒳 Japan 🇯🇵 relies on coal.";
  const points = Array.from(text);
  const start = points.indexOf("J");
  const stretches: Stretch[] = [
    { start: 100, end: 100 + points.length, role: "sentence", id: "a" },
    { start: 100 + start, end: 105 + start, role: "subject", id: "a" },
  ];
  const cut = pieces(text, stretches, 100);

  assert.equal(cut.map((piece) => piece.text).join(""), text);
  assert.equal(cut.find((piece) => piece.stretches.some((one) => one.role === "subject"))?.text, "Japan");
});

test("stretches that lie outside, overlap or are empty do not break a text", () => {
  const stretches: Stretch[] = [[-5, 2], [1, 4], [3, 9], [4, 4], [50, 60]].map(([start, end]) => ({ start: start!, end: end!, role: "object", id: "x" }));

  assert.equal(pieces("abcdef", stretches).map((piece) => piece.text).join("|"), "a|b|c|d|ef");
});

test("no cell begins a formula", () => {
  for (const bad of ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =HYPERLINK(\"x\")"]) assert.match(cell(bad), /^"?'/);
  assert.equal(cell('say "no", please'), '"say ""no"", please"');
  assert.equal(cell(-0.5), "-0.5");
  assert.equal(cell(null), "");
});

test("statements become one line each", () => {
  const one = {
    id: "1", subject: { iri: "a", label: "=A", class: "Country" }, predicate: { iri: "p", name: "funds", label: "funds" },
    object: { iri: "lit", label: "5 percent", class: "Literal" }, polarity: "negative", modality: "planned", belief: 0.5,
    contradicts: null, n_evidence: 1, n_documents: 1, n_independent: 1, sources: ["X", "Y"], first: null, last: null,
  } as Statement;

  assert.equal(csv([one]).split("\r\n")[1], "1,'=A,a,funds,5 percent,,negative,planned,0.5,1,1,X; Y,,,");
});

test("only the web is linked to", () => {
  assert.equal(webAddress("https://example.org/a"), "https://example.org/a");
  for (const bad of ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "not an address", null]) {
    assert.equal(webAddress(bad), null);
  }
});

test("file names are plain", () => {
  assert.equal(fileName("Côte d’Ivoire / ../x", "csv"), "cote-d-ivoire-x.csv");
  assert.equal(fileName("中国", "svg"), "graph.svg");
});

const boxes: Box[] = ["hub", ..."abcdefghijklmnopqrstuvwxyz"].map((id, i) => ({ id, width: 60 + (i % 4) * 15, height: 40, group: i % 2 ? "x" : "y" }));
const ties = boxes.slice(1).map((box) => ({ source: "hub", target: box.id }));

test("the same graph gets the same picture, in which no two boxes overlap", () => {
  const places = place(boxes, ties, "hub", new Map(), 1.4);

  assert.deepEqual(places, place(boxes, ties, "hub", new Map(), 1.4));
  for (const one of boxes) {
    for (const two of boxes) {
      if (one.id >= two.id) continue;
      const [a, b] = [places.get(one.id)!, places.get(two.id)!];
      const isApart = Math.abs(a.x - b.x) >= (one.width + two.width) / 2 - 1 || Math.abs(a.y - b.y) >= (one.height + two.height) / 2 - 1;
      assert.ok(isApart, `${one.id} and ${two.id} overlap`);
    }
  }
});

test("what stands already stays when more comes", () => {
  const before = place(boxes.slice(0, 12), ties.slice(0, 11), "hub", new Map(), 1.4);
  const after = place(boxes, ties, "hub", before, 1.4);

  for (const [id, point] of before) assert.deepEqual(after.get(id), point);
  assert.equal(after.size, boxes.length);
});
