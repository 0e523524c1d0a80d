"""Make `.venv` with the Python that runs this, and install packages: `python3 -m scripts.prepare runtime test`.

It runs before anything is installed, so it needs only the standard library.
"""

import hashlib
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
THIS_PYTHON = "--this-python"  # make passes this on when it was called with PYTHON=…
# Prints nothing if the Python of `.venv` is not supported, or if its pip is missing or half installed.
DESCRIBE = (
    "import sys; from importlib.metadata import version; version('pip');"
    "(3, 11) <= sys.version_info < (3, 14) and print(sys.version, sys.base_prefix)"
)


def run(command: list[str], failure: str) -> None:
    """Run a command that changes `.venv`; if it fails, exit with its `ERROR:` lines or, without any, its last line."""
    if VENV.exists() and not os.access(VENV, os.W_OK):
        owner = f"user {VENV.stat().st_uid}"
        sys.exit(f"{VENV} belongs to {owner} and cannot be changed: run this as {owner}, or remove it.")
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        lines = done.stdout.strip().splitlines()
        errors = [line for line in lines if line.lower().startswith("error:")] or lines[-1:]
        sys.exit(f"{failure}: {' '.join(errors) or 'no reason was given.'}")


def describe_venv() -> str:
    """Return the version and location of the Python behind `.venv`, or nothing if it cannot be used."""
    try:
        return subprocess.check_output([VENV / "bin/python", "-c", DESCRIBE], stderr=subprocess.DEVNULL, text=True)
    except (OSError, subprocess.CalledProcessError):
        return ""


def make_venv(this_python: bool) -> None:
    """Make `.venv` unless it works and, if `this_python` is true, was made with the Python that runs this."""
    found = describe_venv().strip()
    if found == f"{sys.version} {sys.base_prefix}" or (found and not this_python):
        return
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if find_spec("ensurepip") is None:
        sys.exit(f"{name} has no venv module: install it (on Debian and Ubuntu: apt install {name}-venv).")
    print(f"Making .venv with {name} …", flush=True)
    run([sys.executable, "-m", "venv", "--clear", str(VENV)], f"{VENV} cannot be made")


def install(requirements: Path) -> None:
    """Install the hashed requirements, unless these exact ones were installed before."""
    stamp = VENV / f"installed-{requirements.stem}"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != digest:
        print(f"Installing the packages in {requirements.name} (a minute or two the first time) …", flush=True)
        pip = [str(VENV / "bin/python"), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
        run([*pip, "--require-hashes", "-r", str(requirements)], f"{requirements.name} cannot be installed")
        stamp.write_text(digest)


def main(arguments: list[str]) -> None:
    try:
        make_venv(THIS_PYTHON in arguments)
        for name in arguments:
            if name != THIS_PYTHON:
                install(ROOT / ("requirements.txt" if name == "runtime" else f"requirements/{name}.txt"))
    except OSError as error:
        sys.exit(f"{error.filename}: {error.strerror}.")
    except KeyboardInterrupt:
        sys.exit("Stopped; the next run continues from here.")


if __name__ == "__main__":
    main(sys.argv[1:])
