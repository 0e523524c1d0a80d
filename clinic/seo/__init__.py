"""For search engines, messengers and old links: meta data, structured data, sitemap and other files, redirects.

May import images, page_cache, models and lib.
"""
