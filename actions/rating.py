"""How a person served: asked once, kept at once, words if the citizen likes. Never in the middle of something else."""

from __future__ import annotations

import json

from actions.base import Conversation, MariaAction
from services.analytics.events import Event

NONE = "none"  # of the step `rating_words` in data/errands.yml


class AskRating(MariaAction):
    """A list of five; what is typed instead and is a request is simply served."""

    action_name = "action_ask_rating"

    async def act(self, talk: Conversation) -> None:
        """Later, if a question is open; not at all while a person has the conversation again."""
        episode = str(talk.entities.get("episode"))
        if await talk.services.aftercare.live(talk.contact):
            return
        if talk.state.get("asking"):
            await talk.services.aftercare.ask_later(episode)
            return
        if not await talk.services.aftercare.may_ask(episode):
            return
        talk.tells("rating", episode)
        titles = talk.services.texts.table("ratings")
        options = [
            {"title": title, "payload": f"/rate{json.dumps({'rating': stars, 'episode': episode})}"}
            for stars, title in titles.items()
        ]
        talk.say("utter_ask_rating", options=options)


class Rate(MariaAction):
    """A row was tapped: it is kept now, whatever comes after."""

    action_name = "action_rate"

    async def act(self, talk: Conversation) -> None:
        """Asks for words, optional."""
        stars = await _keep(talk)
        if stars is None:
            talk.say("utter_rating_over")
            talk.end()
        elif stars <= talk.services.aftercare.rules.rating.low:
            talk.say("utter_ask_rating_words_bad")
        else:
            talk.say("utter_ask_rating_words")


class Rated(MariaAction):
    """The words, or that there are none; another row counts instead of the first."""

    action_name = "action_rated"

    async def act(self, talk: Conversation) -> None:
        """Ends it."""
        words = str(talk.details.get("rating_words") or NONE)
        again = talk.intent == "rate"
        await _keep(talk, None if again or words == NONE else words)
        talk.say("utter_rating_thanks")
        talk.end()


async def _keep(talk: Conversation, words: str | None = None) -> int | None:
    """The rating, kept with its words and counted; None: there is nothing to rate any more."""
    named = talk.entities if talk.intent == "rate" else talk.details
    stars, episode = str(named.get("rating") or ""), str(named.get("episode") or "")
    if stars not in ("1", "2", "3", "4", "5"):
        return None
    reason = await talk.services.aftercare.rate(episode, talk.contact, int(stars), words)
    if reason is None:
        return None
    if words is None and talk.intent == "rate":
        rated = Event("rated", reason, value=float(stars))
        await talk.services.analytics.record(talk.contact, f"rating:{episode}", [rated], anew=True)
    return int(stars)
