/** One statement by itself. */

import { address, type Address } from "../base/address";
import { get } from "../base/api";
import { useLoaded } from "../base/load";
import { CopyLink, Link, useTitle } from "../base/parts";
import type { FullStatement } from "../base/types";
import { sentenceOf } from "../base/words";
import { EvidencePanel } from "../entity/evidence";

export function StatementPage({ address: at }: { address: Address }) {
  const loaded = useLoaded(at.statement, (signal) => get<FullStatement>(`statements/${encodeURIComponent(at.statement)}`, { limit: 1 }, signal));
  useTitle(loaded.value ? sentenceOf(loaded.value) : "Statement");
  return (
    <div class="plain narrow">
      <h1 class="for-readers-only">Statement</h1>
      <div class="buttons">
        {loaded.value && <Link class="button" to={address({ entity: loaded.value.subject.iri, statement: at.statement })}>See it in the graph</Link>}
        <CopyLink />
      </div>
      <EvidencePanel id={at.statement} contraryAt={(id) => address({ statement: id })} />
    </div>
  );
}
