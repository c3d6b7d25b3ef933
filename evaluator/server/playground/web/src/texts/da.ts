/** The page's own words, in Danish. */
import type { Texts } from "./en";

export const da: Texts = {
  name: "Prøv reglerne",
  intro:
    "Regler afgør, hvilke knapper der virker. Prøv det, der hjælper, træk i tiden, ret en regel.",
  edited: (files) =>
    files === 1
      ? "Afgjort efter dine rettede regler (1 fil)."
      : `Afgjort efter dine rettede regler (${files} filer).`,
  seeChanges: "Se, hvad der ændres",
  deciding: "Afgør…",
  skip: "Gå til afgørelsen",
  loading: "Henter reglerne…",
  noPacks: "Ingen regler kunne indlæses. Ret problemerne nedenfor under fanen Regler.",
  loadFailed: "Reglerne kunne ikke hentes.",

  packs: "Regler",
  scenario: "Scenarie",
  scenarios: "Scenarier",
  chooseScenario: "Vælg et scenarie",
  ownScenario: "Din egen forespørgsel",
  changedScenario: (name) => `${name} (ændret)`,
  findScenario: "Find et scenarie",
  noScenario: "Intet scenarie hedder sådan.",
  scenariosFound: (count) => (count === 1 ? "1 scenarie" : `${count} scenarier`),
  loadedScenario: (name) => `Hentet: ${name}.`,
  stepAt: (moment) => `${moment}`,
  stepAtOnce: "fra begyndelsen",
  stepLater: (length) => `${length} senere`,
  stepEarlier: (length) => `${length} tidligere`,
  reset: "Nulstil",
  resetLong: "Nulstil: tilbage til scenariet, som det var",
  language: "Sprog",
  theme: "Farver",
  themes: { auto: "Systemets farver", light: "Lyse", dark: "Mørke" },

  yes: "Ja",
  no: "Nej",
  none: "ingen",
  notGiven: "ikke angivet",
  emptyText: "tom",
  allow: "tilladt",
  deny: "ikke tilladt",
  allowShort: "tilladt",
  denyShort: "afvist",

  asks: "Spurgt af",
  actionsOf: (who) => `Hvad ${who} kan gøre`,
  asked: "Spurgt med",
  details: (what) => `Oplysninger om ${what}`,
  noDecision: "ikke afgjort endnu",
  may: (who, action) => `${who} må gøre dette nu: ${action}`,
  mayNot: (who, action) => `${who} må ikke gøre dette nu: ${action}`,
  reasonsCount: (count) => (count === 1 ? "1 begrundelse" : `${count} begrundelser`),
  openLine: (line) => `Åbn ${line} i editoren`,
  indeterminate: "En regel, der kunne afvise og ikke kan evalueres, tæller, som om den afviste.",
  whatHelps: "Det vil hjælpe",
  noHelp: "Reglerne nævner intet, der vil hjælpe.",
  doThis: "Gør dette",
  doThisLong: (message) => `Gør dette: ${message}`,
  wouldSet: (name, value) => `${name} bliver ${value}`,
  wouldRemove: (name) => `${name} fjernes`,
  thenAllowed: "Prøvet: derefter tilladt",
  reasonGoes: "Prøvet: denne begrundelse forsvinder, andre bliver",
  wouldNotHelp: "Prøvet: denne begrundelse bliver",
  notTried: "Kunne ikke prøves",
  outsideHere: "Gøres uden for denne side",
  applied: "Gjort.",
  appliedChange: (name, before, after) => `${name}: ${before} → ${after}`,
  nowAllowed: "Nu er det tilladt.",
  stillDenied: "Det er stadig ikke tilladt.",
  undo: "Fortryd",
  undone: "Fortrudt.",
  outputs: "Hvad der følger",
  notices: "Regler på prøve, som endnu intet afgør",
  errors: "Kunne ikke evalueres",
  staleDecision: "Som før rettelsen: reglerne kan ikke indlæses, som de er nu.",

  holdsUntil: (moment, distance) => `Gælder indtil ${moment} (${distance}).`,
  atOnce: "om mindre end et sekund",
  holdsAlways: "Tiden alene ændrer det ikke.",
  holdsNow: "Gælder kun i dette øjeblik.",
  thenIs: (verdict) => `Derefter ${verdict}`,
  thenOther: (verdict) => `Derefter stadig ${verdict}, af en anden grund`,

  timeLine: "Afgørelsen over tid",
  moment: "Tidspunkt",
  momentText: "Tidspunkt, som RFC 3339",
  zone: (zone) => `i ${zone}`,
  setMoment: "Vælg tidspunktet",
  realNow: "Nu i virkeligheden",
  scenarioNow: "Som i scenariet",
  previousChange: "Forrige ændring",
  nextChange: "Næste ændring",
  badMoment: "Ikke et tidspunkt. Et tidspunkt ser sådan ud: 2026-03-12T09:00:00Z.",
  sliderText: (moment, verdict) => `${moment}, ${verdict}`,
  sliderHelp:
    "Piletaster går til forrige og næste ændring; med Skift en time; Page Up og Page Down en dag.",
  snapHelp: "Træk for at gå i tiden; den hopper til ændringer, medmindre Alt holdes nede.",
  segment: (verdict, from, until) => `${verdict} fra ${from} indtil ${until}`,
  noChange: "Ingen anden afgørelse derefter",
  thenAllowedFrom: (moment) => `Tilladt fra ${moment}`,
  thenDeniedFrom: (moment) => `Ikke tilladt fra ${moment}`,
  becauseOf: (message) => `fordi: ${message}`,
  cutShort: "Det blanke er ikke regnet ud.",
  numbered: (name, number) => `${name}, nr. ${number}`,
  marks: "I forespørgslen",
  changesInTime: "Hvornår afgørelsen ændrer sig",

  tabs: "Se nærmere",
  tabRequest: "Forespørgsel",
  tabPolicy: "Regler",
  tabWhy: "Hvorfor",
  tabChanges: "Hvad ændres",
  flipsCount: (count) => (count === 1 ? "1 afgørelse ændres" : `${count} afgørelser ændres`),

  viewAs: "Vis som",
  asForm: "Formular",
  asJson: "JSON",
  subject: "Subjekt",
  subjectHelp: "Hvem der spørger.",
  action: "Handling",
  actionHelp: "Hvad der spørges om.",
  resource: "Ressource",
  resourceHelp: "Hvad det skal gøres ved.",
  context: "Sammenhæng",
  contextHelp: "Hvad der ellers tæller.",
  type: "Type",
  id: "Id",
  give: "Angiv en værdi",
  giveLong: (name) => `Angiv en værdi: ${name}`,
  clear: "Ryd",
  clearLong: (name) => `Ryd: ${name}`,
  countsAs: (value) => `ikke angivet, tæller som ${value}`,
  add: "Tilføj",
  addLong: (name) => `Tilføj: ${name}`,
  remove: "Fjern",
  removeLong: (name) => `Fjern: ${name}`,
  item: (name, number) => `${name} ${number}`,
  noItems: "Ingen.",
  properties: "Egenskaber",
  moreProperties: "Flere egenskaber",
  moreHelp: "Ikke beskrevet i skemaet. Som JSON.",
  asJsonHelp: "Som JSON.",
  picker: (name) => `Vælg: ${name}`,
  fault: (fault) => {
    switch (fault.kind) {
      case "missing":
        return "Skal angives.";
      case "not-integer":
        return "Det er ikke et helt tal.";
      case "not-number":
        return "Det er ikke et tal.";
      case "not-instant":
        return "Det er ikke et tidspunkt. Et tidspunkt ser sådan ud: 2026-03-12T09:00:00Z.";
      case "shape":
        return "Det er en anden slags værdi, end skemaet vil have.";
      case "choice":
        return "Det er ikke en af mulighederne.";
      case "not-json":
        return "Det er ikke JSON.";
      case "pattern":
        return "Det har ikke den form, som skemaet vil have.";
      case "at-least":
        return `Det skal være mindst ${fault.bound}.`;
      case "at-most":
        return `Det må højst være ${fault.bound}.`;
      case "more-than":
        return `Det skal være mere end ${fault.bound}.`;
      case "less-than":
        return `Det skal være mindre end ${fault.bound}.`;
      case "too-short":
        return fault.bound === 1 ? "Det må ikke være tomt." : `Kortere end ${fault.bound} tegn.`;
      case "too-long":
        return `Længere end ${fault.bound} tegn.`;
      case "too-few":
        return `Færre end ${fault.bound}.`;
      case "too-many":
        return `Flere end ${fault.bound}.`;
    }
  },
  requestJson: "Forespørgslen som JSON",
  jsonError: (line, column) =>
    `Det er ikke JSON: linje ${line}, kolonne ${column}. Den sidste gyldige forespørgsel gælder stadig.`,
  jsonNotRequest:
    "En forespørgsel har et subject og en resource med type og id og en action med name. Den sidste gyldige forespørgsel gælder stadig.",

  editorLoading: "Henter editoren…",
  editorFailed: "Editoren kunne ikke hentes.",
  editor: "Regeleditor",

  whyTitle: "Hvordan hver del faldt ud",
  whyHelp: "Det blege betød intet: en anden værdi havde intet ændret.",
  whyNone: "Ingen regel gælder for denne forespørgsel.",
  rulesDecided: "Afgjorde",
  rulesOther: (count) => (count === 1 ? "1 anden regel" : `${count} andre regler`),
  showAll: "Vis dele, der intet betød",
  states: {
    fired: "udløst",
    "not fired": "ikke udløst",
    error: "kunne ikke evalueres",
    "not in force": "gælder ikke nu",
    "not reached": "ikke nået",
  },
  decided: "afgjorde",
  onTrial: "på prøve",
  always: "ingen betingelse: altid",
  notEvaluated: "ikke evalueret",
  didNotMatter: "betød intet",
  turn: (label) => `med ${label}`,
  isDefinedAs: "er defineret som",

  changesTitle: "Hvad dine rettelser ændrer",
  changesNone: "Du har endnu ikke rettet nogen regel.",
  changesNoneHelp:
    "Åbn fanen Regler og ret en regel. Hvert scenarie i testene afgøres så efter de gamle og de nye regler, og forskellene vises her.",
  changesAsking: "Afgør hvert scenarie efter de gamle og de nye regler…",
  changesUnloadable: "De rettede regler kan ikke indlæses endnu, så der er intet at sammenligne.",
  changesDecided: (count) =>
    count === 1 ? "1 scenarie afgjort efter begge." : `${count} scenarier afgjort efter begge.`,
  definitions: "Rettede definitioner",
  editKinds: { added: "tilføjet", removed: "fjernet", changed: "ændret" },
  before: "Før",
  after: "Efter",
  noFlips: "Ingen scenaries afgørelse ændres.",
  showAllOf: (count) => `Vis alle ${count}`,
  otherReasons: "Samme afgørelse, andre begrundelser",
  flip: (before, after) => `${before} → ${after}`,
  suites: "Test",
  suitesPassed: (passed, failed) => `${passed} bestået, ${failed === 0 ? "ingen" : failed} fejlet`,
  failing: "Trin, der fejler med rettelserne",
  loadThis: (name) => `Hent scenariet: ${name}`,
  revertAll: "Fortryd alle rettelser",
  reverted: "Alle rettelser er fortrudt.",

  problems: "Problemer",
  policyProblems: (count) =>
    count === 1
      ? "Reglerne kan ikke indlæses: 1 problem"
      : `Reglerne kan ikke indlæses: ${count} problemer`,
  retry: "Prøv igen",
  nothingLost: "Intet af det, du har skrevet, er gået tabt.",
  trouble: {
    invalid: "Forespørgslen kunne ikke læses.",
    "too-large": "Det er mere, end siden tager imod.",
    "too-many": "Det var for meget på én gang. Vent lidt, og prøv igen.",
    superseded: "Et nyere spørgsmål trådte i stedet.",
    timeout: "Afgørelsen tog for lang tid og blev stoppet. En regel gennemløber måske for meget.",
    memory: "Afgørelsen krævede for meget hukommelse og blev stoppet.",
    crashed: "Den proces, der afgør, døde; en ny har taget dens plads.",
    busy: "Siden har travlt med andres spørgsmål. Prøv igen om lidt.",
    forbidden:
      "Siden tager ikke imod forespørgsler herfra. Åbn den på den adresse, der blev vist, da den startede.",
    unloadable: "Reglerne kan ikke indlæses.",
    unreachable: "Serveren svarer ikke. Kører den stadig?",
  },
  links: {
    version: "Linket er lavet af en anden version og kan ikke læses.",
    damaged: "Linket er beskadiget og kan ikke læses.",
    "too-large": "Linket rummer mere, end siden tager imod.",
    invalid: "Linket rummer noget, der hverken er en forespørgsel eller en rettelse.",
    pack: "Linket handler om regler, som ikke er her.",
    "other-base":
      "Linket blev lavet til en anden version af reglerne. Dets rettelser vises mod de nuværende filer.",
  },
  dismiss: "Luk",
  version: (version) => `policy-evaluator ${version}`,
  localOnly: "Alt bliver på denne side og i den proces, der viser den.",
};
