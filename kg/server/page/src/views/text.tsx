/** A text of the reader's own: what `kg` reads out of it. Nothing of it is kept. */

import { useMemo, useState } from "preact/hooks";
import { post, type Failure } from "../base/api";
import { announce } from "../base/announce";
import { useKnowledge } from "../base/knowledge";
import { asFailure } from "../base/load";
import { Alert, Empty, StatementList, useTitle } from "../base/parts";
import { csv, save } from "../base/save";
import type { Extraction } from "../base/types";
import { count } from "../base/words";
import { EvidenceItem } from "../entity/evidence";
import { MarkedText, stretchesOf } from "./marked";

const MOST = 100_000;

export function TextPage() {
  const { graph } = useKnowledge();
  const [words, setWords] = useState("");
  const [published, setPublished] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [found, setFound] = useState<Extraction | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isReading, setReading] = useState(false);
  useTitle("Read a text");

  const read = async (event?: Event) => {
    event?.preventDefault();
    setReading(true);
    setFailure(null);
    try {
      const given = await post<Extraction>("extract", { text: words, open: isOpen, ...(published ? { published } : {}) });
      setFound(given);
      announce(`${count(given.statements.length, "statement")} found`);
    } catch (error) {
      setFailure(asFailure(error));
    } finally {
      setReading(false);
    }
  };
  const isTooLong = words.length > MOST;
  return (
    <div class="plain">
      <h1>Read a text</h1>
      <p class="lead">Paste an article or a paragraph to see what is read out of it. It is not stored.</p>
      {!graph.has_extract && <div class="notice" role="note"><p><strong>Reading texts is switched off on this server.</strong></p><p>Who runs it can switch it on; <code>kg serve --help</code> says how. Or read the text at your own machine: <code>kg extract FILE</code></p></div>}
      {graph.has_extract && (
        <form class="text-form" onSubmit={read}>
          <label for="text">Text, in English</label>
          <textarea id="text" rows={8} value={words} onInput={(event) => setWords(event.currentTarget.value)} aria-describedby="text-length" />
          <p id="text-length" class={isTooLong ? "small denied" : "small"}>{count(words.length, "character")}; at most {MOST.toLocaleString("en")}</p>
          <div class="form">
            <label>Published <input type="date" value={published} onChange={(event) => setPublished(event.currentTarget.value)} /></label>
            <label class="choice"><input type="checkbox" checked={isOpen} onChange={(event) => setOpen(event.currentTarget.checked)} /><span>open triples too: what fits no relation of the ontology</span></label>
            <button type="submit" class="main" disabled={!words.trim() || isTooLong || isReading}>{isReading ? "Reading …" : "Read"}</button>
          </div>
        </form>
      )}
      {failure && <Alert failure={failure} again={() => void read()} />}
      {found && <Result of={found} />}
    </div>
  );
}

function Result({ of: found }: { of: Extraction }) {
  const [chosen, setChosen] = useState("");
  const [pointed, setPointed] = useState<string | null>(null);
  const stretches = useMemo(() => found.statements.flatMap((one) => stretchesOf(one.id, one.evidence)), [found]);
  const one = found.statements.find((statement) => statement.id === chosen);
  if (!found.statements.length) return <Empty><p>No statement was read out of this text. Longer sentences with who does what to whom give more; so do open triples.</p></Empty>;
  return (
    <div class="reading-columns">
      <section aria-label="The text, marked">
        <h2>The text</h2>
        <MarkedText text={found.text} stretches={stretches} active={pointed ?? chosen} onPick={setChosen} />
      </section>
      <aside aria-label="Statements found">
        <h2>{count(found.statements.length, "statement")} in {found.seconds.toFixed(1)} s</h2>
        <div class="buttons"><button type="button" onClick={() => save("statements.csv", csv(found.statements), "text/csv")}>Save as CSV</button></div>
        {one && one.evidence.map((evidence, i) => <EvidenceItem key={i} of={evidence} statement={one.id} />)}
        <StatementList of={found.statements} chosen={chosen} onPick={(statement) => setChosen(statement.id)} onHover={setPointed} />
      </aside>
    </div>
  );
}
