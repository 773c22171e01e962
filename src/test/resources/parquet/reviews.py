"""Writes texts as Parquet: python3 reviews.py FILE. It needs polars."""
import random
import sys

import polars

ROWS = 3_000
GROUP = 1_200
chance = random.Random(4)
words = ["".join(chance.choices("etaoinshrdlu", k=2 + i % 8)) for i in range(300)]


def text(i):
    """Some words after the number of the row; none in some rows."""
    if i % 97 == 13:
        return None
    return f"review {i}: " + " ".join(chance.choices(words, k=1 + i % 12)) + " ü" * (i % 11 == 0)


polars.DataFrame({
    "id": [f"r{i}" for i in range(ROWS)],
    "text": [text(i) for i in range(ROWS)],
    "shop": [("north", "south", "öst")[i * 7 % 3] for i in range(ROWS)],
    "stars": polars.Series([None if i % 10 == 3 else i % 5 + 1 for i in range(ROWS)],
                           dtype=polars.Int32),
    "score": [round(chance.random(), 4) for _ in range(ROWS)],
    "seen": [i % 3 > 0 for i in range(ROWS)],
}).write_parquet(sys.argv[1], row_group_size=GROUP)
