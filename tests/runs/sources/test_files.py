"""Bad files: one clear sentence each. Good files in unusual dress are read."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from fallline.core.errors import DataError
from fallline.runs.sources import File, load
from fallline.runs.sources.files import read_file

GOOD = b"id,fee,churn\n" + b"".join(b"%d,%d.5,%s\n" % (row, row % 7, b"yes" if row % 3 else b"no") for row in range(30))


def zipped(content: bytes) -> bytes:
    """Returns a ZIP archive of one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("customers.csv", content)
    return buffer.getvalue()


BAD: dict[str, tuple[bytes, str]] = {
    "no byte": (b"", "is empty: it holds no byte"),
    "blanks": (b" \n\n \n", "is empty: it holds blanks only"),
    "header only": (b"a,b,churn\n", "has a header and no rows"),
    "gzip": (gzip.compress(GOOD), "is a gzip archive.*unpack it first"),
    "zip": (zipped(GOOD), "is a ZIP archive .an .xlsx"),
    "old Excel": (b"\xd0\xcf\x11\xe0" + bytes(600), "old Excel workbook"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG picture"),
    "pickle": (b"\x80\x04\x95" + bytes(50), "pickle, which is never opened"),
    "web page": (b"<!DOCTYPE html><html></html>", "web page"),
    "JSON": (b'[{"a": 1, "b": 2}]', "JSON document"),
    "UTF-16": (GOOD.decode().encode("utf-16"), "encoded as UTF-16: save it as UTF-8"),
    "UTF-16 unmarked": (GOOD.decode().encode("utf-16-le"), "looks like UTF-16 without"),
    "UTF-32": (GOOD.decode().encode("utf-32"), "encoded as UTF-32"),
    "random bytes": (b"a,b\n" + np.random.default_rng(1).bytes(5000), "holds binary data"),
    "NUL": (GOOD + b"31,1\0,no\n", "NUL byte in line 32"),
    "stray Latin-1": ("a,b\ncafé,1\n".encode() + b"x,2\nM\xfcller,3\n", "mixes encodings.*line 4 has the byte 0xFC"),
    "Latin-1": (b"a,b\nx,2\nM\xfcller,3\n", "is not UTF-8: line 3 has the byte 0xFC \\('ü' in Windows-1252\\)"),
    "cut character": ("a,b\n1,café".encode()[:-1], "ends in the middle of a character"),
    "one column": (b"a\n1\n2\n", "has one column only"),
    "ambiguous": (b"a;b,c\n1;2,3\n4;5,6\n", "ambiguous: the comma ',' and the semicolon ';' both"),
    "uneven": (b"a,b\nx\ny\nz,1,2\nw\n", "is not split evenly"),
    "ragged": (GOOD + b"31,1,no,9\n", "line 32 has 4 values where the header has 3"),
    "short line": (GOOD + b"31,1\n", "line 32 has 2 values where the header has 3"),
    "ragged after a quoted newline": (b'a,b\n"x\ny",1\n2,3\n4\n5,6\n7,8\n', "line 5 has 1 values"),
    "open quote": (b'a,b\n1,2\n3,"4\n5,6\n7,8\n', "quotation mark in line 3 is never closed"),
    "swallowed lines": (b'a,b\n1,"2\n3,4\n5,"6\n7,8\n', "line 2 has words after a closing quotation mark"),
    "huge field": (b"a,b\n1," + b"x" * 200_000 + b"\n2,3\n", "value of 'b' in row 1 has 200,000 bytes"),
    "enormous field": (b"a,b\n1," + b"x" * 20_000_000 + b"\n2,3\n", "value in line 2 is longer than 131,072"),
    "long line": (
        b",".join(b"c%d" % place for place in range(100)) + b"\n" + b",".join([b"x" * 90_000] * 100) + b"\n",
        "has a line of more than 4 MiB",
    ),
    "same name twice": (b"fee,churn, fee\n1,2,3\n", "column name 'fee' twice, in columns 1 and 3"),
    "no names": (b"1,2.5,yes\n3,4.5,no\n", "numbers where its first line should name"),
    "formula": (b"a,=SUM(A1:A9)\n1,2\n", "'=SUM.A1:A9.', begins like a spreadsheet formula"),
    "at sign": (b"a,@cmd\n1,2\n", "begins like a spreadsheet formula"),
    "invisible": ("a,b\u200b\n1,2\n".encode(), "invisible character U\\+200B"),
    "long name": (b"a," + b"b" * 300 + b"\n1,2\n", "name of column 2 has 300 characters"),
    "many columns": (b",".join(b"c%d" % place for place in range(100_000)) + b"\n", "has 100,000 columns"),
    "many columns and rows": (
        b",".join(b"c%d" % place for place in range(100_000)) + (b"\n" + b",".join([b"1"] * 100_000)) * 3,
        "has 100,000 columns: at most 2,000",
    ),
    "damaged Parquet": (b"PAR1" + bytes(100), "damaged Parquet file"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_gets_one_sentence(case: str, tmp_path: Path) -> None:
    """The sentence names the file and the trouble, is one line, and says nothing of our insides."""
    content, expected = BAD[case]
    path = tmp_path / "customers.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=expected) as caught:
        read_file(path)
    sentence = str(caught.value)
    assert sentence.startswith("customers.csv")
    assert "\n" not in sentence
    assert len(sentence) < 300
    assert not any(word in sentence for word in ("pyarrow", "Arrow", "Traceback", str(tmp_path)))


def read(content: bytes, tmp_path: Path, name: str = "customers.csv") -> tuple[pa.Table, list[str]]:
    """Reads bytes as a file; returns the table and the sentences about it."""
    path = tmp_path / name
    path.write_bytes(content)
    table, reasons = read_file(path)
    return table, [reason.sentence for reason in reasons]


@pytest.mark.parametrize(("mark", "called"), [(";", "semicolon"), ("\t", "tab"), ("|", "vertical bar")])
def test_other_delimiters_are_found_and_named(mark: str, called: str, tmp_path: Path) -> None:
    """The table is the same as with commas, and a sentence says which delimiter was taken."""
    table, said = read(GOOD.replace(b",", mark.encode()), tmp_path)
    assert table.equals(read(GOOD, tmp_path)[0])
    assert said == [f"The {called} splits every line evenly, so it is read as the delimiter."]


def test_a_named_delimiter_settles_what_is_ambiguous(tmp_path: Path) -> None:
    """What was refused as ambiguous is read when a person says which it is."""
    path = tmp_path / "x.csv"
    path.write_bytes(BAD["ambiguous"][0])
    assert read_file(path, delimiter=";")[0].column_names == ["a", "b,c"]


def test_decimal_commas_go_with_semicolons(tmp_path: Path) -> None:
    """A European export is read with its numbers."""
    path = tmp_path / "x.csv"
    path.write_text("fee;churn\n1,5;yes\n2,25;no\n1.003,5;no\n" * 1)
    assert load(File(path=str(path)), allow_files=True).table.column("fee").to_pylist() == [1.5, 2.25, 1003.5]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + GOOD,
        GOOD.replace(b"\n", b"\r\n"),
        GOOD.replace(b"\n", b"\r"),
        GOOD.rstrip(),
        GOOD + b"\n\n\n",
        b"\n\n" + GOOD,
        GOOD.replace(b"id,fee,churn", b' id ,"fee",churn'),
    ],
)
def test_harmless_differences_change_nothing(content: bytes, tmp_path: Path) -> None:
    """A byte order mark, other line ends, no last line end, blank lines, blanks and quotes around names."""
    assert read(content, tmp_path)[0].equals(read(GOOD, tmp_path)[0])


def test_quotes_hold_delimiters_newlines_and_quotes(tmp_path: Path) -> None:
    """What CSV allows inside quotation marks comes through; a lone mark inside a value is just a mark."""
    table, _ = read(b'a,b\n"x,y","1\n2"\n"say ""hi""",3\n5" pipe,4\n', tmp_path)
    assert table.to_pydict() == {"a": ["x,y", 'say "hi"', '5" pipe'], "b": ["1\n2", "3", "4"]}


def test_nameless_and_numbered_columns_are_read(tmp_path: Path) -> None:
    """A nameless first column, as R and pandas write it, is called by its place; 0, 1, 2 are names."""
    table, said = read(b",a\n1,x\n2,y\n", tmp_path)
    assert table.column_names == ["column_1", "a"]
    assert said == ["Column 1 has no name in the header, so it is called 'column_1'."]
    assert read(b"0,1,2\n7,8,9\n", tmp_path)[0].column_names == ["0", "1", "2"]


def test_words_stay_words(tmp_path: Path) -> None:
    """Nothing is guessed while reading: codes keep their zeros, and all columns are strings."""
    table, _ = read(b"zip,n\n02134,1\n00501,2\n", tmp_path)
    assert table.to_pydict() == {"zip": ["02134", "00501"], "n": ["1", "2"]}


def test_content_decides_not_the_name(tmp_path: Path) -> None:
    """Parquet under the name .csv is read as Parquet, and CSV under .parquet as CSV."""
    parquet.write_table(pa.table({"a": [1, 2], "churn": ["yes", "no"]}), tmp_path / "wrong.csv")
    assert read_file(tmp_path / "wrong.csv")[0].column("a").to_pylist() == [1, 2]
    assert read(GOOD, tmp_path, "wrong.parquet")[0].num_rows == 30


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pa.array([[1], [2, 3]]), "'x' holds values within values"),
        (pa.array([{"a": 1}, {"a": 2}]), "'x' holds values within values"),
        (pa.array([b"a", b"b"]), "'x' holds bytes"),
    ],
)
def test_nested_parquet_is_refused(column: pa.Array, expected: str, tmp_path: Path) -> None:
    """The sentence names the column and what to do."""
    parquet.write_table(pa.table({"x": column, "churn": ["yes", "no"]}), tmp_path / "x.parquet")
    with pytest.raises(DataError, match=expected):
        read_file(tmp_path / "x.parquet")


def test_empty_and_cut_parquet_is_refused(tmp_path: Path) -> None:
    """No rows, and half a file."""
    path = tmp_path / "x.parquet"
    parquet.write_table(pa.table({"x": pa.array([], pa.int64())}), path)
    with pytest.raises(DataError, match="column names and no rows"):
        read_file(path)
    parquet.write_table(pa.table({"x": list(range(1000)), "y": list(range(1000))}), path)
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(DataError, match="damaged Parquet file"):
        read_file(path)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """A folder, and nothing at all."""
    for path in (tmp_path, tmp_path / "nothing.csv"):
        with pytest.raises(DataError, match="is not there, or is not a file"):
            read_file(path)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=200), st.text('ab1,;"\n\t\r |', max_size=80).map(str.encode)))
def test_any_bytes_are_read_or_refused_in_one_sentence(tmp_path: Path, content: bytes) -> None:
    """No bytes whatever bring anything but a table or a DataError."""
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    try:
        table, _ = read_file(path)
    except DataError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either outcome is right
    else:
        assert table.num_rows > 0
        assert table.num_columns > 1
