"""Task forms in the browser: what was posted, where each component stands, and which ones changed since the page was drawn."""
