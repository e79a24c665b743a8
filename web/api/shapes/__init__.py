"""Requests and answers of the API, field by field as Camunda 8 publishes them. Keys are decimal strings."""
