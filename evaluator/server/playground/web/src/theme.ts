/** Light and dark: as the reader has chosen, or as the system has it. */
import type { Store, ThemeChoice } from "./store";

const SYSTEM = matchMedia("(prefers-color-scheme: dark)");

export function darkNow(theme: ThemeChoice): boolean {
  return theme === "auto" ? SYSTEM.matches : theme === "dark";
}

/** Writes the theme to the document's root, where the style sheet reads it, and keeps it there. */
export function keepTheme(store: Store): void {
  const write = () => {
    document.documentElement.dataset["theme"] = darkNow(store.state.theme) ? "dark" : "light";
  };
  write();
  store.subscribe(write);
  // A system that turns dark changes no state, but the editor has to hear of it.
  SYSTEM.addEventListener("change", () => store.set({}));
}
