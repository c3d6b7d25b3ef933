"""The parts of the compiler: from checked expressions to the Python that evaluates them."""
