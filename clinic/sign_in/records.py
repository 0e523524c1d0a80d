"""How long it is known who signed in, from where, and who failed to."""

from __future__ import annotations

from axes.handlers.proxy import AxesProxyHandler

# From one audit of safeguards to the next, which the law wants at least every two years, and some to spare.
DAYS_KEPT = 800


def forget_old_sign_ins() -> int:
    """Delete records older than this, and say how many."""
    return AxesProxyHandler.reset_logs(age_days=DAYS_KEPT) + AxesProxyHandler.reset_failure_logs(age_days=DAYS_KEPT)
