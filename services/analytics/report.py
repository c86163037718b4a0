"""Events into figures: containment, what became of each errand, how long it took, comparisons. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from itertools import combinations
from statistics import median

from services.analytics.events import Happened
from services.analytics.significance import Share, fisher, verdict

QUIET = timedelta(hours=24)  # a longer silence ends a conversation, as WhatsApp's window does
GIVEN_UP = timedelta(hours=2)  # an errand without an end that nothing more was heard of
TO_A_PERSON = ("handoff", "ticket")
ENDS = ("done", "failed", "ended")


@dataclass
class Run:
    """One errand from its first step to its end. `outcome`: done, failed, ended, abandoned, open."""

    errand: str
    person: str
    started: datetime
    last: datetime
    outcome: str = "open"

    @property
    def minutes(self) -> float:
        """From start to end."""
        return (self.last - self.started).total_seconds() / 60


@dataclass(frozen=True)
class ErrandFigures:
    """What became of one errand's runs. `minutes`: the median of those that were done, None without one."""

    errand: str
    started: int
    done: int
    failed: int
    ended: int
    abandoned: int
    minutes: float | None

    @property
    def resolution(self) -> float | None:
        """Share done of those that are over, 0..1; None while none is."""
        over = self.done + self.failed + self.ended + self.abandoned
        return self.done / over if over else None


@dataclass(frozen=True)
class Comparison:
    """Two variants of an experiment: of those who saw one, how many got an errand done afterwards."""

    experiment: str
    variants: tuple[str, str]
    shares: tuple[Share, Share]
    p: float
    verdict: str


@dataclass(frozen=True)
class Checked:
    """Of an intent that somebody looked at again: how often the first guess was right."""

    intent: str
    share: Share


@dataclass(frozen=True)
class Ratings:
    """`stars`: how many gave 1, 2, 3, 4 and 5."""

    stars: tuple[int, int, int, int, int]
    by_reason: tuple[tuple[str, int, float], ...]  # reason, how many, mean

    @property
    def number(self) -> int:
        """How many there are."""
        return sum(self.stars)

    @property
    def mean(self) -> float | None:
        """1..5; None without one."""
        return sum(n * k for n, k in enumerate(self.stars, 1)) / self.number if self.number else None

    @property
    def content(self) -> Share:
        """Who gave 4 or 5."""
        return Share(self.stars[3] + self.stars[4], self.number)


@dataclass
class Report:
    """All figures of a period."""

    conversations: int = 0
    handed_over: int = 0
    errands: list[ErrandFigures] = field(default_factory=list)
    intents: list[tuple[str, int, float | None]] = field(default_factory=list)  # name, how often, mean confidence
    reasons: list[tuple[str, int]] = field(default_factory=list)
    levels: list[tuple[str, int]] = field(default_factory=list)
    days: list[tuple[str, int, int]] = field(
        default_factory=list
    )  # every date from the first to the last, conversations, handed over
    comparisons: list[Comparison] = field(default_factory=list)
    tickets: list[tuple[str, int]] = field(default_factory=list)
    ratings: Ratings = field(default_factory=lambda: Ratings((0, 0, 0, 0, 0), ()))
    checked: list[Checked] = field(default_factory=list)
    checked_all: Share = field(default_factory=lambda: Share(0, 0))

    @property
    def containment(self) -> float | None:
        """Share of conversations without a person, 0..1; None without conversations."""
        return 1 - self.handed_over / self.conversations if self.conversations else None


def runs(events: Sequence[Happened], now: datetime) -> list[Run]:
    """Every errand that was begun, in order of its start."""
    live: dict[tuple[str, str], Run] = {}
    over: list[Run] = []
    for one in events:
        kind, key = one.event.kind, (one.person, one.event.name)
        if kind not in ("step", *ENDS):
            continue
        run = live.get(key)
        if run is not None and one.at - run.last > GIVEN_UP:
            over.append(_abandoned(live.pop(key)))
            run = None
        if run is None:
            run = live[key] = Run(one.event.name, one.person, one.at, one.at)
        run.last = one.at
        if kind in ENDS:
            run.outcome = kind
            over.append(live.pop(key))
    over += [_abandoned(r) if now - r.last > GIVEN_UP else r for r in live.values()]
    return sorted(over, key=lambda r: r.started)


def _abandoned(run: Run) -> Run:
    run.outcome = "abandoned"
    return run


def conversations(events: Sequence[Happened]) -> Iterator[list[Happened]]:
    """Each person's events, cut at silences longer than a day."""
    by_person: dict[str, list[Happened]] = defaultdict(list)
    for one in events:
        by_person[one.person].append(one)
    for own in by_person.values():
        talk = [own[0]]
        for one in own[1:]:
            if one.at - talk[-1].at > QUIET:
                yield talk
                talk = []
            talk.append(one)
        yield talk


