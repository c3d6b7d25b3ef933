/** The files there are: policies at hand, suites and other packs behind a disclosure. */
import type { SourceFile } from "../../api";
import type { EditorState } from "../../bridge";
import { TEXTS } from "../texts";

interface Props {
  readonly state: EditorState;
  readonly onOpen: (file: string) => void;
}

export function FileList({ state, onOpen }: Props) {
  const t = TEXTS[state.locale];
  const { files, file } = state;
  const own = files[0]?.pack;
  const first = files.filter(
    ({ pack, kind }) => pack === own && kind !== "suite" && kind !== "other",
  );
  const rest = groupsOf(files.filter((one) => !first.includes(one)));
  return (
    <nav class="editor-files" aria-label={t.files}>
      <Files state={state} files={first} onOpen={onOpen} />
      {rest.map(([pack, group]) => {
        const title = pack === own ? t.suites : t.others(pack);
        const marked = group.some(({ name }) => name in state.edits || problemsIn(state, name) > 0);
        return (
          <details
            key={`${pack} ${title}`}
            open={marked || group.some(({ name }) => name === file) || undefined}
          >
            <summary>
              {title} <span class="muted">{group.length}</span>
            </summary>
            <Files state={state} files={group} onOpen={onOpen} />
          </details>
        );
      })}
    </nav>
  );
}

function groupsOf(files: readonly SourceFile[]): [string, SourceFile[]][] {
  const groups = new Map<string, SourceFile[]>();
  for (const file of files) {
    groups.set(file.pack, [...(groups.get(file.pack) ?? []), file]);
  }
  return [...groups];
}

function Files({ state, files, onOpen }: Props & { readonly files: readonly SourceFile[] }) {
  const t = TEXTS[state.locale];
  return (
    <ul>
      {files.map(({ name }) => {
        const problems = problemsIn(state, name);
        const edited = name in state.edits;
        return (
          <li key={name}>
            <button
              type="button"
              class="editor-file"
              aria-current={name === state.file ? "true" : undefined}
              aria-label={[
                shortName(name),
                edited ? t.edited : "",
                problems > 0 ? t.problems(problems) : "",
              ]
                .filter(Boolean)
                .join(", ")}
              title={name}
              onClick={() => onOpen(name)}
            >
              <span>{shortName(name)}</span>
              {edited && <span class="mark-edited">●</span>}
              {problems > 0 && <span class="mark-problems">{problems}</span>}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** Errors and warnings of a file. */
function problemsIn({ diagnostics }: EditorState, file: string): number {
  return diagnostics.filter(({ at, severity }) => at?.file === file && severity !== "info").length;
}

export function shortName(name: string): string {
  return name.split("/").at(-1) ?? name;
}
