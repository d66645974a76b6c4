"""What an operator does while people use the service: stop, exchange, watch."""
