"""Every turn is counted once, also one that only says a fixed text; a choice between guesses tells which was right."""

from __future__ import annotations

from channels.turns.counting import TurnCounts, heard_events
from channels.turns.lexicon import Lexicon
from channels.turns.replies import to_heard, to_messages
from services.analytics.events import Analytics, Event
from services.clock import Clock
from services.contacts.service import Contacts
from services.experiments.assignment import Experiment
from services.experiments.service import Experiments
from tests.channels.conftest import Town

HEARD = {"custom": {"kind": "heard", "intent": "thanks", "sure": 0.91234}}


def test_what_was_heard_is_read_and_never_said() -> None:
    replies = [{"text": "De nada."}, HEARD]
    assert heard_events(to_heard(replies)) == [Event("heard", "thanks", value=0.912)]
    assert len(to_messages(replies, Lexicon.read())) == 1
    assert heard_events(to_heard([{"text": "hola"}])) == []


def test_a_choice_between_two_guesses_is_right_or_wrong() -> None:
    chosen = {"kind": "heard", "intent": "bill_request", "sure": 1.0, "guess": "balance_inquiry"}
    assert heard_events(chosen)[1] == Event("checked", "balance_inquiry", "bill_request", 0.0)
    assert heard_events({**chosen, "guess": "bill_request"})[1].value == 1.0


async def test_a_turn_of_a_fixed_text_is_counted_and_the_register_once_seen(town: Town) -> None:
    parts = town.parts
    counts = TurnCounts(
        Analytics(parts.database, parts.clock, "p"),
        Experiments({"register": Experiment("register", {"usted": 1, "tu": 1})}, frozenset({"register"})),
    )
    town.rasa.script["gracias"] = [{"text": "De nada."}, HEARD]
    start = parts.clock.now()
    await town.citizen(text="gracias")
    await town.wait(1)
    booked = Analytics(parts.database, parts.clock, parts.settings.code_pepper.get_secret_value())
    events = [h.event for h in await booked.between(start, Clock().now())]
    assert events == [Event("heard", "thanks", value=0.912)], "no comparison runs: nothing is exposed"
    contact = await Contacts(parts.database, parts.clock).get(town.rasa.turns[0]["contact"])
    for _ in range(2):
        await counts.count(contact, "t1", [HEARD], first=True)
    variant = counts.experiments.variant(contact.id, "register")
    exposed = [h.event for h in await counts.analytics.between(start, Clock().now()) if h.event.kind == "exposed"]
    assert exposed == [Event("exposed", "register", variant)]
