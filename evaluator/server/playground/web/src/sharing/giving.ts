/** How things leave the page: by the clipboard, or as files. */

/** Whether the browser has let the page copy. */
export async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // not on a secure origin, not permitted, or not focused
  }
}

export function download(name: string, content: string | Uint8Array<ArrayBuffer>): void {
  const type = typeof content === "string" ? "text/plain;charset=utf-8" : "application/zip";
  const address = URL.createObjectURL(new Blob([content], { type }));
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.download = name;
  anchor.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
