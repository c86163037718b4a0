# `make help` lists what there is. `make demo` and `make test` need nothing but make and a Python >= 3.11 (and 3.10,
# which is downloaded where possible, else looked for on this machine).
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python
BOT := bot/.venv/bin/python
UV := $(shell command -v uv || echo .tools/bin/uv)
RASA_ENV := PYTHONPATH=. OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 TF_CPP_MIN_LOG_LEVEL=3 RASA_TELEMETRY_ENABLED=false \
	SQLALCHEMY_SILENCE_UBER_WARNING=1 PYTHONWARNINGS=ignore
MODEL := models/maria.tar.gz
SPACY_MODEL ?= es_core_news_sm
TRAINED_WITH := $(shell cat models/.spacy 2>/dev/null || echo es_core_news_sm)
MODEL_INPUTS := config.yml domain.yml $(shell find data -name '*.yml' -not -path 'data/templates/*' -not -name '*texts.yml' \
	-not -path 'data/knowledge/*') \
	data/knowledge/verification.yml data/knowledge/care.yml $(addprefix bot/nlu/lexicon/,foreign.yml chat.yml greeting.yml) \
	$(shell find bot -name '*.py' -not -path 'bot/.venv/*')

.PHONY: test-bot-and-services test-beside another-spacy help setup demo chat review test train check lint types bench nlu-report validate dialogue clean browser lighthouse

help: ## this list
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | awk 'BEGIN {FS = ":.*?## "} {printf "  make %-12s %s\n", $$1, $$2}'

setup: .venv/.ready bot/.venv/.ready ## both environments, from their lock files

.tools/bin/uv:
	@echo "Installing uv into .tools …"
	@python3 -m venv .tools && .tools/bin/pip install -q --disable-pip-version-check uv

.venv/.ready: requirements.lock | $(filter .tools/bin/uv,$(UV))
	@echo "Setting up .venv (everything but Rasa) …"
	@test -x $(PY) || $(UV) venv -q --python '>=3.11,<3.14' .venv
	@$(UV) pip sync -q --python $(PY) --require-hashes requirements.lock
	@touch $@

bot/.venv/.ready: bot/requirements.lock tools/python310.sh | $(filter .tools/bin/uv,$(UV))
	@echo "Setting up bot/.venv (Rasa, about 2.7 GB) …"
	@test -x $(BOT) || $(UV) venv -q --python "$$(bash tools/python310.sh $(UV))" bot/.venv
	@$(UV) pip sync -q --python $(BOT) --require-hashes bot/requirements.lock
	@touch $@

demo: setup $(MODEL) ## everything with the sandbox; then write to http://127.0.0.1:8100
	@$(PY) -m runtime.demo

review: setup ## label what María did not understand, with one click, into data/nlu
	@$(PY) -m workbench.review

chat: setup $(MODEL) ## talk with María in the terminal and see what she understood
	@$(PY) -m workbench.chat

train: setup ## train the model if anything it learns from has changed
	@$(MAKE) --no-print-directory $(MODEL)

another-spacy: # it is a file nowhere: a model of another spaCy model is always out of date

$(MODEL): $(MODEL_INPUTS) bot/.venv/.ready $(if $(filter-out $(TRAINED_WITH),$(SPACY_MODEL)),another-spacy)
	@echo "Training (two to four minutes on two cores; its log is var/train.log) …"
	@mkdir -p var
	@$(RASA_ENV) $(BOT) -m rasa train --quiet --skip-validation --fixed-model-name maria --out models \
		--domain domain.yml --data data/nlu data/rules data/responses > var/train.log 2>&1 \
		|| { tail -40 var/train.log; exit 1; }
	@echo $(SPACY_MODEL) > models/.spacy
	@touch $@
	@echo "Trained: $@"

browser: setup # a Chromium for the tests, installed where that may be done
	@bash tools/chromium.sh $(PY) >/dev/null

test: setup browser $(MODEL) ## all tests
	@echo "Two halves side by side (about six minutes; what they say comes when each is done) …"
	@$(MAKE) --no-print-directory -j2 -Otarget test-bot-and-services test-beside
	@echo "The whole of María: conversations, an evening, killed processes (about twelve minutes) …"
	@$(PY) -m pytest -q -m system --ignore=tests/bot

test-bot-and-services: # Rasa's side, then what needs both databases
	@$(RASA_ENV) $(BOT) -m pytest -q -c bot/pyproject.toml --rootdir=. tests/bot
	@$(PY) -m pytest -q -m "not system" tests/services tests/actions tests/channels

test-beside: # everything else that does not start the whole of María
	@$(PY) -m pytest -q -m "not system" --ignore=tests/bot $(addprefix --ignore=tests/,services actions channels)

dialogue: setup $(MODEL) ## only the conversations of tests/conversations/; ONLY="words of the name" plays just these
	@ONLY="$(ONLY)" $(PY) -m pytest -q tests/conversations

lint: setup ## ruff and the import rules
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/lint-imports

types: setup ## mypy, strict
	@.venv/bin/mypy

validate: setup ## what is wrong in data/ with file, line and what to do; Rasa's own checks too
	@$(RASA_ENV) $(PY) -m workbench.validate --rasa $(BOT)

check: lint types validate test ## what CI runs

lighthouse: setup browser # the payment pages under Lighthouse's mobile profile; needs Node
	@$(PY) -m tests.portal_lite.lighthouse

bench: setup $(MODEL) ## every budget of the design with its figure
	@$(PY) -m tests.bench

nlu-report: setup $(MODEL) ## how well María understands, as var/nlu_report/index.html; AGAINST=other.tar.gz compares
	@$(RASA_ENV) $(BOT) -m bot.nlu_report $(if $(AGAINST),--against $(AGAINST))

clean: ## what running left behind; not the environments
	rm -rf var .rasa .pytest_cache .mypy_cache .ruff_cache
