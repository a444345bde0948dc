"""Webhooks: telling other programs what happens here, signed and through the outbox."""
