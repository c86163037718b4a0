"""`python -m sandbox`: all stand-ins on 127.0.0.1:8100 (`SANDBOX_PORT`)."""

import os

import uvicorn

from sandbox.app import build_app

if __name__ == "__main__":
    uvicorn.run(
        build_app(),
        host="127.0.0.1",
        port=int(os.environ.get("SANDBOX_PORT", "8100")),
        log_level="warning",
        access_log=False,
        timeout_keep_alive=75,  # longer than any client keeps a connection
        timeout_graceful_shutdown=1,  # an open phone page listens for ever
    )
