/** The page's own words, by language. */
import type { Locale } from "../bridge";
import { da } from "./da";
import { en, type Texts } from "./en";

export type { Texts };

export const TEXTS: { readonly [locale in Locale]: Texts } = { en, da };
