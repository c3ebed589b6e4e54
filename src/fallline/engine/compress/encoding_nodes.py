"""An encoding as nodes of a graph: raw columns in, the float32 matrix out.

All numbers go through together, and so do all words: the graph has about twenty nodes however wide the table is, and a
row costs little more than its arithmetic. One dictionary turns every word of every column into a number; a column
compares with the numbers of its own words.
"""

from __future__ import annotations

import numpy as np

from fallline.engine.compress.inputs import Input
from fallline.engine.compress.nodes import ML, Nodes
from fallline.engine.data.encode import Encoding
from fallline.engine.data.encode_number import NumberCode
from fallline.engine.data.encode_words import FlagCode, LevelsCode

Places = list[tuple[int, int]]
"""(code, column within the code) of each column of a block."""


def encoding_nodes(encoding: Encoding, inputs: tuple[Input, ...], nodes: Nodes) -> str:
    """Adds an encoding and returns the name of its matrix, shape (n, width)."""
    blocks: list[tuple[str, Places]] = []
    numbers = [(place, code) for place, code in enumerate(encoding.codes) if isinstance(code, NumberCode)]
    words = [place for place, code in enumerate(encoding.codes) if not isinstance(code, NumberCode)]
    if numbers:
        blocks += _numbers(numbers, nodes.joined([inputs[place].name for place, _ in numbers]), nodes)
    if words:
        ids, of_word = _ids(encoding, words, inputs, nodes)
        column = {place: position for position, place in enumerate(words)}
        flags = [(place, code) for place, code in enumerate(encoding.codes) if isinstance(code, FlagCode)]
        levels = [(place, code) for place, code in enumerate(encoding.codes) if isinstance(code, LevelsCode)]
        blocks += _flags(flags, ids, of_word, column, nodes) if flags else []
        blocks += _levels(levels, ids, of_word, column, nodes)
    have = [each for _, places in blocks for each in places]
    wanted = [(place, column) for place, code in enumerate(encoding.codes) for column in range(len(code.names))]
    matrix = nodes.joined([name for name, _ in blocks])
    return matrix if have == wanted else nodes.picked(matrix, [have.index(each) for each in wanted])


def _numbers(codes: list[tuple[int, NumberCode]], raw: str, nodes: Nodes) -> list[tuple[str, Places]]:
    """Fills, holds and scales all numbers at once; marks those that were missing."""
    gone = nodes.add("IsNaN", raw)
    value = nodes.add("Where", gone, nodes.constant([code.fill for _, code in codes]), raw)
    value = nodes.add("Max", value, nodes.constant([code.low for _, code in codes]))
    value = nodes.add("Min", value, nodes.constant([code.high for _, code in codes]))
    if any(code.centre or code.factor != 1.0 for _, code in codes):
        value = nodes.add("Sub", value, nodes.constant([code.centre for _, code in codes]))
        value = nodes.add("Mul", value, nodes.constant([code.factor for _, code in codes]))
    blocks: list[tuple[str, Places]] = [(value, [(place, 0) for place, _ in codes])]
    marked = [position for position, (_, code) in enumerate(codes) if code.indicator]
    if marked:
        blocks.append((nodes.picked(nodes.as_float(gone), marked), [(codes[position][0], 1) for position in marked]))
    return blocks


def _ids(encoding: Encoding, words: list[int], inputs: tuple[Input, ...], nodes: Nodes) -> tuple[str, dict[str, int]]:
    """Turns words into numbers: 0 is missing, −1 is no word of any column."""
    known = dict.fromkeys(word for place in words for word in _words(encoding.codes[place]))
    of_word = {word: number for number, word in enumerate(known, start=1)}
    ids = nodes.add(
        "LabelEncoder",
        nodes.joined([inputs[place].name for place in words]),
        domain=ML,
        keys_strings=["", *of_word],
        values_int64s=list(range(len(of_word) + 1)),
        default_int64=-1,
    )
    return ids, of_word


def _words(code: NumberCode | FlagCode | LevelsCode) -> tuple[str, ...]:
    """Returns the words that a code knows."""
    if isinstance(code, NumberCode):
        return ()
    return (code.no, code.yes) if isinstance(code, FlagCode) else code.levels


def _flags(
    codes: list[tuple[int, FlagCode]], ids: str, of_word: dict[str, int], column: dict[int, int], nodes: Nodes
) -> list[tuple[str, Places]]:
    """Makes 1 of yes, 0 of no and the share of anything else; marks what is neither."""
    own = nodes.picked(ids, [column[place] for place, _ in codes])
    yes = nodes.add("Equal", own, nodes.constant([of_word[code.yes] for _, code in codes], np.int64))
    no = nodes.add("Equal", own, nodes.constant([of_word[code.no] for _, code in codes], np.int64))
    known = nodes.add("Or", yes, no)
    value = nodes.add("Where", known, nodes.as_float(yes), nodes.constant([code.share for _, code in codes]))
    blocks: list[tuple[str, Places]] = [(value, [(place, 0) for place, _ in codes])]
    marked = [position for position, (_, code) in enumerate(codes) if code.indicator]
    if marked:
        unknown = nodes.picked(nodes.as_float(nodes.add("Not", known)), marked)
        blocks.append((unknown, [(codes[position][0], 1) for position in marked]))
    return blocks


def _levels(
    codes: list[tuple[int, LevelsCode]], ids: str, of_word: dict[str, int], column: dict[int, int], nodes: Nodes
) -> list[tuple[str, Places]]:
    """Makes one column per level and for missing by comparison, and one for all other words where rare ones pool."""
    places: Places = []
    own: list[int] = []
    numbers: list[int] = []
    for place, code in codes:
        for position, level in enumerate(code.levels):
            places.append((place, position))
            own.append(column[place])
            numbers.append(of_word[level])
        if code.missing:
            places.append((place, len(code.names) - 1))
            own.append(column[place])
            numbers.append(0)
    blocks: list[tuple[str, Places]] = []
    if places:
        same = nodes.add("Equal", nodes.picked(ids, own), nodes.constant(numbers, np.int64))
        blocks.append((nodes.as_float(same), places))
    pooled = [(place, code) for place, code in codes if code.pooled]
    if pooled:
        blocks.append(
            (_other(pooled, ids, of_word, column, nodes), [(place, len(code.levels)) for place, code in pooled])
        )
    return blocks


def _other(
    codes: list[tuple[int, LevelsCode]], ids: str, of_word: dict[str, int], column: dict[int, int], nodes: Nodes
) -> str:
    """Marks words that are none of a column's common levels and not missing."""
    longest = max(len(code.levels) for _, code in codes) + 1
    own = [[0, *(of_word[level] for level in code.levels)] for _, code in codes]
    padded = [numbers + [-2] * (longest - len(numbers)) for numbers in own]
    raw = nodes.picked(ids, [column[place] for place, _ in codes])
    wide = nodes.add("Unsqueeze", raw, nodes.constant([2], np.int64))
    same = nodes.as_float(nodes.add("Equal", wide, nodes.constant(padded, np.int64)))
    known = nodes.add("ReduceMax", same, axes=[2], keepdims=0)
    return nodes.add("Sub", nodes.constant(1.0), known)
