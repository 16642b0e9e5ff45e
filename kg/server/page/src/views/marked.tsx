/** A text with the stretches of its statements marked: one statement can be pointed to. */

import { useEffect, useMemo, useRef } from "preact/hooks";
import { pieces, type Role, type Stretch } from "../base/spans";
import type { Place } from "../base/types";

const ROLES: Role[] = ["subject", "predicate", "object"];

export function stretchesOf(id: string, places: readonly Place[]): Stretch[] {
  return places.flatMap((place) => (["sentence", ...ROLES] as const).map((role) => (
    { ...place[role as keyof Place], role: role as Role, id }
  )));
}

interface Props {
  text: string;
  stretches: Stretch[];
  active: string; // the statement pointed to
  onPick: (id: string) => void;
}

export function MarkedText({ text, stretches, active, onPick }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const cut = useMemo(() => pieces(text, stretches), [text, stretches]);
  useEffect(() => {
    const first = active && box.current?.querySelector(".active");
    if (first) first.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <div class="marked-text" ref={box} tabIndex={0} role="region" aria-label="The text">
      {cut.map((piece) => {
        if (!piece.stretches.length) return piece.text;
        const own = piece.stretches.filter((one) => one.id === active);
        const role = ROLES.find((known) => own.some((one) => one.role === known));
        const names = [role ? `role ${role}` : "stated", own.length ? "active" : ""].filter(Boolean).join(" ");
        return <mark key={piece.start} class={names} onClick={() => onPick(following(piece.stretches, active))}>{piece.text}</mark>;
      })}
    </div>
  );
}

/** The next statement that a stretch belongs to: clicking again goes through them. */
function following(stretches: Stretch[], active: string): string {
  const ids = [...new Set(stretches.map((one) => one.id))];
  return ids[(ids.indexOf(active) + 1) % ids.length]!;
}
