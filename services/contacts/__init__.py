"""Who writes to María: an opaque id of ours, the addresses it is known by, and the contracts it follows."""

from services.contacts.service import Contact, Contacts, LinkedContract

__all__ = ["Contact", "Contacts", "LinkedContract"]
