"""utils.files: a file appears under its name only when it is whole."""

import pytest

from utils import files


def test_file_appears_at_the_end_and_what_is_missing_is_made(tmp_path):
    path = tmp_path / "new folder" / "it.txt"
    with files.atomic_write(path) as unfinished:
        unfinished.write_text("half")
        assert unfinished.name == path.name and not path.exists()
        unfinished.write_text("whole")
    assert path.read_text() == "whole"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, OSError])
def test_old_file_outlives_a_write_that_fails(tmp_path, interruption):
    path = tmp_path / "it.txt"
    path.write_text("old")
    with pytest.raises(interruption), files.atomic_write(path) as unfinished:
        unfinished.write_text("half")
        raise interruption
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
