"""The submission's side of grading: its cells run here, in a room, and its functions answer the checks' calls.

`python -m tools.labs.submission NUMBER`, with the number of the socket that leads to tools/labs/referee.py. Whatever the submission
does to this process, the checks see only what comes over that socket.
"""

import contextlib
import socket
import sys

from IPython.core.interactiveshell import InteractiveShell

from tools.labs import wire


def main() -> None:
    shell = InteractiveShell.instance()
    shell.history_manager.enabled = False
    shell.showtraceback = shell.showsyntaxerror = lambda *_, **__: None  # the error is in the result

    def run(cells: list) -> dict:
        """Run cells, (name, source), going on after errors; return the first error of each name, (class, message)."""
        errors = {}
        for name, source in cells:
            try:
                result = shell.run_cell(source, store_history=False)
                error = result.error_before_exec or result.error_in_exec
            except BaseException as raised:
                error = raised
            if error is not None:
                errors.setdefault(name, (type(error).__name__, wire.said(error)))
        return errors

    def find(what: list):
        kind, name, *source = what
        if kind == "run":
            return run
        if kind == "beside":
            exec(compile(source[0], "<check>", "exec"), shell.user_ns)
        if name not in shell.user_ns:
            raise NameError(f"name {name!r} is not defined")
        return shell.user_ns[name]

    with contextlib.suppress(wire.Ended):
        wire.Wire(socket.socket(fileno=int(sys.argv[1])), find).serve()


if __name__ == "__main__":
    main()
