"""The JSON API under /v2, in the published shape of Camunda 8's Orchestration Cluster REST API."""
