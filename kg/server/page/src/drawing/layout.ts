/** Where the nodes go. The same graph always gets the same picture, and what stands already stays where it is. */

export interface Point {
  x: number;
  y: number;
}

export interface Box {
  id: string;
  width: number; // of the node with its label
  height: number;
  group: string; // boxes of a group sit side by side
}

export interface Tie {
  source: string;
  target: string;
}

const ROUNDS = 160;
const GAP = 10;

/** A place for every box: neighbours in rings around the centre, those further out beyond the one that leads to them.
 *
 * Boxes earlier in the list come closer to the centre. `fixed` are places from before, which are kept. `stretch` is how
 * much wider than high the rings are.
 */
export function place(boxes: readonly Box[], ties: readonly Tie[], centre: string, fixed: ReadonlyMap<string, Point>,
  stretch: number): Map<string, Point> {
  const places = new Map<string, Point>();
  for (const box of boxes) {
    const before = fixed.get(box.id);
    if (before) places.set(box.id, before);
  }
  if (!places.has(centre)) places.set(centre, { x: 0, y: 0 });
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const children = tree(boxes, ties, centre);
  const queue = [centre];
  for (let i = 0; i < queue.length; i++) {
    const parent = queue[i]!;
    const own = children.get(parent) ?? [];
    queue.push(...own);
    seat(own.filter((id) => !places.has(id)).map((id) => byId.get(id)!), parent, centre, places, stretch);
  }
  apart(boxes, places, new Set([...fixed.keys(), centre]));
  return places;
}

/** Who was reached through whom, walking outwards from the centre. */
function tree(boxes: readonly Box[], ties: readonly Tie[], centre: string): Map<string, string[]> {
  const order = new Map(boxes.map((box, i) => [box.id, i]));
  const near = new Map<string, Set<string>>(boxes.map((box) => [box.id, new Set()]));
  for (const { source, target } of ties) {
    near.get(source)?.add(target);
    near.get(target)?.add(source);
  }
  const children = new Map<string, string[]>();
  const seen = new Set([centre]);
  const queue = [centre];
  for (let i = 0; i < queue.length; i++) {
    const own = [...(near.get(queue[i]!) ?? [])].filter((id) => order.has(id) && !seen.has(id));
    own.sort((a, b) => order.get(a)! - order.get(b)!);
    own.forEach((id) => seen.add(id));
    children.set(queue[i]!, own);
    queue.push(...own);
  }
  const alone = boxes.filter((box) => !seen.has(box.id)).map((box) => box.id);
  children.set(centre, [...(children.get(centre) ?? []), ...alone]);
  return children;
}

/** Gives the boxes first places around their parent. */
function seat(own: readonly Box[], parent: string, centre: string, places: Map<string, Point>,
  stretch: number): void {
  if (!own.length) return;
  const at = places.get(parent)!;
  if (parent === centre) return seatInRings(own, at, places, stretch);
  const hub = places.get(centre)!;
  const outwards = Math.atan2(at.y - hub.y, (at.x - hub.x) / stretch);
  const fan = Math.min(Math.PI * 1.3, 0.5 * own.length);
  own.forEach((box, i) => {
    const share = own.length === 1 ? 0 : i / (own.length - 1) - 0.5;
    const radius = 150 + 60 * (i % 2) + 6 * own.length;
    places.set(box.id, onEllipse(at, outwards + fan * share, radius, stretch));
  });
}

/** Rings around the centre, beyond what stands there already; each takes as many as its length has room for. */
function seatInRings(own: readonly Box[], at: Point, places: Map<string, Point>, stretch: number): void {
  const others = [...places.values()].filter((point) => point !== at);
  const taken = Math.max(0, ...others.map((point) => Math.hypot((point.x - at.x) / stretch, point.y - at.y)));
  let radius = taken ? taken + 90 : Math.max(180, Math.min(200, own.length * 16));
  let rest = [...own];
  for (let ring = 0; rest.length; ring++) {
    const room = Math.max(5, Math.floor((2 * Math.PI * radius * Math.max(1, stretch * 0.85)) / 105));
    const here = rest.length <= room + 3 ? rest.slice() : rest.slice(0, room);
    rest = rest.slice(here.length);
    here.sort((a, b) => Number(a.group > b.group) - Number(a.group < b.group));
    // Half a seat stays free, so that no two boxes face each other right across the centre.
    const turn = (2 * Math.PI) / (here.length + 0.5);
    const first = -Math.PI / 2 + (ring % 2) * (turn / 2);
    here.forEach((box, i) => places.set(box.id, onEllipse(at, first + turn * i, radius, stretch)));
    radius += 105;
  }
}

function onEllipse(at: Point, angle: number, radius: number, stretch: number): Point {
  return { x: at.x + stretch * radius * Math.cos(angle), y: at.y + radius * Math.sin(angle) };
}

/** Pushes boxes that overlap apart, a little each round; those in `fixed` do not move. */
function apart(boxes: readonly Box[], places: Map<string, Point>, fixed: ReadonlySet<string>): void {
  const moving = boxes.map((box) => ({ ...box, at: { ...places.get(box.id)! }, isFixed: fixed.has(box.id) }));
  for (let round = 0; round < ROUNDS; round++) {
    let isCrowded = false;
    for (let i = 0; i < moving.length; i++) {
      const one = moving[i]!;
      for (let j = i + 1; j < moving.length; j++) {
        const two = moving[j]!;
        if (one.isFixed && two.isFixed) continue;
        const dx = two.at.x - one.at.x || (j - i) * 0.01;
        const dy = two.at.y - one.at.y || 0.01;
        const overX = (one.width + two.width) / 2 + GAP - Math.abs(dx);
        const overY = (one.height + two.height) / 2 + GAP - Math.abs(dy);
        if (overX <= 0 || overY <= 0) continue;
        isCrowded = true;
        const share = one.isFixed || two.isFixed ? 1 : 0.5;
        const along = overX < overY ? "x" : "y";
        const step = (along === "x" ? overX * Math.sign(dx) : overY * Math.sign(dy)) * share * 0.6;
        if (!one.isFixed) one.at[along] -= step;
        if (!two.isFixed) two.at[along] += step;
      }
    }
    if (!isCrowded) break;
  }
  for (const one of moving) places.set(one.id, { x: Math.round(one.at.x), y: Math.round(one.at.y) });
}

/** Nodes of a chain one after the other, from left to right; on a narrow screen from above to below. */
export function placeInRows(rows: readonly (readonly string[])[], isNarrow: boolean): Map<string, Point> {
  const places = new Map<string, Point>();
  rows.forEach((row, r) => row.forEach((id, i) => {
    if (places.has(id)) return;
    const isEnd = i === 0 || i === row.length - 1;
    const along = i * 190 * (Math.max(...rows.map((other) => other.length)) - 1) / Math.max(1, row.length - 1);
    const across = isEnd ? 0 : (r - (rows.length - 1) / 2) * 95;
    places.set(id, isNarrow ? { x: across, y: along * 0.7 } : { x: along, y: across });
  }));
  return places;
}
