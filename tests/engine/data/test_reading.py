"""What a column of words or typed values is read as."""

from __future__ import annotations

import datetime as dt
import decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fallline.core.errors import DataError
from fallline.engine.data.conversion import read_as
from fallline.engine.data.date import date_reading, to_dates
from fallline.engine.data.number import number_words, to_numbers
from fallline.engine.data.reading import Reading, read
from fallline.engine.data.schema import Override

at = dt.datetime.fromisoformat


def reading(*values: object, override: Override | None = None, kind: pa.DataType | None = None) -> Reading:
    """Reads a column called x."""
    return read("x", pa.chunked_array([pa.array(list(values), kind)]), override)


def test_numbers_stored_as_words_with_blanks_are_numbers() -> None:
    """As in Telco's TotalCharges: the blanks are missing, the rest are numbers, and the reasons say both."""
    found = reading("29.85", " ", "1889.5", "", "NA")
    assert (found.column.type, found.column.missing) == ("number", 3)
    assert found.values.to_pylist() == [29.85, None, 1889.5, None, None]
    assert [about for about, _ in found.sentences] == ["type", "missing"]


@pytest.mark.parametrize(
    ("words", "expected", "way"),
    [
        (["1,200", "3", "1,234,567.5"], [1200.0, 3.0, 1234567.5], "thousands"),
        (["1,25", "-3,5", "1.200,75"], [1.25, -3.5, 1200.75], "decimal comma"),
        (["12 %", "3.5%"], [0.12, 0.035], "percent"),
        (["$1,200.50", "-€3", "£7"], [1200.5, -3.0, 7.0], "currency"),
        (["+1", "2e3", ".5"], [1.0, 2000.0, 0.5], "plain"),
    ],
)
def test_numbers_may_be_written_in_five_ways(words: list[str], expected: list[float], way: str) -> None:
    """Each way of writing is recognised, read, and read the same again when only the schema is known."""
    found = reading(*words)
    assert (found.column.type, found.column.reading) == ("number", way)
    assert found.values.to_pylist() == pytest.approx(expected)
    assert read_as(pa.chunked_array([words]), found.column).to_pylist() == found.values.to_pylist()


def test_stand_ins_are_missing_among_numbers_and_levels_among_words() -> None:
    """'none' and '-' mean a missing number, but are a level of a category; infinity is no number."""
    assert reading("1", "none", "2.5", "-", "inf", "1e999").values.to_pylist() == [1.0, None, 2.5, None, None, None]
    assert reading("cat", "none", "dog").column.levels == ("cat", "dog", "none")


def test_codes_keep_their_zeros() -> None:
    """Postcodes of one width with leading zeros are words; plain digits are numbers."""
    found = reading("02134", "90210", "10001")
    assert found.column.type == "category"
    assert "codes" in found.sentences[0][1]
    assert reading("2134", "90210").column.type == "number"


@pytest.mark.parametrize(
    ("values", "levels"),
    [
        (("Yes", "No"), ("No", "Yes")),
        (("TRUE", "FALSE"), ("FALSE", "TRUE")),
        (("y", "n"), ("n", "y")),
        (("0", "1"), ("0", "1")),
        ((1, 0), ("0", "1")),
        ((1.0, 0.0, None), ("0", "1")),
        ((True, False), ("false", "true")),
    ],
)
def test_booleans_keep_their_own_words(values: tuple[object, ...], levels: tuple[str, ...]) -> None:
    """Yes and No, 0 and 1, true and false are booleans whose levels are (no, yes)."""
    found = reading(*values)
    assert (found.column.type, found.column.levels) == ("boolean", levels)
    assert {value for value in found.values.to_pylist() if value} == set(levels)


def test_two_words_that_are_no_boolean_are_a_category() -> None:
    """Male and Female have no natural yes."""
    assert reading("Male", "Female").column.levels == ("Female", "Male")


@pytest.mark.parametrize(
    ("words", "way", "first"),
    [
        (["2024-02-29", "2023-01-01"], "year-month-day", at("2024-02-29T00:00:00")),
        (["2024-01-02T03:04:05.250Z"], "year-month-day", at("2024-01-02T03:04:05.250000")),
        (["2024-01-02 03:04-0130"], "year-month-day", at("2024-01-02T04:34:00")),
        (["2024/1/2"], "year/month/day", at("2024-01-02T00:00:00")),
        (["13/02/2024", "01/02/2024"], "day/month/year", at("2024-02-13T00:00:00")),
        (["02/13/2024", "01/02/2024"], "month/day/year", at("2024-02-13T00:00:00")),
        (["1.2.2024 10:30"], "day.month.year", at("2024-02-01T10:30:00")),
    ],
)
def test_dates_are_read_in_their_own_way(words: list[str], way: str, first: dt.datetime) -> None:
    """Seven ways of writing a date, with and without time and zone."""
    found = reading(*words)
    assert (found.column.type, found.column.reading) == ("datetime", way)
    assert found.values[0].as_py() == first


def test_an_impossible_day_is_no_date() -> None:
    """31 February does not become 2 March."""
    assert reading("2023-02-31", "2023-02-01").column.type == "category"
    assert date_reading(pa.array(["29/02/2023"])) is None
    assert to_dates(pa.array(["2023-02-29", "2024-02-29", "2024-01-01 24:00"]), "year-month-day").null_count == 2


