/** What people call types, actions, attributes and values: by the pack's titles, else as spelt. */
import type { PackInfo, Texts as LocaleTexts } from "./api";
import type { Locale } from "./bridge";
import { capitalised, title, words } from "./humanise";
import type { Path } from "./paths";
import { type Schema, schemaAt } from "./schema";
import { TEXTS } from "./texts";

/** A name, and its language where that is not the reader's. */
export interface Name {
  readonly text: string;
  readonly lang: string | undefined;
}

const ACTION = "action.name";
const TYPE = "resource.type";

/** The names in a pack, for readers of a language. */
export class Names {
  constructor(
    private readonly pack: Pick<PackInfo, "names" | "titles" | "defaultLocale"> | undefined,
    private readonly locale: Locale,
  ) {}

  /** A name in the reader's own language, as the page's own words are. */
  own(text: string): Name {
    return { text, lang: undefined };
  }

  type(name: string): Name {
    return this.titled(this.pack?.names.types, name) ?? this.spelt(name);
  }

  action(name: string): Name {
    return this.titled(this.pack?.names.actions, name) ?? this.spelt(name);
  }

  output(name: string): Name {
    return this.titled(this.pack?.titles, `outputs.${name}`) ?? this.spelt(name);
  }

  /** What an attribute is called beside others of its object. `path` is its place in a request. */
  attribute(path: Path, schema: Schema): Name {
    return this.titledPath(path) ?? this.bySchema(path.at(-1) ?? "", schema);
  }

  /** An action, or a value that has one title wherever there is such a value; else nothing. */
  code(name: string): Name | undefined {
    const values = Object.values(this.pack?.names.values ?? {});
    const found = [this.pack?.names.actions, ...values].flatMap(
      (known) => this.titled(known, name) ?? [],
    );
    return new Set(found.map(({ text }) => text)).size === 1 ? found[0] : undefined;
  }

  /** A value out of a choice; `attribute` is spelt as expressions spell it. */
  value(attribute: string, value: string): Name {
    if (attribute === ACTION) {
      return this.action(value);
    }
    if (attribute === TYPE) {
      return this.type(value);
    }
    const known = this.pack?.names.values;
    const values = known && Object.hasOwn(known, attribute) ? known[attribute] : undefined;
    return this.titled(values, value) ?? this.spelt(value);
  }

  /**
   * What a place in a request is called by itself: "Effective", "Billing account type",
   * "Lots 1: quantity" by number. `schema` is that of the whole request.
   */
  path(path: Path, schema: Schema): Name {
    const parts: string[] = [];
    let group: string[] = [];
    let lang: string | undefined;
    path.forEach((key, at) => {
      const above = path.slice(0, at + 1);
      if (isIndex(key)) {
        parts.push(...group, `${Number(key) + 1}:`);
        group = [];
      } else if (at > 0 && !isEnvelope(above)) {
        const known = this.titledPath(above);
        const name = known ?? this.bySchema(key, schemaAt(schema, above), words);
        group = known === undefined ? [...group, name.text] : [name.text];
        lang = name.lang;
      }
    });
    const text = [...parts, ...group].join(" ").replace(/:$/, "");
    return { text: capitalised(text), lang };
  }

  /**
   * What an instant at a place in a request is called among others: "Added", or "Added, no. 2" where
   * several items of a list have one.
   */
  mark(path: Path, schema: Schema, ofSeveral: boolean): Name {
    const index = path.map(isIndex).lastIndexOf(true);
    if (index < 0) {
      return this.path(path, schema);
    }
    const { text, lang } = this.attribute(path, schemaAt(schema, path));
    return {
      text: ofSeveral ? TEXTS[this.locale].numbered(text, Number(path[index]) + 1) : text,
      lang,
    };
  }

  private titledPath(path: Path): Name | undefined {
    const attribute = attributeOf(path);
    const known = this.titled(this.pack?.names.attributes, attribute);
    return known ?? (attribute === ACTION ? this.own(TEXTS[this.locale].action) : undefined);
  }

  private titled(
    known: { readonly [name: string]: LocaleTexts } | undefined,
    name: string,
  ): Name | undefined {
    const texts = known !== undefined && Object.hasOwn(known, name) ? known[name] : undefined;
    const fallback = this.pack?.defaultLocale ?? "en";
    for (const locale of [this.locale, fallback]) {
      const text = texts?.[locale];
      if (text) {
        return { text, lang: locale === this.locale ? undefined : locale };
      }
    }
    return undefined;
  }

  private bySchema(key: string | number, schema: Schema, say = title): Name {
    return this.foreign(schema.title ?? say(String(key)));
  }

  private spelt(name: string): Name {
    return this.foreign(title(name));
  }

  /** Names and schemas are in the pack's default language. */
  private foreign(text: string): Name {
    const language = this.pack?.defaultLocale;
    return { text, lang: language === this.locale ? undefined : language };
  }
}

/** A place in a request as expressions spell it, items of lists without an index. */
export function attributeOf(path: Path): string {
  return path
    .filter((key, at) => !isIndex(key) && !isEnvelope(path.slice(0, at + 1)))
    .map((key) => (/^[A-Za-z_]\w*$/.test(String(key)) ? key : `\`${key}\``))
    .join(".");
}

/** The place in a request of an attribute with indexes: `resource.lots[0].added_at`. */
export function pathOf(attribute: string): Path {
  const [root = "", ...rest] = attribute.split(/[.[\]]+/).filter((part) => part !== "");
  return root === "context" ? [root, ...rest] : [root, "properties", ...rest];
}

/** A name as it stands within a sentence: it begins small, but for initials such as "CSP". */
export function small(name: string): string {
  const first = name[Symbol.iterator]().next().value ?? "";
  const rest = name.slice(first.length);
  return /^[\p{Lu}\d]/u.test(rest) ? name : first.toLowerCase() + rest;
}

function isIndex(key: string | number): boolean {
  return typeof key === "number" || /^\d+$/.test(key);
}

/** Whether a path is the `properties` of an entity, which attributes leave out. */
function isEnvelope(path: Path): boolean {
  return path.length === 2 && path[1] === "properties" && path[0] !== "context";
}
