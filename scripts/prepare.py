"""Make `.venv` and install what a target needs: `python3 -m scripts.prepare runtime test`.

Any Python 3 of the machine runs this file before anything is installed: it uses the standard library alone,
no syntax newer than Python 3.6, and ends with one sentence where something is missing.
"""

import hashlib
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


class CannotPrepare(Exception):  # noqa: N818 - its text is the sentence that the person reads
    """What is missing, in one sentence that says how to get it."""


def say(text: str) -> None:
    print(text, flush=True)


def answer_of(python: "Path | str", code: str) -> "str | None":
    """Return what `python -c code` prints, or None where that Python is missing or fails.

    A name on the path proves nothing: pyenv puts a `python3.12` there that only says it is not installed.
    """
    try:
        done = subprocess.run([str(python), "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.decode().strip()


def version_of(python: "Path | str") -> "str | None":
    """Return a Python's version as `3.12`, or None where it does not run."""
    return answer_of(python, "import sys; print('%d.%d' % sys.version_info[:2])")


def find_python(candidates: "list[str]") -> str:
    """Return the first candidate that the site supports and that can make virtual environments."""
    found, incomplete = [], []
    for candidate in candidates:
        version = version_of(candidate)
        if version in SUPPORTED:
            if answer_of(candidate, "import ensurepip, venv") is not None:
                return candidate
            incomplete.append(version)
        elif version:
            found.append(version)
    if incomplete:
        name = "python" + incomplete[0]
        raise CannotPrepare(
            f"{name} has no venv module: install it (Debian, Ubuntu: apt install {name}-venv) and try again.",
        )
    others = "only " + ", ".join(sorted(set(found))) if found else "none"
    raise CannotPrepare(
        f"The site needs Python 3.11, 3.12 or 3.13 and found {others}: install one, or name it with PYTHON=…",
    )


def make_venv(venv: Path, candidates: "list[str]") -> None:
    """Make the virtual environment unless there is one that runs a supported Python."""
    if version_of(venv / "bin" / "python") in SUPPORTED:
        return
    python = find_python(candidates)
    say(f"Making .venv with Python {version_of(python)} …")
    made = subprocess.run(
        [python, "-m", "venv", "--clear", str(venv)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if made.returncode:
        raise CannotPrepare(f"{venv} cannot be made: {last_line(made.stdout)}")


def last_line(output: bytes) -> str:
    lines = [line.strip() for line in output.decode(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing more."


def install(venv: Path, requirements: Path) -> None:
    """Install the hashed requirements, unless exactly these were installed here before."""
    stamp = venv / ("installed-" + requirements.stem)
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    name = requirements.relative_to(ROOT) if ROOT in requirements.parents else requirements
    say(f"Installing {name} (a minute or two when it is new) …")
    options = ["--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes"]
    done = subprocess.run(
        [str(venv / "bin" / "python"), "-m", "pip", "install", *options, "-r", str(requirements)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        raise CannotPrepare(f"{name} cannot be installed: {last_line(done.stdout)}")
    stamp.write_text(wanted)


def main(names: "list[str]") -> "str | int":
    """Return 0, or the sentence that says what is missing."""
    candidates = [sys.executable] + ["python" + version for version in SUPPORTED]
    candidates += ["/usr/bin/python" + version for version in SUPPORTED]
    try:
        make_venv(VENV, candidates)
        for name in names:
            install(VENV, REQUIREMENTS[name])
    except CannotPrepare as reason:
        return str(reason)
    except OSError as error:
        return f"Cannot write to {error.filename or ROOT}: {error.strerror}."
    except KeyboardInterrupt:
        return "Stopped; the next run goes on from here."
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
