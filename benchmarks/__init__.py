"""`make bench`: the kernels beside the libraries that people use today. Each library works in a process of its own."""
