"""Every call of an action is counted, and an answer never hangs on it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Conversation, MariaAction
from services.analytics.events import Analytics, Event
from services.bootstrap import Services
from services.clock import Clock
from services.errors import Unavailable
from services.storage import Database


class Bill(MariaAction):
    """The action that does the errand."""

    action_name = "action_bill"
    down = False

    async def act(self, talk: Conversation) -> None:
        if self.down:
            raise Unavailable("aquasis")
        talk.say("utter_bill")


def tracker(turn: str, kind: str = "text") -> Tracker:
    message = {"text": "mi recibo", "intent": {"name": "bill_request", "confidence": 0.9}, "entities": []}
    message["metadata"] = {"turn_id": turn, "kind": kind}
    state = {"frame": {"errand": "bill_request"}}
    return Tracker("c1", {"dialogue": state}, cast(Any, message), [], False, None, {}, "")


async def run(action: MariaAction, turn: str) -> list[dict[str, Any]]:
    dispatcher = CollectingDispatcher()
    await action.run(dispatcher, tracker(turn), {})
    return dispatcher.messages


async def test_calls_are_counted_once_a_turn(sqlite: Database) -> None:
    clock = Clock("America/Mexico_City")
    book, start = Analytics(sqlite, clock, "p"), clock.now()
    action = Bill(cast(Services, SimpleNamespace(analytics=book)))
    for turn in ("t1", "t1"):
        assert (await run(action, turn))[0]["response"] == "utter_bill"
    action.down = True
    assert len(await run(action, "t2")) == 1
    kept = [h.event for h in await book.between(start, clock.now())]
    heard = Event("heard", "bill_request", value=0.9)
    assert kept == [heard, Event("done", "bill_request"), heard, Event("failed", "bill_request", "utter_trouble")]


async def test_an_answer_goes_out_though_nothing_can_be_counted(sqlite: Database) -> None:
    book = Analytics(sqlite, Clock("America/Mexico_City"), "p")
    async with sqlite.engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE analytics_events")
    action = Bill(cast(Services, SimpleNamespace(analytics=book)))
    assert (await run(action, "t1"))[0]["response"] == "utter_bill"


async def test_what_maria_comes_back_to_by_herself_is_not_heard(sqlite: Database) -> None:
    clock = Clock("America/Mexico_City")
    book, start = Analytics(sqlite, clock, "p"), clock.now()
    await Bill(cast(Services, SimpleNamespace(analytics=book))).run(CollectingDispatcher(), tracker("t1", "event"), {})
    assert [h.event for h in await book.between(start, clock.now())] == [Event("done", "bill_request")]
