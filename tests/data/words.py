"""What María's words are: every wording of every file, by register, and the word forms that give a register away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
TU = [{"type": "slot", "name": "register", "value": "tu"}]
# Word forms that only one register has. Left out: "escribe", "manda"… which are a wish to tú and a question to usted;
# the questions are told apart by ASKED.
USTED_FORMS = """
usted ustedes le les su sus suyo suya dígame díganos deme permítame mándeme escríbame llámeme disculpe
puede podría tiene debe quiere necesita prefiere escriba toque mande llame revise guarde copie transfiera enseñe
espere anote cierre pruebe ponga haga tome tómela escríbalo escríbala mándela aléjese acérquese acerque preocupe
pague intente repita pagó mandó dejó preguntó usó compare riegue decirle pasarle ayudarle mandarle avisarle darle
""".split()
TU_FORMS = """
tú te ti tu tus tuyo tuya contigo dime dinos dame permíteme mándame escríbeme llámame
puedes podrías tienes debes quieres necesitas prefieres escribes mandas das dices haces revisas pagas escribas
pon haz tómala escríbelo escríbela mándala aléjate acerques preocupes pagues repitas toques
pagaste mandaste dejaste preguntaste usaste hiciste decirte pasarte ayudarte mandarte avisarte darte eres estás
""".split()
ASKED = re.compile(r"¿(?:me |lo |la |me lo )*(escribe|manda|da|dice|hace|revisa|paga)\b", re.I)
# The same letters with another subject: what a thing or a third person does, not the citizen.
ABOUT_OTHERS = (
    "se puede", "Se puede", "no puede ser", "Puede ser una fuga", "puede tardar", "Puede tardar", "que se debe",
    "lo puede revisar", "se debe", "No debe haber", "no debe haber", "tiene de 6 a 10", "no tiene teléfono",
    "ya tiene CEA", "CEA ya tiene", "ya tiene cuadrilla", "ya pasó su fecha", "Su fecha de pago fue",
    "cobra su comisión", "Le falta algún número", "no le bajes", "Le conté",
)  # fmt: skip


def responses() -> dict[str, list[dict[str, Any]]]:
    """Every response of `data/responses/`."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((ROOT / "data" / "responses").glob("*.yml")):
        found.update(yaml.safe_load(path.read_text(encoding="utf-8"))["responses"])
    return found


def register_of(wording: Mapping[str, Any]) -> str:
    """`tu` where the wording is conditioned on it, else `usted`."""
    return "tu" if wording.get("condition") == TU else "usted"


def other_texts() -> Iterator[tuple[str, str | Mapping[str, str]]]:
    """`data/texts.yml` and the answers of `faq.yml`: (where, text or {usted, tu})."""
    texts = yaml.safe_load((ROOT / "data" / "texts.yml").read_text(encoding="utf-8"))
    for key, value in texts.items():
        if isinstance(value, str) or set(value) == {"usted", "tu"}:
            yield f"texts {key}", value
        else:
            yield from ((f"texts {key}.{name}", text) for name, text in value.items())
    for entry in yaml.safe_load((ROOT / "data/knowledge/faq.yml").read_text(encoding="utf-8"))["entries"]:
        yield f"faq {entry['id']}", entry["answer"]


def forms_of(register: str, text: str) -> list[str]:
    """The words in `text` that only `register` has."""
    for phrase in ABOUT_OTHERS:
        text = text.replace(phrase, " ")
    words = re.findall(r"[a-záéíóúüñ]+", re.sub(r"\{[a-z_]+\}|«[^»]*»", " ", text).lower())
    if register == "tu":
        return [word for word in words if word in TU_FORMS]
    return [word for word in words if word in USTED_FORMS] + ASKED.findall(text)


def blanks(text: str) -> set[str]:
    """The names between braces."""
    return set(re.findall(r"\{([a-z_]+)\}", text))
