"""Labels that monographs rest on: which are followed, their versions as stored, and what changed.

``check_labels`` asks DailyMed or openFDA, or reads files, and stores each new version once. What a label says
is data about a label; patients read it only in a monograph's signed text.
"""
