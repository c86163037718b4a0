"""`python -m workbench.chat`: María in the terminal. Reads from a pipe too: one line, one message."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import httpx

from runtime.parts import ROOT
from runtime.supervisor import PartFailed
from services.settings import get_settings
from workbench.chat.conversation import Conversation, say
from workbench.chat.house import open_house
from workbench.chat.phone import Phone

FILES = ROOT / "var" / "chat"


def lines() -> Iterator[str]:
    """What is typed; where nobody sits at the terminal, what comes through the pipe, shown as if typed."""
    if sys.stdin.isatty():
        import readline  # noqa: F401  # arrow keys and history

        while True:
            try:
                yield input("\n> ")
            except EOFError:
                return
    for line in sys.stdin:
        say(f"\n> {line.rstrip()}")
        yield line


def main() -> int:
    """Start everything, talk until `/salir`, Ctrl-D or the end of the pipe, stop everything."""
    say("Preparando a María en esta máquina; tarda cosa de medio minuto.")
    token = {"X-Internal-Token": get_settings().rasa_internal_token.get_secret_value()}
    try:
        with open_house(FILES / "log") as (ports, database):
            local = "http://127.0.0.1"
            with (
                httpx.Client(base_url=f"{local}:{ports.sandbox}", timeout=30) as sandbox,
                httpx.Client(base_url=f"{local}:{ports.rasa}", timeout=30, headers=token) as rasa,
            ):
                _talk(Phone(sandbox, rasa, database, FILES, {}))
    except PartFailed as failure:
        say(str(failure))
        return 1
    except KeyboardInterrupt:
        say("")
    return 0


def _talk(phone: Phone) -> None:
    phone.person = phone.persons()[0]
    talk = Conversation(phone)
    talk.welcome()
    for line in lines():
        if not talk.hear(line.strip()):
            return


if __name__ == "__main__":
    sys.exit(main())
