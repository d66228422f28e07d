# Two commands: `make demo` opens the app on the demo, `make test` checks everything.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO := var/demo
CODE := planner plugins geodata tests app.py

export PYTHON
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint bench lock geodata clean

help:
	@echo "make demo     open the app on a demo of Ningxia   打开示例"
	@echo "make test     lint, types, import rules, all tests  全部检查"
	@echo "make lint     the checks without the tests          只做静态检查"
	@echo "make bench    medians of the timed tasks            性能测量"
	@echo "make geodata  rebuild the shipped divisions         重做区划数据"
	@echo "make lock     pin the versions again                重新锁定版本"
	@echo "make clean    remove what make made                 清理"

# A browser and Chinese glyphs are for looking at the app: on a server without them the address is enough.
demo: $(DEMO)/workspace.toml
	@.ci/system-packages browser fonts || true
	$(BIN)/planner serve --workspace $(DEMO) --open

$(DEMO)/workspace.toml: | $(READY)
	rm -rf $(DEMO)
	$(BIN)/planner demo $(DEMO)

test: lint
	@.ci/system-packages browser fonts
	$(BIN)/python -m pytest -n 2 --dist loadgroup -q

lint: $(READY)
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports

bench: $(READY)
	@.ci/system-packages browser fonts
	$(BIN)/python -m tests.benchmarks

geodata: $(READY)
	$(BIN)/python -m geodata.build

# Names no index: whoever installs uses their own.
lock: $(READY)
	$(BIN)/pip-compile --quiet --extra dev --allow-unsafe --strip-extras --no-header --no-annotate \
	    --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
	    --output-file requirements.lock pyproject.toml

# The pinned pip and setuptools come first: they build and install the rest.
$(READY): requirements.lock pyproject.toml
	@.ci/system-packages venv
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet $$(grep -E '^(pip|setuptools|wheel)==' requirements.lock)
	$(BIN)/python -m pip install --quiet -r requirements.lock
	$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
	@touch $(READY)

clean:
	rm -rf $(VENV) var build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
