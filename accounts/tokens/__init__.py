"""Tokens: how programs say on whose behalf they come.

Three kinds. Access tokens are signed (JWT) and live for half an hour; a refresh token gets new ones, once each;
personal access tokens are made on the profile page. What lies in the database are digests, never a token.
"""
