/** Starts the page: reads the address, opens the policies, keeps the answers up to the state. */
import { render } from "preact";

import { Actions, remembered } from "./actions";
import { App } from "./App";
import { keepAnswers } from "./asking";
import type { Locale } from "./bridge";
import { AskError, client } from "./client";
import { stateOf } from "./links";
import { realNow } from "./moments";
import { PageContext } from "./page";
import { readLink } from "./sharing";
import { type State, stateAtFirst, Store } from "./store";
import { keepTheme } from "./theme";

function start(): void {
  const element = document.getElementById("page");
  if (element === null) {
    throw new Error("the page has no place to be drawn in");
  }
  const store = new Store(firstState());
  const actions = new Actions(store);
  const ask = client(new URLSearchParams(location.search).get("token"));
  const answers = keepAnswers(store, ask);
  const nonce = document.querySelector<HTMLMetaElement>("meta[name=style-nonce]")?.content ?? "";

  async function open(): Promise<void> {
    const { edits, locale } = store.state;
    try {
      const opened = await ask("open", { edits, locale });
      const { open: _gone, ...troubles } = store.state.troubles;
      store.set({ opened, troubles });
      choosePack();
      await followLink();
    } catch (error) {
      if (!(error instanceof AskError)) {
        throw error;
      }
      store.set({ troubles: { ...store.state.troubles, open: error.trouble } });
    }
  }

  /** The pack with most to show; where none can be loaded, the file with the first problem. */
  function choosePack(): void {
    const { opened } = store.state;
    const packs = [...(opened?.packs ?? [])];
    const [most] = packs.sort((one, other) => other.scenarios.length - one.scenarios.length);
    if (most !== undefined) {
      actions.choosePack(most.name);
    } else {
      const at = opened?.diagnostics.find((one) => one.at !== null)?.at;
      actions.openFile(at?.file ?? opened?.files[0]?.name ?? "");
    }
  }

  async function followLink(): Promise<void> {
    const link = await readLink(location.hash);
    if (link !== null) {
      store.set("bad" in link ? { link: link.bad } : stateOf(link, store.state));
    }
  }

  const asker = {
    retry: () => {
      if (store.state.opened === null) {
        void open();
      }
      answers.retry();
    },
  };
  keepTheme(store);
  store.subscribe(() => {
    const { opened, pack } = store.state;
    if (opened !== null && opened.packs.length > 0 && pack === "") {
      choosePack();
    }
  });
  render(
    <PageContext.Provider value={{ store, actions, asker, ask, nonce }}>
      <App />
    </PageContext.Provider>,
    element,
  );
  addEventListener("hashchange", () => void followLink());
  void open();
}

function firstState(): State {
  const now = realNow();
  const locales: readonly (string | null | undefined)[] = [
    remembered("playground.locale"),
    ...navigator.languages.map((language) => language.split("-")[0]),
  ];
  const locale: Locale = locales.find((one) => one === "en" || one === "da") === "da" ? "da" : "en";
  const theme = remembered("playground.theme");
  return stateAtFirst(now, locale, theme === "light" || theme === "dark" ? theme : "auto");
}

start();
