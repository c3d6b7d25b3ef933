import assert from "node:assert/strict";
import { test } from "node:test";

import { languageOf, type Saying, sayOutput, sayValue } from "./humanise";
import { attributeOf, Names, pathOf, small } from "./names";
import type { Path } from "./paths";
import { TEXTS } from "./texts";

const PACK = {
  defaultLocale: "en",
  titles: { "outputs.invoice": { en: "What is invoiced", da: "Hvad der faktureres" } },
  names: {
    types: { subscription: { en: "Subscription", da: "Abonnement" } },
    actions: { remove: { en: "Remove licences", da: "Fjern licenser" }, add: { en: "Add" } },
    attributes: {
      "resource.total": { en: "Licences", da: "Licenser" },
      "resource.lots": { en: "Lots", da: "Partier" },
      "resource.lots.added_at": { en: "Added", da: "Tilføjet" },
      "resource.account": { en: "Account", da: "Konto" },
      "resource.account.type": { en: "Account type", da: "Kontotype" },
    },
    values: { "resource.method": { card: { en: "Card", da: "Kort" } } },
  },
};
const EN = new Names(PACK, "en");
const DA = new Names(PACK, "da");
const SAY: Saying = { t: TEXTS.da, locale: "da", zone: "UTC", names: DA };

test("names are the pack's, in the reader's language", () => {
  assert.deepEqual(DA.type("subscription"), { text: "Abonnement", lang: undefined });
  assert.deepEqual(EN.action("remove"), { text: "Remove licences", lang: undefined });
  assert.deepEqual(DA.action("remove"), { text: "Fjern licenser", lang: undefined });
  assert.deepEqual(DA.value("resource.method", "card"), { text: "Kort", lang: undefined });
  assert.deepEqual(DA.output("invoice"), { text: "Hvad der faktureres", lang: undefined });
});

test("a name in another language says in which", () => {
  assert.deepEqual(DA.action("add"), { text: "Add", lang: "en" });
  assert.deepEqual(DA.action("assign_licenses"), { text: "Assign licenses", lang: "en" });
  assert.deepEqual(EN.action("assign_licenses"), { text: "Assign licenses", lang: undefined });
  assert.deepEqual(DA.value("resource.method", "in_cash"), { text: "In cash", lang: "en" });
  assert.deepEqual(DA.output("new_total"), { text: "New total", lang: "en" });
  assert.deepEqual(DA.value("resource.other", "card"), { text: "Card", lang: "en" });
});

test("what objects inherit is no name", () => {
  assert.equal(EN.action("constructor").text, "Constructor");
  assert.equal(EN.value("constructor", "name").text, "Name");
});

test("an attribute is called by its title, the schema's, or its own name", () => {
  const path = ["resource", "properties", "total"];
  assert.equal(DA.attribute(path, { title: "Total" }).text, "Licenser");
  assert.deepEqual(DA.attribute([...path, "x_y"], { title: "Ex" }), { text: "Ex", lang: "en" });
  assert.equal(DA.attribute([...path, "x_y"], {}).text, "X y");
});

const PATHS: [Path, string][] = [
  [["resource", "properties", "total"], "Licenser"],
  [["resource", "properties", "lots", 0, "added_at"], "Partier 1: Tilføjet"],
  [["resource", "properties", "lots", "1", "added_at"], "Partier 2: Tilføjet"],
  [["resource", "properties", "lots", 0], "Partier 1"],
  [["resource", "properties", "lots", 0, "kind"], "Partier 1: kind"],
  [["resource", "properties", "account", "type"], "Kontotype"],
  [["resource", "properties", "account", "signed_by"], "Konto signed by"],
  [["resource", "properties", "billing_account", "type"], "Billing account type"],
  [["context", "new_quantity"], "New quantity"],
  [["context", "properties"], "Properties"],
  [["action", "name"], "Handling"],
];

for (const [path, said] of PATHS) {
  test(`${path.join("/")} is called "${said}"`, () => assert.equal(DA.path(path, {}).text, said));
}

test("a mark is called by its attribute, and by its number where there are several", () => {
  const lot = ["resource", "properties", "lots", "1", "added_at"];
  assert.deepEqual(DA.mark(lot, {}, false), { text: "Tilføjet", lang: undefined });
  assert.equal(DA.mark(lot, {}, true).text, "Tilføjet, nr. 2");
  assert.equal(DA.mark(["resource", "properties", "account", "type"], {}, true).text, "Kontotype");
});

test("what the schema calls an attribute is used in paths too", () => {
  const schema = { properties: { context: { properties: { n: { title: "New total" } } } } };
  assert.equal(EN.path(["context", "n"], schema).text, "New total");
});

test("attributes are spelt as in expressions", () => {
  assert.equal(
    attributeOf(["resource", "properties", "lots", 0, "added_at"]),
    "resource.lots.added_at",
  );
  assert.equal(attributeOf(["context", "properties"]), "context.properties");
  assert.equal(attributeOf(["action", "name"]), "action.name");
  assert.equal(attributeOf(["context", "a-b"]), "context.`a-b`");
});

test("an attribute with indexes leads to its place", () => {
  const path = ["resource", "properties", "lots", "0", "added_at"];
  assert.deepEqual(pathOf("resource.lots[0].added_at"), path);
  assert.deepEqual(pathOf("context.until"), ["context", "until"]);
});

test("values are said by their names, and in their language", () => {
  const schema = { enum: ["card", "cash"] };
  const list = { type: "array", items: schema };
  assert.equal(sayValue("card", schema, SAY, "resource.method"), "Kort");
  assert.equal(sayValue(["card", "cash"], list, SAY, "resource.method"), "Kort, Cash");
  assert.equal(sayValue("remove", {}, SAY, "action.name"), "Fjern licenser");
  assert.equal(sayValue("card", {}, SAY, "resource.note"), "card");
  assert.equal(languageOf("cash", schema, SAY, "resource.method"), "en");
  assert.equal(languageOf(["card"], list, SAY, "resource.method"), undefined);
  assert.equal(languageOf("cash", {}, SAY, "resource.note"), undefined);
});

test("an output's codes are called as such values are, where these have one title", () => {
  assert.equal(sayOutput("card", SAY), "Kort");
  assert.equal(sayOutput(["card", "remove"], SAY), "Kort, fjern licenser");
  assert.equal(sayOutput(["card", "elsewhere"], SAY), "card, elsewhere");
  assert.equal(sayOutput([], SAY), "ingen");
  assert.equal(sayOutput(3, SAY), "3");
});

test("within a sentence names begin small, but for initials", () => {
  assert.deepEqual(["Remove licences", "CSP partner", "Åben", "MCA", "", "X"].map(small), [
    "remove licences",
    "CSP partner",
    "åben",
    "MCA",
    "",
    "x",
  ]);
});
