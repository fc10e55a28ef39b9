"""Pages of the counter: receiving people, asking whether all is right, and the screen that faces them."""
