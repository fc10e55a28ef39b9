"""The counter (書かない窓口): a clerk types for whoever stands there, who reads along, confirms and signs."""
