#!/bin/bash
# A Slurm job of one gridqueue command. Where its time does not suffice it goes on in a new turn of the same job.
#   sbatch [OPTIONS OF SBATCH] job.sh run STUDY.toml --resume --out RESULTS.h5
# Options given to sbatch replace those below. GRIDQUEUE: the program, where it is not on the PATH.
#SBATCH --job-name=gridqueue
#SBATCH --time=04:00:00
#SBATCH --cpus-per-task=4
#SBATCH --requeue
#SBATCH --open-mode=append
# USR1, to the program: it needs a second, and Slurm may send it up to a minute earlier than said
#SBATCH --signal=USR1@60

# no file is read while it is written, and some network file systems have no locks
export HDF5_USE_FILE_LOCKING=${HDF5_USE_FILE_LOCKING:-FALSE}
turn=${SLURM_RESTART_COUNT:-0}
command=("$@" --threads "$SLURM_CPUS_PER_TASK")
# an earlier turn may have left a file with part of the results
[ "$1" = merge ] && [ "$turn" -gt 0 ] && command+=(--force)

# srun takes over no --cpus-per-task by itself (since Slurm 22.05); -K1: where one task fails all end
srun -K1 --cpus-per-task="$SLURM_CPUS_PER_TASK" "${GRIDQUEUE:-gridqueue}" "${command[@]}"
code=$?

case $code in
  6) # ended early, all saved
    if [ "$turn" -ge "${GRIDQUEUE_TURNS:-100}" ]; then
      echo "job.sh: not ended after $turn turns more; the same sbatch line goes on" >&2
    else
      # this task of an array alone (SLURM_ARRAY_JOB_ID would be all); refused where the job is being cancelled
      scontrol requeue "$SLURM_JOB_ID" && sleep 60
    fi ;;
  7) echo "job.sh: stopped, as trying again would fail again; when the disk is repaired the same sbatch line goes on" >&2 ;;
esac
exit $code
