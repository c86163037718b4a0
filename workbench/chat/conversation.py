"""A conversation at the terminal: what is typed is sent, tapped by number, or an order beginning with a slash."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from workbench.chat.phone import NoAnswer, Phone
from workbench.chat.show import Choice, choices, media, text, understanding

HELP = """\
Escriba como si fuera quien vive en Querétaro. Debajo de cada mensaje: lo que María entendió.
  3                      toca la opción 3 de las que estén numeradas
  /persona               lista de personas; /persona Óscar (o su número) cambia de persona
  /codigo                muestra el último SMS o correo con código
  /ubicacion LAT LON     manda una ubicación          /foto ARCHIVO   manda una foto o un PDF
  /escribe TEXTO         manda TEXTO tal cual (para escribir un número sin tocar una opción)
  /ayuda                 esto                         /salir          termina"""


def say(line: str) -> None:
    """A line on the terminal, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


@dataclass
class Conversation:
    """What is on the screen now, and whose phone it is."""

    phone: Phone
    say: Callable[[str], None] = say
    shown: list[Choice] = field(default_factory=list)
    _files: int = 0

    def welcome(self) -> None:
        """What can be done here, and as whom."""
        self.say(f"\n{HELP}\n")
        self._introduce()

    def hear(self, line: str) -> bool:
        """One line from the keyboard; False when it is time to go."""
        order, _, rest = line.partition(" ")
        orders: Mapping[str, Callable[[str], None]] = {
            "/persona": self._persona,
            "/codigo": self._code,
            "/ubicacion": self._location,
            "/foto": self._photo,
            "/escribe": lambda words: self._send(text=words),
            "/ayuda": lambda _: self.say(HELP),
        }
        if order == "/salir":
            return False
        try:
            if order in orders:
                orders[order](rest.strip())
            elif line:
                self._write(line)
        except NoAnswer as late:
            self.say(f"  ({late}; los registros están en var/chat/log)")
        except httpx.HTTPStatusError as refused:
            self.say(f"  (el teléfono no lo acepta: {refused.response.text[:200]})")
        return True

    def _write(self, line: str) -> None:
        if self.shown and line.isdigit() and 1 <= int(line) <= len(self.shown):
            chosen = self.shown[int(line) - 1]
            self._send(**{chosen.kind: {"id": chosen.id, "title": chosen.title}})
        else:
            self._send(text=line)

    def _send(self, **action: Any) -> None:
        self._show(self.phone.act(**action))

    def _show(self, bodies: list[dict[str, Any]]) -> None:
        for line in understanding(self.phone.understood()):
            self.say(f"    │ {line}")
        if not bodies:
            self.say("  (no contestó nada)")
        self.shown = [choice for body in bodies for choice in choices(body)]
        number = 0
        for body in bodies:
            self.say("\nMaría: " + text(body).replace("\n", "\n       "))
            for medium in media(body):
                self._files += 1
                self.say(f"       [archivo: {self.phone.save(medium, self._files)}]")
            for choice in choices(body):
                number += 1
                more = f"  ({choice.description})" if choice.description else ""
                self.say(f"       [{number}] {choice.title}{more}")

    def _introduce(self) -> None:
        person = self.phone.person
        self.say(f"Usted es {person['name']} ({self.phone.address}). {person.get('story', '')}")

    def _persona(self, wanted: str) -> None:
        people = self.phone.persons()
        if not wanted:
            for number, person in enumerate(people, 1):
                self.say(f"  {number:2} {person['name']}: {person.get('story', '')}")
            return
        at = int(wanted) - 1 if wanted.isdigit() else -1
        named = [p for p in people if p["name"].casefold().startswith(wanted.casefold())]
        if not named and 0 <= at < len(people):
            named = [people[at]]
        if not named:
            self.say(f"  (nadie se llama «{wanted}»; /persona los lista)")
            return
        self.phone.person, self.shown = named[0], []
        self._introduce()

    def _code(self, _: str) -> None:
        self.say("  " + (self.phone.last_code() or "(todavía no ha salido ningún código)"))

    def _location(self, given: str) -> None:
        try:
            latitude, longitude = (float(part) for part in given.replace(",", " ").split())
        except ValueError:
            self.say("  (así: /ubicacion 20.59 -100.39)")
            return
        self._send(location={"latitude": latitude, "longitude": longitude})

    def _photo(self, given: str) -> None:
        path = Path(given).expanduser()
        if not path.is_file():
            self.say(f"  (no hay archivo {path})")
            return
        self._show(self.phone.photo(path))
