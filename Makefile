# make demo   see the product work on sample portals on this machine
# make test   the tests that are run with every change (a few minutes)
# make check  those, then the slow ones: kills in the middle of a run, large loads, the wheel
# make bench  speed of extraction beside underthesea; TEXTS=folder or .jsonl(.gz) for other texts; TEXTS='FILE --processes 2' for extract --workers 2
# make bench-crawl   speed of the crawl beside a bare Scrapy spider, and of the whole way to articles
# make bench-warehouse  speed of loading and of the scoreboard beside DuckDB's bare minimum, a million statements
# make train  fits the models anew; EVAL=folder of the annotated texts; TRAIN='--folds 5' scores them on documents held back instead
# make bench-year  what a year of all provinces needs: pages, disk, processor hours, measured on the sample and extrapolated
# make dist   the wheel and the source archive, to dist/
#
# Each sets up .venv by itself: PYTHON is the interpreter to make it with (3.11 or later).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TEXTS ?=
EVAL ?= ../shared/eval
TRAIN ?=

.PHONY: demo test check check-slow train bench bench-warehouse bench-crawl bench-year dist clean
.DELETE_ON_ERROR:

demo: $(READY)
	$(BIN)/chitieu demo

test: $(READY)
	$(BIN)/pytest -m "not slow"

check: test check-slow

check-slow: $(READY)
	$(BIN)/pytest -m slow

train: $(READY)
	$(BIN)/python -m chitieu.nlp.training $(TRAIN) --gold $(EVAL)/dev/gold $(EVAL)/dev/texts 5 --gold data/gold/gold data/gold/texts 1 \
	  --gold data/annotations/tuned $(EVAL)/unlabelled.jsonl.gz 2 --gold data/annotations/trained $(EVAL)/unlabelled.jsonl.gz 1

bench: $(READY)
	$(BIN)/python -m chitieu.pipelines.bench $(TEXTS)

bench-crawl: $(READY)
	$(BIN)/python -m chitieu.crawlers.bench

bench-warehouse: $(READY)
	$(BIN)/python -m chitieu.pipelines.bench_warehouse

bench-year: $(READY)
	$(BIN)/python -m chitieu.pipelines.bench_year

dist: $(READY)
	$(BIN)/python -m build --outdir dist .

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "chitieu needs Python 3.11 or later: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info
