"""Training sentences: said twice, said in two intents, also an evaluation sentence, or with an unmarked datum."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from bot.nlu.entities.extract import extract
from bot.nlu.entities.gazetteer import Gazetteer
from bot.sentences.read import Sentence
from bot.sentences.twins import key, near, pairs
from workbench.validate.finding import Finding

OWN_WORDS = 6  # two people may well write the same five words; six and more are a copy
FEWEST_DIGITS = 6
UNMARKED = frozenset({"contract_number", "email", "phone", "tracking_number"})
NOT_MARKED_AT_ALL = frozenset({"out_of_scope"})


def check_twice(sentences: Sequence[Sentence]) -> Iterator[Finding]:
    """The same sentence again: in another intent it contradicts itself, in its own it only weighs double."""
    first: dict[str, Sentence] = {}
    for sentence in sentences:
        other = first.setdefault(key(sentence.text), sentence)
        if other is sentence:
            continue
        if other.intent != sentence.intent:
            yield _at(
                sentence,
                f"«{sentence.text}» está en «{sentence.intent}» y también en «{other.intent}» ({other.place})",
                "déjela solo en la intención que le toca",
            )
        elif other.text == sentence.text:
            yield _at(sentence, f"«{sentence.text}» ya está en {other.place}", "quite una de las dos", error=False)


def check_near_twins(sentences: Sequence[Sentence]) -> Iterator[Finding]:
    """Sentences that differ by a letter or two teach nothing new, and in two intents they confuse."""
    keys = [key(s.text) for s in sentences]
    for first, second, nearness in pairs(keys):
        one, other = sentences[first], sentences[second]
        across = one.intent != other.intent
        yield _at(
            other,
            f"«{other.text}» es casi igual ({nearness:.0f} %) a «{one.text}» de «{one.intent}» ({one.place})",
            "decida a qué intención pertenece" if across else "cámbiela por otra manera de decirlo",
            error=False,
        )


def check_overlap(training: Sequence[Sentence], evaluation: Sequence[Sentence]) -> Iterator[Finding]:
    """An evaluation sentence that is learned no longer measures anything."""
    by_key: dict[str, Sentence] = {key(s.text): s for s in evaluation}
    keys = list(by_key)
    by_length: dict[int, list[str]] = defaultdict(list)
    for one in keys:
        by_length[len(one) // 10].append(one)
    for sentence in training:
        mine = key(sentence.text)
        if len(mine.split()) < OWN_WORDS:
            continue
        close = [k for bucket in range(len(mine) // 10 - 1, len(mine) // 10 + 2) for k in by_length[bucket]]
        found = near(sentence.text, close)
        if found:
            test = by_key[close[found[0]]]
            yield _at(
                sentence,
                f"«{sentence.text}» es {'la' if found[1] == 100 else 'casi la'} frase de prueba de {test.place}",
                "quítela de data/nlu: con las frases de prueba María no debe aprender",
                error=found[1] == 100,
            )


def check_unmarked(sentences: Sequence[Sentence], gazetteer: Gazetteer) -> Iterator[Finding]:
    """A contract, e-mail, phone or folio that is written out but not marked."""
    for sentence in sentences:
        if sentence.intent in NOT_MARKED_AT_ALL:
            continue
        for found in extract(sentence.text, gazetteer):
            words = sentence.text[found.start : found.end]
            typed = sum(c.isdigit() for c in words) >= FEWEST_DIGITS or "@" in words
            inside = sentence.text[: found.start][-1:].isalnum()  # of a longer code
            marked = inside or any(m.start < found.end and found.start < m.end for m in sentence.marks)
            if found.entity in UNMARKED and typed and not marked:
                yield _at(
                    sentence,
                    f"en «{sentence.text}», «{words}» parece {found.entity} y no está marcado",
                    f"escríbalo así: [{words}]({found.entity})",
                    error=False,
                )
                break


def _at(sentence: Sentence, what: str, do: str, *, error: bool = True) -> Finding:
    return Finding(sentence.path, sentence.line, what, do, error)
