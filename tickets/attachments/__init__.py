"""Files on tickets and comments.

A file is a row (`models.Attachment`), written in the transaction of the comment or ticket that it comes with, and its
bytes in the storage "attachments" under a random name. The bytes are there before the row is, and go after it's gone
(`keeping`): never the other way round. They're only ever downloads, but for previews of pictures that are made anew
from their pixels.
"""
