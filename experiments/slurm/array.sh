#!/bin/bash
# Walks a study as a job array of PARTS parts, and puts them together in a job that depends on it.
#   array.sh STUDY.toml RESULTS.h5 PARTS [OPTIONS OF SBATCH]
# afterany: what a failed part lacks, the merge works out. AFTER=afterok: it waits until all parts are whole.
set -euo pipefail
[ $# -ge 3 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }
study=$1 results=$2 parts=$3
shift 3
job=$(cd "$(dirname "$0")" && pwd)/job.sh

array=$(sbatch --parsable "$@" --array="1-$parts" "$job" run "$study" --shard slurm --out "$results")
array=${array%%;*}  # a cluster's name may follow
merge=$(sbatch --parsable "$@" --dependency="${AFTER:-afterany}:$array" "$job" merge "$results.d")
echo "parts: job $array, merge: job ${merge%%;*}"
echo "gridqueue status $results.d     # how far they are"
echo "scancel $array ${merge%%;*}     # ends all; the same line goes on"
