"""What a message speaks of, and the component that says so."""

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.subject import SubjectFeaturizer, subject

FOREIGN, MIXED, SOMEONE, OURS = range(4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pago de colegiatura", [FOREIGN]),
        ("a ke ora buelbe la lus", [FOREIGN]),
        ("quiero pagar mi contrato", [OURS]),
        ("se fue la luz y no hay agua", [MIXED]),
        ("cuánto debe mi vecino", [SOMEONE]),
        ("cuánto debe mi vecino de agua", [SOMEONE, OURS]),
        ("buenas tardes", []),
        ("", []),
    ],
)
def test_the_subject_is_heard_in_any_spelling(text, expected):
    assert [n for n, there in enumerate(subject(text)) if there] == expected


def test_it_weighs_what_the_setting_says(tmp_path):
    context = ExecutionContext(GraphSchema({}), node_name="node")
    settings = {**SubjectFeaturizer.get_default_config(), "weight": 0.25}
    message = Message({TEXT: "pago de colegiatura"})
    SubjectFeaturizer.create(settings, None, Resource("r"), context).process([message])
    (feature,) = message.features
    assert (feature.features @ feature.features.T).toarray()[0, 0] == pytest.approx(0.25)
