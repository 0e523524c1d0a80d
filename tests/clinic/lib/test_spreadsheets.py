import csv
from collections.abc import Sequence
from io import BytesIO, StringIO

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from clinic.lib.spreadsheets import Cell, write_csv, write_xlsx

FORMULAS = [
    "=1+1", "==1+1", "+1+1", "-1+1", "@SUM(1,1)", "\t=1+1", "\r=1+1", "\n=1+1", "\tplain", "\rplain", "   =1+1",
    "\u00a0=1+1", "\u200b=1+1", "\ufeff=1+1", "\x00=1+1", "\x1b=1+1", "＝1+1", "＋1+1", "－1+1", "＠SUM(1,1)", " ＝1+1",
    "−1+1", "⁺1", "=cmd|'/c calc'!A1", '"=1+1', "'=1+1", "a\n=1+1", "a;=1+1", "a; =1+1", "a\t=1+1", "a|=1+1",
    "+1 867 555 0142",
]  # fmt: skip
HARMLESS = ["Sam", "(867) 555-0142", "1 + 1 = 2", "a-b", "sam@example.com", "Ça va, 5€", "", '<b>&amp; "x"\n🙂']


def read_csv(*rows: Sequence[Cell]) -> list[list[str]]:
    return list(csv.reader(StringIO(write_csv(rows).decode("utf-8-sig"), newline="")))


def read_xlsx(*rows: Sequence[Cell]) -> Worksheet:
    return openpyxl.load_workbook(BytesIO(write_xlsx([["Heading"], *rows])))["Enquiries"]


def begins_a_formula(text: str) -> bool:
    """Look as a spreadsheet does: without spaces and invisible characters, full-width forms like the plain ones."""
    visible = "".join(character for character in text if character.isprintable() and not character.isspace())
    return visible[:1] in set("=+-@＝＋－＠−⁺")


@pytest.mark.parametrize("typed", FORMULAS)
def test_nothing_is_computed_in_a_csv_file_whatever_separates_its_cells_or_in_a_workbook(typed: str) -> None:
    [[cell]] = read_csv([typed])
    assert not begins_a_formula(cell)
    assert not cell.startswith(("\t", "\r", "\n"))
    for separator in (";", "\t", "|"):
        [[cell]] = read_csv([f"words{separator}{typed}"])
        for piece in cell.replace("\r", "\n").replace(separator, "\n").split("\n"):
            assert not begins_a_formula(piece)
    in_a_workbook = read_xlsx([typed])["A2"]
    assert (in_a_workbook.data_type, in_a_workbook.quotePrefix) == ("s", True), "text, also when it is edited"
    assert in_a_workbook.value == typed.replace("\x00", "").replace("\x1b", "").replace("\r", "\n")


@pytest.mark.parametrize("typed", HARMLESS)
def test_other_words_stay_as_they_are(typed: str) -> None:
    assert read_csv([typed]) == [[typed]]
    cell = read_xlsx([typed])["A2"]
    assert (cell.value or "") == typed
    assert not cell.quotePrefix


def test_excel_recognizes_a_csv_file_as_utf8_and_long_text_fits_into_a_workbook() -> None:
    assert write_csv([["Zoé"]]) == b"\xef\xbb\xbf" + '"Zoé"\r\n'.encode()
    assert len(str(read_xlsx(["x" * 40_000])["A2"].value)) == 32_767
