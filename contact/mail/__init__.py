"""The outbox and what is in it: messages, delivery, bounces."""
