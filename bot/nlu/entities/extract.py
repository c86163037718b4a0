"""All entity rules over one message. Pure."""

from __future__ import annotations

from bot.nlu.entities.choices import (
    BILLS,
    CHANGES,
    CHANNELS,
    LEAK_PLACES,
    PAYMENT_METHODS,
    USES,
    find_choices,
    find_ordinals,
    find_which,
)
from bot.nlu.entities.codes import find_tracking_numbers, other_codes
from bot.nlu.entities.email import find_emails
from bot.nlu.entities.faults import find_faults
from bot.nlu.entities.figures import find_figures
from bot.nlu.entities.found import Found
from bot.nlu.entities.gazetteer import Gazetteer
from bot.nlu.entities.heard import heard
from bot.nlu.entities.period import find_periods
from bot.nlu.entities.zone import find_zones


def extract(text: str, gazetteer: Gazetteer) -> list[Found]:
    """The entities of a text, in the order they stand. Never raises, whatever the text.

    `number` and `bills` are what `by_intent` makes something of.
    """
    said = heard(text)
    emails = list(find_emails(text))
    folios = list(find_tracking_numbers(text))
    periods = list(find_periods(said))
    zones = [z for z in find_zones(said, gazetteer) if not _meets(z, [*emails, *folios])]
    masked = [(f.start, f.end) for f in (*emails, *folios, *periods, *zones)] + other_codes(text)
    choices = [
        *find_choices(said, "payment_method", PAYMENT_METHODS),
        *find_choices(said, "channel", CHANNELS),
        *find_choices(said, "leak_where", LEAK_PLACES),
        *find_choices(said, "choice", CHANGES),
        *find_choices(said, "use", USES),
        *find_choices(said, "bills", BILLS),
        *find_ordinals(said),
        *find_which(said),
        *find_faults(said),
    ]
    found = [*emails, *folios, *periods, *zones, *find_figures(said, masked)]
    found += [c for c in choices if not _meets(c, emails)]
    return sorted(found, key=lambda f: (f.start, f.end))


def _meets(found: Found, others: list[Found]) -> bool:
    return any(found.overlaps(other.start, other.end) for other in others)
