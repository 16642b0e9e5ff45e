/** A field that finds an entity by name: a combobox with a list below it (the pattern of the ARIA Authoring Practices). */

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { get } from "./api";
import { announce } from "./announce";
import { asFailure } from "./load";
import { ClassTag } from "./parts";
import type { FoundEntity, List } from "./types";
import { count, entities } from "./words";

const PAUSE_MS = 180;

interface Props {
  label: string;
  placeholder: string;
  initial?: string;
  isLabelShown?: boolean;
  shortcut?: string; // a key that brings the reader here
  onPick: (entity: FoundEntity) => void;
  onWords?: (words: string) => void; // Enter without a choice
  onClear?: () => void; // the field is empty again
}

export function EntityPicker({ label, placeholder, initial = "", isLabelShown = false, shortcut, onPick, onWords, onClear }: Props) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [words, setWords] = useState(initial);
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const { found, total, problem } = useFound(isOpen ? words : "");
  const close = () => {
    setOpen(false);
    setActive(-1);
  };

  useEffect(() => setWords(initial), [initial]);
  useEffect(() => (shortcut ? onShortcut(shortcut, () => field.current?.focus()) : undefined), [shortcut]);
  useEffect(() => setActive(-1), [found]);
  useEffect(() => {
    if (active >= 0) document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: "nearest" });
  }, [active]);

  const pick = (entity: FoundEntity) => {
    setWords(onWords ? "" : entity.label); // a search is over, a choice stays
    close();
    onPick(entity);
  };
  const type = (typed: string) => {
    setWords(typed);
    setOpen(true);
    if (!typed) onClear?.();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setOpen(true);
      if (found.length) setActive((now) => (now + step + found.length + (now < 0 && step < 0 ? 1 : 0)) % found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      const chosen = found[active] ?? (onWords ? undefined : found[0]);
      if (isOpen && chosen) pick(chosen);
      else if (words.trim() && onWords) {
        close();
        onWords(words.trim());
      }
    } else if (event.key === "Escape") {
      if (isOpen) close();
      else setWords("");
    }
  };

  const isListed = isOpen && words.trim() !== "";
  return (
    <div class="picker" onFocusOut={(event) => event.currentTarget.contains(event.relatedTarget as Node | null) || close()}>
      <label for={id} class={isLabelShown ? "" : "for-readers-only"}>{label}</label>
      <input id={id} ref={field} type="text" role="combobox" autocomplete="off" spellcheck={false} placeholder={placeholder}
        aria-autocomplete="list" aria-expanded={isListed} aria-controls={`${id}-list`}
        aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        value={words} onInput={(event) => type(event.currentTarget.value)} onKeyDown={onKeyDown} />
      <ul id={`${id}-list`} role="listbox" aria-label={`${label}: found`} hidden={!isListed || !found.length}>
        {found.map((one, i) => (
          <li key={one.iri} id={`${id}-${i}`} role="option" aria-selected={i === active}
            onMouseDown={(event) => event.preventDefault()} onClick={() => pick(one)} onMouseMove={() => setActive(i)}>
            <span class="found"><b>{one.label}</b>{one.matched !== one.label && <span class="also"> as “{one.matched}”</span>}</span>
            <span class="facts"><ClassTag name={one.class} /><span>{count(one.n_statements, "statement")}</span></span>
          </li>
        ))}
      </ul>
      {isListed && total === 0 && <p class="picker-none">No entity has such a name. Try fewer letters.</p>}
      {isListed && problem && <p class="picker-none" role="alert">{problem}</p>}
    </div>
  );
}

/** Entities of such a name, asked for once the typing pauses. `total` is null until there is an answer. */
function useFound(words: string): { found: FoundEntity[]; total: number | null; problem: string } {
  const [state, setState] = useState<{ found: FoundEntity[]; total: number | null; problem: string }>({ found: [], total: null, problem: "" });
  useEffect(() => {
    const wanted = words.trim();
    if (!wanted) return setState({ found: [], total: null, problem: "" });
    const controller = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const list = await get<List<FoundEntity>>("entities", { q: wanted, limit: 12 }, controller.signal);
        setState({ found: list.items, total: list.total, problem: "" });
        announce(list.total ? `${entities(list.total)} found` : "No entity found");
      } catch (error) {
        if (!controller.signal.aborted) setState({ found: [], total: null, problem: asFailure(error).title });
      }
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [words]);
  return state;
}

function onShortcut(key: string, call: () => void): () => void {
  const listen = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    const isTyping = target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
    if (event.key !== key || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    call();
  };
  addEventListener("keydown", listen);
  return () => removeEventListener("keydown", listen);
}
