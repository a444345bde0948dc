"""All browser tests of TMS live here: accessibility, keyboard, forms, lists, themes, stored text, budgets."""
