"""Settings from the environment (or `.env`); the sandbox profile has defaults, production has none."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SANDBOX = os.environ.get("SANDBOX_URL", "http://127.0.0.1:8100")

# What the sandbox profile fills in. Nothing here opens anything but the sandbox on this machine.
SANDBOX_DEFAULTS: dict[str, Any] = {
    "rasa_internal_token": "sandbox-internal-token",
    "code_pepper": "sandbox-code-pepper",
    "link_secret": "sandbox-link-secret-good-for-nothing-else",
    "whatsapp_graph_url": f"{SANDBOX}/graph",
    "whatsapp_phone_number_id": "106540000000001",
    "whatsapp_waba_id": "102290000000001",
    "whatsapp_token": "sandbox-graph-token",
    "whatsapp_app_secret": "sandbox-app-secret",
    "whatsapp_verify_token": "sandbox-verify-token",
    "whatsapp_chat_url": f"{SANDBOX}/wa.me/524425550100",
    "aquasis_url": f"{SANDBOX}/aquasis/services",
    "aquasis_user": "sandbox",
    "aquasis_password": "sandbox-aquasis-password",
    "conekta_url": f"{SANDBOX}/conekta",
    "conekta_private_key": "key_sandbox",
    "conekta_checkout_origins": SANDBOX,
    "conekta_public_key": "key_public_sandbox",
    "conekta_script_url": f"{SANDBOX}/conekta/v1.0/js/conekta-checkout.min.js",
    "conekta_component_origins": SANDBOX,
    "autopay_hours": "0-24",
    "twilio_url": f"{SANDBOX}/twilio",
    "twilio_account_sid": "ACsandbox",
    "twilio_auth_token": "sandbox-twilio-token",
    "twilio_from": "+524425550100",
    "sendgrid_url": f"{SANDBOX}/sendgrid",
    "sendgrid_api_key": "SG.sandbox",
    "sendgrid_from": "maria@example.mx",
    "agora_url": f"{SANDBOX}/agora",
    "agora_bot_token": "sandbox-agora-bot",
    "agora_user_token": "sandbox-agora-user",
    "agora_tickets_token": "sandbox-agora-tickets",
    "agora_admin_token": "sandbox-agora-admin",
    "agora_inbox_id": 14,
    "agora_inbox_identifier": "sandbox-inbox-Kq3TtW9",
    "agora_webhook_secret": "sandbox-agora-webhook",
    "outages_url": f"{SANDBOX}/outages/feed.json",
    "payments_post_to_aquasis": True,
    "pac_url": f"{SANDBOX}/pac",
    "pac_token": "sandbox-pac-token",
    "cfdi_issuer_rfc": "EKU9003173C9",
    "cfdi_issuer_name": "ESCUELA KEMPER URGATE",
    "cfdi_issuer_postcode": "42501",
    "clock_url": f"{SANDBOX}/control/clock",
}


class Settings(BaseSettings):
    """Every knob, one environment variable each (upper case). `.env.example` lists them with a line of help."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    profile: Literal["sandbox", "production"] = Field("sandbox", validation_alias="MARIA_PROFILE")

    # This installation
    database_url: str = "sqlite+aiosqlite:///var/maria.db"
    redis_url: str = "redis://127.0.0.1:6390/0"
    edge_url: str = "http://127.0.0.1:8000"
    rasa_url: str = "http://127.0.0.1:5005"
    rasa_internal_token: SecretStr
    code_pepper: SecretStr
    link_secret: SecretStr = Field(min_length=32)
    timezone: str = "America/Mexico_City"
    log_level: str = "INFO"
    clock_url: str | None = None

    # Conversation
    burst_seconds: float = 1.0
    turn_lease_seconds: float = 60.0
    max_text_chars: int = 4096
    max_media_bytes: int = 16 * 1024 * 1024
    review_days: int = Field(60, ge=0)
    register_default: Literal["usted", "tu"] = "usted"
    experiments: str = ""  # names of data/knowledge/experiments.yml, with commas

    # WhatsApp
    whatsapp_graph_url: str
    whatsapp_graph_version: str = "v24.0"
    whatsapp_phone_number_id: str
    whatsapp_waba_id: str
    whatsapp_token: SecretStr
    whatsapp_app_secret: SecretStr
    whatsapp_verify_token: SecretStr
    whatsapp_messages_per_second: int = 80
    whatsapp_chat_url: str

    # Aquasis
    aquasis_url: str
    aquasis_user: str
    aquasis_password: SecretStr
    aquasis_proxy_url: str | None = None
    aquasis_timeout_seconds: float = 12.0

    # Payments
    conekta_url: str
    conekta_private_key: SecretStr
    conekta_webhook_public_key: str | None = None
    conekta_checkout_origins: str = "https://pay.conekta.com https://pay.conekta.io"
    conekta_public_key: str = ""
    conekta_script_url: str = "https://pay.conekta.com/v1.0/js/conekta-checkout.min.js"
    conekta_component_origins: str = "https://pay.conekta.com"
    payments_post_to_aquasis: bool = False
    payment_min_centavos: int = 1_000
    payment_max_cash_centavos: int = 1_000_000
    payment_max_spei_centavos: int = 20_000_000
    payment_max_card_centavos: int = 20_000_000
    payment_reference_days: int = 3
    payment_link_hours: int = 24
    autopay_hours: str = "9-20"
    autopay_link_minutes: int = 30
    payments_page_minutes: int = 30
    card_openings_a_link: int = 6
    card_openings_a_contact: int = 12
    card_openings_an_address: int = 40
    payments_per_hour: int = 10
    payments_per_day: int = 25
    payments_per_contract: int = 40
    # Invoices; without a PAC there are none
    pac_url: str | None = None
    pac_token: SecretStr = SecretStr("")
    cfdi_issuer_rfc: str = ""
    cfdi_issuer_name: str = ""
    cfdi_issuer_regime: str = "603"
    cfdi_issuer_postcode: str = ""
    invoice_link_minutes: int = 60
    cfdi_vat: str = "0"  # inside the price: "0" for water in homes, "0.16" otherwise

    reports_dir: Path = Path("var/reports")

    # SMS and e-mail
    twilio_url: str = "https://api.twilio.com"
    twilio_account_sid: str
    twilio_auth_token: SecretStr
    twilio_from: str
    sendgrid_url: str = "https://api.sendgrid.com"
    sendgrid_api_key: SecretStr
    sendgrid_from: str

    # Figures elsewhere; empty: nowhere
    matomo_url: str = ""
    matomo_site_id: int = 1
    matomo_token: SecretStr = SecretStr("")

    # AGORA
    agora_url: str
    agora_account_id: int = 2
    agora_bot_token: SecretStr
    agora_user_token: SecretStr
    agora_tickets_token: SecretStr
    agora_admin_token: SecretStr = SecretStr("")  # only for `python -m handoff.setup`
    agora_inbox_id: int
    agora_inbox_identifier: str
    agora_webhook_secret: SecretStr
    handoff_patience_seconds: float = 3.0
    handoff_poll_seconds: float = 30.0

    outages_url: str

    @property
    def invoices(self) -> bool:
        """Whether there is somebody to stamp them, and for whom."""
        return bool(self.pac_url and self.cfdi_issuer_rfc)

    @model_validator(mode="before")
    @classmethod
    def _fill_the_sandbox(cls, values: dict[str, Any]) -> dict[str, Any]:
        profile = values.get("MARIA_PROFILE") or values.get("profile") or "sandbox"
        return {**SANDBOX_DEFAULTS, **values} if profile == "sandbox" else values

    @model_validator(mode="after")
    def _no_sandbox_secret_in_production(self) -> Self:
        if self.profile == "production":
            for name, value in SANDBOX_DEFAULTS.items():
                mine = getattr(self, name)
                mine = mine.get_secret_value() if isinstance(mine, SecretStr) else mine
                if isinstance(value, str) and mine == value and name != "clock_url":
                    raise ValueError(f"{name.upper()} still has its sandbox value; set it for production")
        return self


@lru_cache
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
