/** The editor's own words. */
import type { Locale } from "../bridge";

export interface Texts {
  files: string;
  policies: string;
  suites: string;
  others: (pack: string) => string;
  edited: string;
  problems: (count: number) => string;
  label: (file: string) => string;
  leave: string;
  keys: string;
  onDisk: string;
  changedLines: (added: number, removed: number) => string;
  difference: string;
  back: string;
  revert: string;
  reverted: (file: string) => string;
  differenceOf: (file: string) => string;
  added: string;
  removed: string;
  noDifference: string;
  type: string;
  valueNow: string;
  valueNot: string;
  definedAt: (place: string) => string;
  decided: (rule: string, effect: string) => string;
  effects: { allow: string; deny: string };
  fixed: (message: string) => string;
  notes: string;
  phrases: { [english: string]: string };
}

const en: Texts = {
  files: "Files",
  policies: "Policies",
  suites: "Suites",
  others: (pack) => `Pack ${pack}`,
  edited: "edited",
  problems: (count) => (count === 1 ? "1 problem" : `${count} problems`),
  label: (file) => `Text of ${file}`,
  leave: "Tab indents; press Escape, then Tab, to leave the editor.",
  keys: "Ctrl-Space completes, Ctrl-F searches, F8 goes to the next problem, Ctrl-. mends it, F12 goes to a definition.",
  onDisk: "As on disk",
  changedLines: (added, removed) => `Edited: +${added} −${removed}`,
  difference: "Show difference",
  back: "Back to the text",
  revert: "Revert file",
  reverted: (file) => `${file} is as on disk again.`,
  differenceOf: (file) => `Difference of ${file} from the file on disk`,
  added: "added",
  removed: "removed",
  noDifference: "The text is as on disk.",
  type: "type",
  valueNow: "value now",
  valueNot: "not evaluated now",
  definedAt: (place) => `Defined at ${place}`,
  decided: (rule, effect) => `${rule} has decided: ${effect}`,
  effects: { allow: "allow", deny: "deny" },
  fixed: (message) => `Mended: ${message}`,
  notes: "See also",
  phrases: {},
};

const da: Texts = {
  files: "Filer",
  policies: "Regler",
  suites: "Testsuiter",
  others: (pack) => `Pakken ${pack}`,
  edited: "rettet",
  problems: (count) => (count === 1 ? "1 problem" : `${count} problemer`),
  label: (file) => `Teksten i ${file}`,
  leave: "Tab rykker ind; tryk Escape og så Tab for at forlade editoren.",
  keys: "Ctrl-mellemrum foreslår, Ctrl-F søger, F8 går til næste problem, Ctrl-. retter det, F12 går til en definition.",
  onDisk: "Som på disken",
  changedLines: (added, removed) => `Rettet: +${added} −${removed}`,
  difference: "Vis forskellen",
  back: "Tilbage til teksten",
  revert: "Gendan filen",
  reverted: (file) => `${file} er igen som på disken.`,
  differenceOf: (file) => `Forskellen mellem ${file} og filen på disken`,
  added: "tilføjet",
  removed: "fjernet",
  noDifference: "Teksten er som på disken.",
  type: "type",
  valueNow: "værdi nu",
  valueNot: "ikke udregnet nu",
  definedAt: (place) => `Defineret i ${place}`,
  decided: (rule, effect) => `${rule} har afgjort det: ${effect}`,
  effects: { allow: "tillad", deny: "afvis" },
  fixed: (message) => `Rettet: ${message}`,
  notes: "Se også",
  phrases: {
    Find: "Find",
    Replace: "Erstat",
    next: "næste",
    previous: "forrige",
    all: "alle",
    "match case": "store og små bogstaver",
    "by word": "hele ord",
    regexp: "regulært udtryk",
    replace: "erstat",
    "replace all": "erstat alle",
    close: "luk",
    "current match": "nuværende fund",
    "on line": "på linje",
    "replaced $ matches": "$ fund erstattet",
    "replaced match on line $": "fund på linje $ erstattet",
    "Go to line": "Gå til linje",
    go: "gå",
    Diagnostics: "Problemer",
    "No diagnostics": "Ingen problemer",
    Completions: "Forslag",
    "Control character": "Styretegn",
    "Folded lines": "Foldede linjer",
    "Unfolded lines": "Udfoldede linjer",
    "folded code": "foldet tekst",
    unfold: "fold ud",
    "Fold line": "Fold linje",
    "Unfold line": "Fold linje ud",
  },
};

export const TEXTS: { readonly [locale in Locale]: Texts } = { en, da };
