"""Checks a graph against schema.org's vocabulary: its types, their properties and the values of these."""

import json
import re
import tomllib
from datetime import date, time
from pathlib import Path
from typing import Any

from tests.markup import Markup

VOCABULARY = tomllib.loads((Path(__file__).parent / "clinic/seo/schema_org.toml").read_text())
PARENTS: dict[str, list[str]] = VOCABULARY["types"]
WEEKDAYS = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}

Node = dict[str, Any]


def graph_in(html: str) -> list[Node]:
    """Return the nodes of the page's one graph."""
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    whole = json.loads(found)
    assert whole.keys() == {"@context", "@graph"}
    assert whole["@context"] == "https://schema.org"
    assert Markup(html).attributes("script", "type").count("application/ld+json") == 1
    graph: list[Node] = whole["@graph"]
    return graph


def types_of(node: Node) -> list[str]:
    kinds = node["@type"]
    return kinds if isinstance(kinds, list) else [kinds]


def one(graph: list[Node], kind: str) -> Node:
    """Return the graph's one node of this type."""
    (node,) = [node for node in graph if kind in types_of(node)]
    return node


def lineage(kind: str) -> set[str]:
    """Return the type with everything it is a kind of; `KeyError` when schema.org knows no such type."""
    return {kind}.union(*(lineage(parent) for parent in PARENTS[kind]))


def faults(graph: list[Node]) -> list[str]:
    """Return a sentence for everything in the graph that schema.org does not have."""
    ids = [node["@id"] for node in graph if "@id" in node]
    found = [f"{name} is there twice" for name in set(ids) if ids.count(name) > 1]
    known = {node["@id"]: node for node in graph if "@id" in node}
    return found + [fault for node in graph for fault in faults_of(node, known)]


def faults_of(node: Node, known: dict[str, Node]) -> list[str]:
    kinds = types_of(node)
    if unknown := [kind for kind in kinds if kind not in PARENTS]:
        return [f"no type {kind}" for kind in unknown]
    ancestry = set().union(*(lineage(kind) for kind in kinds))
    found = []
    for name, value in node.items():
        if name.startswith("@"):
            continue
        said = VOCABULARY["properties"].get(name)
        if said is None:
            found.append(f"no property {name}")
            continue
        if not ancestry & set(said["of"]):
            found.append(f"{kinds} has no {name}")
        for item in value if isinstance(value, list) else [value]:
            if not fits(item, said["is"], known):
                found.append(f"{name} of {kinds} cannot be {item!r}")
            if isinstance(item, dict) and "@type" in item:
                found += faults_of(item, known)
    return found


def fits(value: Any, expected: list[str], known: dict[str, Node]) -> bool:
    if isinstance(value, dict):
        # A bare reference may lead to another page, where the home page's graph has the node.
        node = value if "@type" in value else known.get(value["@id"])
        return node is None or bool(set().union(*(lineage(kind) for kind in types_of(node))) & set(expected))
    return any(is_literal(value, kind) for kind in expected)


def is_literal(value: Any, kind: str) -> bool:
    if kind in {"Number", "Integer"}:
        return isinstance(value, int) or (kind == "Number" and isinstance(value, float))
    if not isinstance(value, str) or not value:
        return kind == "Boolean" and isinstance(value, bool)
    if kind == "DayOfWeek":
        return value in WEEKDAYS
    if kind in {"Date", "Time"}:
        try:
            return bool((date if kind == "Date" else time).fromisoformat(value))
        except ValueError:
            return False
    return kind == "Text" or (kind == "URL" and value.startswith(("http://", "https://")))
