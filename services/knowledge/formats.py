"""Money, dates, hours and water as people in Querétaro write them (conversation_design.md 1.5)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date

from services.clock import Clock
from services.knowledge.texts import Texts

LOCALE = "es_MX"
NOON, EVENING, NIGHT = 12, 19, 24
SIZES = ((86_400, "left_day", "left_days"), (3600, "left_hour", "left_hours"))


class Formats:
    """Formats that depend on what day it is."""

    def __init__(self, clock: Clock, texts: Texts) -> None:
        self._clock, self._texts = clock, texts

    def money(self, pesos: Decimal) -> str:
        """`$1,204.50`; always two decimals."""
        return f"${pesos:,.2f}"

    def day(self, day: date) -> str:
        """`viernes 11 de diciembre`; the year only when it is another."""
        pattern = "EEEE d 'de' MMMM" if day.year == self._clock.today().year else "EEEE d 'de' MMMM 'de' y"
        return str(format_date(day, pattern, locale=LOCALE))

    def day_of_year(self, day: date) -> str:
        """`24 de noviembre`; the year only when it is another."""
        pattern = "d 'de' MMMM" if day.year == self._clock.today().year else "d 'de' MMMM 'de' y"
        return str(format_date(day, pattern, locale=LOCALE))

    def near_day(self, day: date) -> str:
        """Hoy, mañana, ayer when true."""
        away = (day - self._clock.today()).days
        word = {0: "today", 1: "tomorrow", -1: "yesterday"}.get(away)
        return self._texts.get(word) if word else self.day(day)

    def on_day(self, day: date) -> str:
        """`hoy`, `mañana`, else `el jueves 26 de noviembre`."""
        near = self.near_day(day)
        return near if abs((day - self._clock.today()).days) <= 1 else self._texts.get("the_day", day=near)

    def time_left(self, until: datetime) -> str:
        """`quedan 3 días`, `queda 1 hora`, `queda menos de una hora`; rounded down, so that nobody comes too late."""
        seconds = (until - self._clock.now()).total_seconds()
        for size, one, many in SIZES:
            if count := int(max(seconds, 0) // size):
                return self._texts.get(one) if count == 1 else self._texts.get(many, count=count)
        return self._texts.get("left_minutes")

    def month(self, month: date) -> str:
        """`noviembre`; the year when it is another than the running twelve months."""
        pattern = "MMMM" if (self._clock.today() - month).days < 330 else "MMMM 'de' y"
        return str(format_date(month, pattern, locale=LOCALE))

    def short_month(self, month: date) -> str:
        """`nov`."""
        return str(format_date(month, "MMM", locale=LOCALE)).rstrip(".")

    def hour(self, moment: datetime) -> str:
        """`8 de la noche`, `10:42 de la mañana`."""
        local = self._clock.local(moment)
        key = "hour_morning" if local.hour < NOON else "hour_afternoon" if local.hour < EVENING else "hour_night"
        shown = f"{(local.hour - 1) % 12 + 1}" + (f":{local.minute:02d}" if local.minute else "")
        return self._texts.get(key, hour=shown)

    def moment(self, moment: datetime) -> str:
        """`hoy a las 8 de la noche`."""
        local = self._clock.local(moment)
        key = "moment_one" if (local.hour - 1) % 12 + 1 == 1 else "moment"
        return self._texts.get(key, day=self.on_day(local.date()), hour=self.hour(moment))

    def freshness(self) -> str:
        """`dato de hoy, 10:42 de la mañana`."""
        return self._texts.get("freshness", hour=self.hour(self._clock.now()))

    def phone(self, digits: str) -> str:
        """`442 555 0100`."""
        return f"{digits[:3]} {digits[3:6]} {digits[6:]}"

    def reference(self, digits: str) -> str:
        """Groups of four."""
        return " ".join(digits[i : i + 4] for i in range(0, len(digits), 4))
