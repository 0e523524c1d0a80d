"""Make `.venv` and install packages into it: `python3 -m scripts.prepare runtime test`.

This runs before anything is installed, with whatever Python the machine has: it uses the standard library alone and
no syntax newer than Python 3.6. Anything that is missing ends the run with one sentence.
"""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
SUPPORTED = ("3.13", "3.12", "3.11")
REQUIREMENTS = {
    "runtime": ROOT / "requirements.txt",
    "production": ROOT / "requirements" / "production.txt",
    "test": ROOT / "requirements" / "test.txt",
    "lock": ROOT / "requirements" / "lock.txt",
}
THIS_PYTHON = "--this-python"
VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"
# The interpreter behind a virtual environment: the same two answers inside it and outside.
BUILD = "import sys; print(sys.version, sys.base_prefix)"


class CannotPrepare(Exception):  # noqa: N818 - its text is the sentence that the person reads
    """What is missing, in one sentence that says how to get it."""


def ask(python: "Path | str", code: str) -> str:
    """Return what `python -c code` prints; nothing if that Python is missing or fails."""
    try:
        done = subprocess.run([str(python), "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.decode().strip()


def find_python(candidates: "list[str]") -> str:
    """Return the first candidate that the site supports and that can make virtual environments."""
    versions = {python: ask(python, VERSION) for python in candidates}
    supported = [python for python in candidates if versions[python] in SUPPORTED]
    for python in supported:
        if ask(python, "import ensurepip, venv; print(True)"):
            return python
    if supported:
        name = "python" + versions[supported[0]]
        raise CannotPrepare(f"{name} has no venv module: install it (Debian, Ubuntu: apt install {name}-venv).")
    found = "only " + ", ".join(sorted(set(versions.values()) - {""})) if any(versions.values()) else "none"
    raise CannotPrepare(
        f"The site needs Python 3.11, 3.12 or 3.13 and found {found}: install one, or name it with PYTHON=…",
    )


def is_complete(venv: Path) -> bool:
    """Return whether a supported Python runs in it and its pip was installed to the end."""
    return ask(venv / "bin" / "python", "import importlib.metadata as m; m.version('pip'); " + VERSION) in SUPPORTED


def make_venv(venv: Path, candidates: "list[str]", this_python: bool = False) -> None:
    """Make the virtual environment unless a complete one is there, of the first candidate if it was asked for."""
    if is_complete(venv) and not (this_python and ask(venv / "bin" / "python", BUILD) != ask(candidates[0], BUILD)):
        return
    python = find_python(candidates[:1] if this_python else candidates)
    check_writable(venv)
    print(f"Making .venv with Python {ask(python, VERSION)} …", flush=True)
    run([python, "-m", "venv", "--clear", str(venv)], f"{venv} cannot be made")


def check_writable(venv: Path) -> None:
    if venv.exists() and not os.access(str(venv), os.W_OK):
        try:
            owner = venv.owner()
        except KeyError:
            owner = f"user {venv.stat().st_uid}"
        raise CannotPrepare(f"{venv} belongs to {owner} and cannot be changed: run this as {owner}, or remove it.")


def install(venv: Path, requirements: Path) -> None:
    """Install the hashed requirements, unless exactly these were installed here before."""
    stamp = venv / ("installed-" + requirements.stem)
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    check_writable(venv)
    name = requirements.relative_to(ROOT) if ROOT in requirements.parents else requirements
    print(f"Installing {name} (a minute or two the first time) …", flush=True)
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes"]
    pip = [str(venv / "bin" / "python"), "-m", "pip", "install", *options, "-r", str(requirements)]
    run(pip, f"{name} cannot be installed")
    stamp.write_text(wanted)


def run(command: "list[str]", failure: str) -> None:
    """Run a command; if it fails, raise with its `ERROR:` lines, or its last line if it has none."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        lines = [line.strip() for line in done.stdout.decode(errors="replace").splitlines() if line.strip()]
        reasons = [line for line in lines if line.lower().startswith("error:")] or lines[-1:] or ["no reason given."]
        raise CannotPrepare(f"{failure}: {' '.join(reasons)}")


def main(arguments: "list[str]") -> "str | int":
    """Return 0, or the sentence that says what is missing."""
    candidates = [sys.executable]
    candidates += ["python" + version for version in SUPPORTED]
    # A pyenv shim of the same name hides these.
    candidates += ["/usr/bin/python" + version for version in SUPPORTED]
    try:
        make_venv(VENV, candidates, this_python=THIS_PYTHON in arguments)
        for name in arguments:
            if name != THIS_PYTHON:
                install(VENV, REQUIREMENTS[name])
    except CannotPrepare as reason:
        return str(reason)
    except OSError as error:
        return f"{error.filename or ROOT}: {error.strerror}."
    except KeyboardInterrupt:
        return "Stopped; the next run goes on from here."
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
