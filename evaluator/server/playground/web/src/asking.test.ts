import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import type { PackInfo } from "./api";
import { keepAnswers } from "./asking";
import { type Ask, AskError, type Endpoint } from "./client";
import { type State, stateAtFirst, Store } from "./store";

interface Asked {
  endpoint: Endpoint;
  asked: { edits: object; now?: string };
  signal: AbortSignal | undefined;
  answer: (answer: unknown) => void;
  fail: (error: unknown) => void;
}

let asked: Asked[] = [];

const ask: Ask = (endpoint, what, signal) =>
  new Promise((answer, fail) => {
    asked.push({
      endpoint,
      asked: what,
      signal,
      answer: answer as (answer: unknown) => void,
      fail,
    });
  });

const PACK = { name: "p", types: [], scenarios: [] } as unknown as PackInfo;

const STATE: State = {
  ...stateAtFirst("2026-03-03T09:00:00Z", "en", "auto"),
  opened: {
    files: [{ name: "p/a.yaml", text: "", kind: "policy", pack: "p" }],
    packs: [PACK],
    diagnostics: [],
    limits: { editBytes: 1, requestBytes: 1, files: 1 },
    version: "1",
  },
  pack: "p",
};

/** Lets promises settle that have been answered. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) {
    await Promise.resolve();
  }
}

function of(endpoint: Endpoint): Asked[] {
  return asked.filter((one) => one.endpoint === endpoint);
}

let store = new Store(STATE);

beforeEach(() => {
  mock.timers.reset();
  // The types are older than this way to say it, which is the only one of newer versions.
  mock.timers.enable({ apis: ["setTimeout"] } as never);
  asked = [];
  store = new Store(STATE);
});

test("at first all is asked that someone looks at", () => {
  keepAnswers(store, ask);
  mock.timers.tick(1000);
  assert.deepEqual(asked.map(({ endpoint }) => endpoint).sort(), ["check", "decide", "timeline"]);
});

test("of many changes one after the other the last is asked, when the first is answered", async () => {
  keepAnswers(store, ask);
  mock.timers.tick(30);
  for (const second of ["01", "02", "03"]) {
    store.set({ now: `2026-03-03T09:00:${second}Z` });
    mock.timers.tick(10);
  }
  mock.timers.tick(30);
  assert.equal(of("decide").length, 1);
  of("decide")[0]?.answer({ decisions: {} });
  await settle();
  assert.deepEqual(
    of("decide").map((one) => one.asked.now),
    ["2026-03-03T09:00:00Z", "2026-03-03T09:00:03Z"],
  );
});

test("what the server gave up for an older question is asked again", async () => {
  keepAnswers(store, ask);
  mock.timers.tick(30);
  of("decide")[0]?.fail(new AskError("decide", { error: "superseded", message: "" }));
  await settle();
  mock.timers.tick(30);
  assert.equal(of("decide").length, 2);
  of("decide")[1]?.answer({ decisions: {} });
  await settle();
  mock.timers.tick(1000);
  assert.equal(of("decide").length, 2);
  assert.deepEqual(store.state.troubles, {});
});

test("an answer is kept with what it was asked with", async () => {
  keepAnswers(store, ask);
  mock.timers.tick(30);
  const { request, now } = store.state;
  store.set({ now: "2026-03-03T10:00:00Z" });
  of("decide")[0]?.answer({ decisions: {} });
  await settle();
  assert.equal(store.state.decide?.basis.request, request);
  assert.equal(store.state.decide?.basis.now, now);
});

test("while policies cannot be loaded nothing is decided, and then it is", async () => {
  keepAnswers(store, ask);
  mock.timers.tick(30);
  of("check")[0]?.answer({ loads: false, diagnostics: [] });
  await settle();
  asked = [];
  store.set({ edits: { "p/a.yaml": "x" } });
  mock.timers.tick(1000);
  assert.deepEqual(
    asked.map(({ endpoint }) => endpoint),
    ["check"],
  );
  of("check")[0]?.answer({ loads: true, diagnostics: [] });
  await settle();
  mock.timers.tick(1000);
  assert.deepEqual(asked.map(({ endpoint }) => endpoint).sort(), [
    "changes",
    "check",
    "decide",
    "timeline",
  ]);
});

test("trouble is kept until it goes well, or until nobody wants to know", async () => {
  keepAnswers(store, ask);
  store.set({ edits: { "p/a.yaml": "x" } });
  mock.timers.tick(30);
  of("check")[0]?.answer({ loads: true, diagnostics: [] });
  await settle();
  mock.timers.tick(1000);
  of("changes")[0]?.fail(new AskError("changes", { error: "timeout", message: "too long" }));
  await settle();
  assert.equal(store.state.troubles.changes?.error, "timeout");
  store.set({ edits: {} });
  assert.equal(store.state.troubles.changes, undefined);
});

test("what was too much at once is asked again, and told only when that does not help", async () => {
  keepAnswers(store, ask);
  mock.timers.tick(30);
  for (let times = 1; times <= 4; times += 1) {
    assert.equal(store.state.troubles.decide, undefined);
    assert.equal(of("decide").length, times);
    const problem = { error: "too-many" as const, message: "too many" };
    of("decide").at(-1)?.fail(new AskError("decide", problem));
    await settle();
    mock.timers.tick(3000);
  }
  assert.equal(of("decide").length, 4);
  assert.equal(store.state.troubles.decide?.error, "too-many");
});

test("retrying asks what went wrong, and only that", async () => {
  const asker = keepAnswers(store, ask);
  mock.timers.tick(1000);
  of("decide")[0]?.fail(new AskError("decide", { error: "crashed", message: "died" }));
  await settle();
  asked = [];
  asker.retry();
  mock.timers.tick(1000);
  assert.deepEqual(
    asked.map(({ endpoint }) => endpoint),
    ["decide"],
  );
});
