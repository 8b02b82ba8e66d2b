"""Thin routes: HTTP in, an action called, HTTP out."""
