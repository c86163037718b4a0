"""Plays `*.yml`: each step goes through the signed webhook, each reply is read from the Graph API body.

README.md in this folder says how to write one.
"""

from __future__ import annotations

import base64
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conversations import agent, money
from tests.conversations.conftest import OwnTime
from tests.conversations.reading import choices, kind, text
from tests.system.maria import Maria

HERE = Path(__file__).parent
TYPING = 0.2  # seconds between the messages of a burst; María waits a second after a short one
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def collect(*, alone: bool) -> list[Any]:
    found = []
    for path in sorted(HERE.glob("*.yml")):
        for conversation in yaml.safe_load(path.read_text(encoding="utf-8")):
            if alone != _moves_the_clock(conversation):
                continue
            values = (path.stem, conversation) if alone else (conversation,)
            found.append(pytest.param(*values, id=f"{path.stem}: {conversation['conversation']}"))
    return found


def _moves_the_clock(conversation: dict[str, Any]) -> bool:
    return "at" in conversation or any(set(step) & {"days", "minutes"} for step in conversation["steps"])


@pytest.mark.system
@pytest.mark.timeout(300)  # the first one waits for everything to start
@pytest.mark.parametrize("conversation", collect(alone=False))
def test_conversation(maria: Maria, conversation: dict[str, Any]) -> None:
    play(maria, conversation)


@pytest.mark.system
@pytest.mark.timeout(400)
@pytest.mark.parametrize(("file", "conversation"), collect(alone=True))
def test_conversation_in_which_days_pass(own_time: OwnTime, file: str, conversation: dict[str, Any]) -> None:
    """The clock is everybody's, so the conversations of a file have a María of their own; each another citizen."""
    play(own_time.of(file), conversation)


def play(maria: Maria, conversation: dict[str, Any]) -> None:
    maria.faults()
    if "at" in conversation:
        maria.let_it_be(float(conversation["at"]))
    who = str(conversation["as"])
    seen: list[dict[str, Any]] = maria.sent(who)
    for number, step in enumerate(conversation["steps"], 1):
        if "faults" in step:
            maria.faults(*step["faults"])
            continue
        before = len(maria.sent(who))
        act(maria, who, step, seen)
        wanted = expected(step)
        where = f"«{conversation['conversation']}», step {number} ({step.get('says', '…')})"
        try:
            seen = maria.replies(who, before, at_least=len(wanted), seconds=float(step.get("within", 30)))
        except AssertionError:  # too few came: say which
            seen = maria.sent(who)[before:]
        check(seen, wanted, where)
        agent.check(maria, who, step, f"step {number}")
    maria.faults()


def act(maria: Maria, who: str, step: dict[str, Any], seen: list[dict[str, Any]]) -> None:
    """The citizen's side of a step."""
    if "agent" in step:
        agent.act(maria, who, step["agent"])
    elif "says" in step:
        maria.act(who, text=step["says"])
    elif "burst" in step:
        write(maria, who, step["burst"])
    elif "taps" in step:
        offered = [c for body in seen for c in choices(body)]
        chosen = next((c for c in offered if c["title"] == step["taps"]), None)
        assert chosen, f"no choice «{step['taps']}» among {[c['title'] for c in offered]}"
        tapped_template = any(body["type"] == "template" and chosen in choices(body) for body in seen)
        if tapped_template:
            maria.act(who, quick_reply={"text": chosen["title"], "payload": chosen["id"]})
        else:
            maria.act(who, button=chosen)
    elif "types_code" in step:
        maria.act(who, text=code(maria, str(step["types_code"])))
    elif "location" in step:
        latitude, longitude = step["location"]
        maria.act(who, location={"latitude": latitude, "longitude": longitude})
    elif "photo" in step:
        words = {"caption": step["caption"]} if "caption" in step else {}
        maria.act(who, image={**photo(maria, step["photo"]), **words})
    elif "pays" in step:
        money.pay(maria, seen)
    elif "pays_card" in step:
        money.pay_card(seen, step["pays_card"])
    elif "saves_card" in step:
        money.save_card(maria, seen, str(step["saves_card"]))
    elif "invoices" in step:
        money.give_fiscal_data(seen, step["invoices"])
    elif "minutes" in step:
        maria.pass_days(float(step["minutes"]) / 1440)
    elif "days" in step:
        maria.pass_days(float(step["days"]))
        if "declines" in step:
            maria.wait_for(lambda: money.declines(maria) == step["declines"], 30, f"{step['declines']} declines")
    elif "hears" in step:
        return  # María speaks by herself
    else:
        kinds = {k: v for k, v in step.items() if k not in ("maria", "within", "agent_sees")}
        maria.act(who, **kinds)


