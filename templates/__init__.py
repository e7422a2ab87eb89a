"""Templates of the generated files. They lay text out and decide nothing."""
