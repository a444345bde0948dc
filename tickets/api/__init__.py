"""The API of tickets: lists, tickets, comments, views. The same filters, policies and services as the pages."""

from tickets.api.attachments import router as attachments_router
from tickets.api.comments import router as comments_router
from tickets.api.saved_views import router as views_router
from tickets.api.shelves import router as shelves_router
from tickets.api.tickets import router as tickets_router

__all__ = ["attachments_router", "comments_router", "shelves_router", "tickets_router", "views_router"]
