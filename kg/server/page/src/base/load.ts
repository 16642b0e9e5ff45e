/** Loads a value for as long as its key is wanted. */

import { useCallback, useEffect, useState } from "preact/hooks";
import { Failure } from "./api";

export interface Loaded<T> {
  value: T | null; // while loading anew: the one before
  key: string | null; // what `value` was loaded for
  failure: Failure | null;
  isLoading: boolean;
  again: () => void;
}

/** What `load` gives; loads anew when the key changes. Nothing is loaded for the key null. */
export function useLoaded<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [state, setState] = useState<Omit<Loaded<T>, "again">>(
    { value: null, key: null, failure: null, isLoading: key !== null });
  const [attempt, setAttempt] = useState(0);
  const again = useCallback(() => setAttempt((n) => n + 1), []);

  useEffect(() => {
    if (key === null) {
      setState({ value: null, key: null, failure: null, isLoading: false });
      return;
    }
    const controller = new AbortController();
    setState((before) => ({ ...before, failure: null, isLoading: true }));
    load(controller.signal).then(
      (value) => controller.signal.aborted || setState({ value, key, failure: null, isLoading: false }),
      (error: unknown) => {
        if (controller.signal.aborted) return;
        setState({ value: null, key: null, failure: asFailure(error), isLoading: false });
      },
    );
    return () => controller.abort();
  }, [key, attempt]);

  return { ...state, isLoading: state.isLoading || (key !== null && key !== state.key && !state.failure), again };
}

export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  console.error(error);
  return new Failure("That did not work", error instanceof Error ? error.message : String(error));
}
