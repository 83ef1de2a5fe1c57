"""The report of a results file: one page with interactive figures, and every figure as PNG and CSV.

results.py reads the file, outcome.py and sampled.py bring orders and exact distributions into one form, tables.py says
what each figure shows as numbers, interactive_*.py and picture_*.py draw those tables, page.py writes the page.
"""
