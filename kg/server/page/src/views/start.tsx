/** The first view: what the graph holds, and where to begin. */

import { address, type Address } from "../base/address";
import { get } from "../base/api";
import { classLabel, relationLabel, topOf, useKnowledge } from "../base/knowledge";
import { useLoaded } from "../base/load";
import { ClassTag, Dot, Empty, Link, Pages, Show, useTitle } from "../base/parts";
import { go } from "../base/address";
import type { Count, FoundEntity, List } from "../base/types";
import { count, days, entities } from "../base/words";

export function StartPage() {
  const known = useKnowledge();
  const { graph } = known;
  const loaded = useLoaded("connected", (signal) => get<List<FoundEntity>>("entities", { limit: 16 }, signal));
  useTitle(null);
  if (!graph.n_statements) return <div class="plain"><h1>An empty graph</h1><Empty><p>No statement is in this graph yet. Build it first: <code>kg build INPUT --into GRAPH</code></p></Empty></div>;
  return (
    <div class="plain">
      <h1>Who does what to whom, and which sentence says so</h1>
      <p class="lead">Search for a country, a body, a person, a law or a resource above. Every statement leads to the sentences behind it.</p>
      <dl class="counts">
        <div><dd>{graph.n_documents.toLocaleString("en")}</dd><dt>documents</dt></div>
        <div><dd>{graph.n_entities.toLocaleString("en")}</dd><dt>entities</dt></div>
        <div><dd>{graph.n_statements.toLocaleString("en")}</dd><dt>statements</dt></div>
        <div><dd>{graph.n_evidence.toLocaleString("en")}</dd><dt>sentences behind them</dt></div>
      </dl>
      <p class="small">Published {days(graph.first, graph.last)}</p>
      <div class="columns">
        <section>
          <h2>Most connected</h2>
          <Show of={loaded} what="entities">{({ items }) => <Found items={items} />}</Show>
        </section>
        <section>
          <h2>What is stated</h2>
          <Shares counts={graph.relations.slice(0, 12)} label={(one) => one.label || relationLabel(known, one.name)} />
        </section>
        <section>
          <h2>Of what</h2>
          <Shares counts={graph.classes.slice(0, 12)} label={(one) => classLabel(known, one.name)} dot={(one) => topOf(known, one.name)} />
          <h2>How it is put</h2>
          <Shares counts={graph.modalities} label={(one) => one.name} />
        </section>
      </div>
    </div>
  );
}

/** Counts as bars, with the numbers beside them. */
function Shares({ counts, label, dot }: { counts: Count[]; label: (one: Count) => string; dot?: (one: Count) => string }) {
  const most = Math.max(1, ...counts.map((one) => one.n));
  return (
    <ul class="shares">
      {counts.map((one) => (
        <li key={one.name}>
          <span class="share-name">{dot && <Dot top={dot(one)} />}{label(one)}</span>
          <span class="n">{one.n.toLocaleString("en")}</span>
          <span class="share" aria-hidden="true"><span style={{ width: `${(100 * one.n) / most}%` }} /></span>
        </li>
      ))}
    </ul>
  );
}

function Found({ items }: { items: FoundEntity[] }) {
  return (
    <ul class="found-list">
      {items.map((one) => (
        <li key={one.iri}>
          <Link to={address({ entity: one.iri })}>{one.label}</Link>
          {one.matched && one.matched !== one.label && <span class="also"> as “{one.matched}”</span>}
          <span class="facts"><ClassTag name={one.class} /><span>{count(one.n_statements, "statement")}</span></span>
        </li>
      ))}
    </ul>
  );
}

const PAGE = 50;

export function SearchPage({ address: at }: { address: Address }) {
  const params = { q: at.q, class: at.class, limit: PAGE, offset: at.offset };
  const loaded = useLoaded(JSON.stringify(params), (signal) => get<List<FoundEntity>>("entities", params, signal));
  useTitle(`Search: ${at.q}`);
  return (
    <div class="plain">
      <h1>Entities named “{at.q}”</h1>
      <Show of={loaded} what="entities">
        {({ items, total }) => (total === 0
          ? <Empty><p>No entity has such a name. Try another spelling or fewer words; or look for it <Link to={address({ view: "documents", q: at.q })}>in the titles of the documents</Link>.</p></Empty>
          : <>
            <p role="status">{entities(total)}</p>
            <Found items={items} />
            <Pages total={total} offset={at.offset} limit={PAGE} what="entities" onGo={(offset) => go({ ...at, offset })} />
          </>)}
      </Show>
    </div>
  );
}
