"""Several contracts with a name each: add, choose, name, remove."""

from __future__ import annotations

from actions.base import Conversation, MariaAction
from actions.contract import ALL, follow
from actions.labels import linked, of


class AddContract(MariaAction):
    """Level 1 is enough to follow a contract: it shows nothing by itself."""

    action_name = "action_add_contract"

    async def act(self, talk: Conversation) -> None:
        """Which of the three is read from what was said."""
        contract = str(talk.contract)
        if contract == ALL:
            talk.end()
            return
        said = str(talk.details.get("said") or "")
        naming = talk.services.naming
        if naming.removes(said):
            await talk.services.contacts.unlink(talk.contact, contract)
            talk.say("utter_contract_removed", contract=contract)
            return
        if name := naming.nickname(said):
            await talk.services.contacts.link(talk.contact, contract, name)
            talk.say("utter_contract_named", contract=contract, name=name)
            return
        before = await linked(talk)
        await follow(talk, contract)
        key = "utter_contract_chosen" if any(c.contract == contract for c in before) else "utter_contract_added"
        talk.say(key, contract=contract)


class ContractGiven(MariaAction):
    """Who only writes a contract number is asked what for."""

    action_name = "action_contract_given"

    async def act(self, talk: Conversation) -> None:
        """It has been found; nothing of it is said yet."""
        talk.say("utter_contract_given", of=await of(talk, str(talk.contract)))
