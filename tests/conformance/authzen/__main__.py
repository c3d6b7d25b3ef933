"""Puts AuthZEN request and answer pairs to a service.

``python -m tests.conformance.authzen URL FILE.json``
"""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.conformance.authzen.cases import read_cases, run


def _asker(base: str) -> Any:
    def ask(method: str, path: str, body: Any) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json"}
        request = urllib.request.Request(base + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            text = error.read()
            try:
                return error.code, json.loads(text)
            except ValueError:
                return error.code, text.decode("utf-8", "replace")

    return ask


def main(arguments: list[str]) -> int:
    """Prints what failed, and how many passed."""
    if len(arguments) != 2:
        sys.stderr.write("usage: python -m tests.conformance.authzen URL FILE.json\n")
        return 2
    url, file = arguments
    try:
        found = run(read_cases(Path(file)), _asker(url.rstrip("/")))
    except urllib.error.URLError as error:
        sys.stderr.write(f"{url} does not answer: {error.reason}\n")
        return 2
    for case, failure in found:
        if failure is not None:
            sys.stdout.write(f"{case.name}: {failure}\n")
    passed = sum(failure is None for _, failure in found)
    sys.stdout.write(f"passed {passed} of {len(found)}\n")
    return 0 if passed == len(found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
