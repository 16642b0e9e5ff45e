/** What a statement rests on: every sentence, with who said it, where and how. */

import { useEffect, useState } from "preact/hooks";
import { address, type Address } from "../base/address";
import { get } from "../base/api";
import { useLoaded } from "../base/load";
import { EntityLink, Link, Marks, Pages, Show, WebLink, Words } from "../base/parts";
import { length, pieces, slice, type Role, type Stretch } from "../base/spans";
import type { Evidence, FullStatement, Span } from "../base/types";
import { belief, count, days, documents, isDenied } from "../base/words";

const PAGE = 10;

interface Props {
  id: string;
  contraryAt: (id: string) => Address; // where the contrary is shown
}

export function EvidencePanel({ id, contraryAt }: Props) {
  const [offset, setOffset] = useState(0);
  useEffect(() => setOffset(0), [id]);
  const loaded = useLoaded(`${id} ${offset}`, (signal) => (
    get<FullStatement>(`statements/${encodeURIComponent(id)}`, { limit: PAGE, offset }, signal)
  ));
  return (
    <Show of={loaded} what="evidence">
      {(one) => (
        <div class="evidence-panel">
          <h2 class="statement-head"><Words of={one} /></h2>
          <p class="facts"><Marks of={one} /></p>
          <dl class="facts-list">
            <div><dt>Belief</dt><dd>{belief(one.belief)}</dd></div>
            <div><dt>Evidence</dt><dd>{count(one.n_evidence, "sentence")} in {documents(one)}</dd></div>
            <div><dt>Published</dt><dd>{days(one.first, one.last)}</dd></div>
            <div><dt>Entities</dt><dd><EntityLink of={one.subject} />, <EntityLink of={one.object} /></dd></div>
          </dl>
          {one.contradicts && (
            <p class="notice contrary">
              {isDenied(one) ? "Elsewhere this is affirmed." : "Elsewhere this is denied."}{" "}
              <Link to={contraryAt(one.contradicts)}>See the contrary statement</Link>
            </p>
          )}
          <ol class="evidence-list" start={offset + 1}>
            {one.evidence.items.map((evidence, i) => <li key={`${offset + i}`}><EvidenceItem of={evidence} statement={one.id} /></li>)}
          </ol>
          <Pages total={one.evidence.total} offset={offset} limit={PAGE} what="evidence" onGo={setOffset} />
        </div>
      )}
    </Show>
  );
}

export function EvidenceItem({ of: one, statement }: { of: Evidence; statement: string }) {
  const document = one.document;
  return (
    <article class="evidence">
      <Quote of={one} />
      <p class="source">
        {document && <><WebLink href={document.url}>{document.title || document.url || "Untitled document"}</WebLink>{" "}</>}
        <span>{document && [document.publisher, document.author, document.published ?? "undated"].filter(Boolean).join(" · ")}</span>
      </p>
      <p class="facts">
        <span class={`mark ${one.modality}`}>{one.modality}</span>
        <span>{one.attribution ? <>said by {one.attribution.source ? <EntityLink of={one.attribution.source} /> : "an unnamed source"}</> : "in the document’s own voice"}</span>
        {one.valid && (one.valid.start || one.valid.end) && <span>holds {one.valid.start ?? "…"} to {one.valid.end ?? "…"}</span>}
      </p>
      <p class="facts small">
        <span>confidence {one.confidence.toFixed(2)}</span>
        {one.subject_link_score !== null && one.subject_link_score !== undefined && <span>subject linked {one.subject_link_score.toFixed(2)}</span>}
        {one.object_link_score !== null && one.object_link_score !== undefined && <span>object linked {one.object_link_score.toFixed(2)}</span>}
        <code>{one.extractor}</code>
        {document && <Link to={address({ document: document.id, statement })}>in the document<span class="for-readers-only"> {document.title}</span></Link>}
      </p>
    </article>
  );
}

const ROLES = ["subject", "predicate", "object", "time", "cue"] as const;
const NAMES: Record<string, string> = { cue: "reported with", time: "time" };

/** The sentence in its surroundings; what lies outside of what is shown follows in words. */
function Quote({ of: one }: { of: Evidence }) {
  const sentence = one.sentence.text ?? "";
  const before = one.before ?? "";
  const start = one.sentence.start - length(before);
  const whole = before + sentence + (one.after ?? "");
  const { inside, outside } = sorted(one, whole, start);
  const cut = pieces(whole, inside, start);
  return (
    <>
      <blockquote>
        {cut.map((piece) => {
          const roles = piece.stretches.map((stretch) => stretch.role);
          const isAround = piece.start < one.sentence.start || piece.start >= one.sentence.end;
          return <Stretched key={piece.start} text={piece.text} roles={roles} isAround={isAround} />;
        })}
      </blockquote>
      {outside.map(({ role, span }) => (
        <p class="facts small" key={role}>{NAMES[role] ?? role}: <span class={`role ${role}`}>{span.text}</span> (elsewhere in the text)</p>
      ))}
    </>
  );
}

function Stretched({ text, roles, isAround }: { text: string; roles: Role[]; isAround: boolean }) {
  const role = ROLES.find((known) => roles.includes(known));
  if (!role) return <span class={isAround ? "around" : ""}>{isAround ? text.replace(/\n\s*/g, "\n") : text}</span>;
  return <mark class={`role ${role}`} title={NAMES[role] ?? role}>{text}</mark>;
}

function sorted(one: Evidence, whole: string, start: number) {
  const inside: Stretch[] = [
    { ...one.sentence, role: "sentence", id: "" }, // so that the text is cut at its ends
  ];
  const outside: { role: Role; span: Span }[] = [];
  for (const role of ROLES) {
    const span = one[role];
    if (!span) continue;
    const isThere = span.start >= start && (span.text === undefined || slice(whole, span.start - start, span.end - start) === span.text);
    if (isThere) inside.push({ ...span, role, id: "" });
    else outside.push({ role, span });
  }
  return { inside, outside };
}
