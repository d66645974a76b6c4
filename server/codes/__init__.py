"""The codes that people show at a gate, as bytes and as text: pure, without clock, store or network."""
