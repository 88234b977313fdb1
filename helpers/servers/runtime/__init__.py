"""The programs that the servers are made of: Java, Node, jars, packages."""
