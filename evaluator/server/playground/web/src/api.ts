// The playground's wire: JSON over POST `api/NAME` (relative to the page), answered by a worker.
// Offsets are UTF-16 code units from the start of the file (JavaScript's own); `line` and `column`
// count from 1, column in UTF-16 units too.
// File names are `<pack folder>/<file>` (`licenses/roles.yaml`), or bare where -p names a single
// pack's folder: always as the `Files` name them.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Texts = { [locale: string]: string }; // e.g. {en: "...", da: "..."}; may lack a locale
/** whole new text of each edited file; only edited ones */
export type Edits = { [file: string]: string };
export type Place = { file: string; line: number; column: number; from: number; to: number };

/** Every request has these beside its own fields. */
export interface Asked {
  edits: Edits;
  locale: string;
}

/** Every answer is 200 with the answer, or status 400, 401, 403, 413, 422, 429 or 503 and this. */
export interface Problem {
  error:
    | "invalid"
    | "too-large"
    | "too-many"
    | "superseded"
    | "timeout"
    | "memory"
    | "crashed"
    | "busy"
    | "forbidden"
    | "unloadable";
  message: string; // in English, for a person; the page has its own words for each `error`
  diagnostics?: Diagnostic[]; // of "unloadable" (422): the policies cannot be loaded
}

// POST api/open -> what there is, with the edits: `packs` are those of disk + edits, and where these
// do not load, those of the files on disk (none where they do not load either). The page opens anew
// when the edit of a pack, schema or suite loads, and when policies broken on disk have been mended.
export interface OpenAnswer {
  files: SourceFile[]; // as on disk (edits not applied)
  packs: PackInfo[];
  diagnostics: Diagnostic[]; // of disk + edits
  limits: { editBytes: number; requestBytes: number; files: number };
  version: string; // of policy-evaluator
}
export interface SourceFile {
  name: string;
  text: string;
  kind: "policy" | "pack" | "schema" | "suite" | "other";
  pack: string;
}
export interface PackInfo {
  name: string;
  folder: string;
  version: string;
  digest: string;
  title: Texts;
  defaultLocale: string;
  locales: string[];
  timeZone: string;
  /** resource types, with the actions spelled out for them */
  types: { name: string; actions: string[] }[];
  /**
   * titles of policies by full name, `licenses.reduction-window`, and of outputs as `outputs.NAME`
   */
  titles: { [name: string]: Texts };
  /** what people call things, where pack.yaml says it; the page has words for all others */
  names: PackNames;
  /**
   * the JSON Schema (resolved: no $ref left) of the AuthZEN request for each action; "" for all
   * others
   */
  schemas: { [action: string]: Json };
  scenarios: Scenario[]; // every step of every suite of the pack, in order
  /**
   * id of the scenario to show first: a denied one with a verified remedy, preferring one that
   * ends at a moment
   */
  start: string | null;
}
/** Attributes are spelt as in expressions, items of lists without an index. */
export interface PackNames {
  types: { [name: string]: Texts };
  actions: { [name: string]: Texts };
  attributes: { [attribute: string]: Texts };
  values: { [attribute: string]: { [value: string]: Texts } };
}
export interface ScenarioName {
  name: string; // of the case
  /**
   * which of the case's steps it is: so many nanoseconds after the moment of the case, or before;
   * at a moment; the parts that a table crosses; null where there is one step
   */
  step: { after: string } | { at: string } | { parts: string[] } | null;
}
export interface Scenario {
  id: string;
  suite: string;
  suiteTitle: Texts;
  name: string; // name and step as of `ScenarioName`
  step: ScenarioName["step"];
  request: Request;
  now: string;
  decision: "allow" | "deny" | null;
  at: Place;
}
export interface Request {
  subject: Entity;
  action: { name: string; properties?: { [k: string]: Json } };
  resource: Entity;
  context?: { [k: string]: Json };
}
export interface Entity {
  type: string;
  id: string;
  properties?: { [k: string]: Json };
}

// POST api/check -> while typing
export interface CheckAnswer {
  loads: boolean;
  diagnostics: Diagnostic[];
}
export interface Diagnostic {
  code: string;
  name: string;
  severity: "error" | "warning" | "info";
  message: string;
  help: string | null;
  at: Place | null;
  notes: { message: string; at: Place | null }[];
  fix: {
    message: string;
    edits: { file: string; from: number; to: number; text: string }[];
  } | null;
}

