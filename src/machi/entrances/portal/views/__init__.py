"""Pages of the portal, by what a resident does there: finding, coming back, and what is theirs."""
