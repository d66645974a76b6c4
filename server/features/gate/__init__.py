"""The gate: meetings, invitations, and check-ins at the entrances of an office."""
