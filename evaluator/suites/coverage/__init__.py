"""How well suites hold the policies to what they say: obligations, met or not, and how to meet."""
