"""Cron expressions are read as cron documents them."""

from __future__ import annotations

from datetime import date

import pytest

from xops_lint.schedules import cron, fewest_days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("0 3 * * *", 1),
        ("@daily", 1),
        ("30 2 * * mon", 7),
        ("0 0 * * 0", 7),
        ("0 0 * * MON-FRI", 1),
        ("0 0 * * 1,4", 3),
        ("0 0 1 * *", 28),
        ("@quarterly", 90),
        ("0 0 1 1 *", 365),
        ("0 0 */2 * *", 1),
        ("0 0 13 * fri", 1),
        ("@hourly", 0),
        ("*/15 3 * * *", 0),
        ("0 3,15 * * *", 0),
        ("0 3 ? * *", 1),
    ],
)
def test_the_fewest_days_between_two_starts(text: str, days: int) -> None:
    assert fewest_days(text) == days


@pytest.mark.parametrize("text", ["", "daily", "0 3 * *", "0 25 * * *", "a b c d e", "rate(1 day)", "0 0 5-1 * *"])
def test_what_is_no_cron_expression_is_unknown(text: str) -> None:
    assert cron(text) is None
    assert fewest_days(text) == 0


def test_either_of_day_and_weekday_will_do_if_both_are_named() -> None:
    both, one = cron("0 0 13 * 5"), cron("0 0 13 * *")

    assert both is not None
    assert one is not None
    friday, thirteenth = date(2026, 11, 27), date(2026, 12, 13)
    assert (both.starts_on(friday), both.starts_on(thirteenth)) == (True, True)
    assert (one.starts_on(friday), one.starts_on(thirteenth)) == (False, True)
