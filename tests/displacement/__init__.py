"""Tests of the room displacement."""
