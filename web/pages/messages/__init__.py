"""Messages to the person who is logged in: the list, what they want by mail."""
