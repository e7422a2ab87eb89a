"""Kernels written by `make generate`, one module a definition. Do not edit: change the definition and generate again.

They need NumPy and Numba alone and never import tensorderiv's engine.
"""
