/** The request as others can ask it: a service by curl, the library by Python. */
import type { Request } from "../api";

const EVALUATION = "http://127.0.0.1:8181/access/v1/evaluation";

/** As JSON, with the moment in it: elsewhere another clock would count. */
export function requestAsJson(request: Request, now: string): string {
  const timed = { ...request, context: { ...request.context, time: now } };
  return `${JSON.stringify(timed, null, 2)}\n`;
}

export function requestAsCurl(request: Request, now: string): string {
  const body = requestAsJson(request, now).trimEnd().replaceAll("'", "'\\''");
  return [
    "# of: evaluator serve -p policies --trust-client-time",
    `curl ${EVALUATION} \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '${body}'`,
    "",
  ].join("\n");
}

export function requestAsPython(request: Request, now: string): string {
  // Python reads JSON itself, so that no value has to be written in its own way.
  const body = requestAsJson(request, now).trimEnd();
  const literal = body.replaceAll("\\", "\\\\").replaceAll('"""', '\\"\\"\\"');
  return [
    "import json",
    "",
    "import evaluator",
    "",
    'policies = evaluator.load("policies")',
    'request = json.loads("""',
    literal,
    '""")',
    "decision = policies.decide(request)",
    "print(decision.effect)",
    "for reason in decision.reasons:",
    "    print(reason.message)",
    "",
  ].join("\n");
}