def test_ambiguous_days_say_so() -> None:
    """When day and month could be swapped, the reason says it."""
    assert "other way round" in reading("03/04/2024", "05/06/2024").sentences[0][1]


@given(st.datetimes(at("1000-01-01T00:00:00"), at("9999-12-31T00:00:00")))
def test_every_iso_moment_is_read_back(moment: dt.datetime) -> None:
    """What Python writes as ISO 8601 is read to the same microsecond."""
    assert to_dates(pa.array([moment.isoformat()]), "year-month-day")[0].as_py() == moment


@given(st.floats(-3.4e38, 3.4e38))
def test_every_number_is_read_back(number: float) -> None:
    """What Python writes as a float is read to the same bits, and our own words too."""
    assert to_numbers(pa.array([repr(number)]), "plain")[0].as_py() == number
    assert float(number_words(pa.array([number]))[0].as_py()) == number


def test_many_words_are_text_and_few_are_a_category() -> None:
    """Fifty levels are a category anywhere; more need ten rows each."""
    assert reading(*[f"level {place}" for place in range(50)]).column.type == "category"
    assert reading(*[f"level {place}" for place in range(51)]).column.type == "text"
    assert reading(*[f"level {place % 90}" for place in range(900)]).column.type == "category"


def test_nearly_numbers_name_the_odd_one() -> None:
    """One stray word keeps a column from being a number, and the reason names it and the remedy."""
    words = [str(place / 7) for place in range(60)]
    found = reading(*words, "broken")
    assert found.column.type == "text"
    assert "All but 1 are numbers; 'broken' is not" in found.sentences[0][1]
    said = reading(*words, "broken", override=Override(type="number"))
    assert (said.column.type, said.column.missing) == ("number", 1)
    assert "1 values could not be read so" in said.sentences[0][1]


def test_levels_that_differ_in_case_are_pointed_out() -> None:
    """Yes, yes and No stay three levels, with a word about it."""
    assert "only in case" in reading("Yes", "yes", "No").sentences[0][1]


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ([1, None, 300], pa.int16(), ("number", [1.0, None, 300.0])),
        ([decimal.Decimal("1.50")], pa.decimal128(5, 2), ("number", [1.5])),
        ([1.5, float("nan"), 1e39], pa.float64(), ("number", [1.5, None, None])),
        ([dt.date(2024, 1, 2)], pa.date32(), ("datetime", [at("2024-01-02T00:00:00")])),
        (["a", None], pa.large_string(), ("category", ["a", None])),
        ([None, None], pa.null(), ("text", [None, None])),
    ],
)
def test_stored_types_are_kept(values: list[object], kind: pa.DataType, expected: tuple[str, list[object]]) -> None:
    """Parquet's own types need no guessing; a NaN is a missing value."""
    found = reading(*values, kind=kind)
    assert (found.column.type, found.values.to_pylist()) == expected


def test_dictionaries_and_zones_are_unwrapped() -> None:
    """A dictionary is its values, and a zoned moment is in UTC."""
    coded = pa.chunked_array([pa.array(["b", "a", "b"]).dictionary_encode()])
    assert read("x", coded).column.levels == ("a", "b")
    moment = pa.array([dt.datetime(2024, 1, 1, tzinfo=dt.UTC)], pa.timestamp("ms", "Europe/Berlin"))
    assert read("x", pa.chunked_array([moment])).values[0].as_py() == at("2024-01-01T00:00:00")


def test_nested_values_and_bytes_are_refused() -> None:
    """A list in a cell, or bytes, get a sentence that names the column."""
    for values in ([[1]], [b"x"]):
        with pytest.raises(DataError, match="Column 'x' holds values of type"):
            reading(*values)


def test_an_override_rules() -> None:
    """A person may read numbers as categories, words as dates, and say what means missing."""
    assert reading(3, 1, 3, override=Override(type="category")).column.levels == ("1", "3")
    assert reading("2024-01-02", "x", override=Override(type="datetime")).values.null_count == 1
    kept = reading("NA", "ZA", override=Override(missing_words=()))
    assert kept.column.levels == ("NA", "ZA")
    assert reading("9", "1.5", "999", override=Override(missing_words=("999",))).values.to_pylist() == [9.0, 1.5, None]
    assert reading("gone", "here", override=Override(type="boolean")).column.levels == ("gone", "here")
    with pytest.raises(DataError, match="a boolean has at most two"):
        reading("a", "b", "c", override=Override(type="boolean"))


def test_what_is_served_is_read_like_what_was_taught() -> None:
    """JSON's own numbers and truths are read as the column that was inferred from words."""
    yes = reading("No", "Yes").column
    assert read_as(pa.chunked_array([[True, False, None]]), yes).to_pylist() == ["Yes", "No", None]
    assert read_as(pa.chunked_array([[" Yes", "Perhaps"]]), yes).to_pylist() == ["Yes", None]
    flag = reading("0", "1").column
    assert read_as(pa.chunked_array([[1, 0]]), flag).to_pylist() == ["1", "0"]
    fee = reading("1.5", "2").column
    assert read_as(pa.chunked_array([["7", "free", None]]), fee).to_pylist() == [7.0, None, None]
    assert read_as(pa.chunked_array([[3]]), reading("a", "b").column).to_pylist() == ["3"]
