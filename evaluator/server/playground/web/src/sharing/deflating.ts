/** Texts made small, and made large again with a bound on how large. */
import { Inflate, deflateSync, strToU8 } from "fflate";

/** So little at a time that what comes out of it stays below a mebibyte. */
const SLICE = 512;

export function deflated(text: string): Uint8Array {
  return deflateSync(strToU8(text), { level: 9 });
}

/** The text; `too-large` when it would have more than `most` bytes, null for what is damaged. */
export function inflated(bytes: Uint8Array, most: number): string | "too-large" | null {
  const parts: Uint8Array[] = [];
  let size = 0;
  let ended = false;
  const inflating = new Inflate((part, final) => {
    parts.push(part);
    size += part.length;
    ended = final;
  });
  try {
    for (let at = 0; at < bytes.length && size <= most; at += SLICE) {
      inflating.push(bytes.subarray(at, at + SLICE), at + SLICE >= bytes.length);
    }
    if (size > most) {
      return "too-large";
    }
    return ended ? new TextDecoder("utf-8", { fatal: true }).decode(joined(parts, size)) : null;
  } catch {
    return null;
  }
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
