"""A process that has loaded the files of a playground, of which workers are forked.

``python -m evaluator.server.playground.nursery [CONTROL]`` reads from its standard input what there
is, and says that it is ready. Then it follows orders that come by a socket, the descriptor CONTROL:
to fork a worker, whose questions come by another one that is sent along, or to kill it. It tells
there which workers have ended, and how. It never reads what a page has sent.

Where nothing forks there is no CONTROL, and the process is itself a worker.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import socket
import sys
import traceback
from contextlib import suppress
from typing import BinaryIO, NoReturn

import msgspec

from evaluator.server.playground import frames
from evaluator.server.playground.answering.workspace import Workspace
from evaluator.server.playground.frames import ENDED, FORK, ORDER, READY
from evaluator.server.playground.limits import Bounds, follow_parent, hold
from evaluator.server.playground.worker import Worker

__all__ = ["main"]


class _Nursery:
    """Forks workers, and tells how they have ended."""

    def __init__(self, worker: Worker, memory: int, control: socket.socket) -> None:
        self._worker = worker
        self._memory = memory
        self._control = control
        self._pid = os.getpid()
        self._numbers: dict[int, int] = {}  # of the workers that live, by their processes

    def tend(self) -> None:
        """Follows orders until nobody can give any."""
        woken, waking = socket.socketpair()
        woken.setblocking(False)
        waking.setblocking(False)
        signal.set_wakeup_fd(waking.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        with woken, waking, selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(woken, selectors.EVENT_READ)
            follows = True
            while follows:
                for key, _ in selector.select():
                    if key.fileobj is woken:
                        woken.recv(4096)
                        self._tell_ends()
                    else:
                        follows = self._follow()

    def _follow(self) -> bool:
        """Follows the next order; whether there is one."""
        wait = getattr(socket, "MSG_WAITALL", 0)
        order, descriptors, _, _ = socket.recv_fds(self._control, ORDER.size, 1, wait)
        if len(order) < ORDER.size:
            return False
        what, number = ORDER.unpack(order)
        if what == FORK:
            self._fork(number, descriptors[0])
        else:
            for pid in [pid for pid, its in self._numbers.items() if its == number]:
                os.kill(pid, signal.SIGKILL)
        return True

    def _fork(self, number: int, descriptor: int) -> None:
        try:
            pid = os.fork()
        except OSError:
            self._control.sendall(ENDED.pack(number, 1))
        else:
            if pid == 0:
                self._be_worker(descriptor)
            self._numbers[pid] = number
        os.close(descriptor)

    def _tell_ends(self) -> None:
        with suppress(ChildProcessError):  # there are none left
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                pid, status = ended
                code = os.waitstatus_to_exitcode(status)
                self._control.sendall(ENDED.pack(self._numbers.pop(pid), code))

    def _be_worker(self, descriptor: int) -> NoReturn:
        """What a forked process does until its end."""
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            follow_parent()
            if os.getppid() != self._pid:
                os._exit(0)  # it had gone before it could be followed
            self._control.close()
            questions = os.fdopen(os.dup(descriptor), "rb")
            answers = os.fdopen(descriptor, "wb")
            hold(self._memory)
            code = self._worker.serve(questions, answers)
        except BaseException:  # noqa: BLE001  # nothing of the nursery goes on in here
            traceback.print_exc()
        finally:
            os._exit(code)


def main() -> int:
    """Answers or forks until there is nothing more to read; the exit code."""
    follow_parent()
    sys.dont_write_bytecode = True
    questions, answers = _pipes()
    setup = frames.read(questions)
    if setup is None:
        return 0
    told = msgspec.msgpack.decode(setup)
    worker = Worker(Workspace(told["files"], Bounds(**told["bounds"])))
    worker.warm()
    gc.collect()
    gc.freeze()  # all of it stays, and is shared for as long as nobody writes there
    if len(sys.argv) < 2:
        hold(told["memory"])
        return worker.serve(questions, answers)
    with suppress(ConnectionError), socket.socket(fileno=int(sys.argv[1])) as control:
        frames.write(answers, READY)
        _Nursery(worker, told["memory"], control).tend()
    return 0


def _pipes() -> tuple[BinaryIO, BinaryIO]:
    """Where questions come from and answers go, out of the way of whoever prints something."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sys.stdin.buffer, answers


if __name__ == "__main__":
    sys.exit(main())
