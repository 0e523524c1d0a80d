"""The lines of the list as HTML.

Django's own list is put together in Python, too: 25 lines of 20 variables take a template half of what the page may
cost, and `format_html` a tenth. So every text goes through `_escaped`, once, before anything is put together.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from django.utils.safestring import mark_safe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.safestring import SafeString

    from contact.admin.rows import Row
    from contact.admin.tabs import Tab

LINE = """<tr class="{row_class}">{tick}
<th scope="row"><a href="{address}">{name}</a> <small>{reference}</small>{flags}</th>
<td>{topic}{page}</td>
<td class="lines__ways">{ways}{reach_note}</td>
<td class="lines__since" data-label="[since]">{status}{waited}{since}</td>
<td class="lines__due" data-label="[by]">{due}</td>
<td class="lines__whose{mine}" data-label="Whose">{assignee}</td></tr>
"""
TICK = """
<td class="lines__tick"><input type="checkbox" name="_selected_action" value="{ticked}" class="action-select"
aria-label="Choose {reference}"></td>"""
FLAG = '<li class="is-{kind}">{text}</li>'
WAY = '<a href="{address}" class="{way_class}">{typed}</a>'


def lines(rows: Iterable[Row], way_back: str, tab: Tab, *, with_ticks: bool) -> SafeString:
    """Return the rows of the table; `way_back` is what their links carry along, `?…` or nothing.

    Where a line is a card, its cells say what the columns' headings would.
    """
    template = LINE.replace("[since]", escape(tab.since)).replace("[by]", escape(tab.by))
    drawn = [_line(row, template, way_back, with_ticks=with_ticks, with_status=tab.shows_status) for row in rows]
    return mark_safe("".join(drawn))  # noqa: S308  every text in it was escaped by `_escaped`


def _line(row: Row, template: str, way_back: str, *, with_ticks: bool, with_status: bool) -> str:
    texts = _escaped(
        ticked=row.tick,
        address=f"{row.address}{way_back}",
        name=row.name,
        reference=row.reference,
        topic=row.topic,
        waited=row.waited,
        due=row.due,
        assignee=row.assignee,
    )
    flags = "".join(FLAG.format_map(_escaped(kind=flag.kind, text=flag.text)) for flag in row.flags)
    ways = (
        _escaped(address=way.address, way_class="is-preferred" if way.is_preferred else "", typed=way.typed)
        for way in row.ways
    )
    return template.format(
        row_class="is-overdue" if row.is_overdue else "",
        mine=" is-mine" if row.is_mine else "",
        tick=TICK.format_map(texts) if with_ticks else "",
        flags=f"<ul>{flags}</ul>" if flags else "",
        ways="".join(map(WAY.format_map, ways)),
        page=_in("small", row.page),
        reach_note=_in("small", row.reach_note),
        status=_in("b", row.status, " ") if with_status else "",
        since=_in("small", row.since) if row.waited else escape(row.since),
        **texts,
    )


def _escaped(**texts: str) -> dict[str, str]:
    return {name: escape(text) for name, text in texts.items()}


def _in(element: str, text: str, after: str = "") -> str:
    return f"<{element}>{escape(text)}</{element}>{after}" if text else ""
