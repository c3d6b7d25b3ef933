/** The whole page. */
import { useEffect } from "preact/hooks";

import { Card } from "./parts/Card";
import { Header } from "./parts/Header";
import { Intro } from "./parts/Intro";
import { Problems } from "./parts/Problems";
import { Tabs } from "./parts/Tabs";
import { usePart, useTexts } from "./page";

export function App() {
  const t = useTexts();
  const locale = usePart((state) => state.locale);
  const opened = usePart((state) => state.opened);
  const announcement = usePart((state) => state.announcement);
  const failed = usePart((state) => state.troubles.open !== undefined);
  useEffect(() => {
    document.documentElement.lang = locale;
    document.title = t.name;
  }, [locale]);
  return (
    <>
      <a class="skip" href="#card">
        {t.skip}
      </a>
      <Header />
      {opened === null ? (
        <main class="loading">
          <p>{failed ? t.loadFailed : t.loading}</p>
        </main>
      ) : (
        <main class="columns">
          <div class="left">
            <Intro />
            {opened.packs.length === 0 ? <p>{t.noPacks}</p> : <Card />}
          </div>
          <Tabs />
        </main>
      )}
      <Problems />
      <footer class="page-foot">
        <span>{t.localOnly}</span>
        {opened !== null && <span>{t.version(opened.version)}</span>}
      </footer>
      <div class="visually-hidden" role="status" aria-live="polite">
        {announcement}
      </div>
    </>
  );
}
