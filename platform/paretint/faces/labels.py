"""The face regions every room speaks of, as the ids of a label map."""

from enum import IntEnum


class Region(IntEnum):
    """Id of a region in a label map (uint8). Left and right share an id, so a flip keeps labels."""

    BACKGROUND = 0
    SKIN = 1
    BROWS = 2
    EYES = 3
    LIPS = 4
    MOUTH = 5
    HAIR = 6
    GLASSES = 7
    NECK = 8
