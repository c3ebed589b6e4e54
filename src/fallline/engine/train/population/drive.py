"""The loop of a population, compiled once per precision for every net, loss and optimizer: member outside, step inside.

All that a member needs (weights, slopes, memories, activations of one batch) stays in the first caches while its steps
are taken. Activations, loss and optimizer are called by address: five calls a step.
"""

from __future__ import annotations

from math import inf, isfinite, sqrt
from typing import Any

import numpy as np
from numba.extending import register_jitable

from fallline.engine.optim.compiled import compile_loop
from fallline.engine.train.population.order import shuffle
from fallline.engine.train.population.pointers import at, call, call_for_number, like
from fallline.engine.train.population.product import product
from fallline.engine.train.population.vectors import BYTES


def aligned(count: int, like: Any) -> Any:
    """Returns zeros that begin where a vector may: one that lies across two lines of the cache is read twice."""
    room = np.zeros(count + BYTES // like.itemsize, like.dtype)
    skip = -room.ctypes.data % BYTES // like.itemsize
    return room[skip : skip + count]


def gather(x: Any, rows: Any, batch: Any) -> None:
    """Copies the rows of a batch to where they lie side by side."""
    columns = x.shape[1]
    for b in range(rows.size):
        row, out = at(x, rows[b] * columns), at(batch, b * columns)
        for j in range(columns):
            out[j] = row[j]


def copy(source: Any, into: Any) -> None:
    """Copies what lies at an address; an assignment of slices takes a second longer to compile."""
    for i in range(into.size):
        into[i] = source[i]


def transpose(w: Any, start: int, shape: Any, turned: Any) -> None:
    """Writes a layer's weights (inputs, width) as (outputs, inputs' width), whose filling stays zero."""
    inputs, outputs, width, turned_width = shape
    for low in range(0, inputs, 16):
        high = min(low + 16, inputs)
        for o in range(outputs):
            for i in range(low, high):
                turned[o * turned_width + i] = w[start + i * width + o]


def forward(net: Any, w: Any, values: Any, slopes: Any, sums: Any, rows: int, lanes: int) -> None:  # noqa: PLR0917
    """Computes every layer's values and the activations' slopes; the last layer's are the outputs."""
    sizes, widths, weights, biases, rooms, units = net
    for layer in range(weights.size):
        last = layer == weights.size - 1
        before, here = at(values, rooms[layer]), at(values, rooms[layer + 1])
        z = here if last else at(sums, 0)
        stride = sizes[0] if layer == 0 else widths[layer]
        width = widths[layer + 1]
        start, right = at(w, biases[layer]), at(w, weights[layer])
        product(rows, width, sizes[layer], before, stride, 1, start, right, z, lanes)
        if not last:
            call(units[layer], (z, here, at(slopes, rooms[layer + 1]), rows * width))


def backward(net: Any, w: Any, g: Any, values: Any, slopes: Any, spare: Any, rows: int, lanes: int) -> None:  # noqa: PLR0917
    """Writes the gradient of every weight; ``slopes`` holds the loss's slope in its last room."""
    sizes, widths, weights, biases, rooms, _ = net
    nothing, ones, turned, arriving = spare
    for back in range(weights.size):
        layer = weights.size - 1 - back
        width, inputs, outputs = widths[layer + 1], sizes[layer], sizes[layer + 1]
        stride = sizes[0] if layer == 0 else widths[layer]
        slope = at(slopes, rooms[layer + 1])
        zero = at(nothing, 0)
        product(inputs, width, rows, at(values, rooms[layer]), 1, stride, zero, slope, at(g, weights[layer]), lanes)
        product(1, width, rows, at(ones, 0), 0, 0, zero, slope, at(g, biases[layer]), lanes)
        if layer > 0:
            shape = (inputs, outputs, width, widths[layer])
            transpose(w, weights[layer], shape, turned)
            product(rows, widths[layer], outputs, slope, width, 1, zero, at(turned, 0), at(arriving, 0), lanes)
            first = rooms[layer]
            for i in range(rows * widths[layer]):
                slopes[first + i] *= arriving[i]
            # What filled the row up is not part of the net: its weights must not move.
            if widths[layer] > inputs:
                for b in range(rows):
                    for j in range(inputs, widths[layer]):
                        slopes[first + b * widths[layer] + j] = 0


def penalise(net: Any, w: Any, g: Any, l1: float, l2: float) -> None:
    """Adds the slopes of the penalties to those of the weights; biases are free, and the filling is zero."""
    _, _, weights, biases, _, _ = net
    if l1 == 0.0 and l2 == 0.0:
        return
    for layer in range(weights.size):
        for i in range(weights[layer], biases[layer]):
            g[i] += l2 * w[i] + l1 * ((w[i] > 0) - (w[i] < 0))


def clip(g: Any, value: float, length: float) -> None:
    """Clips each slope to ±value, then the whole gradient to a length, as torch does."""
    if value < inf:
        for i in range(g.size):
            g[i] = min(max(g[i], -value), value)
    if length < inf:
        total = 0.0
        for i in range(g.size):
            total += float(g[i]) * float(g[i])
        scale = length / (sqrt(total) + 1e-6)  # torch's own 1e-6
        if scale < 1.0:
            for i in range(g.size):
                g[i] *= scale


def disturb(g: Any, noise: Any, which: int, s: int, deviation: float) -> None:
    """Adds a step's noise to the slopes of one that has some."""
    if which >= 0:
        drawn, scale = at(noise, (which * noise.shape[1] + s) * noise.shape[2]), like(at(g, 0), deviation)
        for i in range(g.size):
            g[i] += scale * drawn[i]


def drive(net: Any, loss: int, x: Any, most: int, asked: Any, members: Any, state: Any, told: Any) -> None:  # noqa: PLR0917
    """Moves some members through their steps.

    Args:
        net: sizes (layers + 1,), widths of rows (layers + 1,), where each layer's weights and biases lie (layers,),
            where each layer's values lie (layers + 1,), addresses of the activations (layers − 1,).
        loss: address of the loss.
        x: inputs (n, inputs).
        most: rows that a step takes at most, for which there is room.
        asked: what the members ask for, as `wishes.Asked`.
        members: who moves, shape (some,).
        state: changed, but for the last: weights (K, P), memories (K, most, P), steps that each has taken since its
            start and since its optimizer's (K, 2).
        told: written: losses (K, steps), and which step's loss was no number (K,).
    """
    (steppers, hyperparameters, rates, limits), (keys, places, orders, firsts, labels), noise, targets = asked
    drawn, which, deviations = noise
    weights, memories, taken = state
    losses, broken = told
    sizes, widths, _, _, rooms, _ = net
    lanes, p = BYTES // x.itemsize, weights.shape[1]
    last, widest = rooms[-1], widths.max()
    values, slopes = aligned(last + most * widths[-1], x), aligned(last + most * widths[-1], x)
    arriving, g, batch_y = aligned(most * widest, x), aligned(p, x), aligned(most * targets.shape[2], x)
    spare = (aligned(widest, x), np.ones(1, x.dtype), aligned(widest * widest, x), arriving)
    order = np.empty(x.shape[0], np.int64)
    for k in members:
        w, m, y, now = weights[k], memories[k].reshape(-1), targets[labels[k]], -1
        for s in range(rates.shape[1]):
            epoch, low, n = places[k, s, 0], places[k, s, 1], places[k, s, 2]
            if epoch != now:
                now = epoch
                if firsts[k] < 0:
                    shuffle(order, keys[k], epoch)
                else:
                    copy(at(orders, (firsts[k] + epoch - places[k, 0, 0]) * order.size), order)
            rows = order[low : low + n]
            gather(x, rows, values)
            gather(y, rows, batch_y)
            forward(net, w, values, slopes, arriving, n, lanes)
            parts = (at(values, last), at(batch_y, 0), at(slopes, last), n, sizes[-1], widths[-1])
            losses[k, s] = call_for_number(loss, parts)
            if not isfinite(losses[k, s]):
                broken[k] = s
                break
            backward(net, w, g, values, slopes, spare, n, lanes)
            disturb(g, drawn, which[k], s, deviations[k])
            penalise(net, w, g, limits[k, 2], limits[k, 3])
            clip(g, limits[k, 0], limits[k, 1])
            t, own = float(taken[k, 1] + s + 1), hyperparameters[k, min(s, hyperparameters.shape[1] - 1)]
            call(steppers[k], (at(w, 0), at(g, 0), at(m, 0), rates[k, s], at(own, 0), t, p))


def look(net: Any, loss: int, x: Any, y: Any, most: int, weights: Any, losses: Any) -> None:  # noqa: PLR0917
    """Writes the mean loss of all rows at some weights, in parts of at most `most` rows.

    Args:
        net: as the drive has it, with rooms for so many rows.
        loss: address of the loss.
        x: inputs (n, inputs).
        y: targets (n, targets).
        most: rows at once.
        weights: shape (some, P).
        losses: written, shape (some,).
    """
    sizes, widths, _, _, rooms, _ = net
    lanes, last, n = BYTES // x.itemsize, rooms[-1], x.shape[0]
    values, slopes = aligned(last + most * widths[-1], x), aligned(last + most * widths[-1], x)
    sums, batch_y = aligned(most * widths.max(), x), aligned(most * y.shape[1], x)
    every = np.arange(n)
    for i in range(weights.shape[0]):
        total = 0.0
        for low in range(0, n, most):
            rows = every[low : low + most]
            gather(x, rows, values)
            gather(y, rows, batch_y)
            forward(net, weights[i], values, slopes, sums, rows.size, lanes)
            parts = (at(values, last), at(batch_y, 0), at(slopes, last), rows.size, sizes[-1], widths[-1])
            total += call_for_number(loss, parts) * rows.size
        losses[i] = total / n


for _part in (aligned, gather, copy, transpose, forward, backward, disturb, penalise, clip):
    register_jitable(_part)
compiled_drive = compile_loop(drive)
compiled_look = compile_loop(look)
