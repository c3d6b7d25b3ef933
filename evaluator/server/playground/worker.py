"""What a worker does: it answers by policies of which nobody knows where they come from.

``nursery`` makes a process of it, and ``pool`` ends it when it takes too long.
"""

from __future__ import annotations

import os
import sys
import traceback
from typing import BinaryIO, Final

import msgspec

from evaluator.language.values import Timestamp
from evaluator.server.playground import frames
from evaluator.server.playground.answering.asking import Asked, InvalidError, TooLargeError
from evaluator.server.playground.answering.checking import diagnostics_json
from evaluator.server.playground.answering.endpoints import ENDPOINTS
from evaluator.server.playground.answering.workspace import UnloadableError, Workspace
from evaluator.server.playground.frames import BEGUN, OUT_OF_MEMORY, READY
from evaluator.server.playground.limits import renew
from evaluator.server.playground.problems import problem, to_json

__all__ = ["Worker"]

_LONGEST_LOCALE: Final = 35


class Worker:
    """Answers questions about some files."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def answer(self, name: str, body: bytes) -> tuple[int, bytes]:
        """The status and the JSON of an answer. Raises ``MemoryError``."""
        try:
            return 200, to_json(ENDPOINTS[name](self._workspace, self._asked(body)))
        except InvalidError as error:
            return 400, problem("invalid", str(error))
        except TooLargeError as error:
            return 413, problem("too-large", str(error))
        except UnloadableError as error:
            loaded = error.loaded
            told = diagnostics_json(loaded.diagnostics, loaded.places)
            return 422, problem("unloadable", str(error), diagnostics=told)
        except RecursionError:
            return 400, problem("invalid", "it is nested too deeply")
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  # a mistake of ours; the next question has another answer
            _report(error)
            return 503, problem(
                "crashed", "the playground has failed to answer; its log says where"
            )

    def warm(self) -> None:
        """Does once what takes longer the first time, so that nobody has to wait for it."""
        base = self._workspace.base
        first = {place.suite.pack: place.step.question for place in reversed(base.scenarios)}
        for pack in base.packs:
            question = first.get(pack.name)
            if question is None:
                continue
            asked = {"edits": {}, "request": question.request, "now": str(Timestamp(question.now))}
            asked["actions"] = [question.request["action"]["name"]]
            for locale in pack.locales:
                for name in ("decide", "timeline", "explain"):
                    self.answer(name, to_json({**asked, "locale": locale}))

    def serve(self, questions: BinaryIO, answers: BinaryIO) -> int:
        """Answers questions until there are no more; the exit code.

        A question is how many seconds it may take, which one it is, and what is asked.
        """
        frames.write(answers, READY)
        while (question := frames.read(questions)) is not None:
            frames.write(answers, BEGUN)
            seconds, name, body = question.split(b"\n", 2)
            renew(float(seconds))
            try:
                status, answer = self.answer(name.decode("ascii"), body)
                frames.write(answers, b"%03d" % status + answer)
            except MemoryError:
                os._exit(OUT_OF_MEMORY)  # nothing may be relied on any more
        return 0

    def _asked(self, body: bytes) -> Asked:
        try:
            fields = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise InvalidError(f"what was sent is no JSON: {error}") from None
        if not isinstance(fields, dict):
            raise InvalidError("what was sent is no object")
        edits = fields.get("edits", {})
        if not isinstance(edits, dict) or not all(isinstance(one, str) for one in edits.values()):
            raise InvalidError("`edits` is no object of texts")
        locale = fields.get("locale", "en")
        if not isinstance(locale, str) or not _is_locale(locale):
            raise InvalidError("`locale` is no language, such as en or da-DK")
        if "request" in fields:
            size = len(msgspec.json.encode(fields["request"]))
            if size > self._workspace.bounds.request:
                most = self._workspace.bounds.request
                raise TooLargeError(f"the request has more than {most} bytes")
        return Asked(edits, locale, fields)


def _report(error: Exception) -> None:
    """Says where something went wrong. What was said there may quote a policy, and is not told."""
    traceback.print_tb(error.__traceback__, file=sys.stderr)
    sys.stderr.write(f"{type(error).__name__} in a worker of the playground\n")
    sys.stderr.flush()


def _is_locale(text: str) -> bool:
    return len(text) <= _LONGEST_LOCALE and all(
        part.isascii() and part.isalnum() for part in text.split("-")
    )
