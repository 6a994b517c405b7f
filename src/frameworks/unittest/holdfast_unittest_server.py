"""A unittest session: loads unittest once and forks for each order (see holdfast_forks.py).

The options of an order are a call (see holdfast_unittest.py) for its only file.
"""

import asyncio  # noqa: F401 (like unittest.mock, often used by tests and slow to load)
import os
import sys
import unittest.mock  # noqa: F401

OWN_FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [OWN_FOLDER, os.path.join(OWN_FOLDER, "../pool/in-process")]

import holdfast_forks  # noqa: E402
import holdfast_unittest  # noqa: E402

del sys.path[:2]


def run(order, _):
    holdfast_unittest.run(order["options"])


if __name__ == "__main__":
    holdfast_unittest.search_working_folder()
    holdfast_forks.serve(run)