def build(events: Sequence[Happened], now: datetime, judged: Sequence[tuple[str, str]] = ()) -> Report:
    """The report over events in order of time; days are those of `now`'s zone.

    `judged`: what was guessed and what it was, as people labelled it (`services.review`).
    """
    talks = list(conversations(events))
    handed = [any(e.event.kind in TO_A_PERSON for e in talk) for talk in talks]
    found = runs(events, now)
    count = {kind: Counter(e.event.name for e in events if e.event.kind == kind) for kind in (*TO_A_PERSON, "level")}
    looked = _checked(events, judged)
    return Report(
        conversations=len(talks),
        handed_over=sum(handed),
        errands=_errands(found),
        intents=_intents(events),
        reasons=count["handoff"].most_common(),
        levels=count["level"].most_common(),
        days=_days(talks, handed, now.tzinfo),
        comparisons=list(_comparisons(events, found)),
        tickets=count["ticket"].most_common(),
        ratings=_ratings(events),
        checked=looked,
        checked_all=Share(sum(c.share.hits for c in looked), sum(c.share.people for c in looked)),
    )


def _ratings(events: Sequence[Happened]) -> Ratings:
    stars, reasons = [0] * 5, defaultdict[str, list[float]](list)
    for one in events:
        if one.event.kind == "rated" and one.event.value in (1, 2, 3, 4, 5):
            stars[int(one.event.value) - 1] += 1
            reasons[one.event.name].append(one.event.value)
    rows = sorted(((name, len(own), sum(own) / len(own)) for name, own in reasons.items()), key=lambda row: -row[1])
    return Ratings((stars[0], stars[1], stars[2], stars[3], stars[4]), tuple(rows))


def _checked(events: Sequence[Happened], judged: Sequence[tuple[str, str]]) -> list[Checked]:
    """From citizens' choices and designers' labels alike; the intents most looked at first."""
    pairs = [(e.event.name, e.event.detail or "") for e in events if e.event.kind == "checked"]
    pairs += judged
    of, right = Counter(guess for guess, _ in pairs), Counter(guess for guess, was in pairs if guess == was)
    return [Checked(name, Share(right[name], times)) for name, times in of.most_common()]


def _errands(found: Sequence[Run]) -> list[ErrandFigures]:
    by_name: dict[str, list[Run]] = defaultdict(list)
    for run in found:
        by_name[run.errand].append(run)
    figures = []
    for name, own in by_name.items():
        outcome = Counter(r.outcome for r in own)
        took = [r.minutes for r in own if r.outcome == "done"]
        counts = {k: outcome[k] for k in ("done", "failed", "ended", "abandoned")}
        figures.append(ErrandFigures(name, len(own), **counts, minutes=median(took) if took else None))
    return sorted(figures, key=lambda f: -f.started)


def _intents(events: Sequence[Happened]) -> list[tuple[str, int, float | None]]:
    heard: dict[str, list[float | None]] = defaultdict(list)
    for one in events:
        if one.event.kind == "heard":
            heard[one.event.name].append(one.event.value)
    rows = []
    for name, values in heard.items():
        known = [v for v in values if v is not None]
        rows.append((name, len(values), sum(known) / len(known) if known else None))
    return sorted(rows, key=lambda row: -row[1])


def _days(talks: Sequence[list[Happened]], handed: Sequence[bool], zone: tzinfo | None) -> list[tuple[str, int, int]]:
    all_of, people = Counter[str](), Counter[str]()
    for talk, over in zip(talks, handed, strict=True):
        day = talk[0].at.astimezone(zone).date().isoformat()
        all_of[day] += 1
        people[day] += over
    days = [date.fromisoformat(day) for day in all_of]
    span = range((max(days) - min(days)).days + 1) if days else ()
    every = [(min(days) + timedelta(days=n)).isoformat() for n in span]
    return [(day, all_of[day], people[day]) for day in every]


def _comparisons(events: Sequence[Happened], found: Sequence[Run]) -> Iterator[Comparison]:
    """Each person counts once, for the variant they saw first."""
    seen: dict[str, dict[str, tuple[str, datetime]]] = defaultdict(dict)
    for one in events:
        if one.event.kind == "exposed" and one.event.detail:
            seen[one.event.name].setdefault(one.person, (one.event.detail, one.at))
    done = [(r.person, r.last) for r in found if r.outcome == "done"]
    for experiment, people in seen.items():
        shares = {v: _share(v, people, done) for v in sorted({v for v, _ in people.values()})}
        every = list(combinations(shares, 2))
        for one_name, other_name in every:
            pair = shares[one_name], shares[other_name]
            yield Comparison(experiment, (one_name, other_name), pair, fisher(*pair), verdict(*pair, len(every)))


def _share(variant: str, people: dict[str, tuple[str, datetime]], done: Sequence[tuple[str, datetime]]) -> Share:
    own = {person: at for person, (name, at) in people.items() if name == variant}
    hits = {person for person, at in done if person in own and at >= own[person]}
    return Share(len(hits), len(own))
