"""Replies to messages that need no outside call, from the webhook's POST to the Graph API's acceptance."""

from __future__ import annotations

from collections import defaultdict

from sandbox.whatsapp.inbound import Content, button_reply, text
from tests.bench.figures import Figure, percentile, spread
from tests.bench.load import Said, phones
from tests.bench.whole import Reply, Whole

PER_SECOND, SECONDS, QUICK_SECONDS, BUDGET = 20, 30, 8, 500
CITIZENS = phones(240)
KINDS: dict[str, Content] = {
    "tap thanks": button_reply("/thanks", "Gracias"),
    "typed word": text("gracias"),
    "tap tips": button_reply("/conservation_tips", "Consejos"),
    "typed sentence": text("como le hago para gastar menos agua en mi casa"),
}


async def measure(whole: Whole) -> list[Figure]:
    """p95 with the burst window and without it, and each kind's p50."""
    kinds = list(KINDS)
    count = PER_SECOND * (QUICK_SECONDS if whole.quick else SECONDS)
    kind_of, said = {}, []
    for n in range(count):
        one = Said(CITIZENS[n % len(CITIZENS)], KINDS[kinds[n % len(kinds)]])
        kind_of[one.id] = kinds[n % len(kinds)]
        said.append(one)
    before = whole.processor_seconds()
    await whole.say(said, PER_SECOND)
    replies = await whole.replies(said)
    by_kind: defaultdict[str, list[Reply]] = defaultdict(list)
    for reply in replies:
        by_kind[kind_of[reply.said.id]].append(reply)
    medians = ", ".join(f"{k} {percentile([r.seconds for r in by_kind[k]], 0.5) * 1000:.0f}" for k in kinds)
    spent = {name: seconds - before[name] for name, seconds in whole.processor_seconds().items()}
    processor = "; processor ms a message: " + ", ".join(f"{n} {1000 * s / count:.0f}" for n, s in spent.items())
    return [
        _figure("reply from when the burst closed, p95", [r.after_burst for r in replies], count, processor),
        _figure("reply with the burst window, p95", [r.seconds for r in replies], count, f"; p50 by kind: {medians}"),
    ]


def _figure(what: str, seconds: list[float], count: int, more: str = "") -> Figure:
    missing = f", {count - len(seconds)} unanswered" if len(seconds) < count else ""
    return Figure(what, percentile(seconds, 0.95) * 1000, BUDGET, "ms", spread(seconds) + missing + more)
