"""What search engines and other readers of the site get: meta data, structured data, sitemap, redirects."""
