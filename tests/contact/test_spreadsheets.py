"""No cell of an exported file is ever computed, whatever a patient typed; all of them stay readable."""

from __future__ import annotations

import csv
import zipfile
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import TYPE_CHECKING

import openpyxl
import pytest

from contact.admin.spreadsheets import csv_file, xlsx_file

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openpyxl.worksheet.worksheet import Worksheet

    from contact.admin.spreadsheets.cells import Cell

FORMULAS = [
    "=1+1",
    "==1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\tplain",
    "\rplain",
    "   =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\x00=1+1",
    "\x1b=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1,1)",
    " ＝1+1",
    "−1+1",
    "⁺1",
    "=cmd|'/c calc'!A1",
    '"=1+1',
    "'=1+1",
    "a\n=1+1",
    "a;=1+1",
    "a; =1+1",
    "a\t=1+1",
    "a|=1+1",
    "+1 867 555 0142",
]
HARMLESS = ["Sam", "(867) 555-0142", "1 + 1 = 2", "a-b", "sam@example.com", "It hurts: why?", "Ça va, 5€", "", "a\nb"]


def read_csv(rows: Iterable[list[Cell]]) -> list[list[str]]:
    text = b"".join(csv_file.write(rows)).decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline="")))


def read_xlsx(rows: Iterable[list[Cell]]) -> Worksheet:
    return openpyxl.load_workbook(BytesIO(b"".join(xlsx_file.write(rows))))["Enquiries"]


def begins_a_formula(text: str) -> bool:
    """Look as a spreadsheet does: blanks and what is unseen aside, full-width forms taken for the plain ones."""
    seen = "".join(sign for sign in text if sign.isprintable() and not sign.isspace())
    return seen[:1] in set("=+-@＝＋－＠−⁺")


@pytest.mark.parametrize("typed", FORMULAS)
def test_a_cell_of_a_csv_file_begins_no_formula(typed: str) -> None:
    [[cell]] = read_csv([[typed]])
    assert not begins_a_formula(cell)
    assert not cell.startswith(("\t", "\r", "\n"))


@pytest.mark.parametrize("typed", FORMULAS)
@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_nor_where_an_editor_cuts_at_another_separator(typed: str, separator: str) -> None:
    [[cell]] = read_csv([[f"words{separator}{typed}"]])
    for piece in cell.replace("\r", "\n").replace(separator, "\n").split("\n"):
        assert not begins_a_formula(piece)


@pytest.mark.parametrize("typed", FORMULAS)
def test_a_cell_of_a_workbook_is_text_and_stays_text_when_it_is_edited(typed: str) -> None:
    cell = read_xlsx([["Heading"], [typed]])["A2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix
    assert cell.value == typed.replace("\x00", "").replace("\x1b", "")


@pytest.mark.parametrize("typed", HARMLESS)
def test_other_words_stay_as_they_are(typed: str) -> None:
    assert read_csv([[typed]]) == [[typed]]
    cell = read_xlsx([["Heading"], [typed]])["A2"]
    assert (cell.value or "") == typed
    assert not cell.quotePrefix


def test_a_phone_number_from_abroad_can_be_read_and_dialled() -> None:
    assert read_csv([["+1 867 555 0142"]]) == [["'+1 867 555 0142"]]
    assert read_xlsx([["Phone"], ["+1 867 555 0142"]])["A2"].value == "+1 867 555 0142"


def test_times_are_those_of_whitehorse_in_summer_and_winter() -> None:
    winter, summer = datetime(2026, 11, 24, 0, 30, tzinfo=UTC), datetime(2026, 7, 1, 19, 5, tzinfo=UTC)
    assert read_csv([[winter, summer]]) == [["2026-11-23 17:30", "2026-07-01 12:05"]]
    sheet = read_xlsx([["Heading", "Heading"], [winter, summer]])
    assert [cell.value for cell in sheet[2]] == [datetime(2026, 11, 23, 17, 30), datetime(2026, 7, 1, 12, 5)]  # noqa: DTZ001  as a sheet has them
    assert sheet["A2"].number_format == "yyyy\\-mm\\-dd\\ hh:mm"


def test_excel_is_told_that_a_csv_file_is_utf8() -> None:
    assert b"".join(csv_file.write([["Zoé"]])) == b"\xef\xbb\xbf" + '"Zoé"\r\n'.encode()


def test_yes_no_and_nothing() -> None:
    assert read_csv([[True, False, None, 7]]) == [["yes", "no", "", "7"]]
    assert [cell.value for cell in read_xlsx([["h"] * 4, [True, False, None, 7]])[2]] == ["yes", "no", None, "7"]


def test_what_xml_has_signs_for_comes_through() -> None:
    words = "<b>&amp; \"quoted\" ]]> 'x'\r\ny \U0001f642"
    assert read_xlsx([["Heading"], [words]])["A2"].value == words


def test_words_longer_than_a_cell_of_excel_are_cut_there() -> None:
    assert len(str(read_xlsx([["Heading"], ["x" * 40_000]])["A2"].value)) == 32_767


def test_both_files_come_piece_by_piece() -> None:
    """The rows are asked for while the file is sent: at no time is all of it in memory."""
    asked = 0

    def rows() -> Iterable[list[Cell]]:
        nonlocal asked
        for number in range(5000):
            asked += 1
            yield [f"Row {number}", "some words"]

    for write in (csv_file.write, xlsx_file.write):
        asked = 0
        pieces = iter(write(rows()))
        next(pieces)
        next(pieces)
        assert asked < 500
        assert sum(1 for _ in pieces) > 20
        assert asked == 5000


def test_the_workbook_is_a_sound_archive() -> None:
    book = zipfile.ZipFile(BytesIO(b"".join(xlsx_file.write([["Heading"], ["Sam"]]))))
    assert book.testzip() is None
    assert all(entry.extract_version < zipfile.ZIP64_VERSION for entry in book.infolist())
