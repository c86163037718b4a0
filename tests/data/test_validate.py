"""`make validate` finds nothing wrong in the project itself; what it says below is what to do."""

from runtime.parts import ROOT
from workbench.validate.__main__ import findings


def test_the_projects_own_data_is_without_error() -> None:
    assert [one.show(ROOT) for one in findings(ROOT) if one.error] == []
