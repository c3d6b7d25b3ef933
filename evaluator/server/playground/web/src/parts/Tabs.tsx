/** The tabs beside the card: request, policy, why, and what the edits change. */
import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";

import { RequestPanel } from "../form/RequestPanel";
import { usePage, usePart, useTexts } from "../page";
import type { Tab } from "../store";
import { WhyPanel } from "../why/WhyPanel";
import { ChangesPanel } from "./ChangesPanel";
import { EditorPanel } from "./EditorPanel";

const TABS: readonly Tab[] = ["request", "policy", "why", "changes"];

export function Tabs() {
  const { actions } = usePage();
  const t = useTexts();
  const tab = usePart((state) => state.tab);
  const edited = usePart((state) => Object.keys(state.edits).length > 0);
  const flips = usePart((state) => (edited ? (state.changes?.answer.flips.length ?? null) : null));
  const list = useRef<HTMLDivElement>(null);
  // The editor is mounted when it is first looked at, and stays: what was typed can be undone.
  const [policyOpened, setPolicyOpened] = useState(false);
  if (tab === "policy" && !policyOpened) {
    setPolicyOpened(true);
  }
  const names: { [tab in Tab]: string } = {
    request: t.tabRequest,
    policy: t.tabPolicy,
    why: t.tabWhy,
    changes: t.tabChanges,
  };

  function onKeyDown(event: KeyboardEvent): void {
    const at = TABS.indexOf(tab);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    const chosen = to === undefined ? undefined : TABS.at(to % TABS.length);
    if (chosen !== undefined) {
      event.preventDefault();
      actions.openTab(chosen);
      list.current?.querySelector<HTMLElement>(`#tab-${chosen}`)?.focus();
    }
  }

  return (
    <div class="right">
      <div class="tabs" role="tablist" aria-label={t.tabs} ref={list} onKeyDown={onKeyDown}>
        {TABS.map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            id={`tab-${one}`}
            aria-selected={one === tab}
            aria-controls={`panel-${one}`}
            tabIndex={one === tab ? 0 : -1}
            onClick={() => actions.openTab(one)}
          >
            {names[one]}
            {one === "changes" && flips !== null && (
              <span class={`badge${flips > 0 ? " some" : ""}`} title={t.flipsCount(flips)}>
                {flips}
                <span class="visually-hidden"> {t.flipsCount(flips)}</span>
              </span>
            )}
            {one === "policy" && edited && <span class="dot" aria-hidden="true" />}
          </button>
        ))}
      </div>
      <Panel tab="request">{tab === "request" && <RequestPanel />}</Panel>
      <Panel tab="policy">{policyOpened && <EditorPanel />}</Panel>
      <Panel tab="why">{tab === "why" && <WhyPanel />}</Panel>
      <Panel tab="changes">{tab === "changes" && <ChangesPanel />}</Panel>
    </div>
  );
}

function Panel({ tab, children }: { tab: Tab; children: ComponentChildren }) {
  const chosen = usePart((state) => state.tab);
  return (
    <section
      class={`panel panel-${tab}`}
      role="tabpanel"
      id={`panel-${tab}`}
      aria-labelledby={`tab-${tab}`}
      hidden={tab !== chosen}
      tabIndex={tab === "policy" ? undefined : 0}
    >
      {children}
    </section>
  );
}
