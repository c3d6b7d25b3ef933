/** Whether the page is as narrow as on a phone: as the style sheets have it, see `layout.css`. */
import { useEffect, useState } from "preact/hooks";

const NARROW = "(max-width: 520px)";

export function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const look = () => setNarrow(query.matches);
    query.addEventListener("change", look);
    return () => query.removeEventListener("change", look);
  }, []);
  return narrow;
}
