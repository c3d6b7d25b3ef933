"""What is counted and timed, over all workers of a service, and told to Prometheus."""
