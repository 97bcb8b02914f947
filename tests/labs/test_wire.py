"""tools.labs.wire: what crosses the socket between a submission and the checks, and what does not."""

import socket
import threading

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from tools.labs import wire


class Grumpy(Exception):
    def __str__(self):
        raise self


FUNCTIONS = {
    "same": lambda value: value,
    "apply": lambda function, value: function(value) + 1,
    "double_in_place": lambda array: array.__imul__(2),
    "append": lambda items: items.append(1),
    "draw": lambda generator: generator.normal(),
    "make": lambda: lambda x: 3 * x,
    "divide": lambda: 1 / 0,
    "stop": lambda: next(iter([])),
    "grumble": lambda: (_ for _ in ()).throw(Grumpy),
}


@pytest.fixture
def call():
    """Call one of FUNCTIONS at the other end of a socket."""
    here, there = socket.socketpair()
    pipe, other = wire.Wire(here), wire.Wire(there, lambda what: FUNCTIONS[what[1]])

    def answer():
        with pytest.raises(wire.Ended):
            other.serve()

    thread = threading.Thread(target=answer)
    thread.start()

    def function(name, *arguments):
        return pipe.call(["name", name], *arguments)

    function.pipe = pipe
    yield function
    here.shutdown(socket.SHUT_RDWR)
    thread.join()
    here.close()
    there.close()


@pytest.mark.parametrize("value", [
    None, True, 3, 2**80, 1.5, float("inf"), "字\ud800\n", [], [1, [2, "x"]], (1, 2), {3, 4}, {"a": (1, None), 2: [True]},
    list(range(100)), [0.5] * 100, [2**70] * 100, [True] * 100, np.float32(1.5), np.int64(3), np.arange(6.0).reshape(2, 3)[:, ::2],
    np.zeros((0, 4)), np.array(5), np.array(["ab", "c"]), np.array([1 + 2j]), np.array([True, False]), np.array(["a", None], dtype=object),
], ids=repr)  # fmt: skip
def test_plain_values_arrive_as_they_are(call, value):
    found = call("same", value)
    assert type(found) is type(value)
    if isinstance(value, np.ndarray):
        assert (found.dtype, found.shape) == (value.dtype, value.shape)
    assert np.array_equal(found, value) if isinstance(value, np.ndarray) else found == value


def test_tables_and_sparse_matrices_arrive(call):
    table = pd.DataFrame({"n": [1, 2], "text": ["x", None], "gap": [0.5, np.nan]}, index=[7, 3])
    pd.testing.assert_frame_equal(call("same", table), table)
    assert call("same", table["n"]).tolist() == [1, 2]  # a single column arrives as an array
    assert [call("same", each) for each in (range(3), {"a": 1}.values())] == [[0, 1, 2], [1]]
    matrix = sparse.csr_array(np.eye(3))
    assert (call("same", matrix) != matrix).nnz == 0


def test_functions_stay_where_they_are_and_can_be_called_from_both_sides(call):
    assert call("apply", lambda x: 10 * x, 4) == 41
    triple = call("make")
    assert callable(triple)
    assert triple(5) == 15
    assert call("same", triple).__class__.__name__ == "function"


def test_a_frozen_array_stays_frozen(call):
    array = np.ones(2)
    array.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        call("double_in_place", array)


def test_what_is_handed_over_is_a_copy_and_changes_are_recorded(call):
    array, items, other = np.ones(2), [3], np.ones(2)
    call("double_in_place", array)
    call("append", items)
    call("same", other)
    assert array.tolist() == [1, 1]
    assert items == [3]
    changed = {key: now for key, (_, now) in call.pipe.changed.items()}
    assert changed[id(array)].tolist() == [2, 2]
    assert changed[id(items)] == [3, 1]
    assert id(other) not in changed


def test_a_generator_goes_on_where_the_other_side_left_it(call):
    mine, reference = np.random.default_rng(1), np.random.default_rng(1)
    assert [call("draw", mine), mine.normal()] == [reference.normal(), reference.normal()]


def test_errors_come_back_and_none_that_steers_a_loop(call):
    with pytest.raises(ZeroDivisionError, match="division by zero"):
        call("divide")
    with pytest.raises(Exception, match="^$") as caught:
        call("stop")
    assert not isinstance(caught.value, StopIteration)
    with pytest.raises(Exception, match="an error that cannot be shown"):
        call("grumble")


@pytest.mark.parametrize("sent", [b"", b"\xff" * 8, (4).to_bytes(8, "big") + b"nope", (12).to_bytes(8, "big") + b'["hi", [1e9]]'])
def test_what_is_no_message_ends_the_conversation(sent):
    here, there = socket.socketpair()
    with here, there:
        there.sendall(sent)
        there.shutdown(socket.SHUT_WR)
        with pytest.raises(wire.Ended):
            wire.Wire(here).call(["name", "same"], 1)


OUT_OF_BOUNDS = '["tuple", [["list", [1.0]], ["list", [7]], ["list", [0, 1, 1]]]]'  # column 7 of 2


@pytest.mark.parametrize("tree", [
    f'["sparse", ["list", [true, ["tuple", [2, 2]], {OUT_OF_BOUNDS}]]]',
    '["pickle", "x"]', '["array", 0, [false, "|O", [1], true]]', '["array", 0, [false, "<f8", [9], true]]', '["yours", ["name", "x"]]',
    '["yours", ["kept", 5]]', '["list", [[1]]]', '["numbers", 0, ["eval", "q"]]', '["numbers", 0, ["list", "u"]]',
])
def test_forged_data_is_an_error_of_that_call(tree):
    here, there = socket.socketpair()
    with here, there:
        head = f'[["list", ["done", {tree}, ["dict", []]]], [8]]'.encode()
        there.sendall(len(head).to_bytes(8, "big") + head + bytes(8))
        with pytest.raises(ValueError, match="what came back is no plain data"):
            wire.Wire(here).call(["name", "same"], 1)
