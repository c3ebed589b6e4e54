"""The teaching: content, labs, items, attempts, grading; no HTTP, no SQL, no text of the course itself."""
