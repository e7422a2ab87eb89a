"""Derivatives of whole programs: adjoints in reverse, tangents forward, closed forms by one component."""

from tensorderiv.adjoint.forward import component, forward
from tensorderiv.adjoint.reverse import Adjoint, reverse

__all__ = ["Adjoint", "component", "forward", "reverse"]
