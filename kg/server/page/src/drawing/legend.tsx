/** What the signs of the drawing mean. */

import { Dot } from "../base/parts";
import { classLabel, useKnowledge } from "../base/knowledge";
import { DASHES, TOPS } from "./looks";
import type { DrawnNode } from "./drawn";

export function Legend({ nodes }: { nodes: DrawnNode[] }) {
  const known = useKnowledge();
  const there = new Set(nodes.map((node) => node.top));
  const tops = [...TOPS.filter((top) => there.has(top)), ...[...there].filter((top) => !TOPS.includes(top as never))];
  return (
    <div class="legend" role="group" aria-label="Legend">
      <ul>
        {tops.map((top) => <li key={top}><Dot top={top} /> {top === "Literal" ? "value" : classLabel(known, top)}</li>)}
      </ul>
      <ul>
        {Object.entries(DASHES).map(([modality, dash]) => (
          <li key={modality}><Line dash={dash} /> {modality}</li>
        ))}
        <li><Line dash={[]} class="denied" /> denied (“not …”), contradicted</li>
      </ul>
    </div>
  );
}

function Line({ dash, class: name = "" }: { dash: number[]; class?: string }) {
  return (
    <svg class={`line ${name}`} width="34" height="8" aria-hidden="true">
      <line x1="1" y1="4" x2="33" y2="4" stroke-dasharray={dash.join(" ") || undefined} />
    </svg>
  );
}
