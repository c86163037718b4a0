import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from sandbox import twilio
from sandbox.data import SandboxData
from sandbox.faults import Fault
from sandbox.twilio.messages import segments, sign
from sandbox.world import World

URL = "/twilio/2010-04-01/Accounts/ACsandbox/Messages.json"
GOOD = {"To": "+524425550163", "From": "+524425550100", "Body": "CEA Queretaro: su codigo es 482913."}
Calls = list[tuple[str, dict[str, str], dict[str, str]]]


@pytest.fixture
def calls() -> Calls:
    return []


@pytest.fixture
def world() -> World:
    return World(SandboxData())


@pytest.fixture
async def http(world: World, calls: Calls) -> AsyncIterator[httpx.AsyncClient]:
    async def post(url: str, form: dict[str, str], headers: dict[str, str]) -> None:
        calls.append((url, form, headers))

    app = FastAPI()
    app.include_router(twilio.build(world, post))
    auth = ("ACsandbox", "sandbox-twilio-token")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://s", auth=auth) as client:
        yield client


async def test_sent_and_seen(http: httpx.AsyncClient) -> None:
    answer = await http.post(URL, data=GOOD)
    assert answer.status_code == 201
    assert answer.json()["status"] == "queued"
    assert answer.json()["sid"].startswith("SM")
    sent = (await http.get("/control/twilio/sent", params={"to": "4425550163"})).json()
    assert [s["body"] for s in sent] == [GOOD["Body"]]
    assert (await http.get("/control/twilio/sent", params={"to": "4425550100"})).json() == []
    assert len((await http.get(URL, params={"To": GOOD["To"]})).json()["messages"]) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"To": ""}, 21604),
        ({"To": "4425550163"}, 21211),
        ({"To": "+52442555016"}, 21211),
        ({"To": "+528001234567"}, 21614),
        ({"From": ""}, 21603),
        ({"From": "+524425550199"}, 21606),
        ({"Body": ""}, 21602),
        ({"Body": "a" * 1601}, 21617),
    ],
)
async def test_refusals(http: httpx.AsyncClient, change: dict[str, str], code: int) -> None:
    answer = await http.post(URL, data={**GOOD, **change})
    assert answer.status_code == 400
    assert answer.json()["code"] == code
    assert str(code) in answer.json()["more_info"]


async def test_stop_means_stop(http: httpx.AsyncClient, world: World) -> None:
    await http.post("/control/twilio/optout", json={"to": "5214425550163"})
    assert (await http.post(URL, data=GOOD)).json()["code"] == 21610
    world.reset()
    assert (await http.post(URL, data=GOOD)).status_code == 201


@pytest.mark.parametrize(("sid", "token"), [("ACsandbox", "wrong"), ("ACother", "sandbox-twilio-token")])
async def test_authentication(http: httpx.AsyncClient, sid: str, token: str) -> None:
    answer = await http.post(URL.replace("ACsandbox", sid), data=GOOD, auth=(sid, token))
    assert answer.status_code == 401
    assert answer.json()["code"] == 20003
    assert (await http.get(URL, auth=(sid, token))).status_code == 401


async def test_faults(http: httpx.AsyncClient, world: World) -> None:
    world.faults.active = [Fault(system="twilio", kind="error", status=429, code=20429)]
    answer = await http.post(URL, data=GOOD)
    assert (answer.status_code, answer.json()["code"]) == (429, 20429)


@pytest.mark.parametrize(
    ("to", "final", "code"), [("+524425550163", "delivered", None), ("+520005550163", "undelivered", "30003")]
)
async def test_status_callbacks(http: httpx.AsyncClient, calls: Calls, to: str, final: str, code: str | None) -> None:
    callback = "https://maria.example/twilio/status?x=1"
    await http.post(URL, data={**GOOD, "To": to, "StatusCallback": callback})
    for _ in range(200):
        if len(calls) == 2:
            break
        await asyncio.sleep(0.01)
    assert [form["MessageStatus"] for _, form, _ in calls] == ["sent", final]
    url, form, headers = calls[1]
    assert url == callback
    assert form.get("ErrorCode") == code
    assert headers["X-Twilio-Signature"] == sign("sandbox-twilio-token", callback, form)


def test_signature_of_the_published_vector() -> None:
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
        "Caller": "+14158675309",
    }
    assert sign("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", form) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize(
    ("text", "count"),
    [("a" * 160, 1), ("a" * 161, 2), ("é" * 161, 2), ("á" * 70, 1), ("á" * 71, 2), ("ñ" * 160, 1)],
)
def test_segments(text: str, count: int) -> None:
    assert segments(text) == count
