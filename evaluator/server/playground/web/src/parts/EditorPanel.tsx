/** Loads the editor when someone is about to look at it, and keeps it up to the page's state. */
import { useEffect, useRef, useState } from "preact/hooks";

import { bridgeOf } from "../editing";
import { usePage, usePart, useTexts } from "../page";
import type { MountedEditor } from "../bridge";

export function EditorPanel() {
  const page = usePage();
  const t = useTexts();
  const frame = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<MountedEditor | "loading" | "failed">("loading");
  const shown = usePart((state) => state.shown);
  useEffect(() => {
    let mounted: MountedEditor | null = null;
    let gone = false;
    import("../editor").then(
      ({ mountEditor }) => {
        if (!gone && frame.current !== null) {
          mounted = mountEditor(frame.current, bridgeOf(page));
          setEditor(mounted);
        }
      },
      () => setEditor("failed"),
    );
    return () => {
      gone = true;
      mounted?.destroy();
    };
  }, []);
  useEffect(() => {
    if (typeof editor === "object" && shown !== null) {
      editor.show(shown.place, shown.focus);
      page.store.set({ shown: null });
    }
  }, [editor, shown]);
  return (
    <div class="editor-panel" role="region" aria-label={t.editor}>
      {editor === "loading" && <p class="muted">{t.editorLoading}</p>}
      {editor === "failed" && <p class="fault">{t.editorFailed}</p>}
      <div class="editor-frame" ref={frame} />
    </div>
  );
}
