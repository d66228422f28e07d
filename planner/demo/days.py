"""The day that the demo speaks of."""

from datetime import date

# The census and the policy's target year end here; institutions have states up to 2021.
DATA_DAY = date(2020, 12, 31)
