import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";

import type { SourceFile } from "../api";
import { differenceOf } from "./lines";
import { patchOf } from "./patch";

const LONG = Array.from({ length: 40 }, (_, at) => `line ${at}\n`).join("");

const CASES: [name: string, before: string | null, after: string][] = [
  ["a line in the middle", LONG, LONG.replace("line 20\n", "line twenty\n")],
  ["the first and the last", LONG, `new\n${LONG.replace("line 39\n", "end\n")}`],
  ["two far apart", LONG, LONG.replace("line 3\n", "").replace("line 30\n", "a\nb\n")],
  ["two near each other", LONG, LONG.replace("line 10\n", "x\n").replace("line 16\n", "y\n")],
  ["lines alike", "a\nb\na\nb\n", "b\na\nb\na\n"],
  ["no break at the end", "a\nb\n", "a\nb"],
  ["a break at the end", "a\nb", "a\nb\n"],
  ["an empty file filled", "", "a\n"],
  ["a file emptied", "a\nb\n", ""],
  ["a new file", null, "a\nb\n"],
  ["other letters", "æ\n😀\n", "ø\n😀\n--- a\n+++ b\n"],
  ["a hundred changes", LONG.repeat(6), LONG.repeat(6).replaceAll(/line (\d)\n/g, "row $1\n")],
];

for (const name of ["licenses/a.yaml", "licenses/with blank.yaml"]) {
  for (const [what, before, after] of CASES) {
    test(`git takes a patch of ${what} in ${name}`, () => {
      assert.equal(applied(name, before, after), after);
    });
  }
}

test("files that are as they were have no part in a patch", () => {
  assert.equal(patchOf([file("a.yaml", "a\n")], { "a.yaml": "a\n" }), "");
});

test("a difference has the lines of both texts", () => {
  for (const [, before, after] of CASES) {
    const lines = differenceOf(before ?? "", after);
    const without = (kind: string) => lines.filter((line) => line.kind !== kind);
    assert.equal(
      without("added")
        .map(({ text }) => text)
        .join(""),
      before ?? "",
    );
    assert.equal(
      without("removed")
        .map(({ text }) => text)
        .join(""),
      after,
    );
  }
});

function file(name: string, text: string): SourceFile {
  return { name, text, kind: "policy", pack: "licenses" };
}

/** The text of a file after `git apply` in a folder of a repository. */
function applied(name: string, before: string | null, after: string): string {
  const root = mkdtempSync(path.join(tmpdir(), "patch-"));
  try {
    const folder = path.join(root, "policies");
    mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
    if (before !== null) {
      writeFileSync(path.join(folder, name), before);
    }
    const patch = patchOf(before === null ? [] : [file(name, before)], { [name]: after });
    const options = { cwd: folder, input: patch, encoding: "utf8" as const };
    assert.equal(spawnSync("git", ["init", "-q", root]).status, 0);
    const git = spawnSync("git", ["apply", "--verbose"], options);
    assert.equal(git.status, 0, `${git.stderr}\n${patch}`);
    return readFileSync(path.join(folder, name), "utf8");
  } finally {
    rmSync(root, { recursive: true });
  }
}
