"""The report of a results file: one page with interactive figures, and every figure as PNG and CSV.

results.py reads the parts of a file, queues.py what every file says of its queues, sharing.py who should pay, outcome.py what the
orders of one queue say beyond that. A module per kind of figure makes its table, its drawing and its picture; page.py and queues_page.py
say what stands around them, report.py writes the folder.
"""
