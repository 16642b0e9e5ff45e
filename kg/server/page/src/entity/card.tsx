/** The panel of an entity: what it is, and what is drawn of it. */

import { address, type Address } from "../base/address";
import { get } from "../base/api";
import { useLoaded } from "../base/load";
import { ClassTag, EntityLink, Link, Show, StatementList, WebLink } from "../base/parts";
import type { EntityCard, Ref, Statement } from "../base/types";
import { count, days } from "../base/words";

interface Props {
  of: Ref;
  isCentre: boolean;
  isExpanded: boolean;
  view: Address;
  drawn: Statement[];
  onPick: (statement: Statement) => void;
  onHover: (id: string | null) => void;
  onExpand: (iri: string) => void;
}

export function CardPanel({ of: entity, isCentre, isExpanded, view, drawn, onPick, onHover, onExpand }: Props) {
  const own = drawn.filter((one) => one.subject.iri === entity.iri || one.object.iri === entity.iri);
  const isLiteral = entity.class === "Literal";
  return (
    <div class="card-panel">
      <h2>{entity.label}</h2>
      {isLiteral ? <p class="facts">a value, no entity</p> : <Details iri={entity.iri} />}
      {!isLiteral && (
        <div class="buttons">
          {!isCentre && <button type="button" onClick={() => onExpand(entity.iri)} aria-pressed={isExpanded}>{isExpanded ? "Fold in" : "Expand"}</button>}
          {!isCentre && <Link class="button" to={{ ...view, entity: entity.iri, statement: "", expand: [], limit: 0, offset: 0 }}>Make it the centre</Link>}
          {!isCentre && <Link class="button" to={address({ path: view.entity, target: entity.iri })}>Paths from the centre</Link>}
        </div>
      )}
      <h3>{count(own.length, "statement")} drawn</h3>
      <StatementList of={[...own].sort((a, b) => (b.belief ?? 0) - (a.belief ?? 0))} onPick={onPick} onHover={onHover} />
    </div>
  );
}

function Details({ iri }: { iri: string }) {
  const loaded = useLoaded(iri, (signal) => get<EntityCard>("entity", { iri }, signal));
  return (
    <Show of={loaded} what="the entity">
      {(card) => (
        <dl class="facts-list">
          <div><dt>Class</dt><dd><ClassTag name={card.class} /></dd></div>
          <div><dt>Said of it</dt><dd>{count(card.n_statements, "statement")} in {count(card.n_documents, "document")}</dd></div>
          <div><dt>Published</dt><dd>{days(card.first, card.last)}</dd></div>
          {card.aliases.length > 0 && <div><dt>Also</dt><dd>{card.aliases.join(", ")}</dd></div>}
          {card.broader && <div><dt>Broader</dt><dd><EntityLink of={card.broader} /></dd></div>}
          {card.same_as.length > 0 && (
            <div><dt>Same as</dt><dd>{card.same_as.map((one, i) => <span key={one}>{i > 0 && ", "}<WebLink href={one}>{hostAndName(one)}</WebLink></span>)}</dd></div>
          )}
          <div><dt>IRI</dt><dd class="iri">{card.iri}</dd></div>
        </dl>
      )}
    </Show>
  );
}

function hostAndName(iri: string): string {
  try {
    const { hostname, pathname } = new URL(iri);
    return `${hostname.replace(/^www\.|^sws\./, "")} ${pathname.split("/").filter(Boolean).pop() ?? ""}`.trim();
  } catch {
    return iri;
  }
}

