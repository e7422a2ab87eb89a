"""How fast the kernels are, against other libraries used as their own documentation recommends: `make bench`, `make bench-quick`."""
