/** Runs the unit tests, `*.test.ts`, bundled for node: `node test.mjs [NAME-PART]...`. */
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";

const WEB = path.dirname(fileURLToPath(import.meta.url));

const wanted = process.argv.slice(2);
const names = (await readdir(WEB, { recursive: true }))
  .filter((name) => /^(src|tests)[/\\].*\.test\.tsx?$/.test(name))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  .sort();
if (names.length === 0) {
  console.error("no test has such a name");
  process.exit(2);
}

// Below node_modules, so that packages that are left outside of the bundles are found from there.
const folder = await mkdtemp(path.join(WEB, "node_modules", ".tests-"));
try {
  await esbuild.build({
    absWorkingDir: WEB,
    entryPoints: names,
    outdir: folder,
    outbase: WEB,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node18",
    packages: "external",
    jsx: "automatic",
    jsxImportSource: "preact",
    sourcemap: "inline",
    logLevel: "warning",
  });
  const built = names.map((name) => path.join(folder, name.replace(/\.tsx?$/, ".mjs")));
  const run = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...built], {
    cwd: WEB,
    stdio: "inherit",
  });
  process.exitCode = run.status ?? 1;
} finally {
  await rm(folder, { recursive: true });
}
