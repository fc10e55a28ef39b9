"""What a clerk does to a procedure: pure functions from one source tree to the next, or Refused in words.

`said` is what the form posted. Keys are made here; a tree may be broken afterwards, which the task list says.
"""
