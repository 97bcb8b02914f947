"""Where to write the names of points so that no name covers another: plain geometry, no drawing."""

import numpy as np

RINGS = 40
RING_STEP = 6.0


def place_labels(dots, sizes, frame, dot_radius: float = 3.5, gap: float = 1.0) -> np.ndarray:
    """Return the centre of each label, as near to its dot as there is room.

    Greedy: the most crowded dots choose first; each label tries the eight sides of its dot, then wider rings.
    A label that finds no free place takes the one with the least overlap.

    Args:
        dots: (n, 2) positions in pixels.
        sizes: (n, 2) width and height of each label in pixels.
        frame: (left, bottom, right, top) in pixels, inside which labels should stay.
        dot_radius: half the side of the square that a dot needs for itself.
        gap: distance between that square and a label beside it.

    Returns:
        (n, 2) centres in pixels, in the order of `dots`.

    Raises:
        ValueError: if the shapes do not fit or a number is not finite.
    """
    dots = np.asarray(dots, dtype=float).reshape(-1, 2)
    sizes = np.asarray(sizes, dtype=float).reshape(-1, 2)
    frame = np.asarray(frame, dtype=float)
    finite = all(np.isfinite(array).all() for array in (dots, sizes, frame))
    if sizes.shape != dots.shape or frame.shape != (4,) or not finite or (sizes < 0).any():
        raise ValueError(f"Expected finite dots (n, 2), a size of at least 0 for each and a frame of 4, found {dots.shape}, {sizes.shape}, "
                         f"{frame.shape} or NaN. Check the points.")
    n = len(dots)
    lows, highs = np.empty((2 * n, 2)), np.empty((2 * n, 2))  # taken rectangles: dots first, then labels
    lows[:n], highs[:n] = dots - dot_radius, dots + dot_radius
    taken = n
    near = np.linalg.norm(dots[:, None] - dots[None], axis=-1) < 60
    centres = np.empty((n, 2))
    for i in np.argsort(-near.sum(1), kind="stable"):
        half = sizes[i] / 2
        best_cost = np.inf
        for ring in range(RINGS):
            candidates = dots[i] + _directions(8 if ring < 3 else 16) * (dot_radius + gap + RING_STEP * ring + half)
            costs = [
                _overlap_area(c - half, c + half, lows[:taken], highs[:taken])
                + _outside(c - half, c + half, frame) * sizes[i].max()
                for c in candidates
            ]
            k = int(np.argmin(costs))
            if costs[k] < best_cost:
                best_cost, centres[i] = costs[k], candidates[k]
            if best_cost == 0:
                break
        lows[taken], highs[taken] = centres[i] - half, centres[i] + half
        taken += 1
    return centres


def _directions(count: int) -> np.ndarray:
    """Return unit vectors that begin at the right and go round; the first of equals wins."""
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return np.round(np.stack([np.cos(angles), np.sin(angles)], axis=1), 12)


def _overlap_area(low, high, lows, highs) -> float:
    shared = np.minimum(high, highs) - np.maximum(low, lows)
    return float(np.clip(shared, 0, None).prod(axis=1).sum())


def _outside(low, high, frame) -> float:
    """Return by how many pixels a rectangle leaves the frame."""
    return float(np.clip(frame[:2] - low, 0, None).sum() + np.clip(high - frame[2:], 0, None).sum())
