"""What happens on a peak day, a file a scenario; each is a locustfile of its own."""
