"""What turns notebooks and servers into a course."""
