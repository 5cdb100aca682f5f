# Everything runs from a fresh clone: python3 (3.10 to 3.13), node 20, git, make.
#
#   make lab     set up, then open JupyterLab with the extension
#   make hub     set up, then open a JupyterHub with a Dask Gateway (deploy/)
#   make test    set up, then run every check and test
#   make build   wheel and sdist in dist/
#   make bench   compare with dask-labextension and bare Dask
#   make clean   remove what was built; `make distclean` also what was installed

SHELL := /bin/bash
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/.tools/bin:$(PATH)
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1

.PHONY: setup lab hub test build bench clean distclean

setup:
	@bash scripts/setup.sh

lab: setup
	@python scripts/lab.py $(LAB_ARGS)

hub: setup
	@python scripts/hub.py $(HUB_ARGS)

test: export FOR_TESTS := 1
test: setup
	@python scripts/test.py $(TEST_ARGS)

build: setup
	@bash scripts/build.sh

bench: setup
	@python -m bench $(BENCH_ARGS)

clean:
	rm -rf lib dist coverage tsconfig.tsbuildinfo .eslintcache .stylelintcache \
	  jupyterlab_seasonal_monitor/labextension jupyterlab_seasonal_monitor/_version.py

distclean: clean
	rm -rf .tools .venv .venvs .cache node_modules ui-tests/node_modules deploy/node_modules
