"""Tables as CSV and Excel files in which text is never computed as a formula.

Excel, LibreOffice and Google Sheets compute a cell of a CSV file that begins with one of `BEGINNINGS`, with or without
spaces before it; East Asian editions also accept the full-width forms. An editor that expects another separator than
the comma (French Canada's Excel expects the semicolon) splits cells, so what follows each possible separator counts as
a beginning too. OWASP describes the attack as “CSV injection”.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO, StringIO

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.styles import Font

Cell = str | int | bool | datetime | None

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# = + - @, what Unicode calls another form of them (NFKC), and the minus sign.
BEGINNINGS = "=+\\-@" + "＝＋－＠﹦﹢﹣﹫⁼⁺⁻₌₊₋−"
# Spaces of any width, characters without width, and soft hyphens.
INVISIBLE = r"\s\u00ad\u180e\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff"
FORMULA = re.compile(rf"(^|[;\t\r\n|])(?=[{INVISIBLE}'\"]*[{BEGINNINGS}])")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
SEPARATORS = ("\t", "\r", "\n")
LONGEST_CELL = 32_767  # Excel's own limit
BYTE_ORDER_MARK = "\ufeff"


def as_text(value: Cell) -> str:
    """Return the value as people write it, without control characters; times are Whitehorse's."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return _local(value).strftime("%Y-%m-%d %H:%M")
        case _:
            return CONTROL.sub("", str(value))


def escape_formula(text: str) -> str:
    """Put an apostrophe before whatever would begin a formula: `'+1 867 555 0142` still shows the number to dial."""
    if text.startswith(SEPARATORS):
        text = f"'{text}"
    return FORMULA.sub(r"\1'", text)


def _local(time: datetime) -> datetime:
    """Return the time in Whitehorse, without the time zone, which spreadsheets do not know."""
    return timezone.make_naive(time, timezone.get_default_timezone())


def write_csv(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a CSV file (RFC 4180) in UTF-8, with the mark by which Excel recognizes it."""
    file = StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([escape_formula(as_text(cell)) for cell in row] for row in rows)
    return f"{BYTE_ORDER_MARK}{file.getvalue()}".encode()


def write_xlsx(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return an Excel workbook of one sheet; the first row is its heading.

    Text is written as text. What looks like a formula also gets Excel's “quote prefix”: otherwise it would become one
    when someone edits the cell.
    """
    book = Workbook()
    sheet = book.active
    sheet.title, sheet.freeze_panes, sheet.sheet_format.defaultColWidth = "Enquiries", "A2", 18
    bold = Font(bold=True)
    for row_number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(row_number, column)
            if isinstance(value, datetime):
                cell.value, cell.number_format = _local(value), "yyyy-mm-dd hh:mm"
            elif text := as_text(value)[:LONGEST_CELL]:
                # In this order: openpyxl takes a text that begins with = for a formula.
                cell.value, cell.data_type = text, "s"
                cell.quotePrefix = escape_formula(text) != text
            if row_number == 1:
                cell.font = bold
    file = BytesIO()
    book.save(file)  # through a file in /tmp, which is the service's own (PrivateTmp)
    return file.getvalue()
