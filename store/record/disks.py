"""Which folders lie on a disk of another machine: there files can be locked, but not shared.

Memory that programs share through a file is shared on one machine only, and SQLite's write-ahead
log needs it ("Write-Ahead Logging", section "Activating And Configuring WAL Mode").
"""

from __future__ import annotations

import os
import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
"""Linux's list of what is mounted where (proc_pid_mountinfo(5)); others tell it in no file."""

_NETWORK = frozenset(
    [
        "9p",
        "acfs",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "coda",
        "davfs",
        "gfs",
        "gfs2",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "ocfs2",
        "orangefs",
        "panfs",
        "prl_fs",
        "pvfs2",
        "smb2",
        "smb3",
        "smbfs",
        "vboxsf",
        "virtiofs",
        "vmhgfs",
        "wekafs",
        "fuse.ceph-fuse",
        "fuse.davfs2",
        "fuse.gcsfuse",
        "fuse.glusterfs",
        "fuse.moosefs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.sshfs",
        "fuse.vmhgfs-fuse",
    ]
)
_ESCAPED = re.compile(r"\\([0-7]{3})")
_PLACE = 4
"""The field of a line that names where it is mounted."""
_SEPARATOR = " - "


def is_on_network(folder: Path, mounts: Path = MOUNTS) -> bool:
    """Tell whether a folder, there or not, is on another machine's disk; False where unknown.

    `mounts` is the list to look into.
    """
    # Asked for first: what is mounted when somebody looks at it is in the list from then on.
    place = f"{os.path.realpath(folder)}/"
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return False
    longest, kind = "", ""
    for line in lines:
        before, _, behind = line.partition(_SEPARATOR)
        fields = before.split(" ")
        if len(fields) <= _PLACE or not behind:
            continue
        mounted = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), fields[_PLACE])
        mounted = mounted if mounted.endswith("/") else f"{mounted}/"
        # Of several at one place, the last one lies over the others.
        if place.startswith(mounted) and len(mounted) >= len(longest):
            longest, kind = mounted, behind.split(" ")[0]
    return kind in _NETWORK
