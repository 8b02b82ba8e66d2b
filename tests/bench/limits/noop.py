"""The same server asked for nothing: `GET /api/health`, as many connections, as many requests."""

from tests.bench.load import drive, each, request


def per_second(port: int, connections: int, requests: int) -> float:
    """``requests`` of each connection."""
    asked = [request("GET", "/api/health")] * requests
    return connections * requests / drive(port, [each(asked) for _ in range(connections)])
