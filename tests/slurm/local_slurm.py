#!/usr/bin/env python3
"""A real Slurm of a few nodes on this machine, for tests; as root. Debian's packages: scripts/setup-slurm.

    local_slurm.py start DIR [NODES]      prints the line that lets sbatch, squeue and the like find it
    local_slurm.py stop DIR               ends its jobs and processes

Configuration, state, logs and process ids are under DIR, which should be short: a socket's path has 107 characters.
"""
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "scontrol", "scancel", "squeue")
UP, GONE = 20, 6  # [s] to wait for

# What every task is told: Open MPI names its shared memory after host and rank, so nodes of one host need folders of their own,
# and it speaks over what 127.0.0.1 is on.
PROLOG = """\
#!/bin/sh
echo "export OMPI_MCA_btl_vader_backing_directory={folder}/tmp/$SLURMD_NODENAME"
echo "export OMPI_MCA_btl_tcp_if_include=lo"
"""

# What is not obvious: credentials live for seconds, because a requeued job starts again only after that; every node has a
# folder of its own for what jobs put into TmpFS; nothing needs cgroups, which a container cannot write; nodes pretend to
# have the CPUs said here (config_overrides); a node counts as lost after five seconds.
CONFIGURATION = """\
ClusterName=gridqueue
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=5
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool/%n
TmpFS={folder}/tmp/%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
TaskProlog={folder}/prolog
MailProg=/bin/true
ReturnToService=2
SlurmdTimeout=5
MessageTimeout=5
KillWait=3
UnkillableStepTimeout=10
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
{nodes}
PartitionName=all Nodes=ALL Default=YES State=UP
"""


def why_not():
    """Why Slurm cannot run here; empty where it can."""
    missing = [p for p in PROGRAMS if not shutil.which(p)]
    if os.geteuid() != 0:
        return "not root, as Slurm's node daemon must be"
    return f"no {', '.join(missing)} (scripts/setup-slurm installs them)" if missing else ""


def free_ports(count):
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [s.getsockname()[1] for s in held]
    for s in held:
        s.close()
    return ports


class LocalSlurm:
    def __init__(self, folder):
        self.folder = os.path.abspath(folder)
        self.environment = dict(os.environ, SLURM_CONF=f"{self.folder}/slurm.conf")
        self.started = []  # by this process, which must wait for them

    def start(self, nodes=4, cpus=2):
        os.makedirs(self.folder, exist_ok=True)
        self._configure([f"gq{i + 1}" for i in range(nodes)], cpus)
        self.pids = {}
        try:
            self._daemon("munge", ["munged", "--foreground", "--force", "--num-threads=2", f"--key-file={self.folder}/munge.key",
                                   f"--socket={self.folder}/munge.socket", f"--pid-file={self.folder}/munged.pid",
                                   f"--log-file={self.folder}/munged.log", f"--seed-file={self.folder}/munge.seed"])
            self._until(lambda: os.path.exists(f"{self.folder}/munge.socket"), "munged")
            self._daemon("controller", ["slurmctld", "-D"])
            for name in self.nodes:
                self._daemon(name, ["slurmd", "-D", "-N", name])
            self._until(lambda: self.ask("sinfo", "-h", "-N", "-t", "idle", "-o", "%N").split() == self.nodes, "nodes")
        except BaseException:
            self.stop()
            raise

    def _configure(self, nodes, cpus):
        self.nodes = nodes
        for name in nodes:
            os.makedirs(f"{self.folder}/spool/{name}", exist_ok=True)
            os.makedirs(f"{self.folder}/tmp/{name}", exist_ok=True)
        os.makedirs(f"{self.folder}/state", exist_ok=True)
        with open(os.open(f"{self.folder}/munge.key", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as key:
            key.write(os.urandom(128))
        host, ports = socket.gethostname().split(".")[0], free_ports(1 + len(nodes))
        lines = [f"NodeName={name} NodeHostName={host} NodeAddr=127.0.0.1 Port={port} CPUs={cpus} State=UNKNOWN"
                 for name, port in zip(nodes, ports[1:])]
        with open(os.open(f"{self.folder}/prolog", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o755), "w") as f:
            f.write(PROLOG.format(folder=self.folder))
        with open(f"{self.folder}/slurm.conf", "w") as f:
            f.write(CONFIGURATION.format(host=host, folder=self.folder, ports=ports, nodes="\n".join(lines)))

    def _daemon(self, name, command):
        with open(f"{self.folder}/{name}.out", "ab") as out:
            process = subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                       start_new_session=True)
        self.started.append(process)
        self.pids[name] = (process.pid, command[0])
        with open(f"{self.folder}/pids.json", "w") as f:
            json.dump(self.pids, f)

    def _until(self, condition, what):
        end = time.monotonic() + UP
        while not condition():
            if time.monotonic() > end:
                raise RuntimeError(f"Slurm did not start ({what} not there after {UP} s); logs are in {self.folder}")
            time.sleep(0.1)

    def ask(self, *command, timeout=20):
        """What one of Slurm's commands prints; empty where it fails."""
        said = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=timeout)
        return said.stdout if said.returncode == 0 else ""

    def log(self, node):
        return f"{self.folder}/{node}.log"

    def lose(self, node):
        """The node's daemon is gone from one moment to the next; what ran there goes on, unknown to Slurm."""
        self._end(node, signal.SIGKILL)

    def stop(self):
        with open(f"{self.folder}/pids.json") as f:
            self.pids = json.load(f)
        if self._alive("controller"):
            self.ask("scancel", "--user=root")
            end = time.monotonic() + GONE
            while self.ask("squeue", "-h").strip() and time.monotonic() < end:
                time.sleep(0.2)
        for name in reversed(list(self.pids)):
            self._end(name, signal.SIGTERM)
        end = time.monotonic() + GONE
        while any(map(self._alive, self.pids)) and time.monotonic() < end:
            time.sleep(0.1)
        for name in self.pids:
            self._end(name, signal.SIGKILL)
        for process in self.started:
            process.wait()

    def _alive(self, name):
        pid, program = self.pids[name]
        try:
            with open(f"/proc/{pid}/stat") as f:
                comm, state = f.read().rsplit(")", 1)
            return comm.endswith(f"({program}") and not state.startswith(" Z")
        except OSError:
            return False

    def _end(self, name, how):
        if self._alive(name):
            os.kill(self.pids[name][0], how)


def main():
    if len(sys.argv) < 3 or sys.argv[1] not in ("start", "stop"):
        sys.exit(__doc__)
    if reason := why_not():
        sys.exit(f"Slurm cannot run here: {reason}")
    slurm = LocalSlurm(sys.argv[2])
    if sys.argv[1] == "stop":
        slurm.stop()
    else:
        slurm.start(*map(int, sys.argv[3:4]))
        print(f"export SLURM_CONF={slurm.folder}/slurm.conf")


if __name__ == "__main__":
    main()
