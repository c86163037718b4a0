"""Entities that are one of a few known values, by the words people use for them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.entities.found import Found
from bot.nlu.entities.heard import Heard, pattern
from bot.nlu.lexicon.wordings import Rules, read_rules

PAYMENT_METHODS = read_rules("choices", "payment_method")
CHANNELS = read_rules("choices", "channel")
CHANGES = read_rules("choices", "choice")
LEAK_PLACES = read_rules("choices", "leak_where")

_WHICH = {
    "1": "primero|primera|primer|primerito|de arriba|de hasta arriba",
    "2": "segundo|segunda|de (?:en )?medio|de enmedio",
    "3": "tercero|tercera|tercer",
    "4": "cuarto|cuarta",
    "5": "quinto|quinta",
    "-1": "ultimo|ultima|ultimito|de abajo|de hasta abajo|del final",
}
_POINTING = "(?:el|la|del|al|lo|con el|con la|mi)(?: contrato| cuenta| opcion)?"
_NAMES = ("uno", "dos", "tres", "cuatro", "cinco")
ORDINALS: Rules = [
    *((n, pattern(f"{_POINTING} (?:{said})")) for n, said in _WHICH.items()),
    *((str(n), pattern(f"(?:opcion|numero) {name}")) for n, name in enumerate(_NAMES, start=1)),
    *((n, pattern(f"opcion {n}")) for n in "123456789"),
    *((n, pattern(f"^(?:ese )?(?:{said})(?: por favor| mejor| gracias)?$")) for n, said in _WHICH.items()),
]
_COUNTED_THING = re.compile(r" (?:resibo|faktura|mes|bimestre|pago|dia|ano|semana|bes|periodo|konsumo|piso|kobro)\b")

WHICH_CONTRACTS = read_rules("choices", "which")
USES = read_rules("choices", "use")
BILLS = read_rules("choices", "bills")


def find_choices(heard: Heard, entity: str, rules: Rules) -> Iterator[Found]:
    """The values named in the text; where two rules meet, the earlier one holds."""
    taken: list[Found] = []
    for value, rule in rules:
        for start, end, _ in heard.find(rule):
            if not any(other.overlaps(start, end) for other in taken):
                taken.append(Found(entity, value, start, end))
    return iter(sorted(taken, key=lambda f: f.start))


def find_which(heard: Heard) -> Iterator[Found]:
    """Entity `which`: "los dos" and "el otro" among one's contracts; "los dos recibos" are something else."""
    for value, rule in WHICH_CONTRACTS:
        for start, end, match in heard.find(rule):
            if not _COUNTED_THING.match(heard.line, match.end()):
                yield Found("which", value, start, end)
                return


def find_ordinals(heard: Heard) -> Iterator[Found]:
    """Entity `ordinal`: which of the rows shown, "-1" the last; "el último recibo" is a period instead."""
    for value, rule in ORDINALS:
        for start, end, match in heard.find(rule):
            if not _COUNTED_THING.match(heard.line, match.end()):
                yield Found("ordinal", value, start, end)
                return
