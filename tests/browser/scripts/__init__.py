"""What the tests of the browser run in its pages, a file each."""

from pathlib import Path


def script(name: str) -> str:
    return Path(__file__).with_name(f"{name}.js").read_text("utf-8")
