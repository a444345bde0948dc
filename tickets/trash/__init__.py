"""Deleted tickets, which SysAdmins can restore for TRASH_DAYS.

What is deleted leaves its tables, so that no query of the house can meet it: `keeping` copies the rows of a ticket and
of everything that goes with it into the trash, `services.restore_ticket` writes the same rows again.
"""
