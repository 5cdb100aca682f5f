#!/usr/bin/env bash
# The wheel and the sdist in dist/, from a production build and nothing else.
set -euo pipefail
cd "$(dirname "$0")/.."

rm -rf dist
jlpm clean:all
jlpm build:prod
rm -f jupyterlab_seasonal_monitor/labextension/build_log.json
python -m build --installer uv --outdir dist
rm -f .cache/extension.sum
ls -l dist
