"""The two `filter` calls: rules joined by AND and OR, refused when AGORA does not know a word."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from sandbox.agora.access import Refusal
from sandbox.agora.account import Json
from sandbox.agora.model import Contact, Conversation

CONVERSATION = (
    "status assignee_id inbox_id team_id display_id labels priority created_at last_activity_at contact_id "
    "conversation_language browser_language country_code referer mail_subject campaign_id"
).split()
CONTACT = (
    "name phone_number email identifier country_code city company created_at last_activity_at blocked labels "
    "referer contact_type"
).split()
OPERATORS: dict[str, Callable[[list[str], list[str]], bool]] = {
    "equal_to": lambda have, want: bool(set(have) & set(want)) or "all" in want,
    "not_equal_to": lambda have, want: not set(have) & set(want),
    "contains": lambda have, want: any(w.casefold() in h.casefold() for h in have for w in want),
    "does_not_contain": lambda have, want: not any(w.casefold() in h.casefold() for h in have for w in want),
    "starts_with": lambda have, want: any(h.casefold().startswith(w.casefold()) for h in have for w in want),
    "is_present": lambda have, _want: bool(have),
    "is_not_present": lambda have, _want: not have,
    "is_greater_than": lambda have, want: bool(have and want) and have[0] > want[0],
    "is_less_than": lambda have, want: bool(have and want) and have[0] < want[0],
}


Row = TypeVar("Row", Contact, Conversation)


def chosen(
    rows: Iterable[Row], rules: Any, known: list[str], custom: set[str], read: Callable[[Row, str], Any]
) -> list[Row]:
    """The rows that the rules let through. AND binds closer than OR, as in SQL.

    Raises:
        Refusal: 422, for an attribute, operator, value or connection that is none.
    """
    checked = [_checked(rule, known, custom) for rule in _listed(rules)]
    groups: list[list[Json]] = [[]]
    for rule in checked:
        groups[-1].append(rule)
        if str(rule.get("query_operator") or "and").casefold() == "or":
            groups.append([])

    def fits(row: Row, rule: Json) -> bool:
        value = read(row, rule["attribute_key"])
        have = [str(v) for v in (value if isinstance(value, list) else [value]) if v not in (None, "")]
        return OPERATORS[rule["filter_operator"]](have, [str(v) for v in rule.get("values") or []])

    return [row for row in rows if any(group and all(fits(row, r) for r in group) for group in groups)]


def _listed(rules: Any) -> list[Any]:
    """A list, or Rails' hash of them with numbers as keys."""
    listed = list(rules.values()) if isinstance(rules, dict) else rules
    if not isinstance(listed, list) or not listed:
        raise Refusal(422, {"error": "Invalid value. The values provided for payload are invalid"})
    return listed


def _checked(rule: Any, known: list[str], custom: set[str]) -> Json:
    if not isinstance(rule, dict):
        raise Refusal(422, {"error": "Invalid value. The values provided for payload are invalid"})
    key, operator = str(rule.get("attribute_key")), rule.get("filter_operator")
    if key not in known and key not in custom:
        words = f"Invalid attribute key - [{key}]. The key should be one of [{','.join(known)}] or a custom attribute"
        raise Refusal(422, {"error": f"{words} defined in the account."})
    if operator not in OPERATORS:
        allowed = ",".join(OPERATORS)
        raise Refusal(422, {"error": f"Invalid operator. The allowed operators for {key} are [{allowed}]."})
    if not operator.endswith("present") and not rule.get("values"):
        raise Refusal(422, {"error": f"Invalid value. The values provided for {key} are invalid"})
    if str(rule.get("query_operator") or "AND").upper() not in ("AND", "OR"):
        raise Refusal(422, {"error": 'Query operator must be either "AND" or "OR".'})
    return rule


def contact_value(contact: Contact, key: str) -> Any:
    """A column, else a custom attribute, else an additional one."""
    if key == "labels":
        return contact.labels
    if key in ("created_at", "last_activity_at"):
        return getattr(contact, key)
    for part in (contact.fields, contact.fields.get("custom_attributes"), contact.fields.get("additional_attributes")):
        if part and key in part:
            return part[key]
    return None


def conversation_value(conversation: Conversation, key: str) -> Any:
    """A column, else a custom attribute, else an additional one."""
    columns = {
        "status": conversation.status,
        "assignee_id": conversation.assignee.id if conversation.assignee else None,
        "team_id": conversation.team.id if conversation.team else None,
        "display_id": conversation.display,
        "contact_id": conversation.contact.id,
        "labels": conversation.labels,
        "priority": conversation.priority,
        "created_at": conversation.created_at,
        "last_activity_at": conversation.last_activity_at,
    }
    if key in columns:
        return columns[key]
    return conversation.custom.get(key, conversation.additional.get(key))
