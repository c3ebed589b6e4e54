"""The stages of a capstone as source, one file for each part of the script."""
