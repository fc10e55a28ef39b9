"""Forms that were written as XLSForm (survey, choices, settings in one .xlsx) become manuscripts of procedures."""
