/** The tokens of an expression, for colours and completion: it never fails, whatever is typed. */

export type TokenKind =
  | "string"
  | "number"
  | "keyword"
  | "request"
  | "name"
  | "field"
  | "function"
  | "operator"
  | "comment"
  | "wrong";

/** Offsets are into the expression's text. An `open` string has no closing quote. */
export interface Token {
  readonly kind: TokenKind;
  readonly from: number;
  readonly to: number;
  readonly open?: boolean;
}

const KEYWORDS = new Set(["true", "false", "null", "in"]);
const REQUEST = new Set(["subject", "action", "resource", "context", "now"]);
const OPERATORS = ["&&", "||", "<=", ">=", "==", "!=", ".?", "[?"];
const SIGNS = new Set("<>+-*/%!?:.,()[]{}");

export function tokens(text: string): Token[] {
  return [...scan(text, 0)];
}

/** The tokens from a place on, one after another, for those who do not want all. */
export function* scan(text: string, from: number): Generator<Token> {
  let at = from;
  let afterDot = false;
  while (at < text.length) {
    if (isSpace(text.charAt(at))) {
      at += 1;
      continue;
    }
    const token = tokenAt(text, at, afterDot);
    yield token;
    at = token.to;
    const written = text.slice(token.from, token.to);
    afterDot = token.kind === "operator" && (written === "." || written === ".?");
  }
}

function tokenAt(text: string, from: number, afterDot: boolean): Token {
  const char = text.charAt(from);
  if (text.startsWith("//", from)) {
    const end = text.indexOf("\n", from);
    return { kind: "comment", from, to: end < 0 ? text.length : end };
  }
  const quote = /^(?:[rR]?[bB]?|[bB][rR])(?='|")/.exec(text.slice(from, from + 3));
  if (quote !== null) {
    return stringAt(text, from, from + quote[0].length, /r/i.test(quote[0]));
  }
  if (isDigit(char) || (char === "." && !afterDot && isDigit(text.charAt(from + 1)))) {
    return { kind: "number", from, to: numberEnd(text, from) };
  }
  if (isLetter(char)) {
    return wordAt(text, from, afterDot);
  }
  if (char === "`" && afterDot) {
    const end = text.indexOf("`", from + 1);
    return { kind: "field", from, to: end < 0 ? text.length : end + 1 };
  }
  const operator = OPERATORS.find((one) => text.startsWith(one, from));
  if (operator !== undefined) {
    return { kind: "operator", from, to: from + operator.length };
  }
  return { kind: SIGNS.has(char) ? "operator" : "wrong", from, to: from + 1 };
}

function wordAt(text: string, from: number, afterDot: boolean): Token {
  let to = from + 1;
  while (to < text.length && isWord(text.charAt(to))) {
    to += 1;
  }
  const word = text.slice(from, to);
  if (/^\s*\(/.test(text.slice(to, to + 40)) && !KEYWORDS.has(word)) {
    return { kind: "function", from, to };
  }
  if (afterDot) {
    return { kind: "field", from, to };
  }
  if (KEYWORDS.has(word)) {
    return { kind: "keyword", from, to };
  }
  return { kind: REQUEST.has(word) ? "request" : "name", from, to };
}

function stringAt(text: string, from: number, quoteAt: number, raw: boolean): Token {
  const sign = text.charAt(quoteAt);
  const triple = text.startsWith(sign.repeat(3), quoteAt);
  const quote = triple ? sign.repeat(3) : sign;
  let at = quoteAt + quote.length;
  while (at < text.length) {
    if (text.startsWith(quote, at)) {
      return { kind: "string", from, to: at + quote.length };
    }
    if (!triple && text.charAt(at) === "\n") {
      return { kind: "string", from, to: at, open: true };
    }
    at += !raw && text.charAt(at) === "\\" ? 2 : 1;
  }
  return { kind: "string", from, to: text.length, open: true };
}

function numberEnd(text: string, from: number): number {
  const written = /^(?:0[xX][0-9a-fA-F]+[uU]?|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[uU]?)/;
  return from + (written.exec(text.slice(from, from + 400))?.[0].length ?? 1);
}

export function isWord(char: string): boolean {
  return isLetter(char) || isDigit(char);
}

function isLetter(char: string): boolean {
  return (char >= "a" && char <= "z") || (char >= "A" && char <= "Z") || char === "_";
}

function isDigit(char: string): boolean {
  return char >= "0" && char <= "9";
}

function isSpace(char: string): boolean {
  return char === " " || char === "\n" || char === "\t" || char === "\r" || char === "\f";
}
