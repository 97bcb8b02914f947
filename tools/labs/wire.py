"""Plain data across a socket, between a submission and the checks: no pickles, nothing that runs when it is read.

Both sides speak the same way. A message is JSON and raw arrays, of at most MOST_BYTES. Numbers, texts, lists, tuples, sets, dicts,
NumPy's arrays and generators, tensors, tables and sparse matrices go as data; everything else (functions, models) stays where it is,
and the other side gets a `Remote` that can be called or handed back.
"""

import array
import contextlib
import hashlib
import json
import re
import socket
import struct
import sys
from collections.abc import KeysView, ValuesView

import numpy as np

MOST_BYTES = 1 << 28  # of the JSON of a message, and of its arrays
FEW, SMALL = 64, 1 << 14  # from so many numbers on they are packed; arrays of fewer bytes are sent together
LONGEST_MESSAGE = 2000  # characters of an error
PLAIN = {bool, int, float, str, type(None)}
DTYPE = re.compile(r"[<>|]?(?:[biufc]\d{1,2}|[US]\d{1,6})")
SEQUENCES = {"list": list, "tuple": tuple, "set": set}
# Errors that come back as what they were; others, such as StopIteration, come back as an ordinary error of that name.
ERRORS = {error.__name__: error for error in (
    AssertionError, IndexError, KeyError, NotImplementedError, OSError, TypeError, ValueError, ZeroDivisionError)}  # fmt: skip


class Ended(BaseException):
    """The other side is gone, or sent what is no message."""


class Remote:
    """Something that stayed on the other side; its class bears the name of the class there."""

    def __init__(self, wire: "Wire", what: list):
        self._wire, self._what = wire, what


class RemoteFunction(Remote):
    """Something on the other side that can be called."""

    def __call__(self, *arguments, **named):
        return self._wire.call(self._what, *arguments, **named)


