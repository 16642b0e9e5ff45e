# Everything runs in a virtual environment of the project's own.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
GRAPH  ?= graph
DATA   ?= data
DOCUMENTS ?= $(DATA)/documents
CORENLP := edu.stanford.nlp:stanford-corenlp:4.5.10
JARS   := training/work/jars

.PHONY: help demo test lint train silver parses pairs coreference calibrate knowledge quality errors speed bench-load bench-serve bench-merge clean

help:            ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 16

$(BIN)/kg: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.test: $(BIN)/kg
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@

$(VENV)/.train: $(BIN)/kg
	$(BIN)/python -m pip install --quiet --editable '.[train]'
	@touch $@

demo: $(BIN)/kg  ## install, then build a graph from examples/ and look at it
	$(BIN)/kg build examples --into $(GRAPH)
	$(BIN)/kg show $(GRAPH) "United States"
	$(BIN)/kg query $(GRAPH) contradictions

test: $(VENV)/.test  ## install what tests need, then run linter, type checker and tests
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

train: $(VENV)/.train  ## make the English pipeline from the treebanks in DATA
	OMP_NUM_THREADS=1 $(BIN)/python -m training.train --data $(DATA)

$(JARS)/.fetched:
	mvn --quiet dependency:copy -Dartifact=$(CORENLP) -DoutputDirectory=$(JARS)
	mvn --quiet dependency:copy -Dartifact=$(CORENLP):jar:models -DoutputDirectory=$(JARS)
	@touch $@

silver: $(VENV)/.train $(JARS)/.fetched  ## have a teacher read names in DATA and DOCUMENTS, for `train` (Java, Maven, 0.5 GB)
	$(BIN)/python -m training.teacher --data $(DATA) --documents $(DOCUMENTS) --jars $(JARS)

parses: $(VENV)/.train  ## have a teacher of the parser read DOCUMENTS but those annotated in EXCEPT, for `train` (torch, half an hour)
	$(BIN)/python -m pip install --quiet --editable '.[parses]'
	OMP_NUM_THREADS=1 $(BIN)/python -m training.parses --data $(DATA) --documents $(DOCUMENTS) $(if $(EXCEPT),--except $(EXCEPT))

pairs: $(VENV)/.train  ## make the model of pairs of mentions from the annotated sentences in DATA
	$(BIN)/python -m training.pairs --data $(DATA)

coreference: $(VENV)/.train  ## make the ranker of antecedents from the treebank in DATA
	OMP_NUM_THREADS=1 $(BIN)/python -m training.coreference --data $(DATA)

calibrate: $(VENV)/.train  ## count on the annotated sentences in DATA how often patterns and pairs are right
	$(BIN)/python -m training.calibrate --data $(DATA)

knowledge: $(VENV)/.train  ## compile the entity knowledge base from the sources in DATA
	$(BIN)/python -m training.knowledge --sources $(DATA)

quality: $(BIN)/kg  ## score the extraction on the annotated sentences in DATA
	$(BIN)/python -m benchmarks.quality --data $(DATA)

errors: $(BIN)/kg  ## count on the annotated sentences in DATA why statements are missed or wrong
	$(BIN)/python -m benchmarks.errors --data $(DATA)

speed: $(BIN)/kg  ## measure sentences per second on the documents in DATA
	$(BIN)/python -m benchmarks.speed $(DATA)

bench-load: $(VENV)/.test  ## measure statements per second into each store, of a graph built from DATA
	$(BIN)/python -m benchmarks.load $(DATA)

bench-serve: $(BIN)/kg  ## measure the server under a crowd, on a graph built from DATA
	$(BIN)/python -m benchmarks.serve $(DATA)

bench-merge: $(BIN)/kg  ## measure how the time for merging names grows, up to 200,000 of them
	$(BIN)/python -m benchmarks.merging

clean:           ## remove what was built
	rm -rf $(VENV) build dist $(GRAPH) .pytest_cache .mypy_cache .ruff_cache
