"""What the project asks of the figures (issue 3), and the budget of DESIGN.md section 9."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A bound for one figure; `percent` says how to print it."""

    name: str
    bound: float | None = None
    at_least: bool = True
    percent: bool = True

    def met(self, value: float) -> bool | None:
        """Whether the value keeps the bound; None where there is none."""
        if self.bound is None:
            return None
        return value >= self.bound if self.at_least else value <= self.bound

    def show(self, value: float) -> str:
        """The value as people read it."""
        return f"{value * 100:.1f} %" if self.percent else f"{value:.1f} ms"

    def show_change(self, now: float, before: float) -> str:
        """The difference with its sign, in points or milliseconds; `=` where it would show as zero."""
        change = (now - before) * (100 if self.percent else 1)
        return "=" if abs(change) < 0.05 else f"{change:+.1f}"

    def better(self, now: float, before: float) -> bool | None:
        """Whether the change is for the better; None where it is too small to show."""
        if self.show_change(now, before) == "=":
            return None
        return (now > before) is self.at_least

    def show_bound(self) -> str:
        """The bound as people read it; empty where there is none."""
        return f"{'≥' if self.at_least else '≤'} {self.show(self.bound)}" if self.bound is not None else ""


TARGETS: dict[str, Target] = {
    "ten_lenient": Target("los diez trámites, con segunda etiqueta", 0.96),
    "ten_strict": Target("los diez trámites, estricto"),
    "all_lenient": Target("todas las intenciones, con segunda etiqueta", 0.94),
    "all_strict": Target("todas las intenciones, estricto"),
    "wrong_started": Target("trámite equivocado que se empezó", 0.02, at_least=False),
    "served_twice": Target("mensajes tomados por dos peticiones", at_least=False),
    "outside_caught": Target("fuera de tema, reconocido", 0.92),
    "real_refused": Target("peticiones verdaderas rechazadas", 0.03, at_least=False),
    "entities_f1": Target("entidades, F1", 0.95),
    "codes_f1": Target("contrato, importe y código, F1", 0.99),
    "calibration_error": Target("error de calibración (ECE)", at_least=False),
    "ms_p50": Target("tiempo por mensaje, mediana", at_least=False, percent=False),
    "ms_p95": Target("tiempo por mensaje, p95", 40.0, at_least=False, percent=False),
}
