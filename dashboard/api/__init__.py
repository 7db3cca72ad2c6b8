"""JSON for other programs: frames, agents, history, health, Prometheus, and the OpenAPI document that describes them."""
