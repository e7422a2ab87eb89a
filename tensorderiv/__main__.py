"""`python -m tensorderiv` is the command line."""

from tensorderiv.cli import main

if __name__ == "__main__":
    main()
