"""A token bucket."""

from tongban_signaling.limits import Credit


class Purse:
    """Holds up to `credit.most` coins, filling by `credit.per_s`; `now` is a monotonic clock in seconds."""

    def __init__(self, credit: Credit, now: float) -> None:
        self._credit = credit
        self._coins = credit.most
        self._filled_at = now

    def spend(self, now: float) -> bool:
        """Take one coin; False when there is none."""
        earned = max(0.0, now - self._filled_at) * self._credit.per_s
        self._coins = min(self._credit.most, self._coins + earned)
        self._filled_at = now
        if self._coins < 1:
            return False
        self._coins -= 1
        return True
