"""What somebody has written and not sent yet, kept on the server: private, and gone with the sending."""
