"""The picked trial as a folder that can ship: `folder` writes it, `verify` checks one.

Nothing is imported here: each of the two runs models, with libraries that take seconds to import.
"""
