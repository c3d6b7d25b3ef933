"""From linked packs and a request to effect and rule ids."""
