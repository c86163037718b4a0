"""Imports every feature's tables, so that the metadata is whole (Alembic and the tests use it)."""

import services.contacts.tables
import services.messaging.tables  # noqa: F401
from services.storage.base import Base

metadata = Base.metadata
