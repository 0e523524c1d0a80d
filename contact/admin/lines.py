"""The lines of the list as HTML.

Django's own list is put together in Python, too: 25 lines of 20 variables take a template half of what the page may
cost. Whatever a person typed is escaped by `format_html`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.safestring import SafeString

    from contact.admin.rows import Row

LINE = """<tr class="{row_class}">{tick}
<th scope="row"><a href="{address}">{name}</a> <small>{reference}</small>{flags}</th>
<td>{topic}{page}</td>
<td class="lines__ways">{ways}{reach_note}</td>
<td>{status}{waited}<small>{since}</small></td>
<td class="lines__due">{due}</td>
<td class="{assignee_class}">{assignee}</td></tr>
"""
TICK = """
<td class="lines__tick"><input type="checkbox" name="_selected_action" value="{}" class="action-select"
aria-label="Choose {}"></td>"""


def lines(rows: Iterable[Row], way_back: str, *, with_ticks: bool, with_status: bool) -> SafeString:
    """Return the rows of the table; `way_back` is what their links carry along, `?…` or nothing."""
    return format_html_join(
        "", "{}", ((_line(row, way_back, with_ticks=with_ticks, with_status=with_status),) for row in rows)
    )


def _line(row: Row, way_back: str, *, with_ticks: bool, with_status: bool) -> SafeString:
    flags = format_html_join("", '<li class="is-{}">{}</li>', ((flag.kind, flag.text) for flag in row.flags))
    ways = ((way.address, "is-preferred" if way.is_preferred else "", way.typed) for way in row.ways)
    return format_html(
        LINE,
        row_class="is-overdue" if row.is_overdue else "",
        tick=format_html(TICK, row.pk, row.reference) if with_ticks else "",
        address=f"{row.address}{way_back}",
        name=row.name,
        reference=row.reference,
        flags=format_html("<ul>{}</ul>", flags) if flags else "",
        topic=row.topic,
        page=_small(row.page),
        ways=format_html_join("", '<a href="{}" class="{}">{}</a>', ways),
        reach_note=_small(row.reach_note),
        status=format_html("<b>{}</b> ", row.status) if with_status else "",
        waited=row.waited,
        since=row.since,
        due=row.due,
        assignee_class="is-mine" if row.is_mine else "",
        assignee=row.assignee,
    )


def _small(text: str) -> SafeString | str:
    return format_html("<small>{}</small>", text) if text else ""
