"""How expressions are checked: one module for each part of what ``language.checker`` does."""
