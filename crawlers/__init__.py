"""The web side of chitieu: which sources there are, and fetching their pages into WARC archives."""
