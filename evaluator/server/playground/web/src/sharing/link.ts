/** Links: the state as JSON, deflated, in base64url, behind the number of this form of them. */
import type { BadLink, ReadLink, Shared, WriteLink } from "../bridge";
import { fromBase64, toBase64 } from "./base64";
import { deflated, inflated } from "./deflating";
import { sharedFrom } from "./reading";

const VERSION = "1";
/** Of a whole fragment. Longer ones are cut off by programs that links are sent with. */
export const LONGEST_LINK = 32 * 1024;
/** More than the limits of edits and requests together, in bytes. */
const LARGEST = 4 * 1024 * 1024;

export const writeLink: WriteLink = async (shared) => linkOf(shared);

/** The fragment, or null where it is too long. */
export function linkOf({ pack, digest, request, now, locale, edits }: Shared): string | null {
  const text = JSON.stringify({ pack, digest, request, now, locale, edits });
  const link = `#${VERSION}.${toBase64(deflated(text))}`;
  return link.length > LONGEST_LINK ? null : link;
}

export const readLink: ReadLink = async (fragment) => linkFrom(fragment);

export function linkFrom(fragment: string): Shared | BadLink | null {
  const match = /^#?(\d{1,9})\.(.*)$/s.exec(fragment);
  const [, version, packed] = match ?? [];
  if (version === undefined || packed === undefined) {
    return null; // a place on the page, or nothing
  }
  if (version !== VERSION) {
    return { bad: "version" };
  }
  if (fragment.length > LONGEST_LINK) {
    return { bad: "too-large" };
  }
  const bytes = fromBase64(packed);
  const text = bytes === null || bytes.length === 0 ? null : inflated(bytes, LARGEST);
  if (text === null) {
    return { bad: "damaged" };
  }
  if (text === "too-large") {
    return { bad: "too-large" };
  }
  return sharedFrom(text) ?? { bad: "invalid" };
}
