"""The embedded BPMN engine. It knows nothing of procurement or of the web."""
