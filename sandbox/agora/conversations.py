"""Conversations: open, status, people, labels, attributes (agora.md 4.2, 4.5, 4.6)."""

from __future__ import annotations

from typing import Any

from sandbox.agora.access import Caller, Refusal, broken, invalid
from sandbox.agora.account import Agent, Bot, Json, Team
from sandbox.agora.contacts import Contacts
from sandbox.agora.events import Events
from sandbox.agora.messages import File, Messages
from sandbox.agora.model import INCOMING, PRIORITIES, STATUSES, Contact, Conversation, Message
from sandbox.agora.store import Store

WORDS = {"open": "reabrió", "resolved": "resolvió", "pending": "devolvió a María", "snoozed": "pospuso"}
SURVEY = "¿Cómo le atendimos?"


class Conversations:
    """All conversations and what may be done with them."""

    def __init__(self, store: Store, events: Events, messages: Messages, contacts: Contacts) -> None:
        self.store, self.events, self.messages, self.contacts = store, events, messages, contacts

    def open(self, body: Json, caller: Caller) -> Conversation:
        """A new one; not idempotent, unless the inbox is locked to one a contact."""
        contact = self._contact(body)
        source = self.contacts.link(contact, body.get("inbox_id"), body.get("source_id"))
        if self.store.directory.inbox.lock_to_single_conversation and (known := self._last(contact)):
            return known
        status = body.get("status") or "open"
        if status not in STATUSES:
            raise broken()
        made = self.start(contact, source, status, body.get("custom_attributes"), body.get("additional_attributes"))
        made.hmac_verified = bool(body.get("hmac_verified"))
        made.team = self.store.directory.team(body.get("team_id"))
        made.assignee = self.store.directory.agent(body.get("assignee_id"))
        if isinstance(body.get("message"), dict):
            self.say(made, body["message"], caller.who, [])
        return made

    def start(
        self, contact: Contact, source: str, status: str, custom: Any = None, additional: Any = None
    ) -> Conversation:
        """The row itself. A connected bot makes it pending, a blocked contact resolved."""
        checked = [_attributes(part or {}, name) for part, name in ((custom, "custom"), (additional, "additional"))]
        if self.store.directory.inbox.bot_id:
            status = "pending"
        if contact.blocked:
            status = "resolved"
        now, display = self.store.now(), next(self.store.displays)
        made = Conversation(display, display + 300_000, contact, source, status, now, checked[0], checked[1])
        made.updated_at = made.waiting_since = now
        self.store.conversations[display] = made
        self.events.created(made)
        return made

    def say(self, conversation: Conversation, body: Json, by: Agent | Bot, files: list[File]) -> Message:
        """Post; an incoming one opens again what was resolved or snoozed."""
        made = self.messages.post(conversation, body, by, files)
        if (
            made.kind == INCOMING
            and conversation.status in ("resolved", "snoozed")
            and not conversation.contact.blocked
        ):
            back = "pending" if self.store.directory.inbox.bot_id and conversation.status == "resolved" else "open"
            self._move(conversation, back)
        return made

    def toggle_status(self, conversation: Conversation, caller: Caller, wanted: Any, until: Any) -> bool | None:
        """None is a bot's handoff, True everything else.

        Raises:
            Refusal: 500 for a word that is none.
        """
        if not wanted:
            wanted = "resolved" if conversation.status == "open" else "open"
        if wanted not in STATUSES:
            raise broken()
        handoff = caller.bot and (conversation.status, wanted) == ("pending", "open")
        if handoff:
            conversation.handed_off += 1
            conversation.waiting_since = self.store.now()
        conversation.snoozed_until = until if wanted == "snoozed" else None
        if wanted == "open" and isinstance(caller.who, Agent) and not caller.admin:
            self._assign(conversation, caller.who, caller.who.name)
        if wanted != conversation.status:
            self._move(conversation, wanted)
            if wanted != "open" or not handoff:
                self.messages.activity(conversation, f"{caller.who.name} {WORDS[wanted]} la conversación")
            if wanted == "resolved":
                self._survey(conversation)
        return None if handoff else True

    def resolve(self, conversation: Conversation) -> None:
        """By the citizen, through the Client API."""
        if conversation.status != "resolved":
            self._move(conversation, "resolved")
            self._survey(conversation)

    def _move(self, conversation: Conversation, status: str) -> None:
        before, conversation.status = conversation.status, status
        if status == "resolved":
            conversation.waiting_since = None
        picked = self._automatic_agent(conversation) if status == "open" else None
        if picked:
            conversation.assignee = picked
        if not (picked and self.store.behaviour.swallow_status):
            self.events.status(conversation)
            self.events.changed(conversation, status=(before, status))
        if picked:
            self.events.changed(conversation, assignee_id=(None, picked.id))

    def _automatic_agent(self, conversation: Conversation) -> Agent | None:
        """Whoever is online and has the fewest open ones; with a team only its members, and only if it allows it."""
        directory, team = self.store.directory, conversation.team
        if conversation.assignee or not directory.inbox.enable_auto_assignment or (team and not team.allow_auto_assign):
            return None
        members = [
            a for a in directory.agents if a.id in directory.inbox.members and (not team or a.id in team.members)
        ]
        online = [a for a in members if a.availability == "online"]
        rows = self.store.conversations.values()
        load = {a.id: sum(c.assignee is a and c.status == "open" for c in rows) for a in online}
        return min(online, key=lambda a: load[a.id], default=None)

    def assign(self, conversation: Conversation, body: Json, caller: Caller) -> Agent | Bot | Team | None:
        """Both given: the person wins and the team is ignored. An unknown id clears."""
        directory = self.store.directory
        if "assignee_id" in body:
            bot = directory.bot if body.get("assignee_type") == "AgentBot" else None
            who = bot if bot and bot.id == body["assignee_id"] else directory.agent(body["assignee_id"])
            self._assign(conversation, who, caller.who.name)
            return who
        before, conversation.team = conversation.team, directory.team(body.get("team_id"))
        ids = (before.id if before else None, conversation.team.id if conversation.team else None)
        if ids[0] != ids[1]:
            self.events.changed(conversation, team_id=ids)
        return conversation.team

    def _assign(self, conversation: Conversation, who: Agent | Bot | None, by: str) -> None:
        before = conversation.assignee
        if before is who:
            return
        conversation.assignee = who
        words = f"{by} asignó la conversación a {who.name}" if who else f"{by} dejó la conversación sin asignar"
        self.messages.activity(conversation, words)
        self.events.changed(conversation, assignee_id=(before.id if before else None, who.id if who else None))

    def label(self, conversation: Conversation, labels: Any) -> list[str]:
        """Replaces the list; labels that the account does not define are kept all the same."""
        wanted = list(dict.fromkeys(str(label).casefold() for label in labels or []))
        before, conversation.labels = conversation.labels, wanted
        if before != wanted:
            self.events.changed(conversation, label_list=(before, wanted))
        return wanted

    def attributes(self, conversation: Conversation, values: Any) -> Json:
        """Replaces all."""
        if not isinstance(values, dict):
            raise broken()
        before, conversation.custom = conversation.custom, _attributes(values, "custom")
        self.events.changed(conversation, custom_attributes=(before, conversation.custom))
        return conversation.custom

    def prioritise(self, conversation: Conversation, priority: Any) -> None:
        """A word or null."""
        if priority not in (None, "none", *PRIORITIES):
            raise broken()
        before, conversation.priority = conversation.priority, None if priority == "none" else priority
        self.events.changed(conversation, priority=(before, conversation.priority))

    def see(self, conversation: Conversation, unread_again: bool = False) -> None:
        """An agent looked, or marks the last incoming one as unread again."""
        came = [m for m in conversation.messages if m.kind == INCOMING]
        if not unread_again:
            conversation.agent_seen_at = self.store.now()
        elif came:
            conversation.agent_seen_at = came[-1].created_at - 0.001
        self.events.seen(conversation)

    def _survey(self, conversation: Conversation) -> None:
        """Stock CSAT: once a conversation, inside the window, with a link (agora.md section 8)."""
        asked = any(m.content_type == "input_csat" for m in conversation.messages)
        if not self.store.directory.inbox.csat_survey_enabled or asked or not self.store.can_reply(conversation):
            return
        link = f"{self.store.url}/agora/survey/responses/{conversation.uuid}"
        self.messages.automatic(conversation, f"{SURVEY} {link}", "input_csat", {"display_type": "emoji"})

    def _contact(self, body: Json) -> Contact:
        if not body.get("contact_id") and body.get("source_id") and (known := self.store.by_source(body["source_id"])):
            return known
        return self.store.contact(body.get("contact_id"))

    def _last(self, contact: Contact) -> Conversation | None:
        rows = [c for c in self.store.conversations.values() if c.contact is contact]
        return rows[-1] if rows else None


def _attributes(values: Any, name: str) -> Json:
    """Texts up to 1500 characters, integers up to ten digits (agora.md 2.4)."""
    field = f"{name}_attributes"
    if not isinstance(values, dict):
        raise Refusal(500, {})
    for key, value in values.items():
        if isinstance(value, str) and len(value) > 1500:
            raise invalid(field, f"{field.replace('_', ' ').capitalize()} {key} length should be < 1500")
        if isinstance(value, int) and value > 9_999_999_999:
            raise invalid(field, f"{field.replace('_', ' ').capitalize()} {key} value should be < 9999999999")
    return dict(values)
