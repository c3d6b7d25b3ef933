"""Mutation: what a suite does not notice when the policies are changed a little."""
