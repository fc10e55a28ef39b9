"""The design system: components, tokens, styles, the little script there is."""
