"""Moving in from WordPress: `manage.py import_wordpress`.

`export` reads the file, `content` turns a page's HTML into blocks, `importing` makes drafts, pictures and redirects,
and `rules.toml` says which page becomes what.
"""
