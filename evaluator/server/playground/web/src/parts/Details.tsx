/** The attributes of an object as people read them: pairs of name and value, lists as tables. */
import type { Json } from "../api";
import { isFlat, languageOf, sayValue } from "../humanise";
import { attributeOf, type Name } from "../names";
import { useNames, useSaying, useTexts } from "../page";
import { isObject, type Path } from "../paths";
import { type Schema, schemaAt } from "../schema";

type Attributes = { readonly [key: string]: Json };

interface DetailsProps {
  readonly value: Attributes;
  /** Where the object stands in a request, and the schema of that. */
  readonly path: Path;
  readonly schema: Schema;
}

export function Details({ value, path, schema }: DetailsProps) {
  const names = useNames();
  const rows = flat(value, path, schema);
  const tables = Object.entries(value).filter((entry): entry is [string, Attributes[]] =>
    isTable(entry[1]),
  );
  return (
    <>
      <dl class="pairs">
        {rows.map((row) => (
          <Pair key={attributeOf(row.path)} {...row} name={nameOf(row.path)} />
        ))}
      </dl>
      {tables.map(([key, items]) => (
        <ItemTable
          key={key}
          name={nameOf([...path, key])}
          items={items}
          path={[...path, key, 0]}
          schema={schemaAt(schema, [...path, key, 0])}
        />
      ))}
    </>
  );

  function nameOf(place: Path): Name {
    return names.path(place, schema);
  }
}

function Pair({ name, value, path, schema }: Row & { readonly name: Name }) {
  const say = useSaying();
  const attribute = attributeOf(path);
  return (
    <div class="pair">
      <dt title={schema.description} lang={name.lang}>
        {name.text}
      </dt>
      <dd lang={languageOf(value, schema, say, attribute)}>
        {sayValue(value, schema, say, attribute)}
      </dd>
    </div>
  );
}

interface Row {
  readonly value: Json;
  readonly path: Path;
  readonly schema: Schema;
}

/** The scalars and lists of scalars, those in nested objects too; in schema order. */
function flat(value: Attributes, path: Path, request: Schema): Row[] {
  const order = Object.keys(schemaAt(request, path).properties ?? {});
  const keys = [
    ...order.filter((key) => key in value),
    ...Object.keys(value).filter((key) => !order.includes(key)),
  ];
  return keys.flatMap((key): Row[] => {
    const part = value[key] ?? null;
    const below = [...path, key];
    if (isTable(part)) {
      return [];
    }
    if (isObject(part)) {
      return flat(part, below, request);
    }
    return [{ value: part, path: below, schema: schemaAt(request, below) }];
  });
}

/** A list with at least one object in it, all of them without parts of their own. */
function isTable(value: Json): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isFlat);
}

interface ItemTableProps {
  readonly name: Name;
  readonly items: readonly Attributes[];
  readonly path: Path;
  readonly schema: Schema;
}

function ItemTable({ name, items, path, schema }: ItemTableProps) {
  const t = useTexts();
  const say = useSaying();
  const columns = [...new Set(items.flatMap((item) => Object.keys(item)))].map((key) => {
    const below = schemaAt(schema, [key]);
    const place = [...path, key];
    return {
      key,
      schema: below,
      attribute: attributeOf(place),
      name: say.names.attribute(place, below),
    };
  });
  return (
    <div class="table-scroll" role="group" aria-label={name.text} tabIndex={0}>
      <table class="items">
        <caption lang={name.lang}>{name.text}</caption>
        <thead>
          <tr>
            {columns.map(({ key, name }) => (
              <th key={key} scope="col" lang={name.lang}>
                {name.text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item, at) => (
            <tr key={at}>
              {columns.map(({ key, schema, attribute }) => (
                <td key={key} lang={languageOf(item[key], schema, say, attribute)}>
                  {key in item ? sayValue(item[key], schema, say, attribute) : t.notGiven}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
