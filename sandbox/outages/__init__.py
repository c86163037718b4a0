"""The outage feed María reads: a small JSON document of our own, since CEA publishes none.

`GET /outages/feed.json` answers `{"generated_at": moment, "outages": [outage, ...]}`, newest start first. Moments
are ISO 8601 in UTC. One outage:

    id                  text, stays the same while the outage is reported
    kind                "active" (something broke) or "planned" (announced work; it runs from starts_at on)
    zones               colonia names as people know them
    municipality        text
    postcodes           five-digit texts; may be empty
    cause               one clause in plain Spanish, lower case: "se rompió un tubo"
    starts_at           moment
    expected_return     moment, or null while nobody knows
    resolved_at         moment, or null while it lasts; a resolved outage stays in the feed for a day
    alternative_supply  text, or null
"""

from sandbox.outages.router import build

__all__ = ["build"]
