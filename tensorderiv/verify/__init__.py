"""The judges: brute force, finite differences and autodiff against kernels that they know nothing about."""
