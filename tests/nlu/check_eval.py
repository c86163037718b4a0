"""Checks both sets of evaluation sentences, eval_* and fresh_*: python3 tests/nlu/check_eval.py"""

import collections
import pathlib
import re
import sys
import unicodedata

import yaml

HERE = pathlib.Path(__file__).parent
TEN = (
    "balance_inquiry bill_request payment_reference consumption_check outage_information "
    "tariff_question service_request payment_confirmation profile_update general_information"
).split()
REST = (
    "greet goodbye thanks affirm deny cancel menu_help handoff_request complaint_anger autopay "
    "meter_reading payment_history notification_preferences service_request_status new_connection "
    "water_quality_question conservation_tips add_contract register_identity"
).split()
LEAST = {
    "eval": {**dict.fromkeys(TEN, 45), **dict.fromkeys(REST, 20), "out_of_scope": 130},
    "fresh": {**dict.fromkeys(TEN, 15), **dict.fromkeys(REST, 2), "out_of_scope": 80},
}
TOTAL = {"eval": 1750, "fresh": 500}
INTENTS = {*TEN, *REST, "out_of_scope"}
CHOICES = {
    "payment_method": "oxxo spei card bank cash autopay".split(),
    "service_request_type": "leak no_water low_pressure sewer water_quality meter other".split(),
    "channel": "sms email whatsapp push".split(),
}
SHAPES = {
    "contract_number": r"\d{6,10}",
    "amount": r"\d+\.\d\d",
    "otp_code": r"\d{6}",
    "phone": r"\d{10}",
    "email": r"[^\sA-Z@]+@[^\sA-Z@]+\.[a-z]+",
    "tracking_number": r"[A-Z]+-?\d+",
    "reading_m3": r"\d+",
}
DIGIT = dict(zip("cero uno dos tres cuatro cinco seis siete ocho nueve".split(), "0123456789"))
WORDS = dict(zip(DIGIT, range(10))) | {
    "diez": 10,
    "doce": 12,
    "sesenta": 60,
    "cincuenta": 50,
    "ochenta": 80,
    "noventa": 90,
    "veinte": 20,
    "treinta": 30,
    "cuarenta": 40,
    "setenta": 70,
    "sincuenta": 50,
    "cien": 100,
    "sien": 100,
    "doscientos": 200,
    "trescientos": 300,
    "cuatrocientos": 400,
    "quinientos": 500,
    "seiscientos": 600,
    "setecientos": 700,
    "ochocientos": 800,
    "novecientos": 900,
}


def words(text):
    plain = unicodedata.normalize("NFD", text.lower())
    return re.findall(r"[a-z]+|\d+", "".join(c for c in plain if not unicodedata.combining(c)))


def numbers(text):
    """Every number said in words: plain sums with "mil", and strings of single digits."""
    found, run, total = set(), "", None
    for word in [*words(text), "."]:
        if word in DIGIT:
            run += DIGIT[word]
        else:
            found.add(run)
            run = ""
        if word in WORDS:
            total = (total or 0) + WORDS[word]
        elif word == "mil":
            total = (total or 1) * 1000
        elif not (word == "y" and total is not None):
            found.add(str(total))
            total = None
    return found


def occurs(name, value, text):
    if name == "email":
        said = value.replace("@", " arroba ").replace(".", " punto ").replace("_", " guion bajo ")
        return value in text.lower() or said in text.lower()
    if name == "tracking_number":
        return re.sub(r"\W", "", value) in re.sub(r"[\s\W]", "", text.upper())
    if name == "amount":
        pesos = value[:-3] if value.endswith(".00") else value
        return pesos in text.replace(",", "") or pesos in numbers(text)
    return value in re.sub(r"[\s-]", "", text) or value in numbers(text)


def read(name):
    return [i for f in sorted(HERE.glob(f"{name}_*.yml")) for i in yaml.safe_load(f.read_text("utf-8"))]


def main():
    sets = {name: read(name) for name in LEAST}
    faults, seen = [], set()
    for item in [item for items in sets.values() for item in items]:
        text = item["text"]
        key = " ".join(words(text)) or text
        if key in seen:
            faults.append(f"twice: {text}")
        seen.add(key)
        if set(item) - {"text", "intent", "also", "entities"}:
            faults.append(f"unknown key: {text}")
        for intent in [item["intent"], *item.get("also", [])]:
            if intent not in INTENTS:
                faults.append(f"unknown intent {intent}: {text}")
        if item["intent"] in item.get("also", []):
            faults.append(f"also repeats the intent: {text}")
        for entity in item.get("entities", []):
            name = entity["entity"]
            if name in ("period", "zone"):
                good = entity["text"].lower() in text.lower()
            elif name in CHOICES:
                good = entity["value"] in CHOICES[name]
            else:
                value = entity["value"]
                good = re.fullmatch(SHAPES[name], value) and occurs(name, value, text)
            if not good:
                faults.append(f"entity {entity}: {text}")
    for name, least in LEAST.items():
        counts = collections.Counter(i["intent"] for i in sets[name])
        faults += [f"{name}, {k}: {counts[k]} of {n}" for k, n in least.items() if counts[k] < n]
        if len(sets[name]) < TOTAL[name]:
            faults.append(f"{name}: only {len(sets[name])} sentences")
        print(f"{name}: {len(sets[name])} sentences")
    print(f"{len(faults)} faults", *faults, sep="\n")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
