/** Keeps the caret in sight when the editor becomes lower, as when the problem bar comes. */
import { EditorView, ViewPlugin } from "@codemirror/view";

export const caretInSight = ViewPlugin.define((view) => {
  let height = view.scrollDOM.clientHeight;
  const observer = new ResizeObserver(() => {
    const before = height;
    height = view.scrollDOM.clientHeight;
    if (height < before && view.hasFocus) {
      const { head } = view.state.selection.main;
      const caret = view.coordsAtPos(head);
      const { top } = view.scrollDOM.getBoundingClientRect();
      // Who has scrolled away from it is not called back.
      if (caret !== null && caret.top >= top && caret.bottom <= top + before) {
        view.dispatch({ effects: EditorView.scrollIntoView(head, { y: "nearest", yMargin: 5 }) });
      }
    }
  });
  observer.observe(view.scrollDOM);
  return {
    destroy() {
      observer.disconnect();
    },
  };
});
