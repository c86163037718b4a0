"""The real command with a pipe for a keyboard: everything starts on free ports, answers, and ends."""

import subprocess
import sys

import pytest

from runtime.parts import ROOT

TYPED = "/persona Rosa\ncuanto debo del 455123\n2\n/codigo\n/persona Nadie\n/ubicacion aquí\n"


@pytest.mark.system
@pytest.mark.timeout(400)  # Rasa reads its model
def test_a_conversation_through_a_pipe() -> None:
    command = [sys.executable, "-m", "workbench.chat"]
    ran = subprocess.run(command, cwd=ROOT, input=TYPED, text=True, capture_output=True, timeout=380, check=False)
    told = ran.stdout
    assert ran.returncode == 0, told + ran.stderr
    assert "entendió  balance_inquiry" in told
    assert "contract_number" in told
    assert "contrato  455123, comprobado: contact" in told
    assert "$352.71" in told
    assert "[2] Ver recibo" in told
    assert "bill_request (tocado o adjunto)" in told
    saved = told.split("[archivo: ")[1].split("]")[0]
    assert (ROOT / saved).read_bytes().startswith(b"%PDF")
    assert "todavía no ha salido ningún código" in told
    assert "nadie se llama «Nadie»" in told
    assert "así: /ubicacion" in told
