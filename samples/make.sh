#!/usr/bin/env bash
# Makes samples/web/image.tar again, from a real build. Needs an engine with the containerd image store, because that one
# keeps its layers compressed: the archive is small although an image of it is not.
# BASE names the image that stands for busybox where no registry can be reached.
set -euo pipefail
cd "$(dirname "$0")/web"
base=()
[[ -n ${BASE:-} ]] && base=(--build-context "busybox=docker-image://$BASE")
docker buildx build --quiet --provenance=false --tag layer-lens-sample:latest "${base[@]}" .
docker save --output image.tar layer-lens-sample:latest
docker image rm layer-lens-sample:latest >/dev/null
ls -l image.tar
