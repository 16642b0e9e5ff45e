/** Light or dark: that of the system, until the reader chooses. */

export type Theme = "light" | "dark";

const KEY = "kg.theme";
const system = matchMedia("(prefers-color-scheme: dark)");

export function theme(): Theme {
  const chosen = document.documentElement.dataset.theme;
  return chosen === "light" || chosen === "dark" ? chosen : system.matches ? "dark" : "light";
}

export function choose(chosen: Theme): void {
  document.documentElement.dataset.theme = chosen;
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // Storage is off: the choice lasts until the page is left.
  }
  dispatchEvent(new Event("kg:theme"));
}

/** Calls back when the theme changes; gives what ends that. */
export function onTheme(call: () => void): () => void {
  system.addEventListener("change", call);
  addEventListener("kg:theme", call);
  return () => {
    system.removeEventListener("change", call);
    removeEventListener("kg:theme", call);
  };
}
