"""Reading lists of contacts as people have them: CSV of any flavour, and XLSX.

Rows come one by one, as texts, with the line that a person finds them on.
"""

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

import openpyxl

MAX_BYTES = 20 * 1024 * 1024
# What an XLSX may hold once unpacked: a small file can unpack to gigabytes.
MAX_UNPACKED = 400 * 1024 * 1024
MAX_LINES = 200_000
MAX_COLUMNS = 100
LONGEST_CELL = 2000
# A quote that nobody closed makes one cell of the rest of the file. Not left to the
# csv module, whose limit is the process's and raised by Odoo.
DAMAGED_CELL = 100_000
DELIMITERS = (";", ",", "\t", "|")
SNIFFED_LINES = 20
BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# With these a cell is a formula to a spreadsheet; a quote before them prevents it.
FORMULA_STARTS = ("=", "+", "-", "@", "|", "%")
# What an unlucky formula leaves in a cell; the sheet has no value for it.
FORMULA_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!")


class FileProblem(ValueError):
    """The file cannot be read; ``code`` says why."""

    def __init__(self, code: str, **details):
        super().__init__(code)
        self.code, self.details = code, details


@dataclass
class ContactFile:
    """A file that was looked at: what it is, and its rows."""

    data: bytes
    kind: str
    encoding: str = ""
    delimiter: str = ""
    most_lines: int | None = None

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield (line, texts) of every line that is not empty."""
        read = self._xlsx_rows if self.kind == "xlsx" else self._csv_rows
        found = 0
        for line, cells in read():
            if len(cells) > MAX_COLUMNS:
                raise FileProblem("too_wide", columns=len(cells), most=MAX_COLUMNS)
            if not any(cells):
                continue
            found += 1
            # The header is one line more.
            most = self.most_lines or MAX_LINES
            if found > most + 1:
                raise FileProblem("too_many_lines", most=most)
            yield line, cells

    def _csv_rows(self):
        text = self.data.decode(self.encoding, errors="replace")
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter)
        line = 1
        try:
            for row in reader:
                if any(len(cell) > DAMAGED_CELL for cell in row):
                    raise FileProblem("damaged", line=line)
                yield line, [clean(cell) for cell in row]
                # A quoted cell may span lines: the next row begins after them.
                line = reader.line_num + 1
        except csv.Error as error:
            raise FileProblem("damaged", line=line) from error

    def _xlsx_rows(self):
        book = load_workbook(self.data)
        try:
            sheet = book.worksheets[0]
            # Some programs write a wrong size, which would cut the sheet short.
            sheet.reset_dimensions()
            for line, row in enumerate(sheet.iter_rows(values_only=True), 1):
                yield line, trim([as_text(value) for value in row])
        except (KeyError, ValueError, IndexError, SyntaxError, zipfile.BadZipFile) as e:
            if isinstance(e, FileProblem):
                raise
            raise FileProblem("damaged", line=0) from e
        finally:
            book.close()


def open_file(data: bytes, delimiter: str = "", encoding: str = "") -> ContactFile:
    """Find out what a file is; a person's own choice of either wins.

    :raises FileProblem: it is too large, empty or no table
    """
    if not data.strip():
        raise FileProblem("empty")
    if len(data) > MAX_BYTES:
        raise FileProblem("too_large", size=len(data), most=MAX_BYTES)
    if data.startswith(b"PK\x03\x04"):
        return ContactFile(data, "xlsx")
    bom = any(data.startswith(mark) for mark, _name in BOMS)
    if (
        not bom
        and b"\0" in data[:4096]
        or data.startswith((b"\xd0\xcf\x11\xe0", b"%PDF"))
    ):
        raise FileProblem("not_a_table")
    encoding = encoding or detect_encoding(data)
    text = data.decode(encoding, errors="replace")
    return ContactFile(data, "csv", encoding, delimiter or detect_delimiter(text))


def load_workbook(data: bytes):
    """Open an XLSX for reading rows one by one, values in place of formulas."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
        if unpacked > MAX_UNPACKED:
            raise FileProblem("too_large", size=unpacked, most=MAX_UNPACKED)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except FileProblem:
        raise
    except Exception as error:
        # openpyxl raises whatever the damaged part happens to cause.
        raise FileProblem("not_a_table") from error
    if not book.worksheets:
        raise FileProblem("empty")
    return book


def detect_encoding(data: bytes) -> str:
    """Return utf-8-sig, utf-16, utf-8 or cp1252: what Excel and its like write."""
    for mark, name in BOMS:
        if data.startswith(mark):
            return name
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def detect_delimiter(text: str) -> str:
    """Return the delimiter that cuts the first lines into most equal rows.

    A comma may be a decimal one, so what counts is how many lines agree.
    """
    lines = [line for line in text[:100_000].splitlines() if line.strip()]
    sample = lines[:SNIFFED_LINES]

    def score(delimiter):
        widths = Counter(len(row) for row in csv.reader(sample, delimiter=delimiter))
        width, agreeing = max(widths.items(), key=lambda item: item[1])
        return (width > 1, agreeing, width)

    try:
        return max(DELIMITERS, key=score) if sample else ";"
    except csv.Error:
        return ";"


def has_header(row: list[str]) -> bool:
    """Tell whether a first row names columns: no cell of it is a number."""
    return not any(sum(map(str.isdigit, cell)) >= 8 for cell in row)


def clean(cell: str) -> str:
    """A cell without what no field can hold, nor the quote of our own reports."""
    text = cell.replace("\0", "").replace("\xa0", " ").strip()[:LONGEST_CELL]
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_STARTS else text


def as_text(value) -> str:
    """A spreadsheet's value as a person reads it; whole numbers in full."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and value.time() != time():
        return value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return clean(str(value))


def trim(cells: list[str]) -> list[str]:
    """Without the empty cells at the end, of which some sheets have thousands."""
    while cells and not cells[-1]:
        cells.pop()
    return cells
