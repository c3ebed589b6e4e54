"""The teaching: content, labs, items, attempts, grading; no HTTP, no SQL, no text of the course itself.

The course is data under ``content/`` (Markdown and TOML). `fallline.course.content.load_course` reads and validates it;
everything else here is pure functions over what it returns.
"""
