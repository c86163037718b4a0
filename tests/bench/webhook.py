"""Webhook answers under 80 messages a second, while María works on what they bring."""

from __future__ import annotations

from sandbox.whatsapp.inbound import text
from services.messaging.tables import InboxRow
from tests.bench.figures import Figure, percentile, spread
from tests.bench.ledger import everything, settled
from tests.bench.load import Said, phones
from tests.bench.whole import PATIENCE, Whole

PER_SECOND, SECONDS, QUICK_SECONDS = 80, 20, 6
WORDS = ("hola", "buenas tardes", "una pregunta", "a que hora abren las oficinas")
CITIZENS = phones(160)


async def measure(whole: Whole) -> list[Figure]:
    """p50, p95 and p99 of the answers, and what was lost."""
    count = PER_SECOND * (QUICK_SECONDS if whole.quick else SECONDS)
    said = [Said(CITIZENS[n % len(CITIZENS)], text(WORDS[n // len(CITIZENS) % len(WORDS)])) for n in range(count)]
    await whole.say(said, PER_SECOND)
    took = max(s.at for s in said) - min(s.at for s in said)
    stored = {row.provider_id for row in await everything(whole.database, InboxRow)}
    lost = sum(s.id not in stored for s in said)
    answers = [s.answers[0] for s in said]
    refused = sum(s.refused for s in said)
    drained = await settled(whole.database, PATIENCE)
    detail = f"{spread(answers)} at {(count - 1) / took:.1f}/s"
    return [
        Figure("webhook answer, p99", percentile(answers, 0.99) * 1000, 100, "ms", detail),
        Figure("webhook messages lost", lost, 0, "lost", f"{refused} refused; all answered {drained:.0f} s later"),
    ]
