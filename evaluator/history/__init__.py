"""What changes: two versions of policies compared, and logged decisions made again."""
