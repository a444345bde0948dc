"""Agents who leave the desk: who gets what they were working on."""