class Wire:
    """One end of the socket.

    Args:
        end: a connected stream socket.
        find: returns the function that the other side means by a list such as ["name", "price"]; None allows only what was handed over.
    """

    def __init__(self, end: socket.socket, find=None):
        self._end, self._find = end, find
        self._kept = []  # what the other side knows by number
        self.changed = {}  # id -> (an argument as it was handed over, what the other side made of it)

    def call(self, what: list, *arguments, **named):
        """Call something on the other side.

        Raises:
            Ended: if the other side is gone. Errors of the other side come back as the built-in of that name, or as one made up.
        """
        self.begin(what, *arguments, **named)
        return self.end(arguments)

    def begin(self, what: list, *arguments, **named) -> None:
        """Send a call; `end` waits for what it returns."""
        self._send(["call", what, list(arguments), named])

    def end(self, arguments: tuple = ()):
        while True:
            kind, *rest = self._receive()
            if kind == "call":
                self._serve(*rest)
            elif kind == "done":
                result, changed = rest
                for place, before in enumerate(arguments):
                    if isinstance(before, np.random.Generator) and isinstance(changed.get(place), np.random.Generator):
                        before.bit_generator.state = changed[place].bit_generator.state
                    elif place in changed:
                        self.changed[id(before)] = before, changed[place]
                return result
            else:
                name, message = rest
                raise (ERRORS.get(name) or type(_name(name), (Exception,), {}))(str(message)[:LONGEST_MESSAGE])

    def serve(self) -> None:
        """Answer calls until the other side is gone."""
        while True:
            self._serve(*self._receive()[1:])

    def _serve(self, what, arguments, named) -> None:
        try:
            watched = [self._watched(each) for each in arguments]
            result = self._function(what)(*arguments, **named)
            changed = {place: arguments[place] for place, is_changed in enumerate(watched) if is_changed()}
            self._send(["done", result, changed])
        except Ended:
            raise
        except BaseException as error:
            self._send(["failed", type(error).__name__, said(error)])

    def _function(self, what):
        if what[0] == "kept":
            return self._kept[what[1]]
        if self._find is None:
            raise LookupError(f"nothing is called {what}")
        return self._find(what)

    # Messages

    def _send(self, message: list) -> None:
        arrays = []
        tree = self._tree(message, arrays)
        head = json.dumps([tree, [len(each) for each in arrays]]).encode()
        if max(len(head), sum(map(len, arrays))) > MOST_BYTES:
            raise ValueError(f"more than {MOST_BYTES >> 20} MB cannot be handed over at once")
        try:
            together = all(len(each) < SMALL for each in arrays)
            self._end.sendall(b"".join([struct.pack(">Q", len(head)), head, *(arrays if together else ())]))
            for each in () if together else arrays:
                self._end.sendall(each)
        except OSError:
            raise Ended from None

    def _receive(self) -> list:
        (length,) = struct.unpack(">Q", self._exactly(8))
        head = self._exactly(length)
        try:
            tree, lengths = json.loads(head)
            if not all(type(each) is int and 0 <= each <= MOST_BYTES for each in lengths) or sum(lengths) > MOST_BYTES:
                raise ValueError
        except (ValueError, TypeError, RecursionError):
            raise Ended from None
        arrays = [self._exactly(each) for each in lengths]
        try:
            message = self._decoded(tree, arrays)
            if message[0] in ("call", "done", "failed") and len(message) == {"call": 4, "done": 3, "failed": 3}[message[0]]:
                return message
        except Exception as error:  # the bytes are read, and the next message can be: what this one held costs this call alone
            return ["failed", "ValueError", f"what came back is no plain data ({type(error).__name__})"]
        raise Ended

    def _exactly(self, count: int) -> bytearray:
        if count > MOST_BYTES:
            raise Ended
        found = bytearray(count)
        view = memoryview(found)
        while view:
            try:
                got = self._end.recv_into(view, 0, socket.MSG_WAITALL)
            except OSError:
                got = 0
            if not got:
                raise Ended
            view = view[got:]
        return found

    # Values

    def _watched(self, value):
        """Return a function that says whether a value has changed since."""
        if type(value) is list and set(map(type, value)) <= PLAIN:
            kept = list(value)
            return lambda: value != kept

        def snapshot() -> tuple:
            arrays = []
            return self._tree(value, arrays), [hashlib.blake2b(each).digest() for each in arrays]

        before = snapshot()
        return lambda: snapshot() != before

    def _tree(self, value, arrays: list):
        """Return a value as JSON; the bytes of its arrays are put into `arrays`."""
        kind = type(value)
        if kind in PLAIN:
            return value
        if isinstance(value, np.ndarray | np.generic) and DTYPE.fullmatch(value.dtype.str):
            arrays.append(memoryview(np.ascontiguousarray(value).reshape(-1).view(np.uint8)))
            facts = [isinstance(value, np.generic), value.dtype.str, list(value.shape), bool(value.flags.writeable)]
            return ["array", len(arrays) - 1, facts]
        for name, base in SEQUENCES.items():
            if isinstance(value, base):
                kinds = set(map(type, value))
                if len(value) > FEW and kinds in ({int}, {float}):
                    with contextlib.suppress(OverflowError):
                        code = "q" if kinds == {int} else "d"
                        arrays.append(memoryview(array.array(code, value)).cast("B"))
                        return ["numbers", len(arrays) - 1, [name, code]]
                return [name, list(value) if kinds <= PLAIN else [self._tree(each, arrays) for each in value]]
        if isinstance(value, dict):
            return ["dict", [[self._tree(each, arrays) for each in pair] for pair in value.items()]]
        if isinstance(value, Remote) and value._wire is self:
            return ["yours", value._what]
        if (parts := _taken_apart(value)) is not None:
            name, part = parts
            return [name, self._tree(part, arrays)]
        if not any(value is each for each in self._kept):
            self._kept.append(value)
        number = next(place for place, each in enumerate(self._kept) if each is value)
        return ["mine", number, [kind.__name__, callable(value)]]

    def _decoded(self, tree, arrays: list):
        if type(tree) in PLAIN:
            return tree
        kind, value, *facts = tree
        if kind in SEQUENCES:
            return SEQUENCES[kind](value if set(map(type, value)) <= PLAIN else [self._decoded(each, arrays) for each in value])
        if kind == "dict":
            return {self._decoded(key, arrays): self._decoded(each, arrays) for key, each in value}
        if kind == "numbers":
            ((name, code),) = facts
            return SEQUENCES[name](array.array({"q": "q", "d": "d"}[code], arrays[value]))
        if kind == "array":
            ((is_scalar, dtype, shape, writeable),) = facts
            if not DTYPE.fullmatch(dtype):
                raise TypeError(dtype)
            found = np.frombuffer(arrays[value], dtype).reshape(shape)
            found.flags.writeable = writeable
            return found[()] if is_scalar else found
        if kind == "yours":
            return self._function(value)
        if kind == "mine":
            ((name, can_be_called),) = facts
            return type(_name(name), (RemoteFunction if can_be_called else Remote,), {})(self, ["kept", value])
        return PUT_TOGETHER[kind](*self._decoded(value, arrays))


