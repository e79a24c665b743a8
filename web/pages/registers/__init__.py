"""The registers that outlive a case: look up, change, and see who changed what."""
