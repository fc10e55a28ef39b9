"""What is counted and may run out (yen, minutes, points), in double entry: nothing appears, nothing vanishes."""
