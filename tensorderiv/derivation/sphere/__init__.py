"""Unit rows: the gradient on the sphere, that it is tangent, and that differentiating through X/|X| gives the same."""

from tensorderiv.derivation.sphere.gradient import SphereGradient, sphere_gradient
from tensorderiv.derivation.sphere.lemmas import Lemma, agreement, tangency
from tensorderiv.derivation.sphere.section import sphere_section

__all__ = ["Lemma", "SphereGradient", "agreement", "sphere_gradient", "sphere_section", "tangency"]
