"""The database: engines, transactions, column types. Tables live with their feature."""

from services.storage.base import Base, UtcDateTime
from services.storage.database import Database

__all__ = ["Base", "Database", "UtcDateTime"]
