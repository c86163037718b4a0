"""A Rasa of its own process for the fault test: takes its time, remembers turns, tells how often it was asked."""

import asyncio
import os
from collections import Counter
from typing import Any

import uvicorn
from fastapi import FastAPI, Request

app = FastAPI()
asked: Counter[str] = Counter()


@app.get("/asked")
async def tell() -> dict[str, int]:
    return dict(asked)


@app.get("/webhooks/internal/ready")
async def ready() -> dict[str, bool]:
    return {"ready": True}


@app.post("/webhooks/internal/turn")
async def turn(request: Request) -> dict[str, Any]:
    body = await request.json()
    asked[body["id"]] += 1
    await asyncio.sleep(float(os.environ.get("RASA_SECONDS", "1")))
    return {"replies": [{"text": f"eco: {body['text']}"}, {"text": "¿Algo más?"}]}


if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ["RASA_PORT"]), log_level="warning")
