"""Search: what the words of a query mean, the index that answers them, and where a hit says it.

terms       words as the index holds them, the same for both engines
syntax      what somebody typed, understood: words, phrases, a number, fields
documents   one document a ticket, kept by receivers in the transaction of each change
recent      the newest of them a second time, on MySQL and MariaDB
engine      finds tickets; knows which engine the database has
mysql       how each engine is asked, and what is read instead
sqlite
plans
snippets    where a ticket says what was searched for
rebuild     makes the index again, and proves that it is whole
"""