def write(maria: Maria, who: str, lines: list[str]) -> None:
    """Several messages as a thumb sends them, one after the other, however long each takes to arrive."""
    with ThreadPoolExecutor(len(lines)) as phone:
        for sent in [phone.submit(_after, n * TYPING, maria, who, line) for n, line in enumerate(lines)]:
            sent.result()


def _after(seconds: float, maria: Maria, who: str, line: str) -> None:
    time.sleep(seconds)
    maria.act(who, text=line)


def photo(maria: Maria, what: str) -> dict[str, Any]:
    """`bill 0052087` and `meter 455123` are photos of these, anything else a plain picture."""
    name, _, contract = what.partition(" ")
    if name in ("bill", "meter"):
        answer = maria.sandbox.get(f"/phone/samples/{name}.jpg", params={"contract": contract})
        answer.raise_for_status()
        mime = answer.headers["content-type"].split(";")[0]
        return {"content": base64.b64encode(answer.content).decode(), "mime_type": mime}
    return {"content": PIXEL, "mime_type": "image/png"}


def code(maria: Maria, phone: str) -> str:
    """The newest code that went to this phone or e-mail."""
    if "@" in phone:
        mails = maria.sandbox.get("/control/sendgrid/sent", params={"to": phone}).json()
        body = str(mails[-1]["content"][0]["value"])
    else:
        body = str(maria.sandbox.get("/control/twilio/sent", params={"to": phone}).json()[-1]["body"])
    found = re.search(r"\b(\d{6})\b", body)
    assert found, "no code was sent"
    return found[1]


def expected(step: dict[str, Any]) -> list[dict[str, Any]]:
    """What María should answer; one dictionary a message."""
    wanted = step.get("maria", [])
    return [w if isinstance(w, dict) else {"says": w} for w in (wanted if isinstance(wanted, list) else [wanted])]


def check(seen: list[dict[str, Any]], wanted: list[dict[str, Any]], where: str) -> None:
    told = "".join(f"\n    ({kind(b)}) {text(b)} {[c['title'] for c in choices(b)]}" for b in seen)
    _hold(len(seen) == len(wanted), f"{where}: {len(wanted)} replies wanted, these came:{told}")
    for body in seen:
        _hold(not re.search(r"\{\w+\}", text(body)), f"{where}: a blank was left in{told}")
    for body, want in zip(seen, wanted, strict=True):
        if "kind" in want:
            _hold(kind(body) == want["kind"], f"{where}: kind {want['kind']} wanted, this came:{told}")
        for part in _listed(want.get("says", [])):
            _hold(part in text(body), f"{where}: «{part}» is not in{told}")
        for part in _listed(want.get("not", [])):
            _hold(part not in text(body), f"{where}: «{part}» is in{told}")
        if "choices" in want:
            titles = [c["title"] for c in choices(body)]
            _hold(titles == want["choices"], f"{where}: choices {want['choices']} wanted, these came:{told}")


def _hold(true: bool, otherwise: str) -> None:
    """Fail with these words alone: who wrote the conversation need not read Python."""
    if not true:
        pytest.fail(otherwise, pytrace=False)


def _listed(value: Any) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else [str(value)]
