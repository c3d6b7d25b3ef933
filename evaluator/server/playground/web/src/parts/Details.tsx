/** The attributes of an object as people read them: pairs of name and value, lists as tables. */
import type { Json } from "../api";
import { isFlat, sayValue, title } from "../humanise";
import { useSaying, useSchemaLanguage, useTexts } from "../page";
import { isObject } from "../paths";
import { type Schema, schemaAt } from "../schema";

type Attributes = { readonly [key: string]: Json };

interface DetailsProps {
  readonly value: Attributes;
  readonly schema: Schema;
}

export function Details({ value, schema }: DetailsProps) {
  const rows = flat(value, schema, []);
  const tables = Object.entries(value).filter((entry): entry is [string, Attributes[]] =>
    isTable(entry[1]),
  );
  return (
    <>
      <dl class="pairs">
        {rows.map(({ name, value, schema }) => (
          <Pair key={name} name={name} value={value} schema={schema} />
        ))}
      </dl>
      {tables.map(([key, items]) => (
        <ItemTable
          key={key}
          name={schemaAt(schema, [key]).title ?? title(key)}
          items={items}
          schema={schemaAt(schema, [key, 0])}
        />
      ))}
    </>
  );
}

function Pair({ name, value, schema }: Row) {
  const language = useSchemaLanguage();
  const say = useSaying();
  return (
    <div class="pair">
      <dt title={schema.description} lang={language}>
        {name}
      </dt>
      <dd>{sayValue(value, schema, say)}</dd>
    </div>
  );
}

interface Row {
  readonly name: string;
  readonly value: Json;
  readonly schema: Schema;
}

/** The scalars and lists of scalars, those of nested objects named by both; in schema order. */
function flat(value: Attributes, schema: Schema, above: readonly string[]): Row[] {
  const order = Object.keys(schema.properties ?? {});
  const keys = [
    ...order.filter((key) => key in value),
    ...Object.keys(value).filter((key) => !order.includes(key)),
  ];
  return keys.flatMap((key): Row[] => {
    const part = value[key] ?? null;
    const below = schemaAt(schema, [key]);
    if (isTable(part)) {
      return [];
    }
    if (isObject(part)) {
      return flat(part, below, [...above, key]);
    }
    return [{ name: title([...above, below.title ?? key].join(" ")), value: part, schema: below }];
  });
}

/** A list with at least one object in it, all of them without parts of their own. */
function isTable(value: Json): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isFlat);
}

interface ItemTableProps {
  readonly name: string;
  readonly items: readonly Attributes[];
  readonly schema: Schema;
}

function ItemTable({ name, items, schema }: ItemTableProps) {
  const t = useTexts();
  const say = useSaying();
  const columns = [...new Set(items.flatMap((item) => Object.keys(item)))];
  return (
    <div class="table-scroll" role="group" aria-label={name} tabIndex={0}>
      <table class="items">
        <caption>{name}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {schemaAt(schema, [column]).title ?? title(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item, at) => (
            <tr key={at}>
              {columns.map((column) => (
                <td key={column}>
                  {column in item
                    ? sayValue(item[column], schemaAt(schema, [column]), say)
                    : t.notGiven}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
