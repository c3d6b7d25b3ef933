/** The request, as a form made from its schema or as JSON; both show the same request. */
import { useState } from "preact/hooks";

import { useTexts } from "../page";
import { JsonView } from "./JsonView";
import { RequestForm } from "./RequestForm";

export function RequestPanel() {
  const t = useTexts();
  const [view, setView] = useState<"form" | "json">("form");
  return (
    <>
      <fieldset class="segmented" aria-label={t.viewAs}>
        {(["form", "json"] as const).map((one) => (
          <label key={one} class={one === view ? "chosen" : ""}>
            <input
              type="radio"
              name="request-view"
              checked={one === view}
              onChange={() => setView(one)}
            />
            {one === "form" ? t.asForm : t.asJson}
          </label>
        ))}
      </fieldset>
      {view === "form" ? <RequestForm /> : <JsonView />}
    </>
  );
}
