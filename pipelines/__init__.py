"""The stages after the archive: pages to articles, articles to records, records to DuckDB and reports."""
