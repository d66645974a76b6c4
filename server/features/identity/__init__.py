"""Identity: who a resident is, checked by an officer, and the credentials that say so."""
