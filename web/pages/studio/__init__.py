"""The studio's pages: one blueprint per thing a designer does with a draft."""
