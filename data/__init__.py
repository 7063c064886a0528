"""The source registry and the reference tables, as files an analyst can read and extend.

`DATA` is the folder they lie in, in a checkout as in an installed package.
"""

from pathlib import Path

DATA = Path(__file__).parent
"""Folder of the reference tables (TOML and CSV), of `sources/` and of `sample/`."""
