"""Pages of the desk: today, the queue, one case, the definitions, what is stuck outside."""
