"""Surveys: answering by link without an account, the office's pages with the cards to print, and the published results."""