def _taken_apart(value) -> tuple | None:
    """Return a value of a library as (a name of PUT_TOGETHER, its parts), a tensor as its array; None for anything else."""
    pandas, sparse = sys.modules.get("pandas"), sys.modules.get("scipy.sparse")
    if isinstance(value, range | KeysView | ValuesView):
        return "as it is", (list(value),)
    if type(value) is np.ndarray and value.dtype == object:
        return "objects", (value.shape, value.ravel().tolist())
    if type(value) is np.random.Generator and type(value.bit_generator) is np.random.PCG64:
        return "generator", (value.bit_generator.state,)
    if pandas and isinstance(value, pandas.DataFrame) and value.columns.nlevels == value.index.nlevels == 1:
        columns = [(str(each.dtype), each.to_numpy(each.dtype if isinstance(each.dtype, np.dtype) else object))
                   for _, each in value.items()]  # fmt: skip
        return "table", (list(value.columns), value.index.to_numpy(), columns)
    if sparse and sparse.issparse(value):
        rows = value.tocsr()
        return "sparse", (isinstance(value, sparse.sparray), value.shape, (rows.data, rows.indices, rows.indptr))
    if hasattr(type(value), "__array__") and type(value) is not np.ndarray:
        with contextlib.suppress(Exception):  # a symbolic tensor is no array
            found = np.array(value)
            return ("as it is", (found,)) if DTYPE.fullmatch(found.dtype.str) else None
    return None


def _objects(shape, values) -> np.ndarray:
    found = np.empty(shape, object)
    found.reshape(-1)[:] = values
    return found


def _generator(state) -> np.random.Generator:
    found = np.random.Generator(np.random.PCG64(0))
    found.bit_generator.state = state
    return found


def _table(names, index, columns):
    import pandas as pd

    found = pd.DataFrame({place: pd.Series(data, index, dtype=dtype if dtype in ("str", "string") else data.dtype)
                          for place, (dtype, data) in enumerate(columns)}, index)  # fmt: skip
    found.columns = names
    return found


def _sparse(is_array, shape, parts):
    from scipy import sparse

    found = (sparse.csr_array if is_array else sparse.csr_matrix)(parts, shape=shape)
    found.check_format(full_check=True)  # SciPy believes what its indices say
    return found


PUT_TOGETHER = {"objects": _objects, "generator": _generator, "table": _table, "sparse": _sparse, "as it is": lambda found: found}


def said(error: BaseException) -> str:
    """Return what an error says, whatever its class does; not too long."""
    try:
        return str(error.args[0] if isinstance(error, KeyError) and error.args else error)[:LONGEST_MESSAGE]
    except BaseException:
        return "an error that cannot be shown"


def _name(text) -> str:
    """Return a name for a class that the other side named."""
    return str(text)[:40] if str(text).isidentifier() else "Unknown"
