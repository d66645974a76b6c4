"""Live pokes: whoever follows a feed is told that it moved, and pulls. All works without them."""
