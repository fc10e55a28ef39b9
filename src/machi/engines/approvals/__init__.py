"""Rounds of marks over a content: who must consent to what, in which order, and who did."""
