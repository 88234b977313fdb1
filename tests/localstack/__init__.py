"""The lessons on LocalStack, run without a container engine."""
