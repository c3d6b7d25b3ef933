/** Rules as one tree to walk with the arrow keys; Enter goes to the line in the editor. */
import { useMemo, useRef, useState } from "preact/hooks";

import type { ExplainNode, RuleExplained } from "../api";
import { usePage, useTexts } from "../page";
import { Icon } from "../parts/Icon";
import { type Branch, branchesOf, type Row, rowsOf } from "./branches";

interface RuleTreeProps {
  readonly rules: readonly RuleExplained[];
  readonly everything: boolean;
  readonly label: string;
  /** Whether the rules are open at first; otherwise they are a line each. */
  readonly open?: boolean;
}

export function RuleTree({ rules, everything, label, open = false }: RuleTreeProps) {
  const { actions } = usePage();
  const branches = useMemo(() => branchesOf(rules, everything), [rules, everything]);
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [focused, setFocused] = useState<string | null>(null);
  const tree = useRef<HTMLDivElement>(null);
  const isOpen = (branch: Branch) =>
    branch.branches.length > 0 &&
    (toggled.get(branch.key) ?? (branch.rule === null ? branch.matters : open));
  const rows = rowsOf(branches, isOpen);
  const current = rows.find(({ branch }) => branch.key === focused) ?? rows[0];

  function toggle(branch: Branch, to: boolean): void {
    setToggled(new Map(toggled).set(branch.key, to));
  }

  function focus(row: Row | undefined): void {
    if (row !== undefined) {
      setFocused(row.branch.key);
      tree.current?.querySelector<HTMLElement>(`[data-row="${rows.indexOf(row)}"]`)?.focus();
    }
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (current === undefined) {
      return;
    }
    const at = rows.indexOf(current);
    const { branch } = current;
    switch (event.key) {
      case "ArrowDown":
        focus(rows[at + 1]);
        break;
      case "ArrowUp":
        focus(rows[at - 1]);
        break;
      case "Home":
        focus(rows[0]);
        break;
      case "End":
        focus(rows.at(-1));
        break;
      case "ArrowRight":
        if (!isOpen(branch)) {
          toggle(branch, true);
        } else {
          focus(rows[at + 1]);
        }
        break;
      case "ArrowLeft":
        if (isOpen(branch)) {
          toggle(branch, false);
        } else {
          focus(rows.find((row) => row.branch.key === current.parent));
        }
        break;
      case "Enter":
      case " ":
        actions.show(branch.at);
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  return (
    <div class="tree" role="tree" aria-label={label} ref={tree} onKeyDown={onKeyDown}>
      {rows.map((row, at) => {
        const { branch, level, position, siblings } = row;
        return (
          <div
            key={branch.key}
            data-row={at}
            class={`row${branch.matters ? "" : " pale"}${branch.rule ? " rule-row" : ""}`}
            role="treeitem"
            aria-level={level}
            aria-posinset={position}
            aria-setsize={siblings}
            aria-expanded={branch.branches.length > 0 ? isOpen(branch) : undefined}
            tabIndex={row === current ? 0 : -1}
            style={{ paddingInlineStart: `${Math.min(level - 1, 12) * 14 + 4}px` }}
            onFocus={() => setFocused(branch.key)}
            onClick={() => {
              focus(row);
              actions.show(branch.at);
            }}
          >
            <span
              class="twist"
              aria-hidden="true"
              onClick={(event) => {
                event.stopPropagation();
                focus(row);
                toggle(branch, !isOpen(branch));
              }}
            >
              {branch.branches.length > 0 && <Icon name={isOpen(branch) ? "down" : "right"} />}
            </span>
            {branch.rule !== null && <RuleLine rule={branch.rule} />}
            {branch.node !== null && <NodeLine node={branch.node} />}
            <span class="place">
              {branch.rule !== null && `${branch.at.file}:`}
              {branch.at.line}
            </span>
          </div>
        );
      })}
    </div>
  );
}

function RuleLine({ rule }: { rule: RuleExplained }) {
  const t = useTexts();
  return (
    <span class="row-text">
      <code class="rule-name">{rule.rule}</code>{" "}
      <span class="muted">{rule.effect === "allow" ? t.allowShort : t.denyShort}</span>{" "}
      <span class={`state ${rule.state === "fired" ? rule.effect : ""}`}>
        {t.states[rule.state]}
        {rule.decisive && `, ${t.decided}`}
      </span>
      {rule.mode === "report" && <span class="tag">{t.onTrial}</span>}
      {rule.condition === null && rule.state === "fired" && <span class="muted"> {t.always}</span>}
    </span>
  );
}

function NodeLine({ node }: { node: ExplainNode }) {
  const t = useTexts();
  return (
    <span class="row-text">
      {node.label === "definition" ? (
        <span class="muted" title={t.isDefinedAs}>
          ={" "}
        </span>
      ) : (
        node.label !== null && <span class="muted">{t.turn(node.label)} </span>
      )}
      <code>{node.text}</code>{" "}
      {node.kind === "skipped" ? (
        <em class="muted">{t.notEvaluated}</em>
      ) : (
        <span class={`value ${valueClass(node)}`}>{node.value}</span>
      )}
      {!node.matters && <span class="visually-hidden">, {t.didNotMatter}</span>}
    </span>
  );
}

function valueClass(node: ExplainNode): string {
  if (node.kind === "error") {
    return "error";
  }
  return node.value === "true" ? "true" : node.value === "false" ? "false" : "other";
}