// POST api/decide {request, now, actions} -> the decision for each of `actions` (the request with
// its action's name replaced)
export interface DecideAsked extends Asked {
  request: Request;
  now: string /* RFC 3339 */;
  actions: string[];
}
export interface DecideAnswer {
  decisions: { [action: string]: Decided };
}
export interface Decided {
  /**
   * Decision.to_dict(locale), see schemas/decision.schema.json; reasons[].at has a `column` and
   * `from`/`to` added (the rule's id)
   */
  decision: DecisionJson;
  remedies: {
    rule: string;
    remedy: string;
    sets: boolean;
    lifts: boolean | null;
    then: "allow" | "deny" | null;
    changed: Request | null;
  }[]; // verified: `lifts` = its rule no longer fires; `changed` = the request with it applied
  policies: { [policy: string]: Texts }; // title of each policy named by a reason
}
export interface DecisionJson {
  decision: "allow" | "deny";
  reasons: Reason[];
  outputs: { [name: string]: Json };
  valid_until: string | null;
  notices: Notice[];
  errors: Failure[];
  decided_at: string;
}
export interface Reason {
  rule: string;
  policy: string | null;
  kind: "allow" | "deny" | "indeterminate" | "default";
  message: string;
  description: string | null;
  remedies: Remedy[];
  at: Place | null;
  error?: Cause | null;
}
export interface Remedy {
  id: string;
  message: string;
  sets: { [pointer: string]: Json };
}
export interface Notice {
  rule: string;
  policy: string;
  effect: "allow" | "deny";
  message: string;
  at: Place;
  error?: Cause | null;
}
export interface Cause {
  kind: string;
  message: string;
  at: { file: string; line: number; column: number } | null;
}
export interface Failure extends Cause {
  policy: string;
  rule?: string | null;
  remedy?: string | null;
  output?: string | null;
}

// POST api/timeline {request, now, from, until} -> the decision for the request's own action over
// time, by successive valid_until. context.time of the request is dropped.
export interface TimelineAsked extends Asked {
  request: Request;
  now: string;
  from?: string;
  until?: string;
} // without from/until: a span is chosen around now that holds the near changes
export interface TimelineAnswer {
  from: string;
  until: string;
  complete: boolean; // complete=false: too many changes, the rest was left out
  segments: {
    from: string;
    until: string | null;
    decision: "allow" | "deny";
    rules: string[];
    messages: string[];
    same: boolean;
  }[]; // [from, until); neighbours may have one decision and other reasons
  /**
   * Instants in the request (resource.term_end, resource.lots[0].added_at …) inside the span, as
   * the request schema's date-times tell
   */
  marks: { at: string; attribute: string }[];
}

// POST api/explain {request, now} -> Explanation.to_dict(locale) with Place for every `at`
export interface ExplainAsked extends Asked {
  request: Request;
  now: string;
}
export interface ExplainAnswer {
  decision: DecisionJson;
  rules: RuleExplained[];
}
export interface RuleExplained {
  rule: string;
  policy: string;
  effect: string;
  mode: string;
  at: Place;
  state: "fired" | "not fired" | "error" | "not in force" | "not reached";
  decisive: boolean;
  condition: ExplainNode | null;
}
export interface ExplainNode {
  text: string;
  value: string | null;
  kind: "value" | "error" | "unknown" | "skipped";
  at: Place;
  matters: boolean;
  label: string | null;
  children: ExplainNode[];
}

// POST api/changes -> what the edits change: every scenario, and each step of the suites, decided
// by old and new
export interface ChangesAnswer {
  edits: {
    what: string;
    kind: "added" | "removed" | "changed";
    at: Place | null;
    before: string | null;
    after: string | null;
  }[]; // definitions that differ
  flips: (ScenarioName & {
    scenario: string;
    suite: string;
    before: "allow" | "deny";
    after: "allow" | "deny";
    rules: { before: string[]; after: string[] };
    at: Place | null;
  })[];
  reasons: ChangesAnswer["flips"]; // the decision is the same, the reasons are not
  suites: {
    before: { passed: number; failed: number };
    after: { passed: number; failed: number };
    failing: (ScenarioName & { scenario: string; differences: string[]; at: Place })[];
  };
  decided: number;
}

// POST api/vocabulary {file} -> what can be written in that file's expressions and keys, for
// completion and hover
export interface VocabularyAsked extends Asked {
  file: string;
}
export interface VocabularyAnswer {
  attributes: {
    path: string;
    type: string;
    optional: boolean;
    description: string | null;
    values: string[] | null;
  }[]; // resource.total ...
  names: {
    name: string;
    kind: "constant" | "table" | "variable";
    type: string;
    text: string;
    at: Place;
  }[]; // visible in this file
  functions: {
    name: string;
    signature: string;
    method: boolean;
    summary: string;
    family: string;
    example: string | null;
  }[];
  macros: { name: string; signature: string; summary: string }[];
  rules: string[];
  remedies: string[]; // ids (shared remedies for `use:`)
  actions: string[]; // names of actions that rules spell out
  resources: string[]; // resource types likewise
  imports: string[]; // the other policy files of the pack, as `imports` names them
  schema: Json; // the published JSON Schema of this kind of file: keys, descriptions
}
// POST api/types {file} -> the type (and doc) of each sub-expression in that file, for hover;
// smallest span wins
export interface TypesAsked extends Asked {
  file: string;
}
export interface TypesAnswer {
  types: {
    from: number;
    to: number;
    type: string;
    text: string;
    doc: string | null;
    defined: Place | null;
  }[];
}

// POST api/case {request, now, name} -> the YAML of a suite case with the present decision as its
// expectation
export interface CaseAsked extends Asked {
  request: Request;
  now: string;
  name: string;
}
export interface CaseAnswer {
  text: string;
}
