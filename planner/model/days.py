"""The days that a workspace may speak of: anything else is a slip of the pen."""

from datetime import date

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
