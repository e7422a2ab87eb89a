"""What every stage speaks: indices, tensors, expressions, programs; how they are walked, printed and what they mean."""
