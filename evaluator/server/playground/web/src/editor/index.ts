/** The policy editor: file list, editor and difference in one. */
import { h, render } from "preact";

import type { Place } from "../api";
import type { MountEditor } from "../bridge";
import { Shell } from "./parts/Shell";
import type { TextEditor } from "./view";

export const mountEditor: MountEditor = (element, bridge) => {
  let editor: TextEditor | null = null;
  let showText = () => {};
  let waiting: { place: Place; focus: boolean } | null = null;
  const show = (place: Place, focus = false) => {
    if (editor === null) {
      waiting = { place, focus };
      return;
    }
    showText();
    editor.show(place, focus);
  };
  const onEditor = (made: TextEditor, back: () => void) => {
    editor = made;
    showText = back;
    if (waiting !== null) {
      show(waiting.place, waiting.focus);
      waiting = null;
    }
  };
  render(h(Shell, { bridge, onEditor }), element);
  return {
    show,
    focus: () => editor?.focus(),
    destroy: () => {
      render(null, element);
      editor = null;
    },
  };
};
