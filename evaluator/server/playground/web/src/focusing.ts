/** Where the focus goes when what had it is gone; otherwise those who use keys would be lost. */

/** Focuses an element by its id, once the page has been drawn anew. */
export function focusOn(id: string): void {
  requestAnimationFrame(() => document.getElementById(id)?.focus());
}

const INPUTS = "input, select, textarea, button";

/** Focuses the first thing to fill in or to press in an element of that id. */
export function focusInside(id: string): void {
  requestAnimationFrame(() => {
    document.getElementById(id)?.querySelector<HTMLElement>(INPUTS)?.focus();
  });
}
