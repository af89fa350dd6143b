"""Synthetic members (演示): programs that sit in a call like a browser would, for the demo, for tests and for load.

They send a drawn picture and a tone, and always read what they receive. Media is made once and sent encoded.
"""

from tongban_signaling.synthetic import source_filter
from tongban_signaling.synthetic.member import SyntheticMember

LABEL = "演示"
"""Whatever names a synthetic member to people carries this."""

source_filter.install()

__all__ = ["LABEL", "SyntheticMember"]
