"""What is counted and timed. Labels never hold anything personal."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

FAST = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

WEBHOOK_SECONDS = Histogram("maria_webhook_seconds", "Time to acknowledge a webhook", ["channel"], buckets=FAST)
WEBHOOK_MESSAGES = Counter("maria_webhook_messages", "Messages stored, by novelty", ["channel", "state"])
WEBHOOK_REFUSED = Counter("maria_webhook_refused", "Webhooks refused", ["channel", "why"])
TURN_SECONDS = Histogram("maria_turn_seconds", "From claiming a message to its replies written", ["kind"], buckets=FAST)
TURN_FAILURES = Counter("maria_turn_failures", "Turns that could not be done and will be tried again", ["why"])
INBOX_WAIT = Histogram("maria_inbox_wait_seconds", "From due to taken", buckets=FAST)
SENT = Counter("maria_sent", "What became of messages to send", ["channel", "outcome"])
SEND_ERRORS = Counter("maria_send_errors", "Refusals by the provider's code", ["channel", "code"])
RENDER_CUTS = Counter("maria_render_cuts", "What a channel's limits cost", ["what"])
EVENTS = Counter("maria_events", "What happened in conversations (services/analytics)", ["kind", "name"])
RATINGS = Histogram("maria_rating", "How people were rated, 1 to 5", ["reason"], buckets=(1, 2, 3, 4, 5))
IN_WORK = Gauge("maria_conversations_in_work", "Conversations held now", multiprocess_mode="livesum")

PAYMENT_CHANGES = Counter("maria_payment_changes", "What happened to payments", ["kind"])
PAYMENTS_OPEN = Gauge("maria_payments_open", "References that can be paid now", multiprocess_mode="max")
PAYMENTS_UNRECONCILED = Gauge(
    "maria_payments_unreconciled_seconds",
    "Age of the oldest open payment the gateway was not asked about, or paid one not posted",
    multiprocess_mode="max",
)
PAYMENT_REVIEWS_OPEN = Gauge("maria_payment_reviews_open", "Payments that wait for a person", multiprocess_mode="max")
GATEWAY_MISCONFIGURED = Counter(
    "maria_gateway_misconfigured", "Alarm: the payment gateway does not take our key or version", ["status"]
)
INVOICES = Counter("maria_invoices", "What became of invoices asked for in the chat", ["result"])
CARD_OPENINGS = Counter("maria_card_openings_total", "Card pages opened, limited or down", ["result"])
