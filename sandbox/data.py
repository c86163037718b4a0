"""The sandbox's people and accounts, read from YAML (`SANDBOX_DATA` names another file). All of it is invented."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator

DEFAULT = Path(__file__).parent / "data.yml"


class Strict(BaseModel):
    """A misspelt key is an error, not a silence."""

    model_config = ConfigDict(extra="forbid")


class Account(Strict):
    """One contract. Bills, debt and readings follow from it and from the sandbox's clock."""

    contract: str = Field(pattern=r"^\d{6,10}$", description="as printed on the bill, leading zeros kept")
    story: str = Field(description="what this account is for")
    holder: str
    phones: tuple[str, ...] = ()
    email: str | None = None
    zone: int = Field(1, description="explotacion")
    use: Literal["DOMESTICO ZONA URBANA", "DOMESTICO ZONA RURAL", "COMERCIAL", "INDUSTRIAL"] = "DOMESTICO ZONA URBANA"
    street: str
    number: str = "SN"
    locality: str
    municipality: str = "QUERETARO"
    water: tuple[str, ...] = Field((), description="m³ a month, oldest first, last month last; 12e: estimated")
    around: int = Field(15, description="without `water`: about so many m³ a month")
    unpaid: int = Field(0, description="how many of the latest bills are unpaid")
    due: int = Field(12, description="days until the latest bill is due; negative: since")
    credit: float = Field(0, description="pesos in favour")
    cut: Literal["debt", "other"] | None = None
    blocked: bool = Field(False, description="bloquearCobro: nothing may be charged")
    paperless: bool = False
    broken_pdf: bool = Field(False, description="getPdfFactura answers something that is no PDF")

    @field_validator("water", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return tuple(value.split()) if isinstance(value, str) else value


class Person(Strict):
    """Somebody on the phone page. Without `wa_id` only the BSUID is known (since 2026)."""

    name: str
    story: str
    wa_id: str | None = None
    bsuid: str | None = None
    username: str | None = None


class Outage(Strict):
    """Water that is or will be missing. Hours count from now."""

    id: str
    kind: Literal["active", "planned"]
    zones: tuple[str, ...]
    municipality: str
    postcodes: tuple[str, ...] = ()
    cause: str
    starts_in_hours: float
    returns_in_hours: float | None
    alternative_supply: str | None = None


class Content(Strict):
    """The whole file."""

    zones: dict[int, str]
    persons: tuple[Person, ...]
    accounts: tuple[Account, ...]
    outages: tuple[Outage, ...] = ()


class SandboxData:
    """The content, reloadable."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or Path(os.environ.get("SANDBOX_DATA") or DEFAULT)
        self.reload()

    def reload(self) -> None:
        """Read the file again.

        Raises:
            ValueError: with the place and the reason, when something in it cannot be.
        """
        self.content = Content.model_validate(yaml.safe_load(self.path.read_text(encoding="utf-8")))
        numbers = [int(a.contract) for a in self.content.accounts]
        if twice := {n for n in numbers if numbers.count(n) > 1}:
            raise ValueError(f"{self.path}: contracts that stand twice: {sorted(twice)}")
