import assert from "node:assert/strict";
import { test } from "node:test";

import type { Edits, TypesAnswer, VocabularyAnswer } from "../api";
import type { EditorBridge } from "../bridge";
import { Knowledge } from "./knowledge";

/** A page with one question after another under way, each answered when the test says so. */
class Page {
  file = "p/a.yaml";
  edits: Edits = {};
  readonly asked: string[] = [];
  private readonly open: ((answer: VocabularyAnswer | null) => void)[] = [];

  get bridge(): EditorBridge {
    const state = () => ({ file: this.file, edits: this.edits });
    const vocabulary = (file: string) =>
      new Promise<VocabularyAnswer>((resolve, reject) => {
        this.asked.push(`${file} ${JSON.stringify(this.edits)}`);
        this.open.push((answer) => (answer === null ? reject(new Error("busy")) : resolve(answer)));
      });
    const types = () => new Promise<TypesAnswer>(() => {});
    return { state, api: { vocabulary, types } } as unknown as EditorBridge;
  }

  answer(answer: VocabularyAnswer | null): void {
    this.open.shift()?.(answer);
  }
}

const ANSWER = { rules: ["r"] } as unknown as VocabularyAnswer;
const pause = (milliseconds: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

test("who asks before the answer has come waits for it", async () => {
  const page = new Page();
  const knowledge = new Knowledge(page.bridge);
  knowledge.keepUp();
  const soon = knowledge.vocabularySoon("p/a.yaml");
  await pause(10);
  assert.equal(knowledge.vocabulary("p/a.yaml"), null);
  page.answer(ANSWER);
  assert.equal(await soon, ANSWER);
  assert.equal(knowledge.vocabulary("p/b.yaml"), null);
  knowledge.stop();
});

test("while one question is under way no other is asked, and the last wish in the end", async () => {
  const page = new Page();
  const knowledge = new Knowledge(page.bridge);
  knowledge.keepUp();
  await pause(10);
  for (const file of ["p/b.yaml", "p/c.yaml"]) {
    page.file = file;
    knowledge.keepUp();
    await pause(10);
  }
  assert.deepEqual(page.asked, ["p/a.yaml {}"]);
  page.answer(ANSWER);
  await pause(10);
  assert.deepEqual(page.asked, ["p/a.yaml {}", "p/c.yaml {}"]);
  page.answer(ANSWER);
  knowledge.stop();
});

test("typing is let come to rest, and what is known stays meanwhile", async () => {
  const page = new Page();
  const knowledge = new Knowledge(page.bridge);
  knowledge.keepUp();
  await pause(10);
  page.answer(ANSWER);
  await pause(10);
  for (const text of ["a", "ab"]) {
    page.edits = { "p/a.yaml": text };
    knowledge.keepUp();
  }
  assert.equal(page.asked.length, 1);
  assert.equal(knowledge.vocabulary("p/a.yaml"), ANSWER);
  await pause(400);
  assert.deepEqual(page.asked.slice(1), ['p/a.yaml {"p/a.yaml":"ab"}']);
  page.answer(ANSWER);
  knowledge.stop();
});

test("what could not be answered is asked again", async () => {
  const page = new Page();
  const knowledge = new Knowledge(page.bridge);
  knowledge.keepUp();
  await pause(10);
  page.answer(null);
  await pause(1300);
  assert.equal(page.asked.length, 2);
  page.answer(ANSWER);
  await pause(10);
  assert.equal(knowledge.vocabulary("p/a.yaml"), ANSWER);
  knowledge.stop();
});
