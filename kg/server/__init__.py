"""A graph over HTTP: SPARQL 1.1 protocol, JSON API, linked data and the graph page.

`kg.server.app.create_app` makes the ASGI application, `kg.server.running.run` runs it. Nothing is imported here, as the
processes that answer queries (`kg.server.worker`) need little of it.
"""
