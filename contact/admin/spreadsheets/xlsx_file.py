"""An Excel workbook (ECMA-376) of one sheet, sent while it is written.

Our own hundred lines and not openpyxl, which Wagtail brings along and the tests read these files with: it puts the
whole sheet on the disk first, where a killed process leaves it, patients' names and all, and took 48 seconds of CPU
for 200,000 rows, in which a browser gets nothing and the web server gives up.

Text is written as text (`inlineStr`), which no program computes. What looks like a formula has Excel's own
“quote prefix” besides: otherwise it would become one when somebody opens the cell and presses Enter.
"""

from __future__ import annotations

import zipfile
from datetime import datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from contact.admin.spreadsheets.cells import as_text, local, looks_like_a_formula

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from contact.admin.spreadsheets.cells import Cell

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TEXT = 32_767  # Excel's own limit
DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  a spreadsheet's days have no time zone
SECONDS = 86_400
TEXT, HEADING, TIME, QUOTED = range(4)  # the styles below, in their order
ROWS_AT_ONCE = 200

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OPEN_XML = "http://schemas.openxmlformats.org"
MAIN = f"{OPEN_XML}/spreadsheetml/2006/main"
RELATIONS = f"{OPEN_XML}/officeDocument/2006/relationships"
PACKAGE = f"{OPEN_XML}/package/2006"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"

PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SHEET_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{SHEET_TYPE}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}">'
        '<sheets><sheet name="Enquiries" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f'<styleSheet xmlns="{MAIN}">'
        '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>'
        '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="4"><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
        '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/>'
        '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}


def write(rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield the workbook as it grows; the first row is its heading."""
    written = _Written()
    # Never 64 bits wide: Excel refuses streamed files of that kind, and no sheet here reaches 2 GB.
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as book:
        for name, xml in PARTS.items():
            book.writestr(name, HEAD + xml)
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for xml in _sheet(rows):
                sheet.write(xml.encode())
                yield written.take()
    yield written.take()


class _Written:
    """What `zipfile` takes for a file that can only be written to; what was written is taken away at once."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Keep nothing back: there is nothing to do."""

    def close(self) -> None:
        """Stay as it is: `zipfile` closes no file that it was given."""

    def take(self) -> bytes:
        pieces, self.pieces = self.pieces, []
        return b"".join(pieces)


def _sheet(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    yield (
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        '<sheetFormatPr defaultRowHeight="15" defaultColWidth="18"/><sheetData>'
    )
    waiting: list[str] = []
    for number, row in enumerate(rows):
        waiting.append(_row(row, HEADING if number == 0 else TEXT))
        if len(waiting) == ROWS_AT_ONCE:
            yield "".join(waiting)
            waiting.clear()
    yield "".join(waiting) + "</sheetData></worksheet>"


def _row(row: Iterable[Cell], style: int) -> str:
    return f"<row>{''.join(_cell(cell, style) for cell in row)}</row>"


def _cell(value: Cell, style: int) -> str:
    if isinstance(value, datetime):
        days = (local(value) - DAY_ZERO).total_seconds() / SECONDS
        return f'<c s="{TIME}"><v>{days:.9f}</v></c>'
    text = as_text(value)[:LONGEST_TEXT]
    if not text:
        return "<c/>"
    if style == TEXT and looks_like_a_formula(text):
        style = QUOTED
    # A carriage return that stands as such is read back as a line feed.
    written = escape(text, {"\r": "&#13;"})
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{written}</t></is></c>'
