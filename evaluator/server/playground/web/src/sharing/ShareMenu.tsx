/** The share menu: a link to what is shown, the edits as files, the request for use elsewhere. */
import { strToU8, zipSync } from "fflate";
import { useEffect, useId, useRef, useState } from "preact/hooks";

import type { ShareMenuProps } from "../bridge";
import { ByHand } from "./ByHand";
import { copied, download } from "./giving";
import { linkOf } from "./link";
import { patchOf } from "./patch";
import { requestAsCurl, requestAsJson, requestAsPython } from "./snippets";
import { TEXTS, type Texts } from "./texts";

interface Item {
  readonly label: string;
  readonly about?: string;
  readonly off?: boolean;
  readonly run: () => void | Promise<void>;
}

interface Group {
  readonly title: string;
  readonly items: readonly Item[];
}

export function ShareMenu(props: ShareMenuProps) {
  const t = TEXTS[props.locale];
  const id = useId();
  const [open, setOpen] = useState(false);
  const [byHand, setByHand] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const frame = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) {
      return undefined;
    }
    frame.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const outside = (event: PointerEvent) => {
      if (event.target instanceof Node && !frame.current?.contains(event.target)) {
        setOpen(false);
      }
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [open]);

  function close(): void {
    setOpen(false);
    button.current?.focus();
  }

  async function copy(what: string, text: string): Promise<void> {
    if (await copied(text)) {
      props.announce(t.copied(what));
    } else {
      setByHand(text);
    }
  }

  function say(message: string): void {
    setFault(message);
    props.announce(message);
  }

  const groups = groupsOf(props, t, copy, say);

  return (
    <div class="share" ref={frame}>
      <button
        type="button"
        ref={button}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => {
          setFault(null);
          setOpen(!open);
        }}
      >
        {t.share}
      </button>
      {open && (
        <div
          class="share-menu"
          role="menu"
          id={id}
          aria-label={t.menu}
          onKeyDown={(event) => onKeyDown(event, close)}
        >
          {groups.map(({ title, items }) => (
            <div key={title} role="group" aria-label={title} class="share-group">
              <div class="share-title" aria-hidden="true">
                {title}
              </div>
              {items.map((item) => (
                <MenuItem key={item.label} item={item} onDone={close} />
              ))}
            </div>
          ))}
        </div>
      )}
      {fault !== null && (
        <p class="share-fault">
          {fault}{" "}
          <button type="button" class="link" onClick={() => setFault(null)}>
            {t.close}
          </button>
        </p>
      )}
      {byHand !== null && (
        <ByHand
          text={byHand}
          t={t}
          onClose={() => {
            setByHand(null);
            button.current?.focus();
          }}
        />
      )}
    </div>
  );
}

function MenuItem({ item, onDone }: { item: Item; onDone: () => void }) {
  const id = useId();
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      aria-disabled={item.off ? "true" : undefined}
      aria-describedby={item.about === undefined ? undefined : id}
      onClick={() => {
        if (!item.off) {
          onDone();
          void item.run();
        }
      }}
    >
      {item.label}
      {item.about !== undefined && (
        <span class="help" id={id} aria-hidden="true">
          {item.about}
        </span>
      )}
    </button>
  );
}

function groupsOf(
  { shared, files, edits, announce, suiteCase }: ShareMenuProps,
  t: Texts,
  copy: (what: string, text: string) => Promise<void>,
  say: (message: string) => void,
): Group[] {
  const names = Object.keys(edits).sort();
  const off = names.length === 0;
  const noEdits = off ? { off, about: t.noEdits } : {};
  const give = (name: string, content: string | Uint8Array<ArrayBuffer>) => {
    download(name, content);
    announce(t.downloaded(name));
  };
  return [
    {
      title: t.menu,
      items: [
        {
          label: t.copyLink,
          about: t.linkHolds,
          run: async () => {
            const link = linkOf(shared());
            if (link === null) {
              say(t.tooLong);
              return;
            }
            await copy(t.link, addressWith(link));
          },
        },
      ],
    },
    {
      title: t.take,
      items: [
        {
          label: t.files(Math.max(1, names.length)),
          ...noEdits,
          run: () => give("policies.zip", zipped(edits)),
        },
        {
          label: t.patch,
          ...noEdits,
          run: () => give("policies.patch", patchOf(files, edits)),
        },
      ],
    },
    {
      title: t.request,
      items: [
        ...(
          [
            [t.json, "JSON", requestAsJson],
            [t.curl, "curl", requestAsCurl],
            [t.python, "Python", requestAsPython],
          ] as const
        ).map(([label, what, print]) => ({
          label,
          run: () => copy(what, print(shared().request, shared().now)),
        })),
        {
          label: t.suiteCase,
          run: async () => {
            const text = await suiteCase(t.caseName).catch(() => null);
            await (text === null ? say(t.caseFailed) : copy(t.suiteCase, text));
          },
        },
      ],
    },
  ];
}

/** The page's address with a link's fragment. A token in it stays behind: it is the reader's own. */
function addressWith(fragment: string): string {
  const { origin, pathname } = location;
  return `${origin}${pathname}${fragment}`;
}

function zipped(edits: { readonly [file: string]: string }): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(edits).map(([name, text]) => [name, strToU8(text)] as const);
  return new Uint8Array(zipSync(Object.fromEntries(entries), { level: 6 }));
}

function onKeyDown(event: KeyboardEvent, close: () => void): void {
  const menu = event.currentTarget;
  if (!(menu instanceof HTMLElement)) {
    return;
  }
  const items = [...menu.querySelectorAll<HTMLElement>("[role=menuitem]")];
  const at = items.findIndex((item) => item === document.activeElement);
  const moves: { [key: string]: number } = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  };
  const to = moves[event.key];
  if (to !== undefined) {
    event.preventDefault();
    items[to]?.focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    close();
  } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const wanted = event.key.toLowerCase();
    const next = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    next.find((item) => item.textContent?.toLowerCase().startsWith(wanted))?.focus();
  }
}
