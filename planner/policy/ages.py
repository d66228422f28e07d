"""Ages in completed years, and the days that follow from them (三(五), 三(六))."""

from __future__ import annotations

import calendar
from datetime import date

from planner.policy.rules import RuleSet


def age_on(birth: date, day: date) -> int:
    """周岁 on `day`; negative before birth. A child of 29 February completes a year on 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def birthday(birth: date, age: int) -> date:
    """The day on which `age` years are completed; 1 March for 29 February in a common year."""
    year = birth.year + age
    if (birth.month, birth.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 3, 1)
    return birth.replace(year=year)


def is_child(birth: date, day: date, rules: RuleSet) -> bool:
    """Whether the child is on the ledger by age: born, and before the 18th birthday."""
    return 0 <= age_on(birth, day) < rules.child_until_age.value


def leaving_day(birth: date, rules: RuleSet) -> date:
    """The day on which the file is closed: the 18th birthday."""
    return birthday(birth, rules.child_until_age.value)


def allowance_stops(birth: date, rules: RuleSet) -> date:
    """The first day of the first month without allowance: the month after the 18th birthday."""
    leaving = leaving_day(birth, rules)
    months = leaving.year * 12 + leaving.month - 1 + rules.allowance_grace_months.value
    return date(months // 12, months % 12 + 1, 1)


def rehab_band(birth: date, day: date, rules: RuleSet) -> str | None:
    """0-6 before the 7th birthday, 7-14 before the 15th, None after it and before birth (三(五))."""
    age = age_on(birth, day)
    if age < 0:
        return None
    bands = sorted(rules.rehab_bands.value.items(), key=lambda item: item[1])
    return next((name for name, before in bands if age < before), None)


def years_later(day: date, years: int) -> date:
    """The same day `years` later; 28 February for 29 February in a common year."""
    year = day.year + years
    if (day.month, day.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 2, 28)
    return day.replace(year=year)


def street_two_years(found: date, day: date, rules: RuleSet) -> bool:
    """Whether a street child found on `found` has been there two years or more on `day` (三(六))."""
    return day >= years_later(found, rules.street_years.value)


def street_tasks(found: date, day: date, rules: RuleSet, *, identified: bool) -> tuple[str, ...]:
    """The tasks of a street child still unidentified after two years: 落户, and 安置 in a 儿童福利机构."""
    if identified or not street_two_years(found, day, rules):
        return ()
    return ("协调公安机关办理户口登记(落户)", "在儿童福利机构安置")
