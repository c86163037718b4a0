"""Imports every feature's tables, so that the metadata is whole (Alembic and the tests use it)."""

import services.analytics.tables
import services.autopay.tables
import services.cfdi.tables
import services.contacts.tables
import services.handoff.tables
import services.identity.tables
import services.messaging.tables
import services.payments.tables
import services.receipts.tables
import services.review.tables
import services.service_requests.tables  # noqa: F401
from services.storage.base import Base

metadata = Base.metadata
