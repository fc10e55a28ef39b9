"""The builder: a clerk makes a procedure, sees it as residents will, and hands it to a second person."""
