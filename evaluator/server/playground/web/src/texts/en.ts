/** The page's own words, in English. Other languages have the same keys. */
import type { Fault } from "../schema";

export const en = {
  name: "Policy playground",
  intro: "Policies decide which buttons work. Try a remedy, drag the time, change a rule, and see.",
  edited: (files: number) =>
    files === 1
      ? "Decided by your edited policies (1 file)."
      : `Decided by your edited policies (${files} files).`,
  seeChanges: "See what changes",
  deciding: "Deciding…",
  skip: "Skip to the decision",
  loading: "Loading the policies…",
  noPacks: "No policies could be loaded. Mend the problems below in the Policy tab.",
  loadFailed: "The policies could not be fetched.",

  packs: "Policies",
  scenario: "Scenario",
  scenarios: "Scenarios",
  chooseScenario: "Choose a scenario",
  ownScenario: "Your own request",
  changedScenario: (name: string) => `${name} (changed)`,
  findScenario: "Find a scenario",
  noScenario: "No scenario is called that.",
  scenariosFound: (count: number) => (count === 1 ? "1 scenario" : `${count} scenarios`),
  loadedScenario: (name: string) => `Loaded: ${name}.`,
  stepAt: (moment: string) => `at ${moment}`,
  stepAtOnce: "at the start",
  stepLater: (length: string) => `${length} later`,
  stepEarlier: (length: string) => `${length} earlier`,
  reset: "Reset",
  resetLong: "Reset: back to the scenario as it was",
  language: "Language",
  theme: "Colours",
  themes: { auto: "System colours", light: "Light", dark: "Dark" },

  yes: "Yes",
  no: "No",
  none: "none",
  notGiven: "not given",
  emptyText: "empty",
  allow: "allowed",
  deny: "not allowed",
  allowShort: "allow",
  denyShort: "deny",

  asks: "Asked by",
  actionsOf: (who: string) => `What ${who} can do`,
  asked: "Asked with",
  details: (what: string) => `Details of ${what}`,
  noDecision: "not decided yet",
  may: (who: string, action: string) => `${who} may ${action} now`,
  mayNot: (who: string, action: string) => `${who} may not ${action} now`,
  reasonsCount: (count: number) => (count === 1 ? "1 reason" : `${count} reasons`),
  openLine: (line: string) => `Open ${line} in the editor`,
  indeterminate: "A rule that could deny and cannot be evaluated counts as if it denied.",
  whatHelps: "What would help",
  noHelp: "The policy names nothing that would help.",
  doThis: "Do this",
  doThisLong: (message: string) => `Do this: ${message}`,
  wouldSet: (name: string, value: string) => `${name} becomes ${value}`,
  wouldRemove: (name: string) => `${name} is removed`,
  thenAllowed: "Tried: then allowed",
  reasonGoes: "Tried: this reason goes, others stay",
  wouldNotHelp: "Tried: this reason would stay",
  notTried: "Could not be tried",
  outsideHere: "To be done outside of this page",
  applied: "Done.",
  appliedChange: (name: string, before: string, after: string) => `${name}: ${before} → ${after}`,
  nowAllowed: "Now it is allowed.",
  stillDenied: "It is still not allowed.",
  undo: "Undo",
  undone: "Taken back.",
  outputs: "What follows",
  notices: "Rules on trial, which decide nothing yet",
  errors: "Could not be evaluated",
  staleDecision: "As of before the edit: the policies cannot be loaded as they are now.",

  holdsUntil: (moment: string, distance: string) => `Holds until ${moment} (${distance}).`,
  atOnce: "in less than a second",
  holdsAlways: "Time alone does not change it.",
  holdsNow: "Holds for this moment only.",
  thenIs: (verdict: string) => `Then ${verdict}`,
  thenOther: (verdict: string) => `Then still ${verdict}, for another reason`,

  timeLine: "The decision over time",
  moment: "Moment",
  momentText: "Moment, as RFC 3339",
  zone: (zone: string) => `in ${zone}`,
  setMoment: "Set the moment",
  realNow: "Real now",
  scenarioNow: "As in the scenario",
  previousChange: "Previous change",
  nextChange: "Next change",
  badMoment: "Not a moment. One looks like 2026-03-12T09:00:00Z.",
  sliderText: (moment: string, verdict: string) => `${moment}, ${verdict}`,
  sliderHelp:
    "Arrow keys go to the previous and next change; with Shift by an hour; Page Up and Page Down by a day.",
  snapHelp: "Drag to move in time; it snaps to changes unless Alt is held.",
  segment: (verdict: string, from: string, until: string) =>
    `${verdict} from ${from} until ${until}`,
  noChange: "No other decision after that",
  thenAllowedFrom: (moment: string) => `Allowed from ${moment}`,
  thenDeniedFrom: (moment: string) => `Not allowed from ${moment}`,
  becauseOf: (message: string) => `because: ${message}`,
  cutShort: "What is blank has not been worked out.",
  numbered: (name: string, number: number) => `${name}, no. ${number}`,
  marks: "In the request",
  changesInTime: "When the decision changes",

  tabs: "Look closer",
  tabRequest: "Request",
  tabPolicy: "Policy",
  tabWhy: "Why",
  tabChanges: "What changes",
  flipsCount: (count: number) => (count === 1 ? "1 decision changes" : `${count} decisions change`),

  viewAs: "View as",
  asForm: "Form",
  asJson: "JSON",
  subject: "Subject",
  subjectHelp: "Who asks.",
  action: "Action",
  actionHelp: "What is asked for.",
  resource: "Resource",
  resourceHelp: "What it is to be done to.",
  context: "Context",
  contextHelp: "What else counts.",
  type: "Type",
  id: "Id",
  give: "Give a value",
  giveLong: (name: string) => `Give a value: ${name}`,
  clear: "Clear",
  clearLong: (name: string) => `Clear: ${name}`,
  countsAs: (value: string) => `not given, counts as ${value}`,
  add: "Add one",
  addLong: (name: string) => `Add one: ${name}`,
  remove: "Remove",
  removeLong: (name: string) => `Remove: ${name}`,
  item: (name: string, number: number) => `${name} ${number}`,
  noItems: "None.",
  properties: "Properties",
  moreProperties: "Further properties",
  moreHelp: "Not described by the schema. As JSON.",
  asJsonHelp: "As JSON.",
  picker: (name: string) => `Pick: ${name}`,
  fault: (fault: Fault): string => {
    switch (fault.kind) {
      case "missing":
        return "This is needed.";
      case "not-integer":
        return "This is not a whole number.";
      case "not-number":
        return "This is not a number.";
      case "not-instant":
        return "This is not a moment. One looks like 2026-03-12T09:00:00Z.";
      case "shape":
        return "This is another kind of value than the schema wants.";
      case "choice":
        return "This is none of the choices.";
      case "not-json":
        return "This is not JSON.";
      case "pattern":
        return "This does not have the form that the schema wants.";
      case "at-least":
        return `This must be at least ${fault.bound}.`;
      case "at-most":
        return `This must be at most ${fault.bound}.`;
      case "more-than":
        return `This must be more than ${fault.bound}.`;
      case "less-than":
        return `This must be less than ${fault.bound}.`;
      case "too-short":
        return fault.bound === 1
          ? "This must not be empty."
          : `Shorter than ${fault.bound} characters.`;
      case "too-long":
        return `Longer than ${fault.bound} characters.`;
      case "too-few":
        return `Fewer than ${fault.bound}.`;
      case "too-many":
        return `More than ${fault.bound}.`;
    }
  },
  requestJson: "The request as JSON",
  jsonError: (line: number, column: number) =>
    `This is not JSON: line ${line}, column ${column}. The last good request still counts.`,
  jsonNotRequest:
    "A request has a subject and a resource with type and id, and an action with a name. The last good request still counts.",

  editorLoading: "Loading the editor…",
  editorFailed: "The editor could not be loaded.",
  editor: "Policy editor",

  whyTitle: "How every part came out",
  whyHelp: "What is pale did not matter: another value would have changed nothing.",
  whyNone: "No rule is for this request.",
  rulesDecided: "Decided",
  rulesOther: (count: number) => (count === 1 ? "1 other rule" : `${count} other rules`),
  showAll: "Show parts that did not matter",
  states: {
    fired: "fired",
    "not fired": "did not fire",
    error: "could not be evaluated",
    "not in force": "not in force now",
    "not reached": "not reached",
  },
  decided: "decided",
  onTrial: "on trial",
  always: "no condition: always",
  notEvaluated: "not evaluated",
  didNotMatter: "did not matter",
  turn: (label: string) => `with ${label}`,
  isDefinedAs: "is defined as",

  changesTitle: "What your edits change",
  changesNone: "You have not edited any policy yet.",
  changesNoneHelp:
    "Open the Policy tab and change a rule. Every scenario of the suites is then decided by the old and the new policies, and what differs is listed here.",
  changesAsking: "Deciding every scenario by the old and the new policies…",
  changesUnloadable: "The edited policies cannot be loaded yet, so there is nothing to compare.",
  changesDecided: (count: number) =>
    count === 1 ? "1 scenario decided by both." : `${count} scenarios decided by both.`,
  definitions: "Edited definitions",
  editKinds: { added: "added", removed: "removed", changed: "changed" },
  before: "Before",
  after: "After",
  noFlips: "No decision of a scenario changes.",
  showAllOf: (count: number) => `Show all ${count}`,
  otherReasons: "Same decision, other reasons",
  flip: (before: string, after: string) => `${before} → ${after}`,
  suites: "Suites",
  suitesPassed: (passed: number, failed: number) =>
    `${passed} passed, ${failed === 0 ? "none" : failed} failed`,
  failing: "Steps that fail with the edits",
  loadThis: (name: string) => `Load the scenario: ${name}`,
  revertAll: "Take all edits back",
  reverted: "All edits are taken back.",

  problems: "Problems",
  policyProblems: (count: number) =>
    count === 1
      ? "The policies cannot be loaded: 1 problem"
      : `The policies cannot be loaded: ${count} problems`,
  retry: "Try again",
  nothingLost: "Nothing that you have entered is lost.",
  trouble: {
    invalid: "The request could not be read.",
    "too-large": "That is more than the playground takes.",
    "too-many": "That was too much at once. Wait a moment, then try again.",
    superseded: "A newer question took its place.",
    timeout: "Deciding took too long and was stopped. A rule may run through too much.",
    memory: "Deciding needed too much memory and was stopped.",
    crashed: "The process that decides has died; a new one has taken its place.",
    busy: "The playground is busy with others' questions. Try again in a moment.",
    forbidden:
      "The playground does not take requests from here. Open it by the address that it printed when it started.",
    unloadable: "The policies cannot be loaded.",
    unreachable: "The playground does not answer. Is it still running?",
  },
  links: {
    version: "The link was made by another version of the playground and cannot be read.",
    damaged: "The link is damaged and cannot be read.",
    "too-large": "The link holds more than the playground takes.",
    invalid: "The link holds something that is no request or no edit.",
    pack: "The link is about policies that are not here.",
    "other-base":
      "The link was made for another version of these policies. Its edits are shown against the present files.",
  },
  dismiss: "Dismiss",
  version: (version: string) => `policy-evaluator ${version}`,
  localOnly: "Everything stays in this page and the process that serves it.",
};

/** What every language has. */
export type Texts = typeof en;
