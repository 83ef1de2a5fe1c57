"""The report of a results file: one page with interactive figures, and every figure as PNG and CSV.

results.py reads what all files have; outcome.py the orders of one queue, sampled or exact, queues.py what those of many say,
sharing.py who should pay. A module per kind of figure makes its table, its drawing and its picture; page.py and queues_page.py
say what stands around them, report.py writes the folder.
"""
