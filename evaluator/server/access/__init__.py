"""Who may ask the service: API keys, tokens, and the pack that says what they are good for."""
