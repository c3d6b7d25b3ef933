/** The head of the page: policies, scenario, language, colours, what can be taken away. */
import type { Locale } from "../bridge";
import { inLocale } from "../humanise";
import { usePage, usePart, useSaying, useTexts } from "../page";
import { packOf, type ThemeChoice } from "../store";
import { ScenarioPicker } from "./ScenarioPicker";
import { Share } from "./Share";

export function Header() {
  const t = useTexts();
  const some = usePart((state) => (state.opened?.packs.length ?? 0) > 0);
  const scenarios = usePart((state) => (packOf(state)?.scenarios.length ?? 0) > 0);
  return (
    <header class="page-head">
      <h1>{t.name}</h1>
      {some && <PackChoice />}
      {scenarios && <ScenarioPicker />}
      <span class="spacer" />
      <LanguageChoice />
      <ThemeChoiceField />
      <Share />
    </header>
  );
}

function PackChoice() {
  const { actions } = usePage();
  const t = useTexts();
  const { locale } = useSaying();
  const packs = usePart((state) => state.opened?.packs) ?? [];
  const chosen = usePart(packOf);
  return (
    <label class="pack-choice">
      <span class="visually-hidden">{t.packs}</span>
      <select
        value={chosen?.name ?? ""}
        onChange={(event) => actions.choosePack(event.currentTarget.value)}
      >
        {packs.map((pack) => (
          <option key={pack.name} value={pack.name}>
            {inLocale(pack.title, locale, pack.defaultLocale) ?? pack.name}
          </option>
        ))}
      </select>
    </label>
  );
}

const LANGUAGES: readonly [Locale, string][] = [
  ["en", "English"],
  ["da", "Dansk"],
];

function LanguageChoice() {
  const { actions } = usePage();
  const t = useTexts();
  const locale = usePart((state) => state.locale);
  return (
    <fieldset class="segmented" aria-label={t.language}>
      {LANGUAGES.map(([one, name]) => (
        <label key={one} lang={one} class={one === locale ? "chosen" : ""}>
          <input
            type="radio"
            name="language"
            checked={one === locale}
            onChange={() => actions.setLocale(one)}
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}

const THEMES: readonly ThemeChoice[] = ["auto", "light", "dark"];

function ThemeChoiceField() {
  const { actions } = usePage();
  const t = useTexts();
  const theme = usePart((state) => state.theme);
  return (
    <label class="theme-choice">
      <span class="visually-hidden">{t.theme}</span>
      <select
        value={theme}
        title={t.theme}
        onChange={(event) => {
          const chosen = THEMES.find((one) => one === event.currentTarget.value);
          actions.setTheme(chosen ?? "auto");
        }}
      >
        {THEMES.map((one) => (
          <option key={one} value={one}>
            {t.themes[one]}
          </option>
        ))}
      </select>
    </label>
  );
}
