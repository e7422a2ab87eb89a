"""What every stage speaks: indices, expressions, programs, and their meaning by plain loops (`evaluate`)."""
