"""Pages of the portal, by what a resident does there: finding, filling, following, and what is theirs."""
