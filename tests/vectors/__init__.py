"""Cases that Python and TypeScript share."""
