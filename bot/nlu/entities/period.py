"""Months and years as people say them, as symbols that services resolve against today. Pure.

"month:01" (the latest January), "month:2025-01", "relative:-1" (last month), "relative:0", "last",
"last:6", "year:2025". "El año pasado" is resolved here, against this year.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date

from bot.nlu.entities.found import Found
from bot.nlu.entities.heard import Heard, pattern, words
from bot.nlu.spanish import NUMBER_SOUNDS, hear

_MONTHS = """
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
ene feb - - - jun jul - sep oct nov dic
enr febrer mzo avril mallo - - agsto setiembre otubre novienbre disiembre
- - - - - - - - sept - - -
january february march april - june july august september october november december
"""
MONTHS: dict[str, int] = {
    hear(name): n
    for line in _MONTHS.strip().splitlines()
    for n, name in enumerate(line.split(), start=1)
    if name != "-"
}
_MONTH = "|".join(MONTHS)
_COUNT = r"\d{1,2}|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce"
_BILL = (
    "recibo|recibos|factura|facturas|boleta|bimestre|pago|periodo|consumo|cfdi|comprobante|lectura|mes"
    "|facturacion|cobro"
)
_STREETS = pattern("(?:avenida|calle|colonia|blvd|boulevard|carretera|privada|barrio|plaza)<2>")
_HOLIDAY = re.compile(r"(?:5|sinko) de (?:febrero|mayo)|(?:16|diesiseis) de septiembre|20 de nobiembre")
_NUMERIC = re.compile(r"\b(?:\d{1,2}[/-])?(0?[1-9]|1[0-2])[/-](20\d\d)\b|\b(20\d\d)[/-](0?[1-9]|1[0-2])\b")

Reader = Callable[["re.Match[str]", int], str]  # the match and this year


def _number(said: str) -> int:
    return int(said) if said.isdigit() else NUMBER_SOUNDS[said]


_BY_WORDS: list[tuple[re.Pattern[str], Reader]] = [
    (pattern("(?:el |del )?mes antepasado|(?:el )?antepasado"), lambda m, _: "relative:-2"),
    (pattern(f"hace ({_COUNT}) meses"), lambda m, _: f"relative:-{_number(m.group(1))}"),
    (pattern("hace un mes"), lambda m, _: "relative:-1"),
    (
        pattern("(?:(?:el|del) )?(?:mes|bimestre|periodo)(?: que)? (?:pasado|anterior|paso)"),
        lambda m, _: "relative:-1",
    ),
    (pattern("(?:el |la )?(?:recibo|factura|boleta) (?:pasado|pasada|anterior)"), lambda m, _: "relative:-1"),
    (pattern("last month"), lambda m, _: "relative:-1"),
    (pattern("(?:de |en )?(?:este|el presente) (?:mes|bimestre|periodo)|this month"), lambda m, _: "relative:0"),
    (pattern("(?:el |del )?(?:mes|bimestre|periodo) (?:actual|en curso|corriente)"), lambda m, _: "relative:0"),
    (
        pattern(f"(?:los |las )?(?:ultimos|ultimas) ({_COUNT})(?: meses| bimestres)?"),
        lambda m, _: f"last:{_number(m.group(1))}",
    ),
    (
        pattern(f"(?:los |las )?({_COUNT}) (?:ultimos|ultimas)(?: meses| bimestres)?"),
        lambda m, _: f"last:{_number(m.group(1))}",
    ),
    (pattern(f"(?:estos|de|mis|los) ({_COUNT}) meses"), lambda m, _: f"last:{_number(m.group(1))}"),
    (pattern("(?:los )?(?:ultimos|pasados) meses|ultimo semestre|medio ano"), lambda m, _: "last:6"),
    (pattern("(?:el )?ultimo ano|doce meses"), lambda m, _: "last:12"),
    (pattern(f"(?:el |la )?(?:ultimo|ultima) (?:{_BILL})|last bill|latest bill"), lambda m, _: "last"),
    (pattern(f"(?:{_BILL}) mas (?:reciente|nuevo|actual)"), lambda m, _: "last"),
    (pattern(f"(?:el |la )?(?:{_BILL}) (?:ultimo|reciente|mas reciente)"), lambda m, _: "last"),
    (pattern("(?:el |del )?ano (?:pasado|anterior)|last year"), lambda m, year: f"year:{year - 1}"),
    (pattern("(?:este|en lo que va del|el presente) ano|this year"), lambda m, year: f"year:{year}"),
]
_YEAR = pattern(r"20[12]\d")
_NOT_A_YEAR = words("contrato cuenta numero codigo clave lectura medidor marca pague pagar folio son $ dice")
_NAMED = pattern(rf"({_MONTH})(?:(?: de| del)?(?: ano)? (20\d\d)| (?:de|del) (ano pasado|este ano))?")


def find_periods(heard: Heard, this_year: int | None = None) -> Iterator[Found]:
    """Entity `period`; spans do not overlap, the earlier rule wins."""
    taken: list[Found] = []
    for found in _all(heard, this_year or date.today().year):
        if not any(found.overlaps(other.start, other.end) for other in taken):
            taken.append(found)
    return iter(sorted(taken, key=lambda f: f.start))


def _all(heard: Heard, this_year: int) -> Iterator[Found]:
    for match in _NUMERIC.finditer(heard.text):
        year, month = (match.group(2), match.group(1)) if match.group(2) else (match.group(3), match.group(4))
        yield Found("period", f"month:{year}-{int(month):02d}", *match.span())
    for start, end, match in heard.find(_NAMED):
        if not _is_street(heard, match):
            yield Found("period", _month(match, this_year), start, end)
    for rule, read in _BY_WORDS:
        for start, end, match in heard.find(rule):
            yield Found("period", read(match, this_year), start, end)
    for start, end, match in heard.find(_YEAR):
        before = heard.line[: match.start()].split()[-2:]
        if len(heard.words) > 1 and (before[-1:] in (["en"], ["del"]) or not _NOT_A_YEAR & set(before)):
            yield Found("period", f"year:{match.group()}", start, end)


def _month(match: re.Match[str], this_year: int) -> str:
    number, year, said = MONTHS[match.group(1)], match.group(2), match.group(3)
    if said:
        year = str(this_year if said.startswith("este") else this_year - 1)
    return f"month:{year}-{number:02d}" if year else f"month:{number:02d}"


def _is_street(heard: Heard, match: re.Match[str]) -> bool:
    """A street or quarter, not a month: "Av. 5 de Febrero", "16 de septiembre"."""
    before = heard.line[max(0, match.start() - 40) : match.start()].split()
    dated = " ".join([*before[-2:], match.group(1)])
    if any(_STREETS.search(" ".join(before[-n:])) for n in range(1, 5)):
        return True
    return bool(_HOLIDAY.fullmatch(dated)) and before[-3:-2] not in (["el"], ["del"])
