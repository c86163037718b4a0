"""Balance and bill while Aquasis takes 2 to 5 seconds a call."""

from __future__ import annotations

from sandbox.whatsapp.inbound import text
from tests.bench.figures import Figure, percentile, spread
from tests.bench.load import Said
from tests.bench.whole import Reply, Whole, says

PER_SECOND, CUSTOMERS, QUICK_CUSTOMERS = 1.0, 24, 10
FIRST, AGAIN, BILL = 5.0, 1.0, 10.0


async def balance(whole: Whole) -> list[Figure]:
    """The first question about a contract, and the same question again."""
    await whole.slow_aquasis()
    customers = await whole.customers(QUICK_CUSTOMERS if whole.quick else CUSTOMERS)
    figures = []
    for what, budget in (("balance, first time, p95", FIRST), ("balance, again, p95", AGAIN)):
        said = [Said(phone, text(f"cuanto debo del {contract}")) for phone, contract in customers]
        replies = await whole.replies(await whole.say(said, PER_SECOND))
        number = dict(customers)
        right = [r for r in replies if says(r.body, number[r.said.phone], "deb")]
        figures.append(_figure(what, right, len(said), budget))
    await whole.no_faults()
    return figures


async def bill(whole: Whole) -> list[Figure]:
    """The bill's PDF, for the number that is registered; nothing is remembered from before."""
    await whole.slow_aquasis()
    customers = await whole.customers(QUICK_CUSTOMERS if whole.quick else CUSTOMERS)
    said = [Said(phone, text(f"mandeme mi recibo de agua del {contract}")) for phone, contract in customers]
    replies = await whole.replies(await whole.say(said, PER_SECOND))
    await whole.no_faults()
    documents = [r for r in replies if says(r.body, '"document"')]
    return [_figure("bill PDF, p95", documents, len(said), BILL)]


def _figure(what: str, replies: list[Reply], count: int, budget: float) -> Figure:
    seconds = [r.seconds for r in replies]
    others = f", {count - len(seconds)} answered otherwise" if len(seconds) < count else ""
    return Figure(what, percentile(seconds, 0.95), budget, "s", spread(seconds, 1, "s") + others)
