"""Rasa component: a linear intent classifier over all sentence features, with calibrated confidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import dump_obj_as_json_to_file, read_json_file
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from bot.nlu.calibration import best_temperature, shift_for_share, softmax

OUT_OF_SCOPE = "out_of_scope"


def make_classifier(inverse_regularisation: float) -> LogisticRegression:
    """One-against-the-rest logistic regression; small intents weigh as much as large ones."""
    return LogisticRegression(
        C=inverse_regularisation, solver="liblinear", class_weight="balanced", tol=1e-2, random_state=7
    )


def sentence_row(message: Message, dense_weight: float) -> csr_matrix | None:
    """All sentence features of a message side by side, shape (1, features); None if it has none."""
    parts = [f for f in message.features if f.attribute == TEXT and f.type == "sentence"]
    if not parts:
        return None
    blocks = [csr_matrix(f.features * (dense_weight if f.is_dense() else 1.0)) for f in parts]
    return hstack(blocks).tocsr()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CalibratedIntentClassifier(IntentClassifier, GraphComponent):
    """Sets `intent` and `intent_ranking`; the temperature is fitted on held-out folds."""

    @classmethod
    def required_components(cls) -> list[type]:
        """At least one featurizer before it."""
        return [Featurizer]

    @staticmethod
    def required_packages() -> list[str]:
        """For Rasa's start-up check."""
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`C`: inverse regularisation; `dense_weight`: of embeddings against TF-IDF; `top_k`: ranking.

        `refused`: the share of held-out real requests that may be taken for out of scope. More catches more of
        what María is not there for; None leaves it as the classifier has it.
        """
        return {"C": 10.0, "folds": 3, "top_k": 5, "dense_weight": 1.0, "refused": None}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        coef: np.ndarray | None = None,
        intercept: np.ndarray | None = None,
        classes: Sequence[str] = (),
        temperature: float = 1.0,
    ) -> None:
        self._config, self._storage, self._resource = config, model_storage, resource
        self._coef, self._intercept = coef, intercept
        self._classes, self._temperature = list(classes), temperature

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CalibratedIntentClassifier:
        """An untrained classifier."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on everything, then the temperature on scores of held-out folds."""
        examples = [m for m in training_data.intent_examples if m.get(TEXT) and m.get(INTENT)]
        if not examples:
            return self._resource
        matrix = vstack([sentence_row(m, self._config["dense_weight"]) for m in examples]).tocsr()
        labels = np.array([m.get(INTENT) for m in examples])
        fitted = make_classifier(self._config["C"]).fit(matrix, labels)
        self._classes = [str(c) for c in fitted.classes_]
        self._coef, self._intercept = fitted.coef_.astype("float32"), fitted.intercept_
        self._calibrate(matrix, labels)
        self._persist()
        return self._resource

    def _calibrate(self, matrix: csr_matrix, labels: np.ndarray) -> None:
        """On held-out folds; not with too few sentences, or only two intents (one column of scores)."""
        classes, counts = np.unique(labels, return_counts=True)
        folds = min(self._config["folds"], counts.min())
        if folds < 2 or len(classes) < 3:
            return
        scores = cross_val_predict(
            make_classifier(self._config["C"]),
            matrix,
            labels,
            cv=StratifiedKFold(folds, shuffle=True, random_state=7),
            method="decision_function",
        )
        self._shift_out_of_scope(scores, labels)
        self._temperature = best_temperature(scores, np.searchsorted(classes, labels))

    def _shift_out_of_scope(self, scores: np.ndarray, labels: np.ndarray) -> None:
        """Move the intercept, and the held-out scores with it, to the share of refusals that is allowed."""
        if self._config["refused"] is None or OUT_OF_SCOPE not in self._classes:
            return
        column = self._classes.index(OUT_OF_SCOPE)
        others = np.delete(scores, column, axis=1).max(axis=1)
        shift = shift_for_share((others - scores[:, column])[labels != OUT_OF_SCOPE], self._config["refused"])
        scores[:, column] += shift
        self._intercept[column] += shift

    def _persist(self) -> None:
        with self._storage.write_to(self._resource) as directory:
            np.savez(directory / "weights.npz", coef=self._coef, intercept=self._intercept)
            meta = {"temperature": self._temperature, "classes": self._classes}
            dump_obj_as_json_to_file(directory / "meta.json", meta)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CalibratedIntentClassifier:
        """The classifier as trained."""
        with model_storage.read_from(resource) as directory:
            meta = read_json_file(directory / "meta.json")
            with np.load(directory / "weights.npz") as weights:
                coef, intercept = weights["coef"], weights["intercept"]
        return cls(config, model_storage, resource, coef, intercept, meta["classes"], meta["temperature"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the ranking of messages that have features."""
        for message in messages:
            row = sentence_row(message, self._config["dense_weight"])
            if row is None or self._coef is None:
                continue
            ranking = self._rank(row)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _rank(self, row: csr_matrix) -> list[dict[str, Any]]:
        scores = np.asarray(row @ self._coef.T + self._intercept)
        if scores.shape[1] == 1:  # two classes share one column of scores
            scores = np.hstack([-scores, scores]) / 2
        p = softmax(scores / self._temperature)[0]
        best = np.argsort(-p)[: self._config["top_k"]]
        return [{"name": self._classes[i], "confidence": float(p[i])} for i in best]
