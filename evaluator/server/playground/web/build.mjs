/**
 * Builds the page: `node build.mjs [--out FOLDER] [--watch]`.
 *
 * The same sources give the same bytes, wherever and whenever they are built. `manifest.json` has the
 * SHA-256 of every source and of every file built from them, so that what is stale can be told
 * without building (`python -m tests.server.playground.assets`).
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import * as esbuild from "esbuild";

const WEB = path.dirname(fileURLToPath(import.meta.url));

const BUNDLING = {
  absWorkingDir: WEB,
  // The editor is an entry of its own and is imported by the page when the page can be used already.
  entryPoints: {
    app: "src/main.tsx",
    "app-style": "src/style/app.css",
    editor: "src/editor/index.ts",
  },
  entryNames: "[name]",
  chunkNames: "shared-[hash]",
  outdir: "published",
  bundle: true,
  format: "esm",
  splitting: true,
  minify: true,
  target: ["es2022"],
  jsx: "automatic",
  jsxImportSource: "preact",
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  write: false,
  logLevel: "warning",
};

/** Files outside `src/` that take part in what is built. */
const BESIDE = ["build.mjs", "index.html", "package-lock.json", "package.json", "tsconfig.json"];

async function sources() {
  const found = await readdir(path.join(WEB, "src"), { recursive: true, withFileTypes: true });
  const names = found
    .filter((entry) => entry.isFile() && !/(^\.|~$|\.test\.tsx?$)/.test(entry.name))
    .map((entry) => path.relative(WEB, path.join(entry.parentPath ?? entry.path, entry.name)));
  return [...BESIDE, ...names.map((name) => name.split(path.sep).join("/"))].sort();
}

function digest(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The files that are published, by name, from what esbuild has bundled. */
async function published(result) {
  const files = new Map();
  for (const { path: file, contents } of result.outputFiles) {
    files.set(path.basename(file).replace("app-style.css", "app.css"), contents);
  }
  files.set("index.html", await readFile(path.join(WEB, "index.html")));
  files.set("LICENSES.txt", Buffer.from(await licenses(Object.keys(result.metafile.inputs))));
  files.set("manifest.json", Buffer.from(await manifest(files)));
  return files;
}

async function manifest(files) {
  const told = { sources: {}, outputs: {} };
  for (const name of await sources()) {
    told.sources[name] = digest(await readFile(path.join(WEB, name)));
  }
  for (const name of [...files.keys()].sort()) {
    told.outputs[name] = digest(files.get(name));
  }
  return `${JSON.stringify(told, null, 2)}\n`;
}

/** The licences of the packages that are part of what is published. */
async function licenses(inputs) {
  const packages = new Set();
  for (const input of inputs) {
    const inside = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (inside) {
      packages.add(inside[1]);
    }
  }
  const told = [];
  for (const name of [...packages].sort()) {
    const folder = path.join(WEB, "node_modules", name);
    const about = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) {
      throw new Error(`${name} has no file with its licence`);
    }
    const text = await readFile(path.join(folder, file), "utf8");
    told.push(`${name} ${about.version} (${about.license})\n\n${text.replace(/\r/g, "").trim()}\n`);
  }
  const heading = "The files of this folder contain parts of these packages.\n";
  return [heading, ...told].join(`\n${"-".repeat(80)}\n\n`);
}

/** Writes the files, and removes those of the last build that are no more. */
async function write(files, folder) {
  await mkdir(folder, { recursive: true });
  const before = await readFile(path.join(folder, "manifest.json"), "utf8").catch(() => "{}");
  for (const name of Object.keys(JSON.parse(before).outputs ?? {})) {
    if (!files.has(name)) {
      await rm(path.join(folder, path.basename(name)), { force: true });
    }
  }
  for (const [name, contents] of files) {
    await writeFile(path.join(folder, name), contents);
  }
}

const { values: options } = parseArgs({
  options: {
    out: { type: "string", default: path.join(WEB, "..", "published") },
    watch: { type: "boolean", default: false },
  },
});
const folder = path.resolve(options.out);

if (options.watch) {
  const writing = {
    name: "writing",
    setup(build) {
      build.onEnd(async (result) => {
        if (result.errors.length === 0) {
          await write(await published(result), folder);
          console.log(`built ${new Date().toLocaleTimeString()}`);
        }
      });
    },
  };
  await (await esbuild.context({ ...BUNDLING, plugins: [writing] })).watch();
} else {
  await write(await published(await esbuild.build(BUNDLING)), folder);
}
