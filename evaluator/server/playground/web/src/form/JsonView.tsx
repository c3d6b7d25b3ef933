/** The request as JSON text. What is no request is told, and the last good one goes on to count. */
import { useState } from "preact/hooks";

import type { Json, Request } from "../api";
import { usePage, usePart, useTexts } from "../page";
import { isObject } from "../paths";

export function JsonView() {
  const page = usePage();
  const { actions } = page;
  const t = useTexts();
  const request = usePart((state) => state.request);
  const [draft, setDraft] = useState<{ text: string; request: Request } | null>(null);
  const current = draft?.request === request ? draft.text : null;
  const text = current ?? JSON.stringify(request, null, 2);
  const read = readRequest(text);
  const fault =
    read === "no-request"
      ? t.jsonNotRequest
      : "line" in read
        ? t.jsonError(read.line, read.column)
        : null;
  return (
    <div class="json-view">
      <textarea
        class="mono"
        aria-label={t.requestJson}
        aria-invalid={fault !== null}
        aria-describedby={fault === null ? undefined : "json-fault"}
        spellcheck={false}
        autocomplete="off"
        rows={Math.min(40, Math.max(12, text.split("\n").length + 1))}
        value={text}
        onInput={(event) => {
          const typed = event.currentTarget.value;
          const now = readRequest(typed);
          if (now === "no-request" || "line" in now) {
            setDraft({ text: typed, request });
          } else {
            actions.setRequest(now.request);
            setDraft({ text: typed, request: usedRequest() });
          }
        }}
      />
      {fault !== null && (
        <p class="fault" id="json-fault" role="alert">
          {fault}
        </p>
      )}
    </div>
  );

  function usedRequest(): Request {
    return page.store.state.request;
  }
}

type Read = { request: Request } | { line: number; column: number } | "no-request";

function readRequest(text: string): Read {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    return placeOf(text, error);
  }
  const entity = (part: Json | undefined) =>
    isObject(part) &&
    typeof part["type"] === "string" &&
    typeof part["id"] === "string" &&
    (part["properties"] === undefined || isObject(part["properties"]));
  const good =
    isObject(value) &&
    entity(value["subject"]) &&
    entity(value["resource"]) &&
    isObject(value["action"]) &&
    typeof value["action"]["name"] === "string" &&
    (value["context"] === undefined || isObject(value["context"]));
  return good ? { request: value as unknown as Request } : "no-request";
}

/** Browsers tell where JSON ends to be JSON as a position or as line and column. */
function placeOf(text: string, error: unknown): { line: number; column: number } {
  const message = error instanceof Error ? error.message : "";
  const byLine = /line (\d+) column (\d+)/.exec(message);
  if (byLine !== null) {
    return { line: Number(byLine[1]), column: Number(byLine[2]) };
  }
  const at = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
