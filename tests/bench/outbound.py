"""How fast notices go out when many wait; the sandbox's acceptance times are the judge."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence

import httpx
from sqlalchemy import select

from services.contacts.tables import AliasRow
from services.messaging.bell import Bell
from services.messaging.outbound import Text
from services.messaging.outbox import NOTICE, Draft, Outbox
from tests.bench.figures import Figure
from tests.bench.ledger import settled
from tests.bench.load import phones
from tests.bench.whole import PATIENCE, Whole

ALLOWED, EACH, QUICK_EACH = 80, 8, 3
CITIZENS = phones(160)


async def measure(whole: Whole) -> list[Figure]:
    """The even rate, the most within any second, and how often the provider had to say no."""
    marker, each = uuid.uuid4().hex[:8], QUICK_EACH if whole.quick else EACH
    refusals = await _refusals(whole)
    outbox = Outbox(whole.database, Bell(None))
    for contact in await _contacts(whole):
        drafts = [Draft(f"bench-{marker}-{contact}:{n}", Text(body=f"Aviso {marker} {n}"), NOTICE) for n in range(each)]
        await outbox.enqueue(contact, "whatsapp", drafts)
    await settled(whole.database, PATIENCE)
    accepted = await whole.accepted(set(CITIZENS))
    times = sorted(at for at, body in accepted.values() if marker in str(body.get("text")))
    rate = (len(times) - 1) / (times[-1] - times[0])
    refused = await _refusals(whole) - refusals
    detail = f"{len(times)} of {each * len(CITIZENS)} letters in {times[-1] - times[0]:.1f} s"
    return [
        Figure("outbound, even rate", rate, ALLOWED, "/s", detail, at_least=True),
        Figure(
            "outbound, most in any second", most_in_a_second(times), ALLOWED, "/s", f"{refused:.0f} refused (130429)"
        ),
    ]


def most_in_a_second(times: Sequence[float]) -> int:
    """The fullest window of one second."""
    most = first = 0
    for last, at in enumerate(times):
        while at - times[first] >= 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


async def _contacts(whole: Whole) -> list[str]:
    """María's ids of the citizens who wrote in an earlier measurement."""
    async with whole.database.read() as session:
        found = await session.execute(select(AliasRow))
        ours = {phone[-10:] for phone in CITIZENS}
        return [row.contact_id for (row,) in found if row.value[-10:] in ours]


async def _refusals(whole: Whole) -> float:
    async with httpx.AsyncClient() as http:
        text = (await http.get(f"http://127.0.0.1:{whole.maria.ports.worker}/metrics")).text
    return sum(float(n) for n in re.findall(r'maria_send_errors_total\{[^}]*code="130429"[^}]*\} (\S+)', text))
