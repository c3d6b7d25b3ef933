/** The words of the share menu. */
import type { Locale } from "../bridge";

export interface Texts {
  share: string;
  menu: string;
  copyLink: string;
  linkHolds: string;
  take: string;
  files: (count: number) => string;
  patch: string;
  noEdits: string;
  request: string;
  json: string;
  curl: string;
  python: string;
  suiteCase: string;
  caseName: string;
  copied: (what: string) => string;
  downloaded: (file: string) => string;
  byHand: string;
  byHandHelp: string;
  close: string;
  tooLong: string;
  caseFailed: string;
  link: string;
}

const en: Texts = {
  share: "Share",
  menu: "Share and take away",
  copyLink: "Copy link",
  linkHolds: "Holds the request, the moment and your edits",
  take: "Your edits",
  files: (count) =>
    count === 1 ? "Download the edited file (zip)" : `Download ${count} edited files (zip)`,
  patch: "Download as a patch for git",
  noEdits: "There are no edits yet",
  request: "The request",
  json: "Copy as JSON",
  curl: "Copy as curl",
  python: "Copy as Python",
  suiteCase: "Copy as a suite case",
  caseName: "from the playground",
  copied: (what) => `Copied: ${what}.`,
  downloaded: (file) => `Downloaded: ${file}.`,
  byHand: "Copy this by hand",
  byHandHelp: "The browser does not let the page copy. The text is selected: copy it with Ctrl-C.",
  close: "Close",
  tooLong:
    "The edits are too long for a link of 32 kB. Download them instead, as a zip or a patch.",
  caseFailed: "There is no case while the policies cannot be loaded.",
  link: "link",
};

const da: Texts = {
  share: "Del",
  menu: "Del og tag med",
  copyLink: "Kopiér link",
  linkHolds: "Rummer forespørgslen, tidspunktet og dine rettelser",
  take: "Dine rettelser",
  files: (count) =>
    count === 1 ? "Hent den rettede fil (zip)" : `Hent ${count} rettede filer (zip)`,
  patch: "Hent som patch til git",
  noEdits: "Intet er rettet endnu",
  request: "Forespørgslen",
  json: "Kopiér som JSON",
  curl: "Kopiér som curl",
  python: "Kopiér som Python",
  suiteCase: "Kopiér som testtilfælde",
  caseName: "fra siden",
  copied: (what) => `Kopieret: ${what}.`,
  downloaded: (file) => `Hentet: ${file}.`,
  byHand: "Kopiér selv dette",
  byHandHelp: "Browseren lader ikke siden kopiere. Teksten er markeret: kopiér den med Ctrl-C.",
  close: "Luk",
  tooLong: "Rettelserne er for lange til et link på 32 kB. Hent dem i stedet som zip eller patch.",
  caseFailed: "Der er intet testtilfælde, så længe reglerne ikke kan indlæses.",
  link: "link",
};

export const TEXTS: { readonly [locale in Locale]: Texts } = { en, da };
