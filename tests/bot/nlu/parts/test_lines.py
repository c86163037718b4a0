"""A burst is read line by line."""

import pytest

from bot.nlu.parts.lines import ENDS, lines
from bot.nlu.parts.place import LONGEST


@pytest.mark.parametrize("text", ["una sola línea", "\n  \nhola\n", "/menu_help\nhola", "x" * (LONGEST + 1) + "\nhola"])
def test_one_message_is_no_burst(text):
    assert lines(text) == []


def test_of_very_many_lines_both_ends_are_read():
    text = "\n".join(f"renglón {n}" for n in range(50))
    read = [text[start:end] for start, end in lines(text)]
    assert len(read) == 2 * ENDS
    assert (read[0], read[-1]) == ("renglón 0", "renglón 49")
